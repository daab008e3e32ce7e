import { GateError } from '../../contract/index.js';

/** The programs that render. `kustomize` may be kubectl's. */
export type ToolName = 'helm' | 'kustomize';

/**
 * The oldest versions that are run on content nobody trusts. Helm before 3.18.4 follows a symlinked Chart.lock
 * (CVE-2025-53547); kustomize before 5.0 does not name the origins of what it makes as later ones do.
 */
export const OLDEST: Readonly<Record<ToolName, string>> = { helm: '3.18.4', kustomize: '5.0.0' };

/**
 * Three numbers out of `v4.2.3+g43e8`, or null. A helm that was built without its release's flags (`go install`) says
 * `v3.21`: the oldest that it may be.
 */
export function parseVersion(text: string): readonly [number, number, number] | null {
  const match = /(?:^|[^\d.])v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?!\.?\d)/.exec(` ${text}`);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** `4.2.3` without prefix or build, or null. */
export function plainVersion(text: string): string | null {
  return parseVersion(text)?.join('.') ?? null;
}

/** Negative when a is older than b; both as `parseVersion` reads them. */
export function compareVersions(
  a: readonly [number, number, number],
  b: readonly [number, number, number],
): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * Refuses a tool that is too old.
 * @throws GateError `tool-failed` naming the version found and the one needed.
 */
export function requireRecent(tool: ToolName, version: string, path: string): void {
  const found = parseVersion(version);
  const oldest = parseVersion(OLDEST[tool]);
  if (found === null || oldest === null || compareVersions(found, oldest) < 0) {
    throw new GateError(
      'tool-failed',
      `${tool} ${version} (${path}) is too old: ${OLDEST[tool]} or later is needed; update it, or remove it from the configuration so that the packaged one serves`,
    );
  }
}
