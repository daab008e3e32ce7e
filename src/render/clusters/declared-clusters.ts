import { stringify } from 'yaml';
import type { JsonValue } from '../../contract/index.js';
import { loadManifests, loadYaml } from '../../kubernetes/index.js';
import { isMap, type JsonMap, strings, text } from '../inputs/json-shape.js';

/** A cluster as `diff.clusters` declares it; what is not known is left out. */
export interface DeclaredCluster {
  name: string;
  server?: string;
  labels?: { [key: string]: string };
  paths?: string[];
  kubernetesVersion?: string;
  apiVersions?: string[];
}

const SECRET_TYPE = 'argocd.argoproj.io/secret-type';
/** Argo CD writes the version that it saw beside the labels of people (util/argo, kubernetes-version labels). */
const VERSION_LABEL = 'argocd.argoproj.io/kubernetes-version';

/**
 * The clusters that a file tells of: what `argocd cluster list -o json` prints, or the Secrets that declare clusters to
 * Argo CD (labelled `argocd.argoproj.io/secret-type: cluster`), one, several or a List, as YAML or JSON. Credentials
 * beside them are not looked at.
 */
export function clustersIn(bytes: Uint8Array, path: string): DeclaredCluster[] {
  const listed = loadYaml(bytes, path).documents.flatMap(({ value }) => (Array.isArray(value) ? value : []));
  const secrets = loadManifests(bytes, path).manifests.filter(
    ({ object, ref }) =>
      ref.kind === 'Secret' && text(object, 'metadata', 'labels', SECRET_TYPE) === 'cluster',
  );
  return [...listed.flatMap(listedCluster), ...secrets.flatMap(({ object }) => secretCluster(object))];
}

/** An item of `argocd cluster list -o json` (pkg/apis/application/v1alpha1 Cluster). */
function listedCluster(item: JsonValue): DeclaredCluster[] {
  if (!isMap(item)) return [];
  const server = text(item, 'server');
  const name = text(item, 'name') ?? server;
  if (name === null || name === '') return [];
  const version = text(item, 'info', 'serverVersion') ?? text(item, 'serverVersion');
  const apiVersions = strings(item, 'info', 'apiVersions');
  return [
    {
      name,
      ...(server === null ? {} : { server }),
      ...labelsOf(item, 'labels'),
      ...versionOf(version),
      ...(apiVersions.length === 0 ? {} : { apiVersions: [...apiVersions].sort() }),
    },
  ];
}

function secretCluster(secret: JsonMap): DeclaredCluster[] {
  const value = (key: string): string | null => {
    const plain = text(secret, 'stringData', key);
    const encoded = text(secret, 'data', key);
    return plain ?? (encoded === null ? null : Buffer.from(encoded, 'base64').toString('utf8'));
  };
  const server = value('server');
  const name = value('name') ?? server;
  if (name === null || name === '') return [];
  return [
    {
      name,
      ...(server === null ? {} : { server }),
      ...labelsOf(secret, 'metadata', 'labels'),
      ...versionOf(text(secret, 'metadata', 'labels', VERSION_LABEL)),
    },
  ];
}

function labelsOf(value: JsonMap, ...path: string[]): Pick<DeclaredCluster, 'labels'> {
  let found: JsonValue | undefined = value;
  for (const step of path) found = isMap(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  if (!isMap(found)) return {};
  const labels = Object.entries(found).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[0] !== SECRET_TYPE && entry[0] !== VERSION_LABEL,
  );
  return labels.length === 0 ? {} : { labels: Object.fromEntries(labels) };
}

function versionOf(version: string | null): Pick<DeclaredCluster, 'kubernetesVersion'> {
  const number = /^v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)/.exec(version ?? '')?.[1];
  return number === undefined ? {} : { kubernetesVersion: number };
}

/**
 * The clusters of Flux's layout: a folder for each below `folder`, holding `flux-system` or Flux objects.
 * @param files paths of the repository with a way to read each; only YAML files directly below a cluster's folder are read
 */
export async function clustersOfLayout(
  folder: string,
  files: Iterable<string>,
  read: (path: string) => Promise<Uint8Array>,
): Promise<DeclaredCluster[]> {
  const names = new Map<string, string[]>();
  for (const path of files) {
    const rest = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
    const [name = '', ...below] = rest?.split('/') ?? [];
    if (name === '' || below.length === 0) continue;
    const paths = names.get(name);
    if (paths === undefined) names.set(name, [path]);
    else paths.push(path);
  }
  const clusters: DeclaredCluster[] = [];
  for (const [name, paths] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = folder === '' ? name : `${folder}/${name}`;
    if (await isFluxCluster(own, paths, read)) clusters.push({ name, paths: [`${own}/**`] });
  }
  return clusters;
}

async function isFluxCluster(
  own: string,
  paths: readonly string[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<boolean> {
  if (paths.some((path) => path.startsWith(`${own}/flux-system/`))) return true;
  for (const path of paths) {
    if (!/^[^/]+\.ya?ml$/.test(path.slice(own.length + 1))) continue;
    const { manifests } = loadManifests(await read(path), path);
    if (
      manifests.some(({ ref }) =>
        /^(?:kustomize\.toolkit|fluxcd\.controlplane\.io|source\.toolkit)/.test(ref.apiVersion),
      )
    )
      return true;
  }
  return false;
}

/** The clusters as the `diff.clusters` of a configuration; of two with one name the later adds what the first lacks. */
export function clustersYaml(clusters: readonly DeclaredCluster[]): string {
  const byName = new Map<string, DeclaredCluster>();
  for (const cluster of clusters) byName.set(cluster.name, { ...cluster, ...byName.get(cluster.name) });
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return stringify({ diff: { clusters: sorted } }, { version: '1.1' });
}
