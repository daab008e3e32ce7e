import { GateError, LIMITS } from '../../contract/index.js';
import type { Change, FileChange, Tree } from '../../git/index.js';
import { loadManifests, loadYaml, type Manifest } from '../../kubernetes/index.js';
import { TreeContext } from './file-context.js';
import type { SecretFinding } from './secret-finding.js';
import { addedRecipients, compareEncrypted } from './sops/compare-files.js';
import { compareGoverned, compareRules, type Governed, probesOf } from './sops/compare-rules.js';
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
  const configs = new Set<string>();
  const rules = new TreeContext(result);
  const sealedAfter: { manifest: Manifest; path: string }[] = [];
  for (const file of await change.files()) {
    const before = await content(change, file, 'before');
    const after = await content(change, file, 'after');
    const put = (findings: readonly SecretFinding[]): void => {
      found.push(...findings.map((finding) => ({ path: file.path, finding })));
    };
    const moved = file.oldPath !== null && file.oldPath !== file.path;
    if (SOPS_CONFIG.test(file.oldPath ?? file.path))
      put(compareRules(before, moved ? null : after, file.path));
    for (const path of [file.oldPath, file.path])
      if (path !== null && SOPS_CONFIG.test(path)) configs.add(path);
    if (before?.includes('sops') && after !== null && mayBeEncryptedFile(before.toString('utf8'))) {
      put(compareVersions(before, after, file, (await rules.ruleOf(file.path)) !== null));
    }
    if (before !== null) sealedBefore.push(...sealedIn(before, file.oldPath ?? file.path));
    if (after !== null) {
      sealedAfter.push(...sealedIn(after, file.path).map((manifest) => ({ manifest, path: file.path })));
    }
  }
  if (configs.size > 0 && found.every(({ finding }) => finding.rule !== 'sops-config-weakened'))
    found.push(...(await governed(change.base.tree, result, configs)));
  for (const { manifest, path } of sealedAfter) {
    for (const finding of compareSealed(sealedBefore, [manifest], path)) found.push({ path, finding });
  }
  if (sealedAfter.length > 0) found.push(...(await shared(result, sealedAfter)));
  return found;
}

async function content(change: Change, file: FileChange, side: 'before' | 'after'): Promise<Buffer | null> {
  const entry = file[side];
  if (entry === null || entry.mode === 'submodule' || entry.mode === 'symlink') return null;
  try {
    return await change.readBlob(entry.oid, { maxBytes: LIMITS.manifestBytes });
  } catch (error) {
    // Too large or missing: the scan of the file has said so and closes the gate.
    if (error instanceof GateError) return null;
    throw error;
  }
}

const SOPS_CONFIG = /(?:^|\/)\.sops\.ya?ml$/;

/** Which rule takes each file below the `.sops.yaml` files that changed, and files that may come. */
async function governed(base: Tree, result: Tree, configs: ReadonlySet<string>): Promise<ComparedFinding[]> {
  const before = new TreeContext(base);
  const after = new TreeContext(result);
  const files = [...(await result.files()).keys()];
  const found: ComparedFinding[] = [];
  for (const config of configs) {
    const folder = config.includes('/') ? config.slice(0, config.lastIndexOf('/') + 1) : '';
    const probes = probesOf(await before.rulesAt(folder.slice(0, -1))).map((name) => `${folder}${name}`);
    const paths = new Set([...files.filter((path) => path.startsWith(folder)), ...probes]);
    const pairs: Governed[] = [];
    for (const path of paths) {
      const rule = await before.ruleOf(path);
      if (rule !== null) pairs.push({ path, before: rule, after: await after.ruleOf(path) });
    }
    for (const finding of compareGoverned(pairs)) found.push({ path: config, finding });
  }
  return found;
}

/** @param ruled a creation rule says who may decrypt the file: then it is compared with that */
function compareVersions(before: Buffer, after: Buffer, file: FileChange, ruled: boolean): SecretFinding[] {
  const old = readEncrypted(before, file.oldPath ?? file.path);
  const now = readEncrypted(after, file.path);
  const next = now.length > 0 ? now : plain(after, file.path);
  return old.flatMap((item, index) => {
    const counterpart = next[index];
    if (counterpart === undefined) return [];
    const found = compareEncrypted(item, counterpart, file.path);
    return ruled ? found : [...found, ...addedRecipients(item, counterpart, file.path)];
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

/** Files that are looked at for a ciphertext that the change has as well. */
const MOST_LOOKED_AT = 20_000;
const COPIED = 'sealed-secret-moved';

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
  let looked = 0;
  for (const file of (await result.files()).values()) {
    if (changed.has(file.path) || !/seal|\.ya?ml$|\.json$/i.test(file.path) || file.mode !== 'file') continue;
    if (++looked > MOST_LOOKED_AT) break;
    if ((await result.size(file.path)) > LIMITS.configBytes) continue;
    const bytes = await result.read(file.path);
    if (!bytes.includes('encryptedData')) continue;
    const text = bytes.toString('latin1');
    const others = [...wanted].filter(([cipher]) => text.includes(cipher)).map(([, item]) => item);
    if (others.length === 0) continue;
    const manifests = sealedIn(bytes, file.path);
    for (const item of others) {
      // Both stay: one without a namespace may well be rendered into that of the other.
      const { namespace } = item.manifest.ref;
      const placed = manifests.map((other) =>
        namespace === '' || other.ref.namespace === ''
          ? { ...other, ref: { ...other.ref, namespace } }
          : other,
      );
      const copied = compareSealed(placed, [item.manifest], item.path).filter(({ rule }) => rule === COPIED);
      if (copied.length === 0) found.push(sharedFinding(item, item.key, file.path));
      for (const finding of copied) found.push({ path: item.path, finding });
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
