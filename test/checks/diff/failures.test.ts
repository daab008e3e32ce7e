import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

/** What is to be fixed: `rule: message`. */
async function fixes(
  base: string,
  result: string,
  more: Partial<FakeTarget> = {},
  config: Record<string, unknown> = {},
): Promise<string[]> {
  const { findings } = await diffCheck(context([target({ base, result, ...more })], config));
  return findings
    .filter(({ action }) => action === 'fix')
    .map(({ ruleId, message }) => `${ruleId.replace('diff/', '')}: ${message}`);
}

const all = (...texts: string[]) => texts.join('---\n');
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: shop') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;

describe('what is taken away under its user', () => {
  const cases: [string, string, string][] = [
    [
      'a Service under its Ingress',
      object('v1', 'Service', 'spec: {}', 'name: web, namespace: shop'),
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: web}}}]}}]}',
      ),
    ],
    [
      'a Service under its route',
      object('v1', 'Service', 'spec: {}', 'name: web, namespace: shop'),
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'spec: {rules: [{backendRefs: [{name: web}]}]}'),
    ],
    [
      'a Gateway under its route',
      object('gateway.networking.k8s.io/v1', 'Gateway', 'spec: {}', 'name: gw, namespace: infra'),
      object(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        'spec: {parentRefs: [{name: gw, namespace: infra}]}',
      ),
    ],
    [
      'a Role under its binding',
      object('rbac.authorization.k8s.io/v1', 'Role', 'rules: []', 'name: r, namespace: shop'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'roleRef: {kind: Role, name: r}'),
    ],
    [
      'a ClusterRole under a namespaced binding',
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'rules: []', 'name: r'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'roleRef: {kind: ClusterRole, name: r}'),
    ],
    [
      'a Deployment under its autoscaler',
      object('apps/v1', 'Deployment', 'spec: {}', 'name: web, namespace: shop'),
      object(
        'autoscaling/v2',
        'HorizontalPodAutoscaler',
        'spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}',
      ),
    ],
    [
      'a StorageClass under a claim',
      object('storage.k8s.io/v1', 'StorageClass', 'provisioner: a', 'name: fast'),
      object('v1', 'PersistentVolumeClaim', 'spec: {storageClassName: fast}'),
    ],
    [
      'an IngressClass under its Ingress',
      object('networking.k8s.io/v1', 'IngressClass', 'spec: {}', 'name: nginx'),
      object('networking.k8s.io/v1', 'Ingress', 'spec: {ingressClassName: nginx}'),
    ],
    [
      'a GitRepository under its Kustomization',
      object('source.toolkit.fluxcd.io/v1', 'GitRepository', 'spec: {}', 'name: src, namespace: shop'),
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        'spec: {prune: true, sourceRef: {kind: GitRepository, name: src}}',
      ),
    ],
    [
      'values under their HelmRelease',
      object('v1', 'ConfigMap', 'data: {}', 'name: vals, namespace: shop'),
      object(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        'spec: {valuesFrom: [{kind: ConfigMap, name: vals}]}',
      ),
    ],
    [
      'variables under their Kustomization',
      object('v1', 'Secret', 'data: {}', 'name: vars, namespace: shop'),
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        'spec: {prune: true, postBuild: {substituteFrom: [{kind: Secret, name: vars}]}}',
      ),
    ],
    [
      'a dependency',
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec: {}', 'name: infra, namespace: shop'),
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        'spec: {dependsOn: [{name: infra}]}',
        'name: y, namespace: shop',
      ),
    ],
    [
      'an account of a Kustomization',
      object('v1', 'ServiceAccount', '', 'name: team, namespace: shop'),
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec: {serviceAccountName: team}'),
    ],
    [
      'an AppProject under its Application',
      object(
        'argoproj.io/v1alpha1',
        'AppProject',
        'spec: {sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]}',
        'name: team, namespace: argocd',
      ),
      object(
        'argoproj.io/v1alpha1',
        'Application',
        'spec: {project: team, destination: {server: a, namespace: b}}',
        'name: a, namespace: argocd',
      ),
    ],
    [
      'an issuer under its certificate',
      object('cert-manager.io/v1', 'ClusterIssuer', 'spec: {}', 'name: le'),
      object(
        'cert-manager.io/v1',
        'Certificate',
        'spec: {secretName: a, issuerRef: {kind: ClusterIssuer, name: le}}',
      ),
    ],
    [
      'a store under its ExternalSecret',
      object('external-secrets.io/v1', 'SecretStore', 'spec: {}', 'name: vault, namespace: shop'),
      object('external-secrets.io/v1', 'ExternalSecret', 'spec: {secretStoreRef: {name: vault}}'),
    ],
    [
      'a priority under its pods',
      object('scheduling.k8s.io/v1', 'PriorityClass', 'value: 1', 'name: high'),
      object('v1', 'Pod', 'spec: {priorityClassName: high, containers: [{name: a, image: a}]}'),
    ],
    [
      'a Secret that pulls',
      object('v1', 'Secret', 'data: {}', 'name: pull, namespace: shop'),
      object('v1', 'Pod', 'spec: {imagePullSecrets: [{name: pull}], containers: [{name: a, image: a}]}'),
    ],
  ];
  it.each(cases)('%s', async (_, needed, user) => {
    expect((await fixes(all(needed, user), user)).join('\n')).toMatch(
      /missing-reference: .*which this change takes away/,
    );
    // That it never was there says nothing: others may make it.
    expect(await fixes(object('v1', 'ConfigMap'), all(object('v1', 'ConfigMap'), user))).toEqual([]);
  });

  it('a version of a definition under its objects', async () => {
    const crd = (versions: string) =>
      object(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        `spec: {group: e.com, names: {kind: W}, versions: [${versions}]}`,
        'name: ws.e.com',
      );
    const custom = object('e.com/v1', 'W');
    const both = '{name: v1, served: true}, {name: v2, served: true, storage: true}';
    expect(
      (
        await fixes(all(crd(both), custom), all(crd('{name: v2, served: true, storage: true}'), custom))
      ).join(),
    ).toMatch(
      /missing-reference: W shop\/x is written in v1, which CustomResourceDefinition ws\.e\.com does not serve/,
    );
    expect((await fixes(crd(both), all(crd(both), object('e.com/v3', 'W')))).join()).toMatch(/written in v3/);
    expect(await fixes(crd(both), all(crd(both), object('e.com/v2', 'W')))).toEqual([]);
  });
});

describe('traffic that is taken', () => {
  const ingress = (name: string, more = '', metadata = '') =>
    object(
      'networking.k8s.io/v1',
      'Ingress',
      `spec: {rules: [{host: A.example.com, http: {paths: [{path: /, pathType: Prefix${more}}]}}]}`,
      `name: ${name}, namespace: ${name}${metadata}`,
    );
  const route = (
    name: string,
    kind = 'HTTPRoute',
    rest = 'rules: [{matches: [{path: {value: /}}]}]',
    gateway = 'gw',
  ) =>
    object(
      'gateway.networking.k8s.io/v1',
      kind,
      `spec: {parentRefs: [{name: ${gateway}, namespace: infra}], hostnames: [a.example.com], ${rest}}`,
      `name: ${name}, namespace: ${name}`,
    );

  it.each<[string, string, string]>([
    ['two Ingresses of two namespaces', ingress('a'), ingress('b')],
    ['in other letters', ingress('a'), ingress('b').replace('A.example', 'a.EXAMPLE')],
    ['two routes of one gateway', route('a'), route('b')],
    [
      'a match that the API server fills in',
      route('a'),
      route('b', 'HTTPRoute', 'rules: [{backendRefs: []}]'),
    ],
    ['two routes of gRPC', route('a', 'GRPCRoute'), route('b', 'GRPCRoute')],
    ['two routes of TLS', route('a', 'TLSRoute', 'rules: []'), route('b', 'TLSRoute', 'rules: []')],
  ])('%s', async (_, first, second) => {
    expect((await fixes(first, all(first, second))).join()).toMatch(
      /ingress-host-taken: .* takes a\.example\.com/i,
    );
  });

  it.each<[string, string, string]>([
    [
      'a canary',
      ingress('a'),
      ingress('b', '', ', annotations: {nginx.ingress.kubernetes.io/canary: "true"}'),
    ],
    [
      'an exact path beside a prefix',
      ingress('a'),
      ingress('b').replace('pathType: Prefix', 'pathType: Exact'),
    ],
    [
      'another gateway',
      route('a'),
      route('b', 'HTTPRoute', 'rules: [{matches: [{path: {value: /}}]}]', 'other'),
    ],
    ['another match', route('a'), route('b', 'HTTPRoute', 'rules: [{matches: [{path: {value: /b}}]}]')],
    [
      'another header',
      route('a'),
      route('b', 'HTTPRoute', 'rules: [{matches: [{path: {value: /}, headers: [{name: x, value: y}]}]}]'),
    ],
  ])('not by %s', async (_, first, second) => {
    expect(await fixes(first, all(first, second))).toEqual([]);
  });

  const traefik = (name: string, match: string, more = '', kind = 'IngressRoute', metadata = '') =>
    object(
      'traefik.io/v1alpha1',
      kind,
      `spec: {entryPoints: [websecure], routes: [{kind: Rule, match: '${match}'}]${more}}`,
      `name: ${name}, namespace: ${name}${metadata}`,
    );
  const virtual = (name: string, more: string, rest = 'hosts: [a.example.com]') =>
    object(
      'networking.istio.io/v1',
      'VirtualService',
      `spec: {${rest}, ${more}}`,
      `name: ${name}, namespace: ${name}`,
    );
  const atGateway = (name: string, match: string, gateway = 'infra/gw') =>
    virtual(name, `gateways: [${gateway}], http: [{${match}route: []}]`);
  const istio = (name: string, host = 'a.example.com', more = 'tls: {mode: SIMPLE}', app = 'gateway') =>
    object(
      'networking.istio.io/v1',
      'Gateway',
      `spec: {selector: {istio: ${app}}, servers: [{port: {number: 443, protocol: ${more === '' ? 'HTTP' : 'HTTPS'}}, hosts: ["${host}"]${more === '' ? '' : `, ${more}`}}]}`,
      `name: ${name}, namespace: ${name}`,
    );
  const other = (name: string, apiVersion: string, kind: string, spec: string) =>
    object(apiVersion, kind, `spec: {${spec}}`, `name: ${name}, namespace: ${name}`);
  const proxy = (name: string, spec: string) => other(name, 'projectcontour.io/v1', 'HTTPProxy', spec);
  const openshift = (name: string, spec: string) => other(name, 'route.openshift.io/v1', 'Route', spec);
  const section = (name: string, more: string) =>
    route(name).replace('namespace: infra}', `namespace: infra${more}}`);

  it.each<[string, string, string]>([
    ['two IngressRoutes', traefik('a', 'Host(`a.example.com`)'), traefik('b', 'Host(`A.example.com`)')],
    [
      'terms in another order',
      traefik('a', 'Host(`a.example.com`) && PathPrefix(`/x`)'),
      traefik('b', 'PathPrefix("/x")  &&Host(`a.example.com`)'),
    ],
    [
      'one host of several',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', '(Host(`b.example.com`) || Host(`a.example.com`)) && PathPrefix(`/`)'),
    ],
    [
      'as version 2 lists them',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', 'Host(`b.example.com`, `a.example.com`)'),
    ],
    [
      'an IngressRoute of the former group',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', 'Host(`a.example.com`)').replace('traefik.io/', 'traefik.containo.us/'),
    ],
    [
      'an IngressRoute at every entry point',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', 'Host(`a.example.com`)').replace('entryPoints: [websecure], ', ''),
    ],
    [
      'two routers of TCP',
      traefik('a', 'HostSNI(`a.example.com`)', '', 'IngressRouteTCP'),
      traefik('b', 'HostSNI(`a.example.com`)', '', 'IngressRouteTCP'),
    ],
    [
      'two VirtualServices of one gateway',
      atGateway('a', ''),
      atGateway('b', 'match: [{uri: {prefix: /}}], '),
    ],
    ['a gateway named by its own namespace', atGateway('infra', '', 'gw'), atGateway('b', '', 'infra/gw')],
    [
      'two VirtualServices in the mesh, whatever they match',
      virtual('a', 'http: [{match: [{uri: {prefix: /a}}]}]'),
      virtual('b', 'http: []'),
    ],
    [
      'a short name and its full one',
      virtual('a', 'http: []', 'hosts: [a.example.com, web]'),
      virtual('b', 'http: []', 'hosts: [web.a.svc.cluster.local, a.example.com]'),
    ],
    ['two Gateways with a certificate', istio('a'), istio('b', 'x/a.example.com')],
    [
      'TLS passed through to a VirtualService',
      virtual('a', 'gateways: [infra/gw], tls: [{match: [{port: 443, sniHosts: [a.example.com]}]}]'),
      virtual('b', 'gateways: [infra/gw], tls: [{match: [{sniHosts: [a.example.com], port: 443}]}]'),
    ],
    [
      'two virtual hosts of Contour',
      proxy('a', 'virtualhost: {fqdn: a.example.com}'),
      proxy('b', 'virtualhost: {fqdn: a.example.com}, routes: []'),
    ],
    [
      'two Routes of OpenShift',
      openshift('a', 'host: a.example.com'),
      openshift('b', 'host: a.example.com, path: /'),
    ],
    ['a route at one listener and one at all of them', section('a', ', sectionName: https'), route('b')],
  ])('%s', async (_, first, second) => {
    for (const [one, two] of [
      [first, second],
      [second, first],
    ] as const) {
      expect((await fixes(one, all(one, two))).join()).toMatch(
        /^ingress-host-taken: .* takes (?:a\.example\.com|web\.a\.svc)/i,
      );
      // Of two that come together one is told, and what was so before is not.
      expect((await fixes('', all(one, two))).length).toBeGreaterThan(0);
      expect(new Set((await fixes('', all(one, two))).map((text) => text.split(' takes ')[0])).size).toBe(1);
      expect(
        await fixes(all(one, two), all(one, two).replaceAll('name: b, ', 'name: b, labels: {x: y}, ')),
      ).toEqual([]);
    }
  });

  it.each<[string, string, string]>([
    [
      'another path',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', 'Host(`a.example.com`) && PathPrefix(`/b`)'),
    ],
    ['a host that is denied', traefik('a', 'Host(`a.example.com`)'), traefik('b', '!Host(`a.example.com`)')],
    [
      'plain HTTP beside TLS',
      traefik('a', 'Host(`a.example.com`)', ', tls: {}'),
      traefik('b', 'Host(`a.example.com`)'),
    ],
    [
      'another entry point',
      traefik('a', 'Host(`a.example.com`)'),
      traefik('b', 'Host(`a.example.com`)').replace('[websecure]', '[web]'),
    ],
    [
      'a Traefik of another class',
      traefik('a', 'Host(`a.example.com`)'),
      traefik(
        'b',
        'Host(`a.example.com`)',
        '',
        'IngressRoute',
        ', annotations: {kubernetes.io/ingress.class: other}',
      ),
    ],
    [
      'another match of a VirtualService',
      atGateway('a', ''),
      atGateway('b', 'match: [{uri: {prefix: /b}}], '),
    ],
    ['another gateway of Istio', atGateway('a', ''), atGateway('b', '', 'infra/other')],
    ['a gateway beside the mesh', atGateway('a', ''), virtual('b', 'http: []')],
    [
      'short names of two namespaces',
      virtual('a', 'http: []', 'hosts: [web]'),
      virtual('b', 'http: []', 'hosts: [web]'),
    ],
    [
      'what is exported to its own namespace alone',
      virtual('a', 'exportTo: ["."], http: []'),
      virtual('b', 'exportTo: [b], http: []'),
    ],
    ['Gateways of plain HTTP, which are joined', istio('a', '*', ''), istio('b', '*', '')],
    ['other proxies', istio('a'), istio('b', 'a.example.com', 'tls: {mode: SIMPLE}', 'internal')],
    [
      'a proxy of Contour that is included',
      proxy('a', 'virtualhost: {fqdn: a.example.com}'),
      proxy('b', 'routes: []'),
    ],
    [
      'another path of OpenShift',
      openshift('a', 'host: a.example.com'),
      openshift('b', 'host: a.example.com, path: /b'),
    ],
    [
      'a route at another listener',
      section('a', ', sectionName: https'),
      section('b', ', sectionName: http'),
    ],
    [
      'another method of gRPC',
      route('a', 'GRPCRoute', 'rules: [{matches: [{method: {service: a}}]}]'),
      route('b', 'GRPCRoute', 'rules: [{matches: [{method: {service: b}}]}]'),
    ],
    [
      'an Ingress of another class',
      ingress('a').replace('spec: {', 'spec: {ingressClassName: nginx, '),
      ingress('b').replace('spec: {', 'spec: {ingressClassName: internal, '),
    ],
    ['another path of an Ingress', ingress('a'), ingress('b').replace('path: /,', 'path: /b,')],
  ])('not by %s', async (_, first, second) => {
    expect(await fixes(first, all(first, second))).toEqual([]);
    expect(await fixes(second, all(first, second))).toEqual([]);
  });

  it('by an Ingress without a class, where the default class is at hand', async () => {
    const classed = ingress('a').replace('spec: {', 'spec: {ingressClassName: nginx, ');
    const byDefault = (value: string) =>
      object(
        'networking.k8s.io/v1',
        'IngressClass',
        'spec: {controller: k8s.io/ingress-nginx}',
        `name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "${value}"}`,
      );
    const told = (value: string) =>
      fixes(all(byDefault(value), classed), all(byDefault(value), classed, ingress('b')));
    expect(await told('true')).toEqual([expect.stringContaining('Ingress b/b takes a.example.com/')]);
    expect(await told('false')).toEqual([]);
  });

  it('by rules that are too long or no rules ends soon, and is told where they are equal', async () => {
    const hostile = [
      '('.repeat(3_000),
      '!'.repeat(3_000),
      Array.from({ length: 60 }, () => '(Host(`a`) || Host(`b`))').join(' && '),
      `Host(${'`a`,'.repeat(900)})`,
      'Host(`a.example.com',
      'x'.repeat(5_000),
      '',
    ];
    for (const rule of hostile) {
      expect(await fixes(traefik('a', rule), all(traefik('a', rule), traefik('b', rule)))).toHaveLength(1);
    }
  });

  it('by an Ingress that no change reaches', async () => {
    const owner = target({
      name: 'prod:kustomize/old',
      cluster: 'prod',
      path: 'old',
      base: ingress('a'),
      result: ingress('a'),
    });
    const changed = target({
      name: 'prod:kustomize/new',
      cluster: 'prod',
      path: 'new',
      base: object('v1', 'ConfigMap'),
      result: all(object('v1', 'ConfigMap'), ingress('b')),
    });
    const fake = context([changed], {}, { beside: [owner] });
    const files = new Map([
      ['old/ingress.yaml', { path: 'old/ingress.yaml', mode: 'file' as const, oid: 'o' }],
    ]);
    const text = Buffer.from(ingress('a'));
    const tree = {
      oid: 't',
      files: async () => files,
      read: async () => text,
      size: async () => text.length,
    };
    const { findings } = await diffCheck({
      ...fake,
      change: { ...fake.change, result: tree } as typeof fake.change,
      rendered: { ...fake.rendered, targetsReading: async () => [owner.target] },
    });
    expect(findings.map(({ ruleId }) => ruleId)).toContain('diff/ingress-host-taken');
  });
});

describe('order', () => {
  const flux = (name: string, ...needs: string[]) =>
    object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      `spec: {prune: true, dependsOn: [${needs.map((need) => `{name: ${need}}`).join(', ')}]}`,
      `name: ${name}, namespace: flux-system`,
    );
  it('Kustomizations that wait for themselves', async () => {
    expect(await fixes(all(flux('a'), flux('b', 'a')), all(flux('a', 'b'), flux('b', 'a')))).toEqual([
      'sync-order: Kustomization flux-system/a waits for itself: it depends on flux-system/b, which depends on flux-system/a',
    ]);
    expect(await fixes(flux('a'), flux('a', 'a'))).toHaveLength(1);
    expect(await fixes(all(flux('a'), flux('b')), all(flux('a'), flux('b', 'a')))).toEqual([]);
  });
});

describe('AppProjects', () => {
  const project = (more: string) =>
    object(
      'argoproj.io/v1alpha1',
      'AppProject',
      `spec: {sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]${more}}`,
      'name: team, namespace: argocd',
    );
  const app = (namespace: string) =>
    object(
      'argoproj.io/v1alpha1',
      'Application',
      'spec: {project: team, source: {repoURL: u, path: a}, destination: {server: s, namespace: shop}}',
      `name: a, namespace: ${namespace}`,
    );
  it('that do not take Applications of the namespace', async () => {
    expect((await fixes(project(''), all(project(''), app('tenant')))).join()).toMatch(
      /does not allow Applications in tenant/,
    );
    const open = project(', sourceNamespaces: ["ten*"]');
    expect(await fixes(open, all(open, app('tenant')))).toEqual([]);
    expect(await fixes(project(''), all(project(''), app('argocd')))).toEqual([]);
  });
  it('that name no account for its destination', async () => {
    const accounts = (server: string, namespace: string) =>
      project(
        `, destinationServiceAccounts: [{server: "${server}", namespace: "${namespace}", defaultServiceAccount: deployer}]`,
      );
    const told = async (one: string, text = app('argocd'), config = {}) =>
      (await fixes(one, all(one, text), {}, config)).join();
    expect(await told(accounts('other', '*'))).toBe(
      'argo-project: Application argocd/a: AppProject team names no service account for shop on s',
    );
    expect(await told(accounts('*', 'm'))).toContain('names no service account for shop on s');
    expect(await told(accounts('s', 'shop'))).toBe('');
    expect(await told(accounts('*', '*'))).toBe('');
    // A cluster by its name is known by the configuration, or not at all.
    const named = app('argocd').replace('server: s', 'name: prod');
    const diff = { clusters: [{ name: 'prod', server: 'https://prod.example.com' }] };
    expect(await told(accounts('other', '*'), named)).toBe('');
    expect(await told(accounts('other', '*'), named, { diff })).toContain(
      'for shop on https://prod.example.com',
    );
    expect(await told(accounts('https://prod*', '*'), named, { diff })).toBe('');
  });
  it('that do not take objects in another namespace than the destination', async () => {
    const told = async (allowed: string, namespace: string, before = '') => {
      const only = project('').replace(
        'destinations: [{server: "*", namespace: "*"}]',
        `destinations: [${allowed}]`,
      );
      const owner = all(only, app('argocd'));
      const made = object('v1', 'ConfigMap', 'data: {a: b}', `name: c, namespace: ${namespace}`);
      const deployed = {
        name: 'argocd/argocd/a',
        kind: 'argocd' as const,
        base: all(
          object('v1', 'ConfigMap', '', 'name: d, namespace: shop'),
          ...(before === '' ? [] : [made.replace('a: b', before)]),
        ),
        result: all(object('v1', 'ConfigMap', '', 'name: d, namespace: shop'), made),
      };
      const { findings } = await diffCheck(
        context([target({ name: 'directory/argocd', base: owner, result: owner }), target(deployed)]),
      );
      return findings.filter(({ action }) => action === 'fix').map(({ message }) => message);
    };
    expect(await told('{server: "*", namespace: shop}', 'kube-system')).toEqual([
      'ConfigMap kube-system/c: AppProject team does not allow the namespace kube-system',
    ]);
    expect(
      await told('{server: "*", namespace: "*"}, {server: "*", namespace: "!kube-*"}', 'kube-system'),
    ).toHaveLength(1);
    expect(await told('{server: "*", namespace: shop}', 'shop')).toEqual([]);
    expect(await told('{server: "*", namespace: shop}, {server: s, namespace: "team-*"}', 'team-a')).toEqual(
      [],
    );
    expect(
      await told('{server: "*", namespace: shop}, {server: other, namespace: "team-*"}', 'team-a'),
    ).toHaveLength(1);
    // What is there was let in before.
    expect(await told('{server: "*", namespace: shop}', 'kube-system', 'a: c')).toEqual([]);
  });
  it('that are narrowed under an Application that stays', async () => {
    const narrow = project('').replace('sourceRepos: ["*"]', 'sourceRepos: [other]');
    expect((await fixes(all(project(''), app('argocd')), all(narrow, app('argocd')))).join()).toMatch(
      /argo-project: Application argocd\/a: AppProject team does not allow the source u/,
    );
    expect(
      await fixes(all(narrow, app('argocd')), all(narrow.replace('[other]', '[others]'), app('argocd'))),
    ).toEqual([]);
  });
});

describe('the version of that very cluster', () => {
  it('decides which API is gone', async () => {
    const old = object('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 'spec: {}', 'name: a');
    const config = {
      diff: {
        clusters: [
          { name: 'a', kubernetesVersion: '1.31' },
          { name: 'b', kubernetesVersion: '1.32' },
        ],
      },
    };
    const run = (cluster: string) =>
      fixes(object('v1', 'ConfigMap'), all(object('v1', 'ConfigMap'), old), { cluster }, config);
    expect(await run('a')).toEqual([]);
    expect((await run('b')).join()).toMatch(
      /api-removed: .*removed in Kubernetes 1\.32, the cluster runs 1\.32/,
    );
  });
});
