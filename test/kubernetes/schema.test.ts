import { describe, expect, it } from '@jest/globals';
import {
  customKindsOf,
  type KubernetesObject,
  loadManifests,
  validateObject,
} from '../../src/kubernetes/index.js';

const parse = (text: string): KubernetesObject => {
  const [manifest] = loadManifests(Buffer.from(text), 'a.yaml').manifests;
  if (manifest === undefined) throw new Error('no manifest');
  return manifest.object;
};
const problems = (text: string, kubernetesVersion = '1.36') =>
  validateObject(parse(text), { kubernetesVersion }).map(({ path, code }) => `${code} ${path.join('.')}`);

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, creationTimestamp: null, labels: {app: web}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web:1
        ports: [{containerPort: 80, protocol: TCP}]
        resources: {limits: {cpu: 1, memory: 1Gi}}
        livenessProbe: {httpGet: {port: http, path: /}}
      volumes:
      - {name: tmp, emptyDir: {}}
`;

describe('built-in kinds', () => {
  it('has nothing against what fits', () => {
    expect(problems(DEPLOYMENT)).toEqual([]);
    expect(
      problems(
        'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: aGVsbG8=}\nstringData: {b: c}\n',
      ),
    ).toEqual([]);
    expect(
      problems(
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\nspec: {group: b, scope: Cluster, names: {kind: A, plural: as}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, additionalProperties: true, $ref: x}}}}}]}\n',
      ),
    ).toEqual([]);
  });

  it.each([
    ['replicas: 3', 'replicas: "3"', 'wrong-type spec.replicas'],
    ['replicas: 3', 'replica: 3', 'unknown-field spec.replica'],
    ['replicas: 3', 'replicas: 3.5', 'wrong-type spec.replicas'],
    ['name: web\n', 'image: web\n', 'required spec.template.spec.containers.0.name'],
    ['protocol: TCP', 'protocol: tcp', 'enum spec.template.spec.containers.0.ports.0.protocol'],
    ['memory: 1Gi', 'memory: 1GB', 'wrong-type spec.template.spec.containers.0.resources.limits.memory'],
    ['labels: {app: web}}\nspec', 'labels: {app: 5}}\nspec', 'wrong-type metadata.labels.app'],
    ['port: http', 'port: 1.5', 'wrong-type spec.template.spec.containers.0.livenessProbe.httpGet.port'],
    ['metadata: {name: web, ', 'metadata: {', 'required metadata.name'],
    ['kind: Deployment', 'kind: Deploymint', 'unknown-kind kind'],
    ['  selector: {matchLabels: {app: web}}\n', '', 'required spec.selector'],
    ['      containers:', '      initContainers:', 'required spec.template.spec.containers'],
    ['emptyDir: {}', 'emptyDir: []', 'wrong-type spec.template.spec.volumes.0.emptyDir'],
  ])('%s -> %s', (from, to, expected) => {
    expect(problems(DEPLOYMENT.replace(from, to))).toContain(expected);
  });

  it('says what was likely meant, and no value', () => {
    const [problem] = validateObject(parse(DEPLOYMENT.replace('replicas', 'replicsa')), {
      kubernetesVersion: '1.36',
    });
    expect(problem?.message).toBe('spec.replicsa is no field here; did you mean replicas?');
    const secret = parse('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: "hunter2!"}\n');
    const [invalid] = validateObject(secret, { kubernetesVersion: '1.36' });
    expect(invalid).toMatchObject({
      code: 'wrong-type',
      path: ['data', 'a'],
      message: 'data.a is not base64',
    });
  });

  it('judges by the release of the cluster', () => {
    const pdb = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {}\n';
    expect(problems(pdb, '1.36')).toEqual(['removed-api apiVersion']);
    expect(problems(pdb, 'v1.24.3-gke.1')).toEqual(['deprecated-api apiVersion']);
    expect(problems(pdb, '1.20')).toEqual([]);
    const policy =
      'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata: {name: a}\n';
    expect(problems(policy, '1.35')).toEqual(['unknown-kind apiVersion']);
    expect(problems(policy, '1.36')).toEqual([]);
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}], schedulingGroup: {}}\n';
    expect(problems(pod, '1.35')).toEqual(['unknown-field spec.schedulingGroup']);
    expect(problems(pod, '1.36')).toEqual([]);
  });
});

describe('custom kinds', () => {
  const crds = customKindsOf(
    loadManifests(
      Buffer.from(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, minimum: 1, maximum: 5}
              port: {x-kubernetes-int-or-string: true}
              color: {type: string, enum: [red, green]}
              name: {type: string, pattern: '^[a-z]+$', maxLength: 5}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              labels: {type: object, additionalProperties: {type: string}}
              list: {type: array, minItems: 1, items: {type: object, properties: {a: {type: boolean}}}}
              template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
              choice: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
              bad: {type: string, pattern: '(?=x)'}
              set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [a], items: {type: object, properties: {a: {type: string, default: x}, b: {type: string}}}}
  - {name: v1alpha1, served: false, storage: false}
  - {name: v1beta1, served: true, storage: false, deprecated: true}
`),
      'crd.yaml',
    ).manifests,
  );
  const judge = (spec: string, version = 'v1') =>
    validateObject(
      parse(`apiVersion: example.com/${version}\nkind: Widget\nmetadata: {name: a}\nspec: ${spec}\n`),
      {
        kubernetesVersion: '1.36',
        crds,
      },
    ).map(({ path, code }) => `${code} ${path.join('.')}`);

  it.each([
    ['{size: 3, port: http, color: red, name: abc, free: {x: [1]}, labels: {a: b}, list: [{a: true}]}', []],
    ['{size: 3, port: 80, template: {apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {y: 1}}}', []],
    ['{}', ['required spec.size']],
    ['{size: 9}', ['invalid-value spec.size']],
    ['{size: "3"}', ['wrong-type spec.size']],
    ['{size: 3, colour: red}', ['unknown-field spec.colour']],
    ['{size: 3, color: blue}', ['enum spec.color']],
    ['{size: 3, name: ABC}', ['invalid-value spec.name']],
    ['{size: 3, name: abcdefg}', ['invalid-value spec.name']],
    ['{size: 3, port: 1.5}', ['wrong-type spec.port']],
    ['{size: 3, labels: {a: 1}}', ['wrong-type spec.labels.a']],
    ['{size: 3, list: []}', ['invalid-value spec.list']],
    ['{size: 3, list: [{b: 1}]}', ['unknown-field spec.list.0.b']],
    ['{size: 3, choice: {a: x}}', []],
    ['{size: 3, choice: {a: x, b: z}}', ['invalid-value spec.choice']],
    ['{size: 3, bad: z}', []],
    ['{size: 3, list: [null], set: [null]}', ['wrong-type spec.list.0', 'wrong-type spec.set.0']],
    ['{size: 3, list: null, color: null}', []],
    ['{size: 3, choice: {a: x, creationTimestamp: null}}', []],
    ['{size: 3, choice: {a: x, creationTimestamp: x}}', ['unknown-field spec.choice.creationTimestamp']],
    ['{size: 3, set: [a, b], map: [{a: x, b: z}, {a: v, b: z}]}', []],
    [
      '{size: 3, set: [a, a], map: [{a: x, b: v}, {a: x, b: z}]}',
      ['invalid-value spec.set.1', 'invalid-value spec.map.1'],
    ],
    ['{size: 3, map: [{a: x}, {b: z}]}', []],
    ['{size: 3, __proto__: {}}', ['unknown-field spec.__proto__']],
  ])('%s', (spec, expected) => {
    expect(judge(spec)).toEqual(expected);
  });

  it('knows versions that are not served, deprecated, or without a definition', () => {
    expect(judge('{size: 1}', 'v1alpha1')).toEqual(['unknown-kind apiVersion']);
    expect(judge('{size: 1}', 'v1beta1')).toEqual(['deprecated-api apiVersion', 'no-schema ']);
    expect(problems('apiVersion: other.io/v1\nkind: X\nmetadata: {name: a}\n')).toEqual(['no-schema ']);
  });

  it('ends on a schema that multiplies', () => {
    const nested = (depth: number): KubernetesObject =>
      depth === 0 ? { type: 'string' } : { anyOf: Array.from({ length: 8 }, () => nested(depth - 1)) };
    const wide = new Map([
      [
        'example.com/Widget',
        {
          group: 'example.com',
          kind: 'Widget',
          plural: 'widgets',
          scope: 'Cluster' as const,
          versions: new Map([
            [
              'v1',
              {
                name: 'v1',
                served: true,
                deprecated: false,
                hasStatus: false,
                schema: { properties: { spec: nested(7) } },
              },
            ],
          ]),
        },
      ],
    ]);
    const object = parse('apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: 5\n');
    expect(validateObject(object, { kubernetesVersion: '1.36', crds: wide }).map(({ code }) => code)).toEqual(
      ['limit'],
    );
  });

  it('ends on an object of a hundred thousand unknown fields, and on sets in sets', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `field${index}: 1`).join(', ');
    expect(judge(`{size: 3, ${names}}`).length).toBe(200);
    const properties: KubernetesObject = {};
    let inner: KubernetesObject = { type: 'string' };
    for (let depth = 0; depth < 60; depth += 1)
      inner = { type: 'array', 'x-kubernetes-list-type': 'set', items: inner };
    properties.spec = inner;
    const deep = `${'['.repeat(60)}"${'x'.repeat(500_000)}"${']'.repeat(60)}`;
    const schema = { type: 'object', properties };
    const nested = new Map([
      [
        'example.com/Widget',
        {
          group: 'example.com',
          kind: 'Widget',
          plural: 'widgets',
          scope: 'Cluster' as const,
          versions: new Map([
            ['v1', { name: 'v1', served: true, deprecated: false, hasStatus: false, schema }],
          ]),
        },
      ],
    ]);
    const object = parse(`apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: ${deep}\n`);
    expect(
      validateObject(object, { kubernetesVersion: '1.36', crds: nested }).map(({ code }) => code),
    ).toEqual(['limit']);
  });
});
