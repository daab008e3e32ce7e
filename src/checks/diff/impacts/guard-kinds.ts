import { groupOf } from '../../../kubernetes/index.js';
import { kindKey } from '../world.js';

/** Kinds that forbid something. Taking one away, or changing what it says, asks for an approval. */
export const GUARDS: ReadonlyMap<string, string> = new Map([
  ['kyverno.io/ClusterPolicy', 'a Kyverno policy'],
  ['kyverno.io/Policy', 'a Kyverno policy'],
  ['policies.kyverno.io/ValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/ImageValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/MutatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedImageValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedMutatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/GeneratingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/DeletingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedGeneratingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedDeletingPolicy', 'a Kyverno policy'],
  ['kyverno.io/CleanupPolicy', 'a Kyverno policy'],
  ['kyverno.io/ClusterCleanupPolicy', 'a Kyverno policy'],
  ['templates.gatekeeper.sh/ConstraintTemplate', 'a Gatekeeper template'],
  ['config.gatekeeper.sh/Config', "Gatekeeper's configuration"],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', 'an admission policy'],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', 'an admission policy'],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', 'an admission policy'],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', 'an admission policy'],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', 'an admission webhook'],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', 'an admission webhook'],
  ['networking.k8s.io/NetworkPolicy', 'a NetworkPolicy'],
  ['cilium.io/CiliumNetworkPolicy', 'a network policy'],
  ['cilium.io/CiliumClusterwideNetworkPolicy', 'a network policy'],
  ['crd.projectcalico.org/NetworkPolicy', 'a network policy'],
  ['crd.projectcalico.org/GlobalNetworkPolicy', 'a network policy'],
  ['policy.networking.k8s.io/AdminNetworkPolicy', 'a network policy'],
  ['policy.networking.k8s.io/BaselineAdminNetworkPolicy', 'a network policy'],
  ['policy.networking.k8s.io/ClusterNetworkPolicy', 'a network policy'],
  ['projectcalico.org/NetworkPolicy', 'a network policy'],
  ['projectcalico.org/GlobalNetworkPolicy', 'a network policy'],
  ['cilium.io/TracingPolicy', 'a runtime policy'],
  ['security.kubearmor.com/KubeArmorPolicy', 'a runtime policy'],
  ['security.istio.io/RequestAuthentication', 'a request authentication policy'],
  ['security.openshift.io/SecurityContextConstraints', 'security context constraints'],
  ['security.istio.io/AuthorizationPolicy', 'an authorization policy'],
  ['security.istio.io/PeerAuthentication', 'a peer authentication policy'],
  ['kyverno.io/GlobalContextEntry', 'what Kyverno policies judge by'],
  ['policies.kyverno.io/GlobalContextEntry', 'what Kyverno policies judge by'],
  ['policy.sigstore.dev/ClusterImagePolicy', 'an image policy'],
  ['policy.sigstore.dev/TrustRoot', 'what an image policy trusts'],
  ['cilium.io/TracingPolicyNamespaced', 'a runtime policy'],
  ['security.kubearmor.com/KubeArmorHostPolicy', 'a runtime policy'],
  ['security.kubearmor.com/KubeArmorClusterPolicy', 'a runtime policy'],
  ['crd.antrea.io/NetworkPolicy', 'a network policy'],
  ['crd.antrea.io/ClusterNetworkPolicy', 'a network policy'],
  ['k8s.ovn.org/EgressFirewall', 'a network policy'],
  ['policy.linkerd.io/Server', 'an authorization policy'],
  ['policy.linkerd.io/AuthorizationPolicy', 'an authorization policy'],
  ['policy.linkerd.io/ServerAuthorization', 'an authorization policy'],
  ['policy.linkerd.io/MeshTLSAuthentication', 'an authorization policy'],
  ['policy.linkerd.io/NetworkAuthentication', 'an authorization policy'],
  ['gateway.envoyproxy.io/SecurityPolicy', 'an authorization policy'],
  ['gateway.networking.k8s.io/ReferenceGrant', 'who may refer into a namespace'],
  ['argoproj.io/AppProject', 'an AppProject'],
  ['apiregistration.k8s.io/APIService', 'an API that the cluster hands on'],
  ['/ResourceQuota', 'a quota'],
  ['/LimitRange', 'a limit range'],
]);
/** Kinds that allow what a guard forbids: making one is what weakens. */
export const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['kyverno.io/PolicyException', 'a Kyverno exception'],
  ['policies.kyverno.io/PolicyException', 'a Kyverno exception'],
]);

/** What guard an object of a kind is, or null. */
export function guardOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string | null {
  const known = GUARDS.get(kindKey(apiVersion, kind));
  if (known !== undefined) return known;
  switch (groupOf(apiVersion)) {
    case 'constraints.gatekeeper.sh':
      return 'a Gatekeeper constraint';
    case 'policies.kubewarden.io':
      return 'a Kubewarden policy';
    case 'mutations.gatekeeper.sh':
      return 'a Gatekeeper mutation';
    default:
      return null;
  }
}
