import type { JsonValue } from '../../contract/index.js';
import { isRecord } from '../identity.js';
import { compareQuantities, parseQuantity } from '../quantity.js';
import type { TypeName } from '../types.js';
import type { Report } from './problem.js';
import {
  annotationKey,
  configKey,
  dnsLabel,
  environmentName,
  isUnresolved,
  labelKey,
  labelValue,
  portName,
  type Syntax,
} from './syntax.js';

/**
 * What the API server demands of values beyond their types, where it does so in every release and whatever its
 * feature gates. Source: k8s.io/kubernetes pkg/apis/{core,apps,batch,networking,rbac}/validation.
 * A constraint hears of values that may be of another type than the field's; it says nothing of those.
 */
export type Constraint = (value: JsonValue, path: (string | number)[], report: Report) => void;

/** Of a whole struct. */
export type StructConstraint = (
  value: { [key: string]: JsonValue },
  path: (string | number)[],
  report: Report,
) => void;

function between(least: number, most: number): Constraint {
  return (value, path, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || (value >= least && value <= most)) return;
    const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    report(path, 'invalid-value', `must be ${range}`);
  };
}

function written(syntax: Syntax): Constraint {
  return (value, path, report) => {
    if (typeof value !== 'string' || value === '' || isUnresolved(value)) return;
    const wrong = syntax(value);
    if (wrong !== null) report(path, 'invalid-value', wrong);
  };
}

function keyed(keys: Syntax, values: Syntax | null): Constraint {
  const checkValue = values === null ? null : written(values);
  return (value, path, report) => {
    if (!isRecord(value)) return;
    for (const key of Object.keys(value)) {
      path.push(key);
      const wrong = isUnresolved(key) ? null : keys(key);
      if (wrong !== null) report(path, 'invalid-value', wrong);
      checkValue?.(value[key] ?? null, path, report);
      path.pop();
    }
  };
}

const port = between(1, 65_535);
/** Zero is the same as nothing here. */
const portOrNone = between(0, 65_535);
const atLeastNone = between(0, Number.POSITIVE_INFINITY);
const named = written(portName);
const label = written(dnsLabel);
const labels = keyed(labelKey, labelValue);

const portOrName: Constraint = (value, path, report) => {
  port(value, path, report);
  named(value, path, report);
};

const notEmpty: Constraint = (value, path, report) => {
  if (Array.isArray(value) && value.length === 0)
    report(path, 'invalid-value', 'must have at least one item');
};

const amounts: Constraint = (value, path, report) => {
  if (!isRecord(value)) return;
  for (const key of Object.keys(value)) {
    const amount = parseQuantity(value[key]);
    if (amount === null || amount.numerator >= 0n) continue;
    path.push(key);
    report(path, 'invalid-value', 'must not be negative');
    path.pop();
  }
};

const REPLICAS: Readonly<Record<string, Constraint>> = {
  replicas: atLeastNone,
  minReadySeconds: atLeastNone,
  revisionHistoryLimit: atLeastNone,
};
const CONTAINER: Readonly<Record<string, Constraint>> = { name: label };

const FIELDS: Readonly<Record<string, Readonly<Record<string, Constraint>>>> = {
  'core/v1.ContainerPort': { containerPort: port, hostPort: portOrNone, name: named },
  'core/v1.ServicePort': { port, targetPort: portOrName, nodePort: portOrNone, name: label },
  'core/v1.HTTPGetAction': { port: portOrName },
  'core/v1.TCPSocketAction': { port: portOrName },
  'core/v1.GRPCAction': { port },
  'core/v1.Probe': {
    initialDelaySeconds: atLeastNone,
    timeoutSeconds: atLeastNone,
    periodSeconds: atLeastNone,
    successThreshold: atLeastNone,
    failureThreshold: atLeastNone,
  },
  'core/v1.Container': CONTAINER,
  'core/v1.EphemeralContainer': CONTAINER,
  'core/v1.Volume': CONTAINER,
  'core/v1.EnvVar': { name: written(environmentName) },
  'core/v1.PodSpec': { nodeSelector: labels },
  'core/v1.ServiceSpec': { selector: labels },
  'core/v1.ConfigMap': { data: keyed(configKey, null), binaryData: keyed(configKey, null) },
  'core/v1.Secret': { data: keyed(configKey, null), stringData: keyed(configKey, null) },
  'core/v1.ResourceRequirements': { limits: amounts, requests: amounts },
  'core/v1.ReplicationControllerSpec': { replicas: atLeastNone, minReadySeconds: atLeastNone },
  'apps/v1.DeploymentSpec': { ...REPLICAS, progressDeadlineSeconds: atLeastNone },
  'apps/v1.StatefulSetSpec': REPLICAS,
  'apps/v1.ReplicaSetSpec': REPLICAS,
  'apps/v1.DaemonSetSpec': REPLICAS,
  'batch/v1.JobSpec': {
    parallelism: atLeastNone,
    completions: atLeastNone,
    backoffLimit: atLeastNone,
    activeDeadlineSeconds: atLeastNone,
    ttlSecondsAfterFinished: atLeastNone,
  },
  'batch/v1.CronJobSpec': {
    startingDeadlineSeconds: atLeastNone,
    successfulJobsHistoryLimit: atLeastNone,
    failedJobsHistoryLimit: atLeastNone,
  },
  'autoscaling/v2.HorizontalPodAutoscalerSpec': {
    minReplicas: atLeastNone,
    maxReplicas: between(1, Number.POSITIVE_INFINITY),
  },
  'networking/v1.ServiceBackendPort': { number: portOrNone, name: named },
  'networking/v1.NetworkPolicyPort': { port: portOrName, endPort: port },
  'rbac/v1.PolicyRule': { verbs: notEmpty },
  'meta/v1.ObjectMeta': { labels, annotations: keyed(annotationKey, null) },
  'meta/v1.LabelSelector': { matchLabels: labels },
};

/** The constraints on the fields of a struct, by field. */
export function fieldConstraints(struct: TypeName): ReadonlyMap<string, Constraint> {
  return new Map(Object.entries(Object.hasOwn(FIELDS, struct) ? (FIELDS[struct] ?? {}) : {}));
}

/** Containers of a pod, whatever their list, have names of their own; so have volumes. */
const podNames: StructConstraint = (pod, path, report) => {
  const once = (fields: readonly string[]): void => {
    const seen = new Set<string>();
    for (const field of fields) {
      const list = pod[field];
      if (!Array.isArray(list)) continue;
      for (const [index, item] of list.entries()) {
        const name = isRecord(item) ? item.name : undefined;
        if (typeof name !== 'string') continue;
        if (seen.has(name)) {
          path.push(field, index, 'name');
          report(path, 'invalid-value', 'is the name of another one');
          path.length -= 3;
        }
        seen.add(name);
      }
    }
  };
  once(['initContainers', 'containers', 'ephemeralContainers']);
  once(['volumes']);
};

/** A container may not ask for more than it is limited to. */
const requestsWithinLimits: StructConstraint = ({ requests, limits }, path, report) => {
  if (!isRecord(requests) || !isRecord(limits)) return;
  for (const resource of Object.keys(requests)) {
    const asked = parseQuantity(requests[resource]);
    const limit = Object.hasOwn(limits, resource) ? parseQuantity(limits[resource]) : null;
    if (asked === null || limit === null || compareQuantities(asked, limit) <= 0) continue;
    path.push('requests', resource);
    report(path, 'invalid-value', 'must not be more than the limit');
    path.length -= 2;
  }
};

/** Pods of controllers are restarted as their controller allows: the others are refused. */
function restarts(allowed: readonly string[], mustBeSaid: boolean): StructConstraint {
  return ({ template }, path, report) => {
    const spec = isRecord(template) ? template.spec : undefined;
    if (!isRecord(spec)) return;
    const policy = spec.restartPolicy;
    const said = policy !== undefined && policy !== null && policy !== '';
    if (said ? typeof policy !== 'string' || allowed.includes(policy) || isUnresolved(policy) : !mustBeSaid)
      return;
    path.push('template', 'spec', 'restartPolicy');
    report(path, 'invalid-value', `must be ${allowed.join(' or ')}`);
    path.length -= 3;
  };
}

const always = restarts(['Always'], false);
const STRUCTS: Readonly<Record<string, StructConstraint>> = {
  'core/v1.PodSpec': podNames,
  'core/v1.ResourceRequirements': requestsWithinLimits,
  'apps/v1.DeploymentSpec': always,
  'apps/v1.StatefulSetSpec': always,
  'apps/v1.ReplicaSetSpec': always,
  'apps/v1.DaemonSetSpec': always,
  'batch/v1.JobSpec': restarts(['OnFailure', 'Never'], true),
};

/** The constraint on a struct as a whole, or null. */
export function structConstraint(struct: TypeName): StructConstraint | null {
  return Object.hasOwn(STRUCTS, struct) ? (STRUCTS[struct] ?? null) : null;
}
