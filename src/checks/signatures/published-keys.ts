import { isKeyType, readKeyText, takeWord } from './allowed-signers.js';
import { fingerprintOf, OpenPgpRing, readOpenPgpFile } from './openpgp-ring.js';

/** A public key that somebody has put up under a login. */
export interface PublishedKey {
  /** As a signer's `keys` would list it. */
  key: string;
  type: 'openpgp' | 'ssh';
}

/**
 * The keys of what GitHub publishes of a login at `/<login>.gpg` (armored blocks) and `/<login>.keys` (one SSH key a
 * line). For proposals to people: what cannot be read, or is too weak to sign with, is left out.
 */
export async function readPublishedKeys(files: { openpgp: Buffer; ssh: Buffer }): Promise<PublishedKey[]> {
  const ring = new OpenPgpRing();
  await readOpenPgpFile('', files.openpgp, ring);
  const openpgp = ring.keys().map((key) => `openpgp:${fingerprintOf(key)}`);
  const ssh = files.ssh.toString('utf8').split('\n').flatMap(sshKeyOf);
  return [
    ...openpgp.map((key) => ({ key, type: 'openpgp' as const })),
    ...[...new Set(ssh)].map((key) => ({ key, type: 'ssh' as const })),
  ];
}

function sshKeyOf(line: string): string[] {
  try {
    const [type, rest] = takeWord(line.trim());
    const [base64] = takeWord(rest);
    return isKeyType(type) ? [`ssh:${readKeyText(type, base64).fingerprint}`] : [];
  } catch {
    // A key that cannot be read cannot be proposed.
    return [];
  }
}
