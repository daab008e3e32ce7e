import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type KubernetesObject } from '../../../kubernetes/index.js';

/** Annotations that tools write for themselves: they say nothing of what the cluster will run. */
const TOOL_ANNOTATIONS = new Set([
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/installation-id',
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'config.kubernetes.io/origin',
  'config.kubernetes.io/index',
  'config.kubernetes.io/path',
  'config.kubernetes.io/previousNames',
  'config.kubernetes.io/previousNamespaces',
  'config.k8s.io/id',
  'kustomize.toolkit.fluxcd.io/checksum',
  'alpha.config.kubernetes.io/transformations',
]);
const TOOL_PREFIXES = ['internal.config.kubernetes.io/', 'internal.config.k8s.io/'];
const TOOL_LABELS = new Set(['argocd.argoproj.io/instance', 'kustomize.toolkit.fluxcd.io/checksum']);
/** Written by the API server; in a manifest they are left over from an export. */
const SERVER_FIELDS = [
  'creationTimestamp',
  'resourceVersion',
  'uid',
  'generation',
  'selfLink',
  'managedFields',
];

const CHECKSUM_KEY = /(?:^|[/.-])(?:checksum|hash|sha256)(?:$|[/.-])/i;
const CHECKSUM_VALUE = /^(?:sha256:)?[0-9a-f]{8,128}$/i;
const TIME_KEY = /(?:time|date|generated|rollme|deployedat)/i;
const TIME_VALUE = /^(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S{0,12}|1\d{9,12})$/;

/** What was left out of an object, by where it stood. */
export type Noise = Map<string, JsonValue>;

/** True for what runs only when somebody asks for it: Helm's test hooks. */
export function isTestHook(object: KubernetesObject): boolean {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
  const hook = annotations['helm.sh/hook'];
  return typeof hook === 'string' && hook.split(',').every((name) => name.trim().startsWith('test'));
}

/** The metadata without what tools and servers write; `where` names the place in `noise`. */
export function quietMetadata(
  metadata: { [key: string]: JsonValue },
  where: string,
  noise: Noise,
): { [key: string]: JsonValue } {
  const quiet: { [key: string]: JsonValue } = Object.fromEntries(
    Object.entries(metadata).filter(([key, value]) => {
      const drop = SERVER_FIELDS.includes(key);
      if (drop && value !== null) noise.set(`${where}.${key}`, value);
      return !drop;
    }),
  );
  for (const field of ['annotations', 'labels'] as const) {
    const map = quiet[field];
    if (!isRecord(map)) continue;
    const kept = Object.entries(map).filter(([key, value]) => {
      const drop = field === 'annotations' ? isNoisyAnnotation(key, value) : TOOL_LABELS.has(key);
      if (drop) noise.set(`${where}.${field}.${key}`, value);
      return !drop;
    });
    if (kept.length === 0) delete quiet[field];
    else quiet[field] = Object.fromEntries(kept);
  }
  return quiet;
}

function isNoisyAnnotation(key: string, value: JsonValue): boolean {
  if (TOOL_ANNOTATIONS.has(key) || TOOL_PREFIXES.some((prefix) => key.startsWith(prefix))) return true;
  if (typeof value !== 'string') return false;
  if (CHECKSUM_KEY.test(key) && CHECKSUM_VALUE.test(value)) return true;
  return TIME_KEY.test(key) && TIME_VALUE.test(value);
}

/** How many places of noise differ between two sides. */
export function noiseBetween(before: Noise, after: Noise): number {
  let count = 0;
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key))) count += 1;
  }
  return count;
}
