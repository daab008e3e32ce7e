/**
 * A glob in which `*` crosses slashes (git's pathspecs, gobwas without separators) in the terms of the configuration's
 * globs. The slash behind it is escaped, for `**` and a slash would also match no folder at all.
 */
export function crossingGlob(pattern: string): string {
  return pattern.replace(/\*+(\/?)/g, (_, slash: string) => (slash === '' ? '**' : '**\\/'));
}
