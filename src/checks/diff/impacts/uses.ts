import type { JsonValue } from '../../../contract/index.js';
import {
  type FieldPath,
  isClusterScoped,
  isRecord,
  type Manifest,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { kindKey, recordsOf, textOf } from '../world.js';
import type { Reference } from './references.js';

const RBAC = 'rbac.authorization.k8s.io/v1';
const SOURCE = 'source.toolkit.fluxcd.io/v1';

type Find = (object: Manifest['object'], add: Add) => void;
type Add = (
  to: { apiVersion: string; kind: string; name: JsonValue | undefined; namespace?: JsonValue | undefined },
  path: FieldPath,
) => void;

/**
 * What objects use beside what their pods cannot start without: told only where a change takes it away, because most
 * of it is often made elsewhere.
 */
export function usesOf({ object, ref }: Manifest): Reference[] {
  const found: Reference[] = [];
  const add: Add = ({ apiVersion, kind, name, namespace }, path) => {
    if (typeof name !== 'string' || name === '' || kind === '') return;
    const own = isClusterScoped(apiVersion, kind) === true ? '' : textOf(namespace) || ref.namespace;
    found.push({ apiVersion, kind, name, namespace: own, key: null, path });
  };
  USES.get(kindKey(ref.apiVersion, ref.kind))?.(object, add);
  for (const { spec, specPath } of podTemplatesOf(object)) {
    add(
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: spec.priorityClassName },
      specPath,
    );
    add({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', name: spec.runtimeClassName }, specPath);
    for (const { name } of recordsOf(spec.imagePullSecrets))
      add({ apiVersion: 'v1', kind: 'Secret', name }, specPath);
  }
  return found;
}

const service = (name: JsonValue | undefined) => ({ apiVersion: 'v1', kind: 'Service', name });
const secret = (name: JsonValue | undefined) => ({ apiVersion: 'v1', kind: 'Secret', name });

/** A Flux source that a `sourceRef` or `chartRef` names. */
function fluxSource(object: Manifest['object'], path: readonly string[], add: Add): void {
  const source = at(object, ...path);
  add(
    {
      apiVersion: SOURCE,
      kind: textOf(at(source, 'kind')),
      name: at(source, 'name'),
      namespace: at(source, 'namespace'),
    },
    path,
  );
}

/** What Flux' Kustomizations and HelmReleases share. */
function fluxDeployment(object: Manifest['object'], add: Add, values: readonly string[]): void {
  const spec = (...path: string[]): JsonValue | undefined => at(object, 'spec', ...path);
  for (const [index, entry] of recordsOf(spec(...values)).entries()) {
    if (entry.optional === true) continue;
    add({ apiVersion: 'v1', kind: textOf(entry.kind), name: entry.name }, ['spec', ...values, index]);
  }
  for (const [index, entry] of recordsOf(spec('dependsOn')).entries()) {
    add(
      {
        apiVersion: textOf(object.apiVersion),
        kind: textOf(object.kind),
        name: entry.name,
        namespace: entry.namespace,
      },
      ['spec', 'dependsOn', index],
    );
  }
  add({ apiVersion: 'v1', kind: 'ServiceAccount', name: spec('serviceAccountName') }, [
    'spec',
    'serviceAccountName',
  ]);
  add(secret(spec('kubeConfig', 'secretRef', 'name')), ['spec', 'kubeConfig']);
  add(secret(spec('decryption', 'secretRef', 'name')), ['spec', 'decryption']);
}

const secretRef: Find = (object, add) => {
  for (const field of ['secretRef', 'certSecretRef'])
    add(secret(at(object, 'spec', field, 'name')), ['spec', field]);
};

const gatewayRoute: Find = (object, add) => {
  for (const [index, parent] of recordsOf(at(object, 'spec', 'parentRefs')).entries()) {
    add(
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: textOf(parent.kind) || 'Gateway',
        name: parent.name,
        namespace: parent.namespace,
      },
      ['spec', 'parentRefs', index],
    );
  }
  for (const [index, rule] of recordsOf(at(object, 'spec', 'rules')).entries()) {
    for (const backend of recordsOf(rule.backendRefs)) {
      if (textOf(backend.kind) === '' || backend.kind === 'Service')
        add({ ...service(backend.name), namespace: backend.namespace }, ['spec', 'rules', index]);
    }
  }
};

const binding: Find = (object, add) => {
  const role = at(object, 'roleRef');
  add({ apiVersion: RBAC, kind: textOf(at(role, 'kind')), name: at(role, 'name') }, ['roleRef']);
};

const scaled: Find = (object, add) => {
  const goal = at(object, 'spec', 'scaleTargetRef');
  const kind = textOf(at(goal, 'kind')) || 'Deployment';
  add({ apiVersion: textOf(at(goal, 'apiVersion')) || 'apps/v1', kind, name: at(goal, 'name') }, [
    'spec',
    'scaleTargetRef',
  ]);
};

const secretStore: Find = (object, add) => {
  const store = at(object, 'spec', 'secretStoreRef');
  const kind = textOf(at(store, 'kind')) || 'SecretStore';
  add({ apiVersion: 'external-secrets.io/v1', kind, name: at(store, 'name') }, ['spec', 'secretStoreRef']);
};

const USES: ReadonlyMap<string, Find> = new Map<string, Find>([
  [
    'networking.k8s.io/Ingress',
    (object, add) => {
      add(service(at(object, 'spec', 'defaultBackend', 'service', 'name')), ['spec', 'defaultBackend']);
      for (const [index, rule] of recordsOf(at(object, 'spec', 'rules')).entries()) {
        for (const path of recordsOf(at(rule, 'http', 'paths')))
          add(service(at(path, 'backend', 'service', 'name')), ['spec', 'rules', index]);
      }
      const name = at(object, 'spec', 'ingressClassName');
      add({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name }, ['spec', 'ingressClassName']);
      for (const tls of recordsOf(at(object, 'spec', 'tls'))) add(secret(tls.secretName), ['spec', 'tls']);
    },
  ],
  ['gateway.networking.k8s.io/HTTPRoute', gatewayRoute],
  ['gateway.networking.k8s.io/GRPCRoute', gatewayRoute],
  ['gateway.networking.k8s.io/TLSRoute', gatewayRoute],
  ['rbac.authorization.k8s.io/RoleBinding', binding],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', binding],
  ['autoscaling/HorizontalPodAutoscaler', scaled],
  ['keda.sh/ScaledObject', scaled],
  [
    'apps/StatefulSet',
    (object, add) => add(service(at(object, 'spec', 'serviceName')), ['spec', 'serviceName']),
  ],
  [
    '/PersistentVolumeClaim',
    (object, add) => {
      const name = at(object, 'spec', 'storageClassName');
      add({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name }, ['spec', 'storageClassName']);
    },
  ],
  [
    'argoproj.io/Application',
    (object, add) => {
      const name = at(object, 'spec', 'project');
      if (name === 'default') return;
      add({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', name }, ['spec', 'project']);
    },
  ],
  [
    'kustomize.toolkit.fluxcd.io/Kustomization',
    (object, add) => {
      fluxSource(object, ['spec', 'sourceRef'], add);
      fluxDeployment(object, add, ['postBuild', 'substituteFrom']);
    },
  ],
  [
    'helm.toolkit.fluxcd.io/HelmRelease',
    (object, add) => {
      fluxSource(object, ['spec', 'chart', 'spec', 'sourceRef'], add);
      fluxSource(object, ['spec', 'chartRef'], add);
      fluxDeployment(object, add, ['valuesFrom']);
    },
  ],
  ['source.toolkit.fluxcd.io/GitRepository', secretRef],
  ['source.toolkit.fluxcd.io/HelmRepository', secretRef],
  ['source.toolkit.fluxcd.io/OCIRepository', secretRef],
  ['source.toolkit.fluxcd.io/Bucket', secretRef],
  ['external-secrets.io/ExternalSecret', secretStore],
  [
    'cert-manager.io/Certificate',
    (object, add) => {
      const issuer = at(object, 'spec', 'issuerRef');
      if (!isRecord(issuer) || !['', 'cert-manager.io'].includes(textOf(issuer.group))) return;
      const kind = textOf(issuer.kind) || 'Issuer';
      add({ apiVersion: 'cert-manager.io/v1', kind, name: issuer.name }, ['spec', 'issuerRef']);
    },
  ],
]);
