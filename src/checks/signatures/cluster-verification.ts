import { type Finding, finding, fingerprint, type JsonValue } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { type KubernetesObject, loadManifests, type Manifest } from '../../kubernetes/index.js';
import { shown } from './shown.js';
import { WEB_FLOW_KEYS } from './web-flow.js';

/** Files that are looked into first: by what people call those that hold sources and projects. */
const LIKELY = /flux-system|gotk|git-?repo|source|argo|project/i;
const MANIFEST = /\.(?:ya?ml|json)$/i;
/** Files read for a hint; a repository of more is told of those alone, with a note that says so. */
const MAX_FILES = 2_000;
const MAX_BYTES = 256 * 1024;
/** Files read at a time. */
const TOGETHER = 64;

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
export async function clusterVerification(tree: Tree): Promise<{ findings: Finding[]; unread: number }> {
  const paths = [...(await tree.files()).values()]
    .filter(({ path, mode }) => MANIFEST.test(path) && mode !== 'symlink' && mode !== 'submodule')
    .map(({ path }) => path);
  const ordered = [
    ...paths.filter((path) => LIKELY.test(path)),
    ...paths.filter((path) => !LIKELY.test(path)),
  ];
  const findings: Finding[] = [];
  for (let at = 0; at < Math.min(ordered.length, MAX_FILES); at += TOGETHER) {
    const some = ordered.slice(at, Math.min(at + TOGETHER, MAX_FILES));
    for (const found of await Promise.all(some.map((path) => findingsIn(tree, path))))
      findings.push(...found);
  }
  return { findings, unread: Math.max(0, ordered.length - MAX_FILES) };
}

async function findingsIn(tree: Tree, path: string): Promise<Finding[]> {
  if ((await tree.size(path)) > MAX_BYTES) return [];
  const bytes = await tree.read(path);
  if (!bytes.includes('GitRepository') && !bytes.includes('AppProject')) return [];
  return loadManifests(bytes, path)
    .manifests.map((manifest) => fluxSays(manifest) ?? argoSays(manifest))
    .filter((told) => told !== null)
    .map(findingOf);
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
  const github = ids.some((id) => isGitHubs(id));
  const signed = github
    ? "accepted: GitHub's key is among its keys"
    : "refused: GitHub's key is not among its keys";
  const who = integrity === null ? 'Argo CD (signatureKeys)' : `Argo CD (sourceIntegrity, ${integrity.mode})`;
  const strict =
    integrity?.mode === 'strict' ? '; every commit of the change must be signed by its keys too' : '';
  return { manifest, who, merge: `${signed}${strict}`, squash: signed, rebase: UNSIGNED };
}

/** True for the id (the last 16 digits or more) of the key that GitHub signs with today. */
function isGitHubs(id: string): boolean {
  return id.length >= 16 && String(WEB_FLOW_KEYS[0]).endsWith(id.toUpperCase());
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
