import { describe, expect, it } from '@jest/globals';
import {
  customKindsOf,
  isClusterScoped,
  type KubernetesObject,
  loadManifests,
  type SchemaOptions,
  shippedFamilies,
  validateObject,
} from '../../src/kubernetes/index.js';

const read = (text: string) => loadManifests(Buffer.from(text), 'a.yaml').manifests;
const parse = (text: string): KubernetesObject => {
  const [manifest] = read(text);
  if (manifest === undefined) throw new Error('no manifest');
  return manifest.object;
};
const judge = (text: string, options: Partial<SchemaOptions> = {}) =>
  validateObject(parse(text), { kubernetesVersion: '1.36', ...options }).map(
    ({ path, code, confidence }) => `${confidence} ${code} ${path.join('.')}`,
  );
const object = (apiVersion: string, kind: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a, namespace: b}\nspec: ${spec}\n`;

/** One object of each family that its project would take. */
const GOOD: [string, string, string][] = [
  [
    'argoproj.io/v1alpha1',
    'Application',
    '{project: default, source: {repoURL: "https://example.com/a", path: b, targetRevision: main}, destination: {server: "https://kubernetes.default.svc", namespace: c}, syncPolicy: {automated: {prune: true}}}',
  ],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    '{replicas: 1, selector: {matchLabels: {a: b}}, strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}',
  ],
  [
    'cert-manager.io/v1',
    'Certificate',
    '{secretName: a, dnsNames: [example.com], issuerRef: {name: b, kind: ClusterIssuer}}',
  ],
  [
    'external-secrets.io/v1',
    'ExternalSecret',
    '{refreshInterval: 1h, secretStoreRef: {name: a, kind: SecretStore}, target: {name: b}, dataFrom: [{extract: {key: c}}]}',
  ],
  [
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    '{hostnames: [example.com], parentRefs: [{name: a}], rules: [{backendRefs: [{name: b, port: 80}]}]}',
  ],
  [
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    '{interval: 5m, chartRef: {kind: OCIRepository, name: a}, values: {any: {thing: [1]}}}',
  ],
  [
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    '{interval: 5m, path: ./a, prune: true, sourceRef: {kind: GitRepository, name: a}, healthCheckExprs: [{apiVersion: v1, kind: A, current: "true"}]}',
  ],
  [
    'source.toolkit.fluxcd.io/v1',
    'GitRepository',
    '{interval: 5m, url: "https://example.com/a", ref: {branch: main}}',
  ],
  [
    'notification.toolkit.fluxcd.io/v1beta3',
    'Alert',
    '{providerRef: {name: a}, eventSources: [{kind: HelmRelease, name: "*"}]}',
  ],
  [
    'networking.istio.io/v1',
    'VirtualService',
    '{hosts: [a], http: [{route: [{destination: {host: a, port: {number: 80}}}]}]}',
  ],
  [
    'keda.sh/v1alpha1',
    'ScaledObject',
    '{scaleTargetRef: {name: a}, triggers: [{type: cpu, metadata: {value: "50"}}]}',
  ],
  [
    'kyverno.io/v1',
    'ClusterPolicy',
    '{rules: [{name: a, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {message: m, pattern: {spec: {anything: "?*"}}}}]}',
  ],
  [
    'monitoring.coreos.com/v1',
    'PrometheusRule',
    '{groups: [{name: a, rules: [{alert: A, expr: up == 0, for: 5m}]}]}',
  ],
  [
    'bitnami.com/v1alpha1',
    'SealedSecret',
    '{encryptedData: {a: AgB}, template: {metadata: {name: a, labels: {b: c}}, type: Opaque}}',
  ],
  [
    'traefik.io/v1alpha1',
    'IngressRoute',
    '{entryPoints: [web], routes: [{kind: Rule, match: "Host(`example.com`)", services: [{name: a, port: 80}]}]}',
  ],
  ['snapshot.storage.k8s.io/v1', 'VolumeSnapshot', '{source: {persistentVolumeClaimName: a}}'],
];

describe('shipped definitions', () => {
  it.each(GOOD)('%s %s', (apiVersion, kind, spec) => {
    const deprecated = apiVersion === 'kyverno.io/v1' ? ['guess deprecated-api apiVersion'] : [];
    expect(judge(object(apiVersion, kind, spec))).toEqual(deprecated);
    expect(judge(object(apiVersion, kind, '{nothingOfTheSort: {a: b}}'))).toContain(
      'guess unknown-field spec.nothingOfTheSort',
    );
    expect(judge(object(apiVersion, kind, '[a]'))).toContain('likely wrong-type spec');
  });

  it('believe a slip of the pen and a wrong type, and only guess at the rest', () => {
    expect(
      judge(
        object(
          'helm.toolkit.fluxcd.io/v2',
          'HelmRelease',
          '{intervall: 5m, chartRef: {kind: OCIRepository, name: 5}}',
        ),
      ),
    ).toEqual([
      'likely unknown-field spec.intervall',
      'likely wrong-type spec.chartRef.name',
      'guess required spec.interval',
    ]);
  });

  it('give way to those of the repository', () => {
    const crds = customKindsOf(
      read(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: certificates.cert-manager.io}
spec:
  group: cert-manager.io
  scope: Namespaced
  names: {kind: Certificate, plural: certificates}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {own: {type: string}}}}}}
`),
    );
    expect(judge(object('cert-manager.io/v1', 'Certificate', '{own: a}'), { crds })).toEqual([]);
    expect(judge(object('cert-manager.io/v1', 'Certificate', '{secretName: a}'), { crds })).toEqual([
      'certain unknown-field spec.secretName',
    ]);
    expect(judge(object('cert-manager.io/v1alpha2', 'Certificate', '{own: a}'), { crds })).toEqual([
      'certain unknown-kind apiVersion',
    ]);
  });

  it('say nothing of versions and kinds that they do not have', () => {
    expect(judge(object('cert-manager.io/v2', 'Certificate', '{any: thing}'))).toEqual([
      'certain no-schema ',
    ]);
    expect(judge(object('cert-manager.io/v1', 'Invented', '{any: thing}'))).toEqual(['certain no-schema ']);
    expect(judge(object('__proto__/v1', 'constructor', '{any: thing}'))).toEqual(['certain no-schema ']);
    expect(judge(object('cert-manager.io/v1', 'toString', '{any: thing}'))).toEqual(['certain no-schema ']);
  });

  it('know scopes', () => {
    expect(isClusterScoped('cert-manager.io/v1', 'ClusterIssuer')).toBe(true);
    expect(isClusterScoped('kyverno.io/v1', 'Policy')).toBe(false);
    expect(isClusterScoped('keda.sh/v1alpha1', 'ClusterTriggerAuthentication')).toBe(true);
    expect(isClusterScoped('keda.sh/v1alpha1', 'toString')).toBeNull();
    expect(
      isClusterScoped('keda.sh/v1alpha1', 'ScaledObject', new Map([['keda.sh/ScaledObject', 'Cluster']])),
    ).toBe(true);
  });

  it('are named with their versions', () => {
    expect(shippedFamilies().length).toBeGreaterThan(12);
    for (const { name, source } of shippedFamilies()) {
      expect(name).toMatch(/ \d+\.\d+\.\d+$/);
      expect(source).toMatch(/@v?\d+\.\d+\.\d+$/);
    }
  });
});
