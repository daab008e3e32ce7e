import { shippedScope } from './families.js';
import type { Manifest } from './manifest.js';

/** Scopes that CustomResourceDefinitions declare, by `group/Kind`. */
export type Scopes = ReadonlyMap<string, 'Cluster' | 'Namespaced'>;

/** Cluster-scoped kinds by group; every other kind of these groups is namespaced. Kubernetes 1.36 and the kinds before it. */
const BUILT_IN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
    'admissionregistration.k8s.io': [
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'MutatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'ValidatingWebhookConfiguration',
    ],
    'apiextensions.k8s.io': ['CustomResourceDefinition'],
    'apiregistration.k8s.io': ['APIService'],
    apps: [],
    'authentication.k8s.io': ['SelfSubjectReview', 'TokenReview'],
    'authorization.k8s.io': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
    autoscaling: [],
    batch: [],
    'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
    'coordination.k8s.io': [],
    'discovery.k8s.io': [],
    'events.k8s.io': [],
    extensions: ['PodSecurityPolicy'],
    'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
    'internal.apiserver.k8s.io': ['StorageVersion'],
    'lifecycle.k8s.io': [],
    'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
    'node.k8s.io': ['RuntimeClass'],
    policy: ['PodSecurityPolicy'],
    'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
    'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceClass', 'ResourceSlice'],
    'scheduling.k8s.io': ['PriorityClass'],
    'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
    'storagemigration.k8s.io': ['StorageVersionMigration'],
  }).map(([group, kinds]) => [group, new Set(kinds)]),
);

/** Kinds of widely used custom groups, for repositories that do not hold the definitions themselves. */
const WELL_KNOWN: ReadonlyMap<string, 'Cluster' | 'Namespaced'> = new Map([
  ...[
    'cert-manager.io/ClusterIssuer',
    'crd.projectcalico.org/GlobalNetworkPolicy',
    'projectcalico.org/GlobalNetworkPolicy',
    'cilium.io/CiliumClusterwideNetworkPolicy',
    'policy.networking.k8s.io/AdminNetworkPolicy',
    'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
    'external-secrets.io/ClusterExternalSecret',
    'external-secrets.io/ClusterSecretStore',
    'external-secrets.io/ClusterPushSecret',
    'gateway.networking.k8s.io/GatewayClass',
    'karpenter.sh/NodePool',
    'karpenter.sh/NodeClaim',
    'karpenter.k8s.aws/EC2NodeClass',
    'kyverno.io/ClusterPolicy',
    'kyverno.io/ClusterCleanupPolicy',
    'policies.kyverno.io/ValidatingPolicy',
    'policies.kyverno.io/MutatingPolicy',
    'policies.kyverno.io/GeneratingPolicy',
    'policies.kyverno.io/ImageValidatingPolicy',
    'snapshot.storage.k8s.io/VolumeSnapshotClass',
    'snapshot.storage.k8s.io/VolumeSnapshotContent',
    'templates.gatekeeper.sh/ConstraintTemplate',
    'config.gatekeeper.sh/Config',
    'tekton.dev/ClusterTask',
    'argoproj.io/ClusterWorkflowTemplate',
    'argoproj.io/ClusterAnalysisTemplate',
  ].map((kind) => [kind, 'Cluster'] as const),
  ...[
    'argoproj.io/Application',
    'argoproj.io/ApplicationSet',
    'argoproj.io/AppProject',
    'argoproj.io/Rollout',
    'argoproj.io/Workflow',
    'bitnami.com/SealedSecret',
    'cert-manager.io/Certificate',
    'cert-manager.io/Issuer',
    'external-secrets.io/ExternalSecret',
    'external-secrets.io/SecretStore',
    'helm.toolkit.fluxcd.io/HelmRelease',
    'kustomize.toolkit.fluxcd.io/Kustomization',
    'kyverno.io/Policy',
    'kyverno.io/PolicyException',
    'monitoring.coreos.com/PrometheusRule',
    'monitoring.coreos.com/ServiceMonitor',
    'monitoring.coreos.com/PodMonitor',
    'source.toolkit.fluxcd.io/GitRepository',
    'source.toolkit.fluxcd.io/HelmRepository',
    'source.toolkit.fluxcd.io/OCIRepository',
    'source.toolkit.fluxcd.io/HelmChart',
    'source.toolkit.fluxcd.io/Bucket',
  ].map((kind) => [kind, 'Namespaced'] as const),
]);

/** True for the groups of Kubernetes itself. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN.has(group);
}

/** True for cluster-scoped kinds, false for namespaced ones, null where nothing says. `scopes` wins for custom kinds. */
export function isClusterScoped(apiVersion: string, kind: string, scopes?: Scopes): boolean | null {
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const builtIn = BUILT_IN.get(group);
  if (builtIn !== undefined) return builtIn.has(kind);
  if (group === 'constraints.gatekeeper.sh') return true;
  const scope =
    scopes?.get(`${group}/${kind}`) ?? shippedScope(group, kind) ?? WELL_KNOWN.get(`${group}/${kind}`);
  return scope === undefined ? null : scope === 'Cluster';
}

/** The scopes that the CustomResourceDefinitions among these manifests declare. */
export function scopesOf(manifests: Iterable<Manifest>): Map<string, 'Cluster' | 'Namespaced'> {
  const scopes = new Map<string, 'Cluster' | 'Namespaced'>();
  for (const { object } of manifests) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const spec = object.spec;
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) continue;
    const { group, scope, names } = spec;
    if (typeof names !== 'object' || names === null || Array.isArray(names)) continue;
    const kind = names.kind;
    if (typeof group !== 'string' || typeof kind !== 'string') continue;
    if (scope === 'Cluster' || scope === 'Namespaced') scopes.set(`${group}/${kind}`, scope);
  }
  return scopes;
}
