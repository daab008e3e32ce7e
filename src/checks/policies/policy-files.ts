import type { TrustedConfig } from '../../config/index.js';
import { GateError, LIMITS, type NotVerified } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { loadManifests, type Manifest } from '../../kubernetes/index.js';
import { fileBehind } from './linked-file.js';
import { policiesNotRun } from './not-run.js';
import { type LoadedPolicy, packPolicies } from './packs.js';
import { type JsonObject, member, text } from './values/json.js';

const POLICY_KINDS = new Set([
  'ClusterPolicy',
  'Policy',
  'ValidatingPolicy',
  'NamespacedValidatingPolicy',
  'ImageValidatingPolicy',
  'NamespacedImageValidatingPolicy',
  'MutatingPolicy',
  'NamespacedMutatingPolicy',
  'ValidatingAdmissionPolicy',
]);
const POLICY_GROUPS = ['kyverno.io/', 'policies.kyverno.io/', 'admissionregistration.k8s.io/'];

/** True for objects that this check evaluates as policies. */
export function isPolicy(object: JsonObject): boolean {
  const apiVersion = text(member(object, 'apiVersion'));
  return (
    POLICY_KINDS.has(text(member(object, 'kind'))) &&
    POLICY_GROUPS.some((group) => apiVersion.startsWith(group))
  );
}

/** What the base says is to be judged by. */
export interface PolicySet {
  policies: LoadedPolicy[];
  /** Objects beside the policies in their files: bindings, parameters, exceptions. */
  companions: Manifest[];
  /** Files that could not be read, which close the gate, for the policies in them would be missing; policies that are not run. */
  notVerified: NotVerified[];
}

/** True for files that may hold manifests. */
export function isManifestFile(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path);
}

/**
 * Files of a tree that a configured path (a file or folder) means. Symlinks and submodules are not followed: who may change what they
 * lead to is not who may change this path. Those that may lead to manifests are `closed`.
 */
async function filesUnder(tree: Tree, path: string): Promise<{ files: string[]; closed: NotVerified[] }> {
  const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
  const files: string[] = [];
  const closed: NotVerified[] = [];
  for (const [name, { mode }] of await tree.files()) {
    const isBelow = clean === '' || clean === '.' || name.startsWith(`${clean}/`);
    if (name !== clean && !isBelow) continue;
    if (mode === 'submodule' || mode === 'symlink') {
      const isOther = mode === 'symlink' && !isManifestFile(name) && (await fileBehind(tree, name)) !== null;
      if (isOther) continue;
      const reason = `a ${mode} is not followed among policies and schemas: put the files themselves here`;
      closed.push({ what: name, reason, closes: true });
    } else if (name === clean || isManifestFile(name)) files.push(name);
  }
  return { files, closed };
}

/**
 * Reads manifests of files of a tree; what cannot be read is said, not thrown. Documents that are no Kubernetes objects are
 * counted.
 */
export async function readManifests(
  tree: Tree,
  paths: readonly string[],
  closes: boolean,
): Promise<{ manifests: Manifest[]; otherDocuments: number; notVerified: NotVerified[] }> {
  let otherDocuments = 0;
  const manifests: Manifest[] = [];
  const notVerified: NotVerified[] = [];
  for (const path of paths) {
    let bytes: Buffer;
    try {
      bytes = await tree.read(path, { maxBytes: LIMITS.manifestBytes });
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      notVerified.push({ what: path, reason: error.message, closes });
      continue;
    }
    const loaded = loadManifests(bytes, path);
    manifests.push(...loaded.manifests);
    otherDocuments += loaded.otherDocuments;
    for (const problem of [...loaded.problems, ...loaded.misfits].filter(({ fatal }) => fatal)) {
      const at = problem.line === null ? path : `${path}:${problem.line}`;
      notVerified.push({ what: at, reason: problem.message, closes });
    }
  }
  return { manifests, otherDocuments, notVerified };
}

/**
 * The policies of the configuration: packs first, then the files and folders of `policies.paths`.
 * @throws GateError `config` for a pack or path that does not exist
 */
export async function loadPolicies(config: TrustedConfig): Promise<PolicySet> {
  const { packs, paths } = config.config.policies;
  const set: PolicySet = { policies: packPolicies(packs), companions: [], notVerified: [] };
  for (const path of paths) {
    const { files, closed } = await filesUnder(config.files, path);
    set.notVerified.push(...closed);
    if (files.length + closed.length === 0)
      throw new GateError('config', `policies.paths: ${path} holds no policy files`);
    const { manifests, notVerified } = await readManifests(config.files, files, true);
    set.notVerified.push(...notVerified);
    for (const manifest of manifests) {
      if (isPolicy(manifest.object))
        set.policies.push({ policy: manifest.object, pack: null, path: manifest.path });
      else set.companions.push(manifest);
    }
  }
  const own = set.policies.filter(({ path }) => path !== null).map(({ policy }) => policy);
  set.notVerified.push(...policiesNotRun([...own, ...set.companions.map(({ object }) => object)]));
  return set;
}

/** CustomResourceDefinitions of `policies.schemas`. @throws GateError `config` */
export async function loadSchemas(
  config: TrustedConfig,
): Promise<{ manifests: Manifest[]; notVerified: NotVerified[] }> {
  const all: { manifests: Manifest[]; notVerified: NotVerified[] } = { manifests: [], notVerified: [] };
  for (const path of config.config.policies.schemas) {
    const { files, closed } = await filesUnder(config.files, path);
    all.notVerified.push(...closed);
    if (files.length + closed.length === 0)
      throw new GateError('config', `policies.schemas: ${path} holds no files`);
    const { manifests, notVerified } = await readManifests(config.files, files, true);
    all.manifests.push(...manifests.filter(({ ref }) => ref.kind === 'CustomResourceDefinition'));
    all.notVerified.push(...notVerified);
  }
  return all;
}
