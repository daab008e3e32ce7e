import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareValues } from '../../../src/checks/diff/semantic/compare.js';
import { normalise } from '../../../src/checks/diff/semantic/normalise.js';
import { formatChangePath } from '../../../src/checks/diff/semantic/path.js';
import type { JsonValue } from '../../../src/contract/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { applyDifferences } from './apply.js';

type Map_ = { [key: string]: JsonValue };

/*
 * Lists as Kubernetes knows them (by keys, as sets, atomic) and as custom kinds have them (guessed by a name, nested,
 * around pods). What is applied is held against the result by a form of their own, not by the comparison itself.
 */
const word = fc.constantFrom('a', 'b', 'c', 'd');
const maybe = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...required: (keyof T)[]) =>
  fc.record(shape, { requiredKeys: required });
const by = <T extends object>(item: fc.Arbitrary<T>, key: (one: T) => unknown) =>
  fc.uniqueArray(item, { selector: (one) => JSON.stringify(key(one)), maxLength: 4 });
const quantity = fc.constantFrom<JsonValue>('1', 1, '1000m', '1Gi', '1024Mi', '1e3', '0.5', '500m');

const containers = by(
  maybe(
    {
      name: word,
      args: fc.array(word, { maxLength: 3 }),
      env: by(maybe({ name: word, value: word }, 'name'), ({ name }) => name),
      ports: by(
        maybe(
          {
            containerPort: fc.integer({ min: 1, max: 3 }),
            protocol: fc.constantFrom('TCP', 'UDP'),
            hostIP: word,
          },
          'containerPort',
        ),
        ({ containerPort, protocol }) => [containerPort, protocol ?? 'TCP'],
      ),
      volumeMounts: by(
        maybe({ mountPath: word, name: word, subPath: word }, 'mountPath'),
        ({ mountPath }) => mountPath,
      ),
      resources: maybe({ limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity) }),
    },
    'name',
  ),
  ({ name }) => name,
).filter((list) => list.length > 0);
const pods = maybe(
  {
    containers,
    initContainers: containers,
    tolerations: fc.array(maybe({ key: word, operator: fc.constant('Exists') }), { maxLength: 3 }),
    topologySpreadConstraints: by(
      maybe(
        {
          topologyKey: word,
          whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
          maxSkew: fc.integer({ min: 1, max: 3 }),
        },
        'topologyKey',
        'whenUnsatisfiable',
      ),
      ({ topologyKey, whenUnsatisfiable }) => [topologyKey, whenUnsatisfiable],
    ),
    hostAliases: by(maybe({ ip: word, hostnames: fc.array(word, { maxLength: 2 }) }, 'ip'), ({ ip }) => ip),
  },
  'containers',
);
const finalizers = fc.uniqueArray(word, { maxLength: 3 });
const made = (apiVersion: string, kind: string, spec: unknown, more: object = {}) =>
  ({ apiVersion, kind, metadata: { name: 'x', ...more }, spec }) as unknown as KubernetesObject;
const typed = fc.tuple(pods, finalizers).map(([spec, more]) => made('v1', 'Pod', spec, { finalizers: more }));

/** A kind of one's own: lists by name, key or id, nested, beside atomic ones, quantities that are texts, and pods. */
const nested = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>('1', 1, '1Gi', '1024Mi', true, ''),
    ...(['name', 'key', 'id'] as const).map(
      (key) =>
        fc
          .uniqueArray(fc.tuple(word, tie('value')), { selector: ([name]) => name, maxLength: 4 })
          .map((list) => list.map(([name, value]) => ({ [key]: name, value }))) as fc.Arbitrary<JsonValue>,
    ),
    fc.array(tie('value'), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
    fc.dictionary(word, tie('value'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<JsonValue>,
  ),
})).value;
const custom = fc.record({ field: nested, other: nested }).map((spec) => made('e.com/v1', 'W', spec));
const around = fc
  .tuple(pods, nested)
  .map(([spec, value]) => made('e.com/v1', 'Rollout', { value, template: { spec } }));

/** Keys of the lists above, as Kubernetes' types say; `env` and `initContainers` keep their order. */
const KEYED: { [field: string]: readonly string[] } = {
  containers: ['name'],
  ports: ['containerPort', 'protocol'],
  volumeMounts: ['mountPath'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  hostAliases: ['ip'],
};

function amount(value: JsonValue): JsonValue {
  const [, number = '', suffix = ''] = /^([\d.]+(?:e\d+)?)(m|Mi|Gi)?$/.exec(String(value)) ?? [];
  return Number(number) * ({ m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30 }[suffix] ?? 1);
}

/** One form for all that is the same; `inPods` where Kubernetes' types are known. */
function form(value: JsonValue, inPods: boolean, field = ''): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => form(item, inPods));
    const keys = inPods ? KEYED[field] : undefined;
    const text = (item: JsonValue): string =>
      JSON.stringify((keys ?? []).map((key) => (item as Map_)[key] ?? (key === 'protocol' ? 'TCP' : '')));
    if (keys !== undefined) return items.sort((a, b) => (text(a) < text(b) ? -1 : 1));
    return field === 'finalizers' ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const isPods = inPods || Array.isArray(value.containers);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [
        key,
        isPods && field === 'limits' ? amount(item) : form(item, isPods || key === 'metadata', key),
      ]),
  );
}

describe('lists of every kind', () => {
  it.each([
    ['of known types', typed, 300],
    ['of custom kinds, nested', custom, 300],
    ['of custom kinds around pods', around, 150],
  ] as const)('%s: the differences applied to the base give the result', (_, kind, numRuns) => {
    fc.assert(
      fc.property(kind, kind, (before, after) => {
        const from = normalise(before);
        const to = normalise(after);
        const found = compareValues(from.value, to.value, to.type);
        expect(form(applyDifferences(from.value, found), false)).toEqual(form(to.value, false));
        const paths = found.map(({ path }) => formatChangePath(path));
        expect(new Set(paths).size).toBe(paths.length);
        // There is nothing to tell just where both have one form.
        const same = JSON.stringify(form(from.value, false)) === JSON.stringify(form(to.value, false));
        expect(found.length === 0).toBe(same);
      }),
      { numRuns },
    );
  });

  it('by keys and sets are the same in another order, by order are not', () => {
    const shuffled = (value: JsonValue, inPods: boolean, field = ''): JsonValue => {
      if (Array.isArray(value)) {
        const items = value.map((item) => shuffled(item, inPods));
        return (inPods && KEYED[field] !== undefined) || field === 'finalizers' ? items.reverse() : items;
      }
      if (typeof value !== 'object' || value === null) return value;
      const isPods = inPods || Array.isArray(value.containers);
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, shuffled(item, isPods || key === 'metadata', key)]),
      );
    };
    const diff = (before: KubernetesObject, after: KubernetesObject) => {
      const to = normalise(after);
      return compareValues(normalise(before).value, to.value, to.type);
    };
    fc.assert(
      fc.property(fc.oneof(typed, around), (object) => {
        expect(diff(object, shuffled(object, false) as KubernetesObject)).toEqual([]);
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 4 }), (words) => {
        const turned = [...words].reverse();
        const taints = (list: string[]) => list.map((key) => ({ key, operator: 'Exists' }));
        const pod = (args: string[], keys: string[], env: string[], inits: string[]) =>
          made('v1', 'Pod', {
            containers: [{ name: 'a', args, env: env.map((name) => ({ name })) }],
            initContainers: inits.map((name) => ({ name })),
            tolerations: taints(keys),
          });
        const plain = pod(words, words, words, words);
        expect(diff(plain, pod(turned, words, words, words))).toHaveLength(1);
        expect(diff(plain, pod(words, turned, words, words))).not.toEqual([]);
        expect(diff(plain, pod(words, words, turned, words))).toHaveLength(1);
        expect(diff(plain, pod(words, words, words, turned))).toHaveLength(1);
        const steps = (list: string[]) => made('e.com/v1', 'W', { steps: list.map((name) => ({ name })) });
        expect(diff(steps(words), steps(turned))).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
