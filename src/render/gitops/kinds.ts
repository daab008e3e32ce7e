import { field, isMap, type JsonMap, text } from '../inputs/json-shape.js';

/** The kinds of Argo CD and Flux that say what is rendered, or where it comes from. */
export type GitOpsKind =
  | 'Application'
  | 'ApplicationSet'
  | 'Kustomization'
  | 'HelmRelease'
  | 'GitRepository'
  | 'HelmRepository'
  | 'OCIRepository'
  | 'HelmChart'
  | 'Bucket';

const GROUPS: Readonly<Record<GitOpsKind, string>> = {
  Application: 'argoproj.io',
  ApplicationSet: 'argoproj.io',
  Kustomization: 'kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helm.toolkit.fluxcd.io',
  GitRepository: 'source.toolkit.fluxcd.io',
  HelmRepository: 'source.toolkit.fluxcd.io',
  OCIRepository: 'source.toolkit.fluxcd.io',
  HelmChart: 'source.toolkit.fluxcd.io',
  Bucket: 'source.toolkit.fluxcd.io',
};

/** Which of these kinds an object is, by kind and API group, or null. */
export function gitOpsKind(object: JsonMap): GitOpsKind | null {
  const kind = text(object, 'kind') ?? '';
  if (!Object.hasOwn(GROUPS, kind)) return null;
  const known = kind as GitOpsKind;
  const group = (text(object, 'apiVersion') ?? '').split('/')[0];
  return group === GROUPS[known] ? known : null;
}

/** The kinds that are rendered themselves. */
export function isDefiner(kind: GitOpsKind): boolean {
  return (
    kind === 'Application' || kind === 'ApplicationSet' || kind === 'Kustomization' || kind === 'HelmRelease'
  );
}

/**
 * True where an object says all that its kind must: what it renders, and where to. A patch of one seldom does, so that
 * whatever does in a file is an object, however the file is used besides.
 */
export function isWhole(object: JsonMap): boolean {
  const has = (...path: readonly string[]): boolean => field(object, 'spec', ...path) !== undefined;
  switch (gitOpsKind(object)) {
    case 'Application':
      return has('destination') && (has('source') || has('sources') || has('sourceHydrator'));
    case 'ApplicationSet':
      return has('generators') && has('template');
    case 'Kustomization':
      return has('sourceRef');
    case 'HelmRelease':
      return has('chart') || has('chartRef');
    default:
      return false;
  }
}

export function nameOf(object: JsonMap): string {
  return text(object, 'metadata', 'name') ?? '';
}

export function namespaceOf(object: JsonMap): string {
  return text(object, 'metadata', 'namespace') ?? '';
}

/** A mapping of strings (labels, data); other values are left out. */
export function stringMap(value: JsonMap | undefined, ...path: readonly string[]): Map<string, string> {
  const found = field(value, ...path);
  const pairs = new Map<string, string>();
  if (!isMap(found)) return pairs;
  for (const [key, item] of Object.entries(found)) if (typeof item === 'string') pairs.set(key, item);
  return pairs;
}

/** Fields of a spec that say when and how something is applied, never what it renders to. */
const SCHEDULING: ReadonlySet<string> = new Set([
  'dependsOn',
  'driftDetection',
  'force',
  'healthCheckExprs',
  'healthChecks',
  'ignoreDifferences',
  'interval',
  'maxHistory',
  'prune',
  'retryInterval',
  'revisionHistoryLimit',
  'rollback',
  'suspend',
  'syncPolicy',
  'test',
  'timeout',
  'uninstall',
  'wait',
]);

/** What of an object's spec decides what it renders to, as text that is equal when that is. */
export function renderedSpec(object: JsonMap): string {
  const spec = field(object, 'spec');
  if (!isMap(spec)) return 'null';
  return JSON.stringify(Object.entries(spec).filter(([name]) => !SCHEDULING.has(name)));
}
