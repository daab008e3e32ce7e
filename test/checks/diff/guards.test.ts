import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

/** What keeps the gate closed: `action rule: message`. */
async function closing(
  base: string,
  result: string,
  more: Partial<FakeTarget> = {},
  beside: FakeTarget[] = [],
): Promise<string[]> {
  const { findings } = await diffCheck(
    context([target({ base, result, ...more })], {}, { beside: beside.map(target) }),
  );
  return findings
    .filter(({ action }) => action !== 'inform')
    .map(({ action, ruleId, message }) => `${action} ${ruleId.replace('diff/', '')}: ${message}`);
}

const all = (...texts: string[]) => texts.join('---\n');
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: shop') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;
const filler = object('v1', 'ConfigMap', '', 'name: filler');
const admission = (kind: string, spec: string, name = 'guard') =>
  object('admissionregistration.k8s.io/v1', kind, spec, `name: ${name}`);
const webhook = (fields: string) =>
  admission('ValidatingWebhookConfiguration', `webhooks: [{name: a.b.c, ${fields}}]`);
const FAIL = 'failurePolicy: Fail, clientConfig: {service: {namespace: guards, name: gate}}';
const namespace = (labels: string, name = 'shop') =>
  object('v1', 'Namespace', '', `name: ${name}, labels: {${labels}}`);
const deployment = (labels: string, metadata = 'name: web, namespace: shop', more = '') =>
  object(
    'apps/v1',
    'Deployment',
    `spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: a, image: a${more}}]}}}`,
    metadata,
  );
const helm = (spec: string) => object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', `spec: {${spec}}`);
const app = (spec: string) => object('argoproj.io/v1alpha1', 'Application', `spec: {${spec}}`);

describe('guards that are weakened', () => {
  it.each<[string, string, string]>([
    ['failurePolicy', webhook(FAIL), webhook(FAIL.replace('Fail', 'Ignore'))],
    [
      'namespaceSelector',
      webhook(FAIL),
      webhook(`${FAIL}, namespaceSelector: {matchLabels: {guarded: "yes"}}`),
    ],
    ['objectSelector', webhook(FAIL), webhook(`${FAIL}, objectSelector: {matchLabels: {guarded: "yes"}}`)],
    ['matchConditions', webhook(FAIL), webhook(`${FAIL}, matchConditions: [{name: a, expression: "false"}]`)],
    [
      'rules',
      webhook(`${FAIL}, rules: [{operations: [CREATE, UPDATE]}]`),
      webhook(`${FAIL}, rules: [{operations: [UPDATE]}]`),
    ],
    ['timeoutSeconds', webhook(FAIL), webhook(`${FAIL}, timeoutSeconds: 1`)],
    [
      'Audit instead of Deny',
      admission('ValidatingAdmissionPolicyBinding', 'spec: {policyName: a, validationActions: [Deny]}'),
      admission('ValidatingAdmissionPolicyBinding', 'spec: {policyName: a, validationActions: [Audit]}'),
    ],
    [
      'Warn beside Audit',
      admission('ValidatingAdmissionPolicyBinding', 'spec: {policyName: a, validationActions: [Deny]}'),
      admission(
        'ValidatingAdmissionPolicyBinding',
        'spec: {policyName: a, validationActions: [Warn, Audit]}',
      ),
    ],
    [
      'an expression',
      admission('ValidatingAdmissionPolicy', 'spec: {validations: [{expression: "object.a"}]}'),
      admission('ValidatingAdmissionPolicy', 'spec: {validations: [{expression: "true"}]}'),
    ],
    ['a policy that mutates', filler, all(filler, admission('MutatingAdmissionPolicy', 'spec: {}'))],
    ['its binding gone', all(filler, admission('MutatingAdmissionPolicyBinding', 'spec: {}')), filler],
    [
      'enforcementAction',
      object('constraints.gatekeeper.sh/v1beta1', 'K8sX', 'spec: {enforcementAction: deny}', 'name: x'),
      object('constraints.gatekeeper.sh/v1beta1', 'K8sX', 'spec: {enforcementAction: dryrun}', 'name: x'),
    ],
    [
      'a policy that generates',
      filler,
      all(
        filler,
        object(
          'kyverno.io/v1',
          'ClusterPolicy',
          'spec: {rules: [{name: a, generate: {kind: ClusterRoleBinding}}]}',
          'name: g',
        ),
      ),
    ],
    [
      'another API server',
      filler,
      all(filler, object('apiregistration.k8s.io/v1', 'APIService', 'spec: {}', 'name: v1.metrics')),
    ],
    [
      'a network policy for every namespace',
      filler,
      all(
        filler,
        object(
          'networking.k8s.io/v1',
          'NetworkPolicy',
          'spec: {ingress: [{from: [{namespaceSelector: {}}]}]}',
        ),
      ),
    ],
    [
      'a network policy for every address',
      filler,
      all(
        filler,
        object(
          'networking.k8s.io/v1',
          'NetworkPolicy',
          'spec: {egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
        ),
      ),
    ],
    [
      'an admin network policy that allows',
      filler,
      all(
        filler,
        object(
          'policy.networking.k8s.io/v1alpha1',
          'AdminNetworkPolicy',
          'spec: {ingress: [{action: Allow}]}',
          'name: a',
        ),
      ),
    ],
    [
      'a Cilium policy for the world',
      filler,
      all(
        filler,
        object('cilium.io/v2', 'CiliumNetworkPolicy', 'spec: {ingress: [{fromEntities: [world]}]}'),
      ),
    ],
    [
      'an authorization for all',
      filler,
      all(filler, object('security.istio.io/v1', 'AuthorizationPolicy', 'spec: {rules: [{}]}')),
    ],
    [
      'security context constraints',
      filler,
      all(
        filler,
        object(
          'security.openshift.io/v1',
          'SecurityContextConstraints',
          'allowPrivilegedContainer: true',
          'name: a',
        ),
      ),
    ],
    [
      'argocd-rbac-cm made',
      filler,
      all(
        filler,
        object(
          'v1',
          'ConfigMap',
          'data: {policy.default: "role:admin"}',
          'name: argocd-rbac-cm, namespace: argocd',
        ),
      ),
    ],
    [
      'aws-auth',
      object('v1', 'ConfigMap', 'data: {mapRoles: ""}', 'name: aws-auth, namespace: kube-system'),
      object('v1', 'ConfigMap', 'data: {mapRoles: "- rolearn: a"}', 'name: aws-auth, namespace: kube-system'),
    ],
    [
      'a cluster of Argo CD',
      filler,
      all(
        filler,
        object(
          'v1',
          'Secret',
          'stringData: {server: "https://evil.example.com"}',
          'name: c, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}',
        ),
      ),
    ],
    [
      'self-healing disabled with its automation',
      app('syncPolicy: {automated: {selfHeal: true}}'),
      app('syncPolicy: {automated: {selfHeal: true, enabled: false}}'),
    ],
    [
      'RespectIgnoreDifferences',
      app('syncPolicy: {syncOptions: []}'),
      app('syncPolicy: {syncOptions: [RespectIgnoreDifferences=true]}'),
    ],
    [
      'drift that is only warned of',
      helm('driftDetection: {mode: enabled}'),
      helm('driftDetection: {mode: warn}'),
    ],
    [
      'drift detection disabled',
      helm('driftDetection: {mode: enabled}'),
      helm('driftDetection: {mode: disabled}'),
    ],
    [
      'drift that is ignored',
      helm('driftDetection: {mode: enabled}'),
      helm('driftDetection: {mode: enabled, ignore: [{paths: [""]}]}'),
    ],
    [
      'validation by schema',
      helm('interval: 1h'),
      helm('interval: 1h, upgrade: {disableOpenAPIValidation: true}'),
    ],
    [
      'an object set aside',
      deployment('app: web'),
      deployment(
        'app: web',
        'name: web, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}',
      ),
    ],
    [
      'an object applied once',
      deployment('app: web'),
      deployment(
        'app: web',
        'name: web, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}',
      ),
    ],
    [
      'an object compared no more',
      deployment('app: web'),
      deployment(
        'app: web',
        'name: web, namespace: shop, annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous}',
      ),
    ],
  ])('%s', async (_, base, result) => {
    expect((await closing(base, result)).join('\n')).toMatch(/approve guard-weakened/);
  });
});

describe('guards that are walked round', () => {
  const selecting = webhook(
    `${FAIL}, namespaceSelector: {matchExpressions: [{key: ignore, operator: DoesNotExist}]}`,
  );
  it('by a label of the namespace, old or new', async () => {
    expect(
      await closing(all(selecting, namespace('a: b')), all(selecting, namespace('a: b, ignore: x'))),
    ).toEqual([
      'approve guard-weakened: Namespace shop gets out of sight of ValidatingWebhookConfiguration guard by its labels',
    ]);
    expect((await closing(selecting, all(selecting, namespace('ignore: x', 'new')))).join()).toMatch(
      /out of sight/,
    );
    expect(await closing(selecting, all(selecting, namespace('a: b', 'new')))).toEqual([]);
    const named = webhook(
      `${FAIL}, namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}`,
    );
    expect(await closing(named, all(named, namespace('a: b', 'new')))).toEqual([]);
  });

  it('by a label of the object', async () => {
    const objects = webhook(
      `${FAIL}, objectSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}`,
    );
    const labelled = 'name: web, namespace: shop, labels: {skip: "1"}';
    expect(
      (
        await closing(all(objects, deployment('app: web')), all(objects, deployment('app: web', labelled)))
      ).join(),
    ).toMatch(/Deployment shop\/web gets out of sight/);
    const binding = admission(
      'ValidatingAdmissionPolicyBinding',
      'spec: {policyName: a, matchResources: {objectSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}}}',
    );
    expect(
      (
        await closing(all(binding, deployment('app: web')), all(binding, deployment('app: web', labelled)))
      ).join(),
    ).toMatch(/out of sight/);
  });

  it('by a label of the pods that a NetworkPolicy selects', async () => {
    const policy = object(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'spec: {podSelector: {matchLabels: {tier: back}}, policyTypes: [Ingress]}',
      'name: deny, namespace: shop',
    );
    expect(
      await closing(
        all(policy, deployment('app: web, tier: back')),
        all(policy, deployment('app: web, tier: front')),
      ),
    ).toEqual([
      'approve guard-weakened: Deployment shop/web: NetworkPolicy shop/deny no longer selects its pods',
    ]);
    expect(
      await closing(
        all(policy, deployment('app: web, tier: back')),
        all(policy, deployment('app: web, tier: back, v: "2"')),
      ),
    ).toEqual([]);
  });

  it('by taking away what answers for a webhook', async () => {
    const answer = all(
      object('v1', 'Service', 'spec: {selector: {app: web}}', 'name: gate, namespace: guards'),
      deployment('app: web', 'name: web, namespace: guards'),
    );
    const gone = await closing(all(webhook(FAIL), answer), webhook(FAIL));
    expect(gone.sort()).toEqual([
      'approve guard-weakened: takes away Deployment guards/web, which answers for ValidatingWebhookConfiguration guard',
      'approve guard-weakened: takes away Service guards/gate, which answers for ValidatingWebhookConfiguration guard',
    ]);
  });

  it('by what a policy is given', async () => {
    const policy = all(
      admission('ValidatingAdmissionPolicy', 'spec: {paramKind: {apiVersion: v1, kind: ConfigMap}}', 'p'),
      admission(
        'ValidatingAdmissionPolicyBinding',
        'spec: {policyName: p, paramRef: {name: limits, namespace: shop}}',
        'b',
      ),
    );
    const limits = (most: string) =>
      object('v1', 'ConfigMap', `data: {most: "${most}"}`, 'name: limits, namespace: shop');
    expect((await closing(all(policy, limits('3')), all(policy, limits('999')))).join()).toMatch(
      /by which ValidatingAdmissionPolicyBinding b judges/,
    );
    expect((await closing(all(policy, limits('3')), policy)).join()).toMatch(
      /takes away ConfigMap shop\/limits/,
    );
    const kyverno = object(
      'kyverno.io/v1',
      'ClusterPolicy',
      'spec: {rules: [{name: a, context: [{name: c, configMap: {name: limits, namespace: shop}}]}]}',
      'name: k',
    );
    expect((await closing(all(kyverno, limits('3')), all(kyverno, limits('999')))).join()).toMatch(
      /by which ClusterPolicy k judges/,
    );
  });

  it("by the arguments of Flux' controllers", async () => {
    const controller = (args: string) =>
      deployment('app: web', 'name: kustomize-controller, namespace: flux-system', `, args: [${args}]`);
    const locked = '--no-cross-namespace-refs=true, --default-service-account=default';
    const open = '--no-cross-namespace-refs=true, --no-cross-namespace-refs=false';
    const found = await closing(controller(locked), controller(open));
    expect(found).toHaveLength(2);
    expect(found.join('\n')).toMatch(/loses --no-cross-namespace-refs.*\n.*loses --default-service-account/);
    expect(await closing(controller(open), controller(locked))).toEqual([]);
  });
});

describe('Flux tenancy', () => {
  const flux = (spec: string, name = 'apps') =>
    object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      `spec: {prune: true${spec}}`,
      `name: ${name}, namespace: shop`,
    );
  const foreign =
    ', serviceAccountName: team, sourceRef: {kind: GitRepository, name: a, namespace: flux-system}';
  const controllers = (args: string): FakeTarget => {
    const manifest = deployment(
      'app: web',
      'name: kustomize-controller, namespace: flux-system',
      `, args: [${args}]`,
    );
    return {
      name: 'prod:kustomize/clusters/prod/flux-system',
      cluster: 'prod',
      path: 'clusters/prod/flux-system',
      base: manifest,
      result: manifest,
    };
  };
  const here = { cluster: 'prod', name: 'prod:kustomize/apps' };

  it('is to be fixed where the controllers refuse it, on this cluster and by this flag', async () => {
    const run = (args: string, cluster = 'prod') =>
      closing(filler, all(filler, flux(foreign)), here, [{ ...controllers(args), cluster }]);
    expect(await run('--no-cross-namespace-refs=true')).toEqual([
      'fix flux-tenancy: Kustomization shop/apps refers to another namespace: GitRepository flux-system/a, which kustomize-controller refuses (--no-cross-namespace-refs)',
    ]);
    expect((await run('--no-cross-namespace-refs')).join()).toMatch(/^fix/);
    expect((await run('--no-cross-namespace-refs=false')).join()).toMatch(/^approve flux-tenancy/);
    expect((await run('--no-cross-namespace-refs=true', 'staging')).join()).toMatch(/^approve flux-tenancy/);
  });

  it('by the FluxInstance too, for every kind that refers', async () => {
    const instance = object(
      'fluxcd.controlplane.io/v1',
      'FluxInstance',
      'spec: {cluster: {multitenant: true}}',
      'name: flux, namespace: flux-system',
    );
    const kinds = all(
      object(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        'spec: {serviceAccountName: team, chartRef: {kind: OCIRepository, name: a, namespace: flux-system}}',
      ),
      object(
        'image.toolkit.fluxcd.io/v1',
        'ImagePolicy',
        'spec: {imageRepositoryRef: {name: a, namespace: other}}',
      ),
      object(
        'notification.toolkit.fluxcd.io/v1beta3',
        'Alert',
        'spec: {eventSources: [{kind: Kustomization, name: "*", namespace: other}]}',
      ),
      object(
        'notification.toolkit.fluxcd.io/v1',
        'Receiver',
        'spec: {resources: [{kind: GitRepository, name: a, namespace: other}]}',
      ),
    );
    const found = await closing(instance, all(instance, kinds));
    expect(found.filter((one) => one.startsWith('fix flux-tenancy'))).toHaveLength(4);
  });

  it("asks for a tenant's own account and namespace", async () => {
    const tenant = namespace('toolkit.fluxcd.io/tenant: shop');
    const run = (spec: string, beside: FakeTarget[] = []) =>
      closing(tenant, all(tenant, flux(spec)), here, beside);
    expect((await run('')).join()).toMatch(/approve flux-tenancy: .*controller's own rights/);
    expect(await run(', serviceAccountName: team')).toEqual([]);
    expect(await run('', [controllers('--default-service-account=default')])).toEqual([]);
    // A release that the platform puts there is the platform's.
    const release = object(
      'helm.toolkit.fluxcd.io/v2',
      'HelmRelease',
      'spec: {chartRef: {kind: HelmChart, name: a}}',
    );
    expect(await closing(tenant, all(tenant, release), here)).toEqual([]);
    const owner = flux(', serviceAccountName: team', 'own');
    const deployed = {
      name: 'flux/shop/own',
      kind: 'flux' as const,
      base: tenant,
      result: all(tenant, release),
    };
    const { findings } = await diffCheck(context([target({ base: owner, result: owner }), target(deployed)]));
    expect(findings.map(({ ruleId }) => ruleId)).toContain('diff/flux-tenancy');
    expect((await run(', serviceAccountName: team, targetNamespace: kube-system')).join()).toMatch(
      /deploys to kube-system/,
    );
  });
});
