import type { JsonValue } from '../../../contract/index.js';
import type { TypeName } from '../../../kubernetes/index.js';

/**
 * What the API server fills in where a field is absent, by type. Only values that do not depend on anything else.
 * Source: kubernetes pkg/apis/{core,apps,batch}/v1/defaults.go.
 */
const DEFAULTS: ReadonlyMap<TypeName, ReadonlyMap<string, JsonValue>> = new Map(
  Object.entries({
    'core/v1.ServicePort': { protocol: 'TCP' },
    'core/v1.ContainerPort': { protocol: 'TCP' },
    'core/v1.Container': {
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      stdin: false,
      stdinOnce: false,
      tty: false,
    },
    'core/v1.Probe': { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    'core/v1.HTTPGetAction': { scheme: 'HTTP', path: '/' },
    'core/v1.VolumeMount': { readOnly: false },
    'core/v1.PodSpec': {
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
    },
    'core/v1.SecretVolumeSource': { defaultMode: 420 },
    'core/v1.ConfigMapVolumeSource': { defaultMode: 420 },
    'core/v1.ProjectedVolumeSource': { defaultMode: 420 },
    'core/v1.DownwardAPIVolumeSource': { defaultMode: 420 },
    'core/v1.ServiceSpec': {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      publishNotReadyAddresses: false,
    },
    'core/v1.PersistentVolumeClaimSpec': { volumeMode: 'Filesystem' },
    'apps/v1.DeploymentSpec': {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      paused: false,
    },
    'apps/v1.DeploymentStrategy': { type: 'RollingUpdate' },
    'apps/v1.StatefulSetSpec': { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' },
    'apps/v1.DaemonSetSpec': { revisionHistoryLimit: 10 },
    'apps/v1.ReplicaSetSpec': { replicas: 1 },
    'batch/v1.JobSpec': { backoffLimit: 6, completionMode: 'NonIndexed', suspend: false },
    'batch/v1.CronJobSpec': {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
  }).map(([type, fields]) => [type, new Map(Object.entries(fields))]),
);

/** True when the API server would fill in just this value if the field were absent. */
export function isDefault(type: TypeName, field: string, value: JsonValue): boolean {
  return DEFAULTS.get(type)?.get(field) === value;
}

/** The value that an absent key of a keyed list's item stands for. */
export function defaultOf(type: TypeName, field: string): JsonValue {
  return DEFAULTS.get(type)?.get(field) ?? '';
}
