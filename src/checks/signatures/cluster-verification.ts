import { type Finding, finding, fingerprint, type JsonValue } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { type KubernetesObject, loadManifests, type Manifest } from '../../kubernetes/index.js';
import { shown } from './shown.js';
import { WEB_FLOW_KEYS } from './web-flow.js';

/**
 * Files in which sources and projects are looked for: by what people call them, so that a repository of thousands of
 * files is not read for a hint.
 */
const LIKELY = /flux-system|gotk|git-?repo|source|argo|project/i;
const MANIFEST = /\.(?:ya?ml|json)$/i;
const MAX_FILES = 200;
const MAX_BYTES = 256 * 1024;

/** What the cluster would say of the commit that each merge method leaves on the branch. */
interface ClusterVerification {
  manifest: Manifest;
  /** What verifies, for people: `Flux (HEAD)`. */
  who: string;
  merge: string;
  squash: string;
  rebase: string;
}

/**
 * Tells of every Flux GitRepository with `spec.verify` and every Argo CD AppProject with `signatureKeys` or
 * `sourceIntegrity` in a tree whether the merged commit would be accepted, for each way of merging on GitHub: merge
 * and squash commits are made and signed by GitHub, rebased commits are signed by nobody.
 * Semantics: Flux's source-controller docs/spec/v1/gitrepositories.md (Verification); Argo CD's
 * docs/user-guide/gpg-verification.md and source-integrity.md.
 */
export async function clusterVerification(tree: Tree): Promise<Finding[]> {
  const findings: Finding[] = [];
  let read = 0;
  for (const [path, file] of await tree.files()) {
    if (!LIKELY.test(path) || !MANIFEST.test(path) || file.mode === 'symlink' || file.mode === 'submodule')
      continue;
    if (read >= MAX_FILES) break;
    if ((await tree.size(path)) > MAX_BYTES) continue;
    read += 1;
    const bytes = await tree.read(path);
    if (!bytes.includes('GitRepository') && !bytes.includes('AppProject')) continue;
    for (const manifest of loadManifests(bytes, path).manifests) {
      const told = fluxSays(manifest) ?? argoSays(manifest);
      if (told !== null) findings.push(findingOf(told));
    }
  }
  return findings;
}

const UNSIGNED = 'refused (GitHub signs no rebased commit; push a fast-forward of signed commits instead)';

function fluxSays(manifest: Manifest): ClusterVerification | null {
  const { object } = manifest;
  if (object.kind !== 'GitRepository' || !String(object.apiVersion).startsWith('source.toolkit.fluxcd.io/')) {
    return null;
  }
  const verify = mapAt(mapAt(object, 'spec'), 'verify');
  if (verify === null) return null;
  const mode = typeof verify.mode === 'string' ? verify.mode : 'HEAD';
  const secret = mapAt(verify, 'secretRef')?.name;
  const who = `Flux (spec.verify, ${mode})`;
  if (mode === 'Tag') {
    const same = 'not asked: only the tag is verified';
    return { manifest, who, merge: same, squash: same, rebase: same };
  }
  const signed = `accepted only if Secret ${String(secret ?? '(none)')} holds GitHub's key (https://github.com/web-flow.gpg)`;
  return { manifest, who, merge: signed, squash: signed, rebase: UNSIGNED };
}

function argoSays(manifest: Manifest): ClusterVerification | null {
  const { object } = manifest;
  if (object.kind !== 'AppProject' || !String(object.apiVersion).startsWith('argoproj.io/')) return null;
  const spec = mapAt(object, 'spec');
  const integrity = argoIntegrity(spec);
  const keys = integrity?.keys ?? listAt(spec, 'signatureKeys').map((entry) => asMap(entry)?.keyID);
  if (keys.length === 0) return null;
  const ids = keys.filter((key) => typeof key === 'string');
  const github = ids.some((id) => WEB_FLOW_KEYS.some((key) => key.endsWith(id.toUpperCase())));
  const signed = github
    ? "accepted: GitHub's key is among its keys"
    : "refused: GitHub's key is not among its keys";
  const who = integrity === null ? 'Argo CD (signatureKeys)' : `Argo CD (sourceIntegrity, ${integrity.mode})`;
  const strict =
    integrity?.mode === 'strict' ? '; every commit of the change must be signed by its keys too' : '';
  return { manifest, who, merge: `${signed}${strict}`, squash: signed, rebase: UNSIGNED };
}

/** The GPG policies of `sourceIntegrity.git`, taken together; null where there is none that verifies. */
function argoIntegrity(spec: KubernetesObject | null): { mode: string; keys: JsonValue[] } | null {
  const policies = listAt(mapAt(mapAt(spec, 'sourceIntegrity'), 'git'), 'policies')
    .map((policy) => mapAt(asMap(policy), 'gpg'))
    .filter((gpg) => gpg !== null)
    .filter((gpg) => gpg.mode !== 'none');
  if (policies.length === 0) return null;
  const modes = policies.map((gpg) => gpg.mode);
  return {
    mode: modes.includes('strict') ? 'strict' : 'head',
    keys: policies.flatMap((gpg) => listAt(gpg, 'keys')),
  };
}

function findingOf({ manifest, who, merge, squash, rebase }: ClusterVerification): Finding {
  const { ref, path } = manifest;
  const ruleId = 'signatures/cluster-verification';
  const name = [ref.namespace, ref.name].filter((part) => part !== '').join('/');
  const says = merge === squash ? `merge or squash: ${merge}` : `merge: ${merge}; squash: ${squash}`;
  return finding({
    check: 'signatures',
    ruleId,
    action: 'inform',
    message: shown(
      `${who} of ${ref.kind} ${name} will judge what merging leaves on the branch: ${says}; rebase: ${rebase}`,
    ),
    help: "choose the merge method by this, or add GitHub's key to what the cluster trusts",
    path,
    line: Number(manifest.locate(['spec'])?.line),
    object: ref,
    fingerprint: fingerprint(ruleId, path, ref.kind, ref.namespace, ref.name),
    new: false,
  });
}

function asMap(value: JsonValue | undefined): KubernetesObject | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
}

function mapAt(value: KubernetesObject | null, key: string): KubernetesObject | null {
  return value !== null && Object.hasOwn(value, key) ? asMap(value[key]) : null;
}

function listAt(value: KubernetesObject | null, key: string): JsonValue[] {
  const list = value !== null && Object.hasOwn(value, key) ? value[key] : null;
  return Array.isArray(list) ? list : [];
}
