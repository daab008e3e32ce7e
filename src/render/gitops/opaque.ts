/**
 * Stands for a value that cannot be known offline (encrypted, in a vault, in a Secret of the cluster): made of its name
 * alone, so that it is the same on both sides of a change, and fit for names and hosts.
 */
export function opaqueToken(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `unknown-${plain === '' ? 'value' : plain}`;
}
