import type { AdmissionOperation, UserInfo } from '../../src/checks/policies/index.js';
import type { JsonValue } from '../../src/contract/index.js';
import { type Json, pick, type Random } from '../schemas/generate.js';

let random: Random = () => 0;

/** Sets the source of all that is made here. */
export function seedPolicies(source: Random): void {
  random = source;
}

/** True as often as that. */
export const chance = (of: number): boolean => random() < of;
/** One of them. */
export const one = <T>(items: readonly T[]): T => {
  const item = pick(random, items);
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};
const some = <T>(items: readonly T[]): T[] => {
  const chosen = items.filter(() => chance(0.4));
  return chosen.length === 0 ? [one(items)] : chosen;
};

/** Namespaces that objects are in. */
export const NAMESPACES = ['shop', 'shop-dev', 'infra'];
const LABELS = ['web', 'db', 'web-1'];
/** Operations that are asked about. */
export const OPERATIONS: readonly AdmissionOperation[] = ['CREATE', 'UPDATE', 'DELETE'];
const IMAGES = [
  'nginx:1.2',
  'nginx',
  'ghcr.io/acme/web:latest',
  'ghcr.io/acme/db@sha256:'.concat('a'.repeat(64)),
];
/** Who may ask. */
export const USERS: readonly UserInfo[] = [
  {
    username: 'alice',
    groups: ['dev', 'system:authenticated'],
    roles: ['shop:edit'],
    clusterRoles: ['view'],
  },
  {
    username: 'system:serviceaccount:infra:bot',
    groups: ['system:serviceaccounts'],
    roles: [],
    clusterRoles: ['cluster-admin'],
  },
];

/** A map with what is not `undefined`. */
export function map(entries: { [key: string]: JsonValue | undefined }): Json {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

function selector(): Json {
  switch (Math.floor(random() * 4)) {
    case 0:
      return { matchLabels: { app: one([...LABELS, 'we?', '*']) } };
    case 1:
      return { matchExpressions: [{ key: 'app', operator: one(['In', 'NotIn']), values: some(LABELS) }] };
    case 2:
      return { matchExpressions: [{ key: one(['app', 'tier']), operator: one(['Exists', 'DoesNotExist']) }] };
    default:
      return { matchLabels: { tier: one(['gold', 'silver']) } };
  }
}

/** A selector of the API server's own: no globs. */
function plainSelector(): Json {
  return { matchLabels: { [one(['app', 'tier'])]: one(['web', 'db', 'gold']) } };
}

function filter(): Json {
  const resources = map({
    kinds: one([
      ['Pod'],
      ['v1/Pod'],
      ['Pod', 'Deployment'],
      ['apps/v1/Deployment'],
      ['*/Pod'],
      ['Namespace', 'Pod'],
    ]),
    names: chance(0.15) ? [one(['m1*', 'm?', '*2'])] : undefined,
    namespaces: chance(0.25) ? some([...NAMESPACES, 'shop*']) : undefined,
    selector: chance(0.3) ? selector() : undefined,
    namespaceSelector: chance(0.3) ? plainSelector() : undefined,
    annotations: chance(0.15) ? { note: one(['a*', 'b', '*']) } : undefined,
    operations: chance(0.3) ? some(OPERATIONS) : undefined,
  });
  return map({
    resources,
    subjects: chance(0.2)
      ? [
          one<Json>([
            { kind: 'User', name: 'alice' },
            { kind: 'Group', name: 'dev' },
            { kind: 'ServiceAccount', name: 'bot', namespace: 'infra' },
          ]),
        ]
      : undefined,
    roles: chance(0.1) ? ['shop:edit'] : undefined,
    clusterRoles: chance(0.15) ? [one(['view', 'cluster-admin'])] : undefined,
  });
}

function filters(): Json {
  const count = chance(0.3) ? 2 : 1;
  return { [one(['any', 'all'])]: Array.from({ length: count }, filter) };
}

const CONDITIONS: readonly Json[] = [
  { key: '{{ request.operation }}', operator: 'AnyIn', value: ['CREATE', 'UPDATE'] },
  { key: '{{ request.operation }}', operator: 'NotEquals', value: 'DELETE' },
  { key: "{{ request.object.metadata.labels.app || 'none' }}", operator: 'AnyNotIn', value: ['web', 'db'] },
  {
    key: '{{ request.object.spec.containers[].image || `[]` }}',
    operator: 'AnyIn',
    value: ['nginx', '*latest'],
  },
  { key: '{{ length(request.object.spec.containers || `[]`) }}', operator: 'GreaterThan', value: 1 },
  { key: "{{ request.userInfo.username || '' }}", operator: 'Equals', value: 'alice' },
  { key: "{{ request.object.metadata.annotations.note || '' }}", operator: 'Equals', value: 'a?c' },
];

function body(): Json {
  switch (Math.floor(random() * 7)) {
    case 0:
      return {
        message: 'm',
        pattern: {
          metadata: map({ '=(labels)': chance(0.5) ? { '=(app)': 'web*' } : undefined, name: '?*' }),
          '=(spec)': {
            '=(containers)': [{ '(image)': one(['*:latest', 'nginx*']), name: one(['a*', '!b']) }],
          },
        },
      };
    case 1:
      return {
        message: 'm',
        anyPattern: [
          { metadata: { labels: { app: 'web' } } },
          { metadata: { labels: { tier: one(['gold', '?*']) } } },
        ],
      };
    case 2:
      return { message: 'm', deny: { conditions: { [one(['any', 'all'])]: some(CONDITIONS) } } };
    case 3:
      return {
        message: 'm',
        foreach: [
          map({
            list: 'request.object.spec.containers',
            preconditions: chance(0.4)
              ? { all: [{ key: '{{ element.name }}', operator: 'NotEquals', value: one(['a', 'b']) }] }
              : undefined,
            ...(chance(0.5)
              ? { pattern: { image: one(['*:*', '!*:latest', 'nginx*|ghcr.io/*']) } }
              : {
                  deny: {
                    conditions: {
                      any: [
                        {
                          key: '{{ element.securityContext.privileged || `false` }}',
                          operator: 'Equals',
                          value: true,
                        },
                        { key: '{{ elementIndex }}', operator: 'GreaterThan', value: one([0, 1]) },
                      ],
                    },
                  },
                }),
          }),
        ],
      };
    case 4:
      return {
        podSecurity: map({
          level: one(['baseline', 'restricted']),
          version: one(['latest', 'v1.24', 'v1.30']),
          exclude: chance(0.7)
            ? some<Json>([
                { controlName: 'Privileged Containers', images: [one(['nginx*', '*'])] },
                { controlName: 'Capabilities', images: ['*'] },
                { controlName: 'Host Namespaces' },
                { controlName: 'Running as Non-root', images: ['ghcr.io/*'] },
                { controlName: 'Seccomp', images: ['*'] },
                {
                  controlName: 'Privilege Escalation',
                  images: ['*'],
                  restrictedField: 'spec.containers[*].securityContext.allowPrivilegeEscalation',
                  values: ['true'],
                },
                {
                  controlName: 'Privileged Containers',
                  images: ['*'],
                  restrictedField: 'spec.containers[*].securityContext.privileged',
                  values: ['true'],
                },
              ])
            : undefined,
        }),
      };
    case 5:
      return {
        cel: map({
          variables: chance(0.5)
            ? [{ name: 'app', expression: "object.metadata.?labels.?app.orValue('none')" }]
            : undefined,
          expressions: [
            {
              expression: one([
                "request.operation == 'DELETE' || object.metadata.?labels.?app.orValue('') != 'db'",
                "!has(object.spec) || !has(object.spec.containers) || object.spec.containers.all(c, !c.image.endsWith(':latest'))",
                "request.operation != 'DELETE'",
              ]),
              message: 'm',
            },
          ],
        }),
      };
    default:
      return {
        message: 'm',
        pattern: {
          '=(spec)': {
            '=(hostNetwork)': false,
            '=(containers)': [{ '=(securityContext)': { '=(privileged)': one(['false', 'true|false']) } }],
          },
        },
      };
  }
}

/** A classic policy of five rules. */
export function clusterPolicy(): Json {
  const rules = Array.from({ length: 5 }, (_, index) =>
    map({
      name: `r${index}`,
      match: filters(),
      exclude: chance(0.35) ? filters() : undefined,
      preconditions: chance(0.25) ? { [one(['any', 'all'])]: some(CONDITIONS) } : undefined,
      validate: { failureAction: one(['Enforce', 'Audit']), ...body() },
    }),
  );
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: map({
      name: 'classic',
      annotations: chance(0.2)
        ? { 'pod-policies.kyverno.io/autogen-controllers': one(['none', 'Deployment']) }
        : undefined,
    }),
    spec: { background: false, rules },
  };
}

function constraints(): Json {
  return map({
    resourceRules: [
      map({
        apiGroups: [one(['', '', 'apps', '*'])],
        apiVersions: [one(['v1', '*'])],
        operations: some([...OPERATIONS, '*']),
        resources: [one(['pods', 'pods', 'deployments', '*'])],
        resourceNames: chance(0.1) ? ['m1', 'm2'] : undefined,
        scope: chance(0.15) ? one(['Namespaced', 'Cluster', '*']) : undefined,
      }),
    ],
    excludeResourceRules: chance(0.15)
      ? [
          {
            apiGroups: ['*'],
            apiVersions: ['*'],
            operations: ['*'],
            resources: [one(['deployments', 'namespaces'])],
          },
        ]
      : undefined,
    namespaceSelector: chance(0.3) ? plainSelector() : undefined,
    objectSelector: chance(0.3) ? plainSelector() : undefined,
  });
}

const MATCH_CONDITIONS: readonly string[] = [
  "request.operation != 'DELETE'",
  "request.userInfo.username == 'alice'",
  "!('dev' in request.userInfo.groups)",
  "request.operation != 'DELETE' && object.metadata.?labels.?app.orValue('') == 'web'",
];
const VALIDATIONS: readonly string[] = [
  "request.operation == 'DELETE' || object.metadata.?labels.?app.orValue('') != 'db'",
  "!has(object.spec.containers) || object.spec.containers.all(c, !c.image.endsWith(':latest'))",
  'object.spec.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)',
  "has(object.metadata.labels) && 'tier' in object.metadata.labels",
  "request.operation != 'UPDATE' || oldObject.metadata.name == object.metadata.name",
];

/** A policy in CEL. */
export function celPolicy(kind: 'ValidatingPolicy' | 'ValidatingAdmissionPolicy', name: string): Json {
  return {
    apiVersion: kind === 'ValidatingPolicy' ? 'policies.kyverno.io/v1' : 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    spec: map({
      validationActions: kind === 'ValidatingPolicy' ? ['Deny'] : undefined,
      failurePolicy: chance(0.2) && kind === 'ValidatingPolicy' ? 'Ignore' : undefined,
      autogen:
        chance(0.2) && kind === 'ValidatingPolicy'
          ? { podControllers: { controllers: ['deployments'] } }
          : undefined,
      matchConstraints: constraints(),
      matchConditions: chance(0.4)
        ? some(MATCH_CONDITIONS).map((expression, index) => ({ name: `c${index}`, expression }))
        : undefined,
      variables: chance(0.3) ? [{ name: 'x', expression: 'object.metadata.name' }] : undefined,
      validations: some(VALIDATIONS).map((expression) => ({ expression, message: 'm' })),
    }),
  };
}

/** Exceptions of both kinds, or none. */
export function exceptions(): Json[] {
  const made: Json[] = [];
  if (chance(0.5))
    made.push({
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'classic', namespace: 'shop' },
      spec: map({
        exceptions: [{ policyName: 'classic', ruleNames: some(['r0', 'r1', 'autogen-r0', '*r2', '*']) }],
        match: {
          any: [
            {
              resources: map({
                kinds: one([['Pod'], ['Pod', 'Deployment'], ['Deployment']]),
                namespaces: chance(0.4) ? some(NAMESPACES) : undefined,
                names: chance(0.3) ? ['m1*'] : undefined,
              }),
            },
          ],
        },
        conditions: chance(0.3)
          ? {
              any: [
                { key: "{{ request.object.metadata.labels.app || '' }}", operator: 'Equals', value: 'web' },
              ],
            }
          : undefined,
        podSecurity: chance(0.2) ? [{ controlName: 'Privileged Containers', images: ['*'] }] : undefined,
      }),
    });
  if (chance(0.5))
    made.push({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name: 'cel', namespace: 'shop' },
      spec: map({
        policyRefs: [{ name: one(['cel0', 'cel1']), kind: 'ValidatingPolicy' }],
        matchConditions: chance(0.6)
          ? [
              {
                name: 'c',
                expression: one([
                  "object.metadata.name == 'm1'",
                  "object.metadata.?labels.?app.orValue('') == 'web'",
                ]),
              },
            ]
          : undefined,
      }),
    });
  return made;
}

function podSpec(): Json {
  return map({
    hostNetwork: chance(0.15) ? true : undefined,
    containers: Array.from({ length: chance(0.4) ? 2 : 1 }, (_, index) =>
      map({
        name: one(['a', 'b', 'web']) + String(index),
        image: one(IMAGES),
        securityContext: chance(0.5)
          ? map({
              privileged: chance(0.4) ? chance(0.5) : undefined,
              allowPrivilegeEscalation: chance(0.6) ? chance(0.4) : undefined,
              runAsNonRoot: chance(0.5) ? chance(0.7) : undefined,
              capabilities: chance(0.5)
                ? { drop: ['ALL'], ...(chance(0.3) ? { add: [one(['NET_ADMIN', 'NET_BIND_SERVICE'])] } : {}) }
                : undefined,
              seccompProfile: chance(0.5) ? { type: one(['RuntimeDefault', 'Unconfined']) } : undefined,
            })
          : undefined,
      }),
    ),
  });
}

/** A Pod, a Deployment or a Namespace. */
export function resource(index: number): Json {
  const metadata = map({
    name: `m${index}`,
    namespace: one(NAMESPACES),
    labels: chance(0.8)
      ? map({
          app: chance(0.8) ? one(LABELS) : undefined,
          tier: chance(0.4) ? one(['gold', 'silver']) : undefined,
        })
      : undefined,
    annotations: chance(0.4) ? { note: one(['abc', 'b', 'xyz']) } : undefined,
  });
  if (chance(0.25)) {
    const template = { metadata: { labels: { app: 'web' } }, spec: podSpec() };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    };
  }
  if (chance(0.08)) {
    const { namespace: _, ...own } = metadata;
    return { apiVersion: 'v1', kind: 'Namespace', metadata: own };
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec() };
}
