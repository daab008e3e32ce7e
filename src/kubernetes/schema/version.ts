/** The minor of a Kubernetes version (`1.36`, `v1.35.2-eks-1`), or null when it is none of major version 1. */
export function minorOf(version: string): number | null {
  const match = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version);
  return match?.[1] === undefined ? null : Number(match[1]);
}
