import { LIMITS } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { type AllowedSigner, readAllowedSigners } from './allowed-signers.js';
import { OpenPgpRing, readOpenPgpFile } from './openpgp-ring.js';
import { Revocations } from './ssh-revocation.js';
import { type KeyringProblem, messageOf } from './verification.js';
import { X509Trust } from './x509-trust.js';

/** All keys and authorities that signatures are judged against, with what could not be read of them. */
export interface Keyring {
  openpgp: OpenPgpRing;
  allowed: readonly AllowedSigner[];
  revocations: Revocations;
  x509: X509Trust;
  problems: readonly KeyringProblem[];
  /** True when nothing at all could verify a signature. */
  empty: boolean;
}

/**
 * Loads the keyring of a folder (or a single file) of a tree: `*.asc`, `*.gpg` and `*.rev` (OpenPGP keys and
 * revocations of them), `allowed_signers`, `revoked` (a KRL or a list), `trusted_root.json` (sigstore), `*.pem` and
 * `*.crt` (authorities of S/MIME certificates), `*.crl` (lists of what these revoked). Whatever in it cannot be read
 * is a problem that closes the check: a key left out in silence would be a revocation left out in silence.
 * @param lists folder (or file) of lists of revoked certificates; with it every authority needs a current one
 */
export async function loadKeyring(files: Tree, folder: string, lists?: string): Promise<Keyring> {
  const isIn = (path: string, root: string | undefined) =>
    root !== undefined && (path === root || path.startsWith(`${root}/`));
  const [root, listRoot] = [folder, lists].map((path) => path?.replace(/^(?:\.\/)+/, '').replace(/\/+$/, ''));
  const openpgp = new OpenPgpRing();
  const revocations = new Revocations();
  const x509 = new X509Trust();
  x509.listsNeeded = lists !== undefined;
  const allowed: AllowedSigner[] = [];
  const problems: KeyringProblem[] = [];
  const all = await files.files();
  const paths = [...all.keys()].filter((path) => isIn(path, root) || isIn(path, listRoot)).sort();
  for (const path of paths) {
    const named = kindOf(path);
    const kind = isIn(path, listRoot) && named !== 'nothing' ? 'list' : named;
    if (kind === 'nothing') continue;
    if (kind === null) {
      // What may be meant to revoke something must not be left out.
      const closes = /revo|krl|crl/i.test(path.slice(path.lastIndexOf('/') + 1));
      const reason = closes ? `${UNREAD}; what is revoked stands in revoked, *.crl or *.rev` : UNREAD;
      problems.push({ what: path, reason, closes });
      continue;
    }
    const mode = all.get(path)?.mode;
    if (mode === 'symlink' || mode === 'submodule') {
      problems.push({ what: path, reason: `is a ${mode}, which is not followed`, closes: true });
      continue;
    }
    try {
      const bytes = await files.read(path, { maxBytes: LIMITS.keyringBytes });
      if (kind === 'openpgp') {
        problems.push(...(await readOpenPgpFile(path, bytes, openpgp)));
      } else if (kind === 'allowed_signers') {
        const { signers, bad } = readAllowedSigners(bytes);
        allowed.push(...signers);
        for (const { line, reason, weak } of bad) {
          problems.push({ what: `${path}, line ${line}`, reason, closes: !weak });
        }
      } else if (kind === 'revoked') revocations.add(bytes);
      else if (kind === 'trusted_root') x509.addTrustedRoot(bytes);
      else x509.addFile(path, bytes, kind === 'list' ? 'list' : 'certificate');
    } catch (error) {
      problems.push({ what: path, reason: `cannot be read: ${messageOf(error)}`, closes: true });
    }
  }
  problems.push(...(await openpgp.settle()));
  for (const path of x509.settle()) {
    const reason = 'no authority of the keyring made this list: put its certificate beside it';
    problems.push({ what: path, reason, closes: true });
  }
  const empty = openpgp.keys().length === 0 && allowed.length === 0 && x509.empty;
  return { openpgp, allowed, revocations, x509, problems, empty };
}

const UNREAD = 'the keyring reads no file of this name';

type FileKind = 'openpgp' | 'allowed_signers' | 'revoked' | 'trusted_root' | 'authority' | 'list';

function kindOf(path: string): FileKind | 'nothing' | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:asc|gpg|rev)$/i.test(name)) return 'openpgp';
  if (/^allowed_signers(?:\.|$)/.test(name)) return 'allowed_signers';
  if (/^revoked(?:\.|$)/.test(name)) return 'revoked';
  if (name === 'trusted_root.json') return 'trusted_root';
  if (/\.(?:pem|crt)$/i.test(name)) return 'authority';
  if (/\.crl$/i.test(name)) return 'list';
  return /^(?:README|\.git)/i.test(name) ? 'nothing' : null;
}
