import { GateError, LIMITS } from '../../contract/index.js';
import type { Change, FileChange, Tree } from '../../git/index.js';
import { loadManifests, loadYaml, type Manifest } from '../../kubernetes/index.js';
import type { SecretFinding } from './secret-finding.js';
import { compareEncrypted } from './sops/compare-files.js';
import { compareRules } from './sops/compare-rules.js';
import { type EncryptedFile, leavesOf, mayBeEncryptedFile, readEncrypted } from './sops/encrypted-file.js';
import { ciphertexts, compareSealed } from './structure/sealed-secret.js';

/** A finding about how a file changed. */
export interface ComparedFinding {
  path: string;
  finding: SecretFinding;
}

/** What shows only by comparing base and result: seals that break, guards that weaken, ciphertext that is shared. */
export async function compareChange(change: Change, result: Tree): Promise<ComparedFinding[]> {
  const found: ComparedFinding[] = [];
  const sealedBefore: Manifest[] = [];
  const sealedAfter: { manifest: Manifest; path: string }[] = [];
  for (const file of await change.files()) {
    const before = await content(change, file, 'before');
    const after = await content(change, file, 'after');
    const put = (findings: readonly SecretFinding[]): void => {
      found.push(...findings.map((finding) => ({ path: file.path, finding })));
    };
    if (/(?:^|\/)\.sops\.ya?ml$/.test(file.path)) put(compareRules(before, after, file.path));
    if (before !== null && after !== null && mayBeEncryptedFile(before.toString('utf8'))) {
      put(compareVersions(before, after, file));
    }
    if (before !== null) sealedBefore.push(...sealedIn(before, file.oldPath ?? file.path));
    if (after !== null) {
      sealedAfter.push(...sealedIn(after, file.path).map((manifest) => ({ manifest, path: file.path })));
    }
  }
  for (const { manifest, path } of sealedAfter) {
    for (const finding of compareSealed(sealedBefore, [manifest], path)) found.push({ path, finding });
  }
  if (sealedAfter.length > 0) found.push(...(await shared(result, sealedAfter)));
  return found;
}

async function content(change: Change, file: FileChange, side: 'before' | 'after'): Promise<Buffer | null> {
  const entry = file[side];
  if (entry === null || entry.mode === 'submodule' || entry.mode === 'symlink') return null;
  if (!/\.(?:ya?ml|json|env|ini)$|(?:^|\/)\.env/.test(entry.path)) return null;
  try {
    return await change.readBlob(entry.oid, { maxBytes: LIMITS.manifestBytes });
  } catch (error) {
    // Too large or missing: the scan of the file has said so and closes the gate.
    if (error instanceof GateError) return null;
    throw error;
  }
}

function compareVersions(before: Buffer, after: Buffer, file: FileChange): SecretFinding[] {
  const old = readEncrypted(before, file.oldPath ?? file.path);
  const now = readEncrypted(after, file.path);
  const next = now.length > 0 ? now : plain(after, file.path);
  return old.flatMap((item, index) => {
    const counterpart = next[index];
    return counterpart === undefined ? [] : compareEncrypted(item, counterpart, file.path);
  });
}

/** A file whose metadata is gone, read as one so that its values can be compared. */
function plain(bytes: Buffer, path: string): EncryptedFile[] {
  return loadYaml(bytes, path).documents.map((document) => ({
    format: 'yaml',
    metadata: {},
    leaves: leavesOf(document.value, []),
    locate: (at) => document.locate(at),
  }));
}

function sealedIn(bytes: Buffer, path: string): Manifest[] {
  if (!bytes.includes('SealedSecret')) return [];
  return loadManifests(bytes, path).manifests.filter((manifest) => manifest.ref.kind === 'SealedSecret');
}

/** The same ciphertext in another file: two clusters that share a sealing key, or a copy that will not decrypt. */
async function shared(
  result: Tree,
  sealed: readonly { manifest: Manifest; path: string }[],
): Promise<ComparedFinding[]> {
  const found: ComparedFinding[] = [];
  const changed = new Set(sealed.map((item) => item.path));
  const wanted = new Map<string, { manifest: Manifest; path: string; key: string }>();
  for (const item of sealed) {
    for (const [key, text] of ciphertexts(item.manifest)) {
      const first = wanted.get(text);
      if (first !== undefined && first.path !== item.path) found.push(sharedFinding(item, key, first.path));
      else if (text.length > 64) wanted.set(text, { ...item, key });
    }
  }
  for (const file of (await result.files()).values()) {
    if (changed.has(file.path) || !/seal/i.test(file.path) || file.mode !== 'file') continue;
    if ((await result.size(file.path)) > LIMITS.configBytes) continue;
    const text = (await result.read(file.path)).toString('latin1');
    for (const [cipher, item] of wanted) {
      if (text.includes(cipher)) found.push(sharedFinding(item, item.key, file.path));
    }
  }
  return found;
}

function sharedFinding(
  item: { manifest: Manifest; path: string },
  key: string,
  other: string,
): ComparedFinding {
  const { ref } = item.manifest;
  const position = item.manifest.locate(['spec', 'encryptedData', key]);
  return {
    path: item.path,
    finding: {
      rule: 'sealed-secret-shared',
      action: 'inform',
      confidence: 'certain',
      message: `the same ciphertext stands in ${other}: both clusters must share the sealing key`,
      help: 'seal the Secret for each cluster with its own key: `kubeseal --context CLUSTER -f secret.yaml`',
      line: position?.line ?? 1,
      endLine: position?.endLine ?? 1,
      column: null,
      value: null,
      token: false,
      object: ref,
      place: [ref.namespace, ref.name, key, other],
    },
  };
}
