// Made by scripts/kubernetes-types/families.mjs: do not edit.
import { KINDS as argoCd } from './argo-cd.js';
import { KINDS as argoRollouts } from './argo-rollouts.js';
import { KINDS as certManager } from './cert-manager.js';
import { KINDS as externalSecrets } from './external-secrets.js';
import { KINDS as flux } from './flux.js';
import { KINDS as fluxKustomize } from './flux-kustomize.js';
import { KINDS as fluxSource } from './flux-source.js';
import { KINDS as gatewayApi } from './gateway-api.js';
import { KINDS as istio } from './istio.js';
import { KINDS as karpenter } from './karpenter.js';
import { KINDS as keda } from './keda.js';
import { KINDS as kyverno } from './kyverno.js';
import { KINDS as metallb } from './metallb.js';
import { KINDS as prometheusOperator } from './prometheus-operator.js';
import { KINDS as sealedSecrets } from './sealed-secrets.js';
import { KINDS as traefik } from './traefik.js';
import { KINDS as volumeSnapshots } from './volume-snapshots.js';

/** A family of custom kinds. */
export interface PackedFamily {
  /** With the version that the schemas are of. */
  name: string;
  /** The package that they were taken from. */
  source: string;
  /** JSON, Brotli, base64. */
  kinds: string;
  /** By group and kind. */
  scopes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const FAMILIES: readonly PackedFamily[] = [
  {
    name: 'Argo CD 3.6.1',
    source: 'github.com/argoproj/argo-cd/v3@v3.6.1',
    kinds: argoCd,
    scopes: {
      'argoproj.io': { AppProject: 'Namespaced', Application: 'Namespaced', ApplicationSet: 'Namespaced' },
    },
  },
  {
    name: 'Argo Rollouts 1.10.2',
    source: 'github.com/argoproj/argo-rollouts@v1.10.2',
    kinds: argoRollouts,
    scopes: {
      'argoproj.io': {
        AnalysisRun: 'Namespaced',
        AnalysisTemplate: 'Namespaced',
        ClusterAnalysisTemplate: 'Cluster',
        Experiment: 'Namespaced',
        Rollout: 'Namespaced',
      },
    },
  },
  {
    name: 'cert-manager 1.21.2',
    source: 'github.com/cert-manager/cert-manager@v1.21.2',
    kinds: certManager,
    scopes: {
      'acme.cert-manager.io': { Challenge: 'Namespaced', Order: 'Namespaced' },
      'cert-manager.io': {
        Certificate: 'Namespaced',
        CertificateRequest: 'Namespaced',
        ClusterIssuer: 'Cluster',
        Issuer: 'Namespaced',
      },
    },
  },
  {
    name: 'External Secrets 1.3.2',
    source: 'github.com/external-secrets/external-secrets@v1.3.2',
    kinds: externalSecrets,
    scopes: {
      'external-secrets.io': {
        ClusterExternalSecret: 'Cluster',
        ClusterPushSecret: 'Cluster',
        ClusterSecretStore: 'Cluster',
        ExternalSecret: 'Namespaced',
        PushSecret: 'Namespaced',
        SecretStore: 'Namespaced',
      },
      'generators.external-secrets.io': {
        ACRAccessToken: 'Namespaced',
        CloudsmithAccessToken: 'Namespaced',
        ClusterGenerator: 'Cluster',
        ECRAuthorizationToken: 'Namespaced',
        Fake: 'Namespaced',
        GCRAccessToken: 'Namespaced',
        GeneratorState: 'Namespaced',
        GithubAccessToken: 'Namespaced',
        Grafana: 'Namespaced',
        MFA: 'Namespaced',
        Password: 'Namespaced',
        QuayAccessToken: 'Namespaced',
        SSHKey: 'Namespaced',
        STSSessionToken: 'Namespaced',
        UUID: 'Namespaced',
        VaultDynamicSecret: 'Namespaced',
        Webhook: 'Namespaced',
      },
    },
  },
  {
    name: '@kubernetes-models/flux-cd 4.0.0',
    source: '@kubernetes-models/flux-cd@4.0.0',
    kinds: flux,
    scopes: {
      'helm.toolkit.fluxcd.io': { HelmRelease: 'Namespaced' },
      'image.toolkit.fluxcd.io': {
        ImagePolicy: 'Namespaced',
        ImageRepository: 'Namespaced',
        ImageUpdateAutomation: 'Namespaced',
      },
      'notification.toolkit.fluxcd.io': {
        Alert: 'Namespaced',
        Provider: 'Namespaced',
        Receiver: 'Namespaced',
      },
    },
  },
  {
    name: "Flux's kustomize-controller 1.10.1",
    source: 'github.com/fluxcd/kustomize-controller@v1.10.1',
    kinds: fluxKustomize,
    scopes: { 'kustomize.toolkit.fluxcd.io': { Kustomization: 'Namespaced' } },
  },
  {
    name: "Flux's source-controller 1.10.1",
    source: 'github.com/fluxcd/source-controller@v1.10.1',
    kinds: fluxSource,
    scopes: {
      'source.toolkit.fluxcd.io': {
        Bucket: 'Namespaced',
        ExternalArtifact: 'Namespaced',
        GitRepository: 'Namespaced',
        HelmChart: 'Namespaced',
        HelmRepository: 'Namespaced',
        OCIRepository: 'Namespaced',
      },
    },
  },
  {
    name: 'Gateway API 1.7.0',
    source: 'sigs.k8s.io/gateway-api@v1.7.0',
    kinds: gatewayApi,
    scopes: {
      'gateway.networking.k8s.io': {
        BackendTLSPolicy: 'Namespaced',
        GRPCRoute: 'Namespaced',
        Gateway: 'Namespaced',
        GatewayClass: 'Cluster',
        HTTPRoute: 'Namespaced',
        ListenerSet: 'Namespaced',
        ReferenceGrant: 'Namespaced',
        TCPRoute: 'Namespaced',
        TLSRoute: 'Namespaced',
        UDPRoute: 'Namespaced',
      },
      'gateway.networking.x-k8s.io': {
        XBackend: 'Namespaced',
        XBackendTrafficPolicy: 'Namespaced',
        XMesh: 'Cluster',
        XTelemetryPolicy: 'Namespaced',
      },
    },
  },
  {
    name: 'Istio 1.31.1',
    source: 'istio.io/api@v1.31.1',
    kinds: istio,
    scopes: {
      'extensions.istio.io': { TrafficExtension: 'Namespaced', WasmPlugin: 'Namespaced' },
      'networking.istio.io': {
        DestinationRule: 'Namespaced',
        EnvoyFilter: 'Namespaced',
        Gateway: 'Namespaced',
        ProxyConfig: 'Namespaced',
        ServiceEntry: 'Namespaced',
        Sidecar: 'Namespaced',
        VirtualService: 'Namespaced',
        WorkloadEntry: 'Namespaced',
        WorkloadGroup: 'Namespaced',
      },
      'security.istio.io': {
        AuthorizationPolicy: 'Namespaced',
        PeerAuthentication: 'Namespaced',
        RequestAuthentication: 'Namespaced',
      },
      'telemetry.istio.io': { Telemetry: 'Namespaced' },
    },
  },
  {
    name: 'Karpenter 1.15.0',
    source: 'sigs.k8s.io/karpenter@v1.15.0',
    kinds: karpenter,
    scopes: {
      'autoscaling.x-k8s.io': { CapacityBuffer: 'Namespaced' },
      'karpenter.sh': { NodeClaim: 'Cluster', NodeOverlay: 'Cluster', NodePool: 'Cluster' },
    },
  },
  {
    name: 'KEDA 2.21.0',
    source: 'github.com/kedacore/keda/v2@v2.21.0',
    kinds: keda,
    scopes: {
      'eventing.keda.sh': { CloudEventSource: 'Namespaced', ClusterCloudEventSource: 'Cluster' },
      'keda.sh': {
        ClusterTriggerAuthentication: 'Cluster',
        ScaledJob: 'Namespaced',
        ScaledObject: 'Namespaced',
        TriggerAuthentication: 'Namespaced',
      },
    },
  },
  {
    name: 'Kyverno 1.19.1',
    source: 'github.com/kyverno/kyverno@v1.19.1',
    kinds: kyverno,
    scopes: {
      'kyverno.io': {
        CleanupPolicy: 'Namespaced',
        ClusterCleanupPolicy: 'Cluster',
        ClusterPolicy: 'Cluster',
        GlobalContextEntry: 'Cluster',
        Policy: 'Namespaced',
        PolicyException: 'Namespaced',
        UpdateRequest: 'Namespaced',
      },
      'policies.kyverno.io': {
        DeletingPolicy: 'Cluster',
        GeneratingPolicy: 'Cluster',
        ImageValidatingPolicy: 'Cluster',
        MutatingPolicy: 'Cluster',
        NamespacedDeletingPolicy: 'Namespaced',
        NamespacedGeneratingPolicy: 'Namespaced',
        NamespacedImageValidatingPolicy: 'Namespaced',
        NamespacedMutatingPolicy: 'Namespaced',
        NamespacedValidatingPolicy: 'Namespaced',
        PolicyException: 'Namespaced',
        ValidatingPolicy: 'Cluster',
      },
    },
  },
  {
    name: 'MetalLB 0.16.2',
    source: 'go.universe.tf/metallb@v0.16.2',
    kinds: metallb,
    scopes: {
      'metallb.io': {
        BFDProfile: 'Namespaced',
        BGPAdvertisement: 'Namespaced',
        BGPPeer: 'Namespaced',
        Community: 'Namespaced',
        ConfigurationState: 'Namespaced',
        IPAddressPool: 'Namespaced',
        L2Advertisement: 'Namespaced',
        ServiceBGPStatus: 'Namespaced',
        ServiceL2Status: 'Namespaced',
      },
    },
  },
  {
    name: 'Prometheus Operator 0.85.0',
    source: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    kinds: prometheusOperator,
    scopes: {
      'monitoring.coreos.com': {
        Alertmanager: 'Namespaced',
        AlertmanagerConfig: 'Namespaced',
        PodMonitor: 'Namespaced',
        Probe: 'Namespaced',
        Prometheus: 'Namespaced',
        PrometheusAgent: 'Namespaced',
        PrometheusRule: 'Namespaced',
        ScrapeConfig: 'Namespaced',
        ServiceMonitor: 'Namespaced',
        ThanosRuler: 'Namespaced',
      },
    },
  },
  {
    name: 'Sealed Secrets 0.40.0',
    source: 'github.com/bitnami-labs/sealed-secrets@v0.40.0',
    kinds: sealedSecrets,
    scopes: { 'bitnami.com': { SealedSecret: 'Namespaced' } },
  },
  {
    name: 'Traefik 3.7.13',
    source: 'github.com/traefik/traefik/v3@v3.7.13',
    kinds: traefik,
    scopes: {
      'traefik.io': {
        IngressRoute: 'Namespaced',
        IngressRouteTCP: 'Namespaced',
        IngressRouteUDP: 'Namespaced',
        Middleware: 'Namespaced',
        MiddlewareTCP: 'Namespaced',
        ServersTransport: 'Namespaced',
        ServersTransportTCP: 'Namespaced',
        TLSOption: 'Namespaced',
        TLSStore: 'Namespaced',
        TraefikService: 'Namespaced',
      },
    },
  },
  {
    name: 'Volume Snapshots 8.7.0',
    source: 'github.com/kubernetes-csi/external-snapshotter/client/v8@v8.7.0',
    kinds: volumeSnapshots,
    scopes: {
      'groupsnapshot.storage.k8s.io': {
        VolumeGroupSnapshot: 'Namespaced',
        VolumeGroupSnapshotClass: 'Cluster',
        VolumeGroupSnapshotContent: 'Cluster',
      },
      'snapshot.storage.k8s.io': {
        VolumeSnapshot: 'Namespaced',
        VolumeSnapshotClass: 'Cluster',
        VolumeSnapshotContent: 'Cluster',
      },
    },
  },
];
