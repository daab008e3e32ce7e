/** The code of a system or Node error (`ENOENT`), or null. By shape: errors of another realm are no instances of Error. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
