import { loadKeyring } from '../../../../src/checks/signatures/keyring.js';
import { SignatureVerifier } from '../../../../src/checks/signatures/signature-verifier.js';
import { type MemoryFile, MemoryTree, objectId } from '../../../../src/git/index.js';
import { NOW } from './context.js';
import { payloadOf, withHeader } from './objects.js';
import { armored } from './ssh.js';
import { wellFormed } from './verdicts.js';

export const payload = payloadOf();

/** A tree of files under `k/`, or where a name begins with `/`, from the root. */
export const keyTree = (files: Readonly<Record<string, MemoryFile>>) =>
  new MemoryTree(
    Object.entries(files).map(
      ([file, content]) => [file.startsWith('/') ? file.slice(1) : `k/${file}`, content] as const,
    ),
  );

/** The verdict over the payload, signed by a CMS, by the files of a keyring in `k`. */
export async function judgeCms(
  cms: Buffer,
  files: Readonly<Record<string, MemoryFile>>,
  options: { now?: Date; lists?: string } = {},
) {
  const keyring = await loadKeyring(keyTree(files), 'k', options.lists);
  const raw = withHeader(payload, 'gpgsig', armored('SIGNED MESSAGE', cms));
  const verifier = new SignatureVerifier(keyring, new Set(), options.now ?? NOW);
  return wellFormed(await verifier.verify('commit', objectId('sha1', 'commit', raw), raw), 'x509');
}

/** The same as one line. */
export async function toldOf(...args: Parameters<typeof judgeCms>): Promise<string> {
  const { verdict, reason } = await judgeCms(...args);
  return `${verdict}: ${reason}`;
}

/** What the keyring could not read, and whether it closes. */
export async function problemsOf(files: Readonly<Record<string, MemoryFile>>, lists?: string) {
  const { problems } = await loadKeyring(keyTree(files), 'k', lists);
  return problems.map(({ what, reason, closes }) => `${closes ? 'closes: ' : ''}${what}: ${reason}`);
}
