import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareValues } from '../../../src/checks/diff/semantic/compare.js';
import { fieldChanges } from '../../../src/checks/diff/semantic/field-changes.js';
import { normalise } from '../../../src/checks/diff/semantic/normalise.js';
import { formatChangePath } from '../../../src/checks/diff/semantic/path.js';
import { textHunks } from '../../../src/checks/diff/semantic/text-lines.js';
import { differenceOf } from '../../../src/checks/diff/target-difference.js';
import type { JsonValue } from '../../../src/contract/index.js';
import type { KubernetesObject, Manifest } from '../../../src/kubernetes/index.js';
import { applyDifferences } from './apply.js';
import { manifests, target } from './fakes.js';

const one = (text: string): KubernetesObject => {
  const [manifest] = manifests(text);
  if (manifest === undefined) throw new Error('no manifest');
  return manifest.object;
};
function diff(before: KubernetesObject, after: KubernetesObject) {
  const from = normalise(before);
  const to = normalise(after);
  return compareValues(from.value, to.value, to.type);
}
const changes = (before: string, after: string) =>
  fieldChanges(diff(one(before), one(after)), false).map(
    ({ path, from, to }) => `${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  );

const pod = (spec: string, kind = 'Pod') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`;
const container = (fields: string) =>
  pod(`{containers: [{name: a, image: a, ${fields}}, {name: b, image: b}]}`);

describe('what the API server takes for the same', () => {
  it.each([
    [
      'quantities',
      container('resources: {limits: {cpu: 1000m, memory: 1Gi}}'),
      container('resources: {limits: {cpu: 1, memory: 1024Mi}}'),
    ],
    [
      'defaults',
      container('ports: [{containerPort: 80, protocol: TCP}]'),
      container('ports: [{containerPort: 80}]'),
    ],
    [
      'ports as text',
      container('livenessProbe: {httpGet: {port: 80}}'),
      container('livenessProbe: {httpGet: {port: "80"}}'),
    ],
    ['nulls', container('command: null'), container('args: null')],
    ['empty lists and maps', container('env: [], resources: {}'), container('volumeMounts: []')],
    [
      'order of keyed lists',
      pod('{containers: [{name: a}, {name: b}]}'),
      pod('{containers: [{name: b}, {name: a}]}'),
    ],
    [
      'order of sets',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, finalizers: [a, b]}\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, finalizers: [b, a]}\n',
    ],
    [
      'stringData and data',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: hello}\n',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: aGVsbG8=}\n',
    ],
    [
      'marks of tools',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: null, annotations: {argocd.argoproj.io/tracking-id: a, checksum/config: 0123456789abcdef}}\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {checksum/config: fedcba9876543210}}\nstatus: {phase: x}\n',
    ],
    [
      'aggregated rules',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\naggregationRule: {}\nrules: []\n',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\naggregationRule: {}\nrules: [{verbs: [get]}]\n',
    ],
  ])('%s', (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });
});

describe('what it does not', () => {
  it.each([
    [
      'image by container',
      container('').replace('image: b', 'image: c'),
      ['spec.containers[name=b].image: "b" -> "c"'],
      container(''),
    ],
    [
      'atomic scalars as a whole',
      container('args: [a, b]'),
      ['spec.containers[name=a].args: ["b","a"] -> ["a","b"]'],
      container('args: [b, a]'),
    ],
    [
      'order of environment',
      container('env: [{name: A}, {name: B}]'),
      ['spec.containers[name=a].env[order]: ["B","A"] -> ["A","B"]'],
      container('env: [{name: B}, {name: A}]'),
    ],
    [
      'an empty struct that means something',
      pod('{volumes: [{name: a, emptyDir: {}}]}'),
      ['spec.volumes[name=a].emptyDir: null -> {}'],
      pod('{volumes: [{name: a}]}'),
    ],
    [
      'annotation keys',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {example.com/a: "1"}}\n',
      ['metadata.annotations["example.com/a"]: "2" -> "1"'],
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {example.com/a: "2"}}\n',
    ],
    [
      'keys by default',
      container('ports: [{containerPort: 80, name: http}]'),
      ['spec.containers[name=a].ports[containerPort=80,protocol=TCP].name: null -> "http"'],
      container('ports: [{containerPort: 80}]'),
    ],
    [
      'custom kinds by shape',
      'apiVersion: e.com/v1\nkind: W\nmetadata: {name: a}\nspec: {list: [{name: x, v: 1}, {name: z, v: 2}]}\n',
      ['spec.list[name=x].v: 3 -> 1', 'spec.list[order]: ["z","x"] -> ["x","z"]'],
      'apiVersion: e.com/v1\nkind: W\nmetadata: {name: a}\nspec: {list: [{name: z, v: 2}, {name: x, v: 3}]}\n',
    ],
    [
      'a rule inserted',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: [{verbs: [a]}, {verbs: [b]}, {verbs: [c]}]\n',
      ['rules[1]: null -> {"verbs":["b"]}'],
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: [{verbs: [a]}, {verbs: [c]}]\n',
    ],
    [
      'lines of a text',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {"a.conf": "one\\ntwo\\nthree\\n"}\n',
      ['data["a.conf"]@2: "2" -> "two"'],
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {"a.conf": "one\\n2\\nthree\\n"}\n',
    ],
  ])('%s', (_, after, expected, before) => {
    expect(changes(before, after)).toEqual(expected);
  });
});

describe('hostile values', () => {
  it('nested lists take time that grows with their size, not with their depth', () => {
    const nest = (leaf: JsonValue, depth: number): JsonValue =>
      depth === 0 ? leaf : [nest(leaf, depth - 1), {}];
    const differences = compareValues(nest('a', 90), nest('b', 90), null);
    expect(differences).toHaveLength(1);
  });
  it('long texts without a common line are told as a whole', () => {
    const lines = (word: string) => Array.from({ length: 5_000 }, (_, index) => `${word}${index}`).join('\n');
    expect(textHunks(lines('a'), lines('b'))).toBeNull();
  });
  it('fields of a custom kind that are called metadata are not taken for it', () => {
    const widget = (generation: number) =>
      `apiVersion: e.com/v1\nkind: W\nmetadata: {name: a}\nspec: {metadata: {generation: ${generation}, uid: u}}\n`;
    expect(changes(widget(1), widget(2))).toEqual(['spec.metadata.generation: 1 -> 2']);
  });
});

describe('properties', () => {
  const scalar = fc.oneof(
    fc.constantFrom('a', 'b', 'x y', '1Gi', '', 0, 1, 80, true, false),
    fc.string({ maxLength: 4 }),
  );
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const env = fc.uniqueArray(
    fc.record({ name: word, value: fc.string({ maxLength: 3 }) }, { requiredKeys: ['name'] }),
    { selector: ({ name }) => name, maxLength: 4 },
  );
  const containers = fc.uniqueArray(
    fc.record(
      {
        name: word,
        image: fc.string({ maxLength: 3 }),
        args: fc.array(word, { maxLength: 3 }),
        env,
        ports: fc.uniqueArray(
          fc.record(
            { containerPort: fc.integer({ min: 1, max: 3 }), protocol: fc.constantFrom('TCP', 'UDP') },
            { requiredKeys: ['containerPort'] },
          ),
          {
            selector: ({ containerPort, protocol }) => `${containerPort}${protocol ?? 'TCP'}`,
            maxLength: 3,
          },
        ),
        resources: fc.record({
          limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.constantFrom('1', '1000m', '2Gi', 2)),
        }),
      },
      { requiredKeys: ['name'] },
    ),
    { selector: ({ name }) => name, maxLength: 3 },
  );
  const typed = fc
    .record({
      finalizers: fc.uniqueArray(word, { maxLength: 3 }),
      annotations: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 3 }), { maxKeys: 3 }),
      initContainers: containers,
      containers,
      tolerations: fc.array(fc.record({ key: word, operator: fc.constant('Exists') }), { maxLength: 3 }),
    })
    .map(
      ({ finalizers, annotations, ...spec }) =>
        ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p', finalizers, annotations },
          spec,
        }) as unknown as KubernetesObject,
    );
  const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar as fc.Arbitrary<JsonValue>,
      fc.array(tie('value'), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
      fc.dictionary(
        fc.oneof(word, fc.constantFrom('name', '__proto__', 'constructor', 'key')),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ) as fc.Arbitrary<JsonValue>,
    ),
  })).value;
  const custom = value.map(
    (spec) => ({ apiVersion: 'e.com/v1', kind: 'W', metadata: { name: 'w' }, spec }) as KubernetesObject,
  );

  it('a value does not differ from itself', () => {
    fc.assert(
      fc.property(fc.oneof(typed, custom), (object) =>
        expect(diff(object, structuredClone(object))).toEqual([]),
      ),
      { numRuns: 300 },
    );
  });

  it('applying the differences to the base gives the result', () => {
    const holds = (before: KubernetesObject, after: KubernetesObject) => {
      const from = normalise(before);
      const to = normalise(after);
      const applied = applyDifferences(from.value, compareValues(from.value, to.value, to.type));
      // Equal in the eyes of the comparison, and nothing is left to tell.
      expect(compareValues(applied, to.value, to.type)).toEqual([]);
    };
    fc.assert(fc.property(typed, typed, holds), { numRuns: 500 });
    fc.assert(fc.property(custom, custom, holds), { numRuns: 500 });
  });

  it('of a custom object nothing at all gets lost', () => {
    fc.assert(
      fc.property(custom, custom, (before, after) => {
        const from = normalise(before).value;
        const to = normalise(after).value;
        const applied = applyDifferences(from, compareValues(from, to, null));
        expect(canonical(applied)).toEqual(canonical(to));
      }),
      { numRuns: 500 },
    );
  });

  it('every path is told once', () => {
    fc.assert(
      fc.property(typed, typed, (before, after) => {
        const paths = diff(before, after).map(({ path }) => formatChangePath(path));
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 300 },
    );
  });

  it('the order of files and documents does not matter', () => {
    const objects = manifests(
      ['a', 'b', 'c', 'd']
        .map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`)
        .join('---\n'),
    );
    const side = fc.shuffledSubarray(objects, { minLength: 4 });
    const rendered = (list: readonly Manifest[]) => ({ status: 'rendered' as const, manifests: list });
    fc.assert(
      fc.property(side, side, (before, after) => {
        expect(differenceOf(target({ base: rendered(before), result: rendered(after) })).objects).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(side, (after) => {
        const told = differenceOf(
          target({ base: rendered(objects.slice(1, 3)), result: rendered(after) }),
        ).objects;
        expect(told.map(({ action, ref }) => `${action} ${ref.name}`)).toEqual(['create a', 'create d']);
      }),
    );
  });

  it('the lines of a text add up', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const hunks = textHunks(`${before}\n`, `${after}\n`) ?? [];
        const lines = `${before}\n`.split('\n');
        // From the end, so that line numbers before still hold.
        let shift = 0;
        for (const hunk of hunks) {
          const start = (hunk.added.length > 0 ? hunk.line : hunk.line + shift) - 1;
          lines.splice(start, hunk.removed.length, ...hunk.added);
          shift += hunk.added.length - hunk.removed.length;
        }
        expect(lines.join('\n')).toBe(`${after}\n`);
      }),
    );
  });

  /** Keyed lists of unknown types may come in another order: sorted for the comparison. */
  function canonical(input: JsonValue): JsonValue {
    if (Array.isArray(input)) {
      const items = input.map(canonical);
      const named = items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
      return named ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
    }
    if (typeof input !== 'object' || input === null) return input;
    return Object.fromEntries(
      Object.entries(input)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, canonical(item)]),
    );
  }
});
