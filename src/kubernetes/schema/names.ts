import { isRecord } from '../identity.js';
import type { KubernetesObject } from '../manifest.js';
import type { Report } from './problem.js';
import { dnsLabel, dnsSubdomain, isUnresolved, pathSegment, type Syntax } from './syntax.js';

const SUBDOMAINS = [
  'v1 Pod',
  'v1 ConfigMap',
  'v1 Secret',
  'v1 ServiceAccount',
  'v1 PersistentVolume',
  'v1 PersistentVolumeClaim',
  'v1 ReplicationController',
  'v1 LimitRange',
  'v1 ResourceQuota',
  'apps/v1 DaemonSet',
  'apps/v1 Deployment',
  'apps/v1 ReplicaSet',
  'apps/v1 StatefulSet',
  'autoscaling/v1 HorizontalPodAutoscaler',
  'autoscaling/v2 HorizontalPodAutoscaler',
  'batch/v1 CronJob',
  'batch/v1 Job',
  'networking.k8s.io/v1 Ingress',
  'networking.k8s.io/v1 IngressClass',
  'networking.k8s.io/v1 NetworkPolicy',
  'scheduling.k8s.io/v1 PriorityClass',
  'storage.k8s.io/v1 StorageClass',
];
const FORMS: ReadonlyMap<string, Syntax> = new Map([
  ...SUBDOMAINS.map((kind): [string, Syntax] => [kind, dnsSubdomain]),
  ['v1 Namespace', dnsLabel],
  // Whether it may start with a digit is a feature gate's matter.
  ['v1 Service', dnsLabel],
]);

/**
 * The name of an object as its kind has it; of kinds that are not listed, what no object's name may hold.
 * Source: ValidateObjectMeta in k8s.io/apimachinery pkg/api/validation, and its callers in k8s.io/kubernetes.
 */
export function checkName(
  { metadata }: KubernetesObject,
  apiVersion: string,
  kind: string,
  report: Report,
): void {
  const name = isRecord(metadata) ? metadata.name : undefined;
  if (typeof name !== 'string' || name === '' || isUnresolved(name)) return;
  const wrong = (FORMS.get(`${apiVersion} ${kind}`) ?? pathSegment)(name);
  if (wrong !== null) report(['metadata', 'name'], 'invalid-value', wrong);
}
