import { type Config, configSchema } from '../../src/config/index.js';
import type { Tree } from '../../src/git/index.js';
import { type MemoryFile, MemoryTree } from '../../src/git/index.js';
import {
  type OpenRenderedChange,
  type OpenRenderedChangeOptions,
  openRenderedChange,
  type RenderedTarget,
} from '../../src/render/index.js';

export type Files = Readonly<Record<string, MemoryFile>>;

/** A configuration of defaults with a `diff` section. */
export function configOf(diff: object = {}, rest: object = {}): Config {
  return configSchema.parse({ version: 1, diff, ...rest });
}

/** The rendering of a change from one set of files to another. */
export function changeOf(
  base: Files | Tree,
  result: Files | Tree,
  options: Partial<OpenRenderedChangeOptions> = {},
): Promise<OpenRenderedChange> {
  const before = treeOf(base);
  const after = treeOf(result);
  return openRenderedChange({
    change: { base: { commit: 'a', tree: before }, head: { commit: 'b', tree: after }, result: after },
    config: configOf(),
    ...options,
  });
}

/** What a change reaches, rendered, by name. */
export async function reachedBy(
  base: Files | Tree,
  result: Files | Tree,
  options: Partial<OpenRenderedChangeOptions> = {},
): Promise<Map<string, RenderedTarget>> {
  const rendered = await changeOf(base, result, options);
  try {
    return new Map((await rendered.reached()).map((target) => [target.target.name, target]));
  } finally {
    await rendered.close();
  }
}

function treeOf(files: Files | Tree): Tree {
  return 'files' in files && typeof files.files === 'function'
    ? (files as Tree)
    : new MemoryTree(files as Files);
}

export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
`;

/** A base, two overlays, a chart with two values files and a plain folder. */
export const REPOSITORY: Files = {
  'apps/web/base/kustomization.yaml': 'resources:\n- deployment.yaml\n',
  'apps/web/base/deployment.yaml': DEPLOYMENT,
  'apps/web/staging/kustomization.yaml': 'namespace: staging\nresources: [../base]\n',
  'apps/web/prod/kustomization.yaml':
    'namespace: prod\nresources: [../base]\nreplicas:\n- {name: web, count: 3}\npatches:\n- path: limits.yaml\n',
  'apps/web/prod/limits.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, resources: {limits: {memory: 1Gi}}}]}}}\n',
  'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 1.0.0\n',
  'charts/api/values.yaml': 'replicas: 1\n',
  'charts/api/values-prod.yaml': 'replicas: 5\n',
  'charts/api/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {replicas: "{{ .Values.replicas }}"}\n',
  'cluster/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n',
  'README.md': '# Config\n',
};
