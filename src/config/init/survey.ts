import { isMap, parseAllDocuments } from 'yaml';
import type { Tree } from '../../git/index.js';

/** Files read for what they declare; a repository that has more is known well enough by these. */
const MOST_FILES = 20_000;
const MOST_BYTES = 256 * 1024;
/** Folders whose subfolders are environments. */
const ENVIRONMENT_FOLDERS = /^(?:overlays|environments|environment|envs|env|stages)$/;
const ENVIRONMENT =
  /(?:^|[-_.])(?:dev|development|test|testing|qa|uat|int|integration|sandbox|stage|staging|preprod|prod|production|live)(?:$|[-_.])/i;
const PRODUCTION = /(?:^|[-_.])(?:prod|production|live)(?:$|[-_.])/i;

/** A cluster or environment that the layout of a repository suggests. */
export interface SuggestedCluster {
  name: string;
  /** Folders from the root. */
  folders: string[];
  /** URLs of API servers that Argo CD deploys to under this name. */
  servers: string[];
  production: boolean;
}

/** What a look at a tree finds, for a first configuration. */
export interface Survey {
  argocd: boolean;
  flux: boolean;
  sops: boolean;
  sealedSecrets: boolean;
  externalSecrets: boolean;
  helm: boolean;
  kustomize: boolean;
  clusters: SuggestedCluster[];
  /** Folders with Kyverno policies or ValidatingAdmissionPolicies. */
  policyFolders: string[];
  /** Folders with CustomResourceDefinitions. */
  crdFolders: string[];
  /** A detect-secrets baseline at the root. */
  baseline: boolean;
  /** The folder of keys is there already. */
  keys: boolean;
  /** Who owns everything, by CODEOWNERS. */
  owners: string[];
}

/** Looks at a tree: by its paths, and by the kinds that its YAML files declare. Nothing is rendered. */
export async function survey(tree: Tree): Promise<Survey> {
  const files = await tree.files();
  const paths = [...files.keys()].filter((path) => path.isWellFormed());
  const { kinds, destinations } = await declaredIn(tree, paths);
  const has = (kind: string) => kinds.has(kind);
  return {
    argocd:
      has('argoproj.io/Application') || has('argoproj.io/ApplicationSet') || has('argoproj.io/AppProject'),
    flux: [...kinds.keys()].some((kind) => /(?:^|\.)toolkit\.fluxcd\.io\//.test(kind)),
    sops: files.has('.sops.yaml'),
    sealedSecrets: has('bitnami.com/SealedSecret'),
    externalSecrets: has('external-secrets.io/ExternalSecret'),
    helm: paths.some((path) => /(?:^|\/)Chart\.yaml$/.test(path)),
    kustomize: paths.some((path) => /(?:^|\/)kustomization\.ya?ml$|(?:^|\/)Kustomization$/.test(path)),
    clusters: suggestClusters(paths, destinations),
    policyFolders: foldersOf([
      ...(kinds.get('kyverno.io/ClusterPolicy') ?? []),
      ...(kinds.get('admissionregistration.k8s.io/ValidatingAdmissionPolicy') ?? []),
    ]),
    crdFolders: foldersOf(kinds.get('apiextensions.k8s.io/CustomResourceDefinition') ?? []),
    baseline: files.get('.secrets.baseline')?.mode === 'file',
    keys: paths.some((path) => path.startsWith('.gitops-gate/keys/')),
    owners: await ownersOf(tree, paths),
  };
}

/** A cluster that an Application deploys to; the URL of its server where it is stated too. */
interface Destination {
  name: string;
  server: string | null;
}

interface Declared {
  /** Files by the `group/Kind` that they declare. */
  kinds: Map<string, string[]>;
  destinations: Destination[];
}

async function declaredIn(tree: Tree, paths: readonly string[]): Promise<Declared> {
  const files = await tree.files();
  const kinds = new Map<string, string[]>();
  const destinations: Destination[] = [];
  const add = (kind: string, value: string) => {
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [value]);
    else known.push(value);
  };
  const manifests = paths.filter((path) => {
    const mode = files.get(path)?.mode;
    return /\.ya?ml$/.test(path) && (mode === 'file' || mode === 'executable');
  });
  for (const path of manifests.slice(0, MOST_FILES)) {
    if ((await tree.size(path)) > MOST_BYTES) continue;
    const text = (await tree.read(path)).toString('utf8');
    for (const document of text.split(/^---/m)) {
      const kind = /^kind:[ \t]*["']?(\w+)/m.exec(document)?.[1];
      const group = /^apiVersion:[ \t]*["']?([\w.-]+)\//m.exec(document)?.[1];
      if (kind === undefined || group === undefined) continue;
      add(`${group}/${kind}`, path);
      if (kind === 'Application' && group === 'argoproj.io') {
        const destination = destinationOf(document);
        if (destination !== null) destinations.push(destination);
      }
    }
  }
  return { kinds, destinations };
}

function destinationOf(text: string): Destination | null {
  const [document] = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (document === undefined || document.errors.length > 0 || !isMap(document.contents)) return null;
  const name: unknown = document.getIn(['spec', 'destination', 'name']);
  const server: unknown = document.getIn(['spec', 'destination', 'server']);
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) return null;
  return { name, server: typeof server === 'string' && /^https:\/\/[\w.:/-]+$/.test(server) ? server : null };
}

function suggestClusters(paths: readonly string[], destinations: readonly Destination[]): SuggestedCluster[] {
  const found = new Map<string, { folders: Set<string>; servers: Set<string> }>();
  const cluster = (name: string) => {
    const known = found.get(name) ?? { folders: new Set<string>(), servers: new Set<string>() };
    found.set(name, known);
    return known;
  };
  for (const path of paths) {
    const parts = path.split('/');
    parts.slice(0, -1).forEach((part, index) => {
      const folder = parts.slice(0, index + 1).join('/');
      const parent = parts[index - 1];
      // Flux bootstraps a cluster into its folder; `clusters/<name>` is the layout of both tools' guides.
      const bootstrapped = parts[index + 1] === 'flux-system' && index + 2 < parts.length;
      const environment = parent !== undefined && ENVIRONMENT_FOLDERS.test(parent) && ENVIRONMENT.test(part);
      if (bootstrapped || parent === 'clusters' || environment) cluster(part).folders.add(folder);
    });
  }
  for (const { name, server } of destinations) {
    const known = cluster(name);
    if (server !== null) known.servers.add(server);
  }
  return [...found]
    .filter(([name]) => name !== 'base' && name !== 'flux-system')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { folders, servers }]) => ({
      name,
      folders: outermost([...folders]),
      servers: [...servers].sort(),
      production: PRODUCTION.test(name),
    }));
}

/** Folders without those that lie in another of them. */
function outermost(folders: readonly string[]): string[] {
  return [...folders].sort().filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
}

/** At most five folders that hold the files, outermost first; none for files at the root. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set(
    paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.lastIndexOf('/'))),
  );
  return outermost([...folders]).slice(0, 5);
}

async function ownersOf(tree: Tree, paths: readonly string[]): Promise<string[]> {
  const path = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].find((one) => paths.includes(one));
  if (path === undefined || (await tree.size(path)) > MOST_BYTES) return [];
  const text = (await tree.read(path)).toString('utf8');
  const everything = text.split('\n').filter((line) => /^\*\s/.test(line));
  // The last line that matches a file counts; that of `*` says who owns what nothing else names.
  const owners = everything.at(-1)?.split('#')[0]?.split(/\s+/).slice(1) ?? [];
  return owners
    .map((owner) => owner.replace(/^@/, ''))
    .filter((owner) => /^[A-Za-z0-9-]+(?:\/[\w.-]+)?$/.test(owner));
}
