import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareValues } from '../../../src/checks/diff/semantic/compare.js';
import { normalise } from '../../../src/checks/diff/semantic/normalise.js';
import { formatChangePath } from '../../../src/checks/diff/semantic/path.js';
import { differenceOf } from '../../../src/checks/diff/target-difference.js';
import type { JsonValue } from '../../../src/contract/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { manifestsFromValues } from '../../../src/kubernetes/index.js';
import { applyDifferences } from './apply.js';
import { target } from './fakes.js';

/**
 * Objects as people write them, with what is awkward: keyed lists whose keys stand twice, ports as numbers and as
 * text, quantities, nulls, empty lists, defaults.
 */
const word = fc.constantFrom('a', 'b', 'c');
const port = fc.constantFrom<JsonValue>(80, '80', 'http', 8080, null);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const quantity = fc.constantFrom<JsonValue>('1', 1, '1000m', '1Gi', '1024Mi', '0.5', null);

// No uniqueArray: a name may stand twice.
const env = fc.array(
  fc.record({ name: word, value: maybe(fc.constantFrom('x', 'y', '')) }, { requiredKeys: ['name'] }),
  { maxLength: 4 },
);
const ports = fc.array(
  fc.record(
    {
      containerPort: fc.constantFrom(80, 81),
      protocol: maybe(fc.constantFrom('TCP', 'UDP')),
      name: maybe(word),
    },
    { requiredKeys: ['containerPort'] },
  ),
  { maxLength: 3 },
);
const container = fc.record(
  {
    name: word,
    image: maybe(fc.constantFrom('a:1', 'b:2')),
    command: maybe(fc.array(word, { maxLength: 2 })),
    env: maybe(env),
    ports: maybe(ports),
    livenessProbe: maybe(fc.record({ httpGet: fc.record({ port, path: fc.constant('/') }) })),
    resources: maybe(fc.record({ limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity) })),
    imagePullPolicy: maybe(fc.constantFrom('Always', 'IfNotPresent')),
  },
  { requiredKeys: ['name'] },
);
const deployment = fc
  .record(
    {
      replicas: maybe(fc.constantFrom(0, 1, 2)),
      strategy: maybe(
        fc.record({
          rollingUpdate: fc.record({ maxUnavailable: fc.constantFrom<JsonValue>(1, '1', '25%') }),
        }),
      ),
      containers: fc.array(container, { minLength: 1, maxLength: 3 }),
      initContainers: maybe(fc.array(container, { maxLength: 2 })),
      labels: maybe(fc.dictionary(word, maybe(word))),
      finalizers: maybe(fc.array(word, { maxLength: 3 })),
    },
    { requiredKeys: ['containers'] },
  )
  .map(
    ({ containers, initContainers, labels, finalizers, ...spec }) =>
      ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', labels, finalizers },
        spec: { ...spec, template: { metadata: { labels }, spec: { containers, initContainers } } },
      }) as unknown as KubernetesObject,
  );
const service = fc
  .record({
    ports: fc.array(
      fc.record(
        {
          port: fc.constantFrom(80, 81),
          targetPort: port,
          protocol: maybe(fc.constant('TCP')),
          name: maybe(word),
        },
        { requiredKeys: ['port'] },
      ),
      { maxLength: 3 },
    ),
    selector: maybe(fc.dictionary(word, maybe(word))),
    type: maybe(fc.constantFrom('ClusterIP', 'LoadBalancer')),
    loadBalancerSourceRanges: maybe(fc.array(word, { maxLength: 3 })),
  })
  .map(
    (spec) =>
      ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec }) as unknown as KubernetesObject,
  );
const role = fc
  .array(fc.record({ verbs: fc.array(word, { maxLength: 2 }), resources: maybe(fc.array(word)) }), {
    maxLength: 3,
  })
  .map(
    (rules) =>
      ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'web' },
        rules,
      }) as unknown as KubernetesObject,
  );
const pairs = fc.oneof(fc.tuple(deployment, deployment), fc.tuple(service, service), fc.tuple(role, role));
const one = fc.oneof(deployment, service, role);

function diff(before: KubernetesObject, after: KubernetesObject) {
  const from = normalise(before);
  const to = normalise(after);
  return compareValues(from.value, to.value, to.type);
}

/** The same object with its maps in another order. */
function turned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

/** The same object without what is null. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

describe('differences of generated objects', () => {
  it('there are none of an object to itself, however its maps are ordered and its absent fields written', () => {
    fc.assert(
      fc.property(one, (object) => {
        expect(diff(object, structuredClone(object))).toEqual([]);
        expect(diff(object, turned(object) as KubernetesObject)).toEqual([]);
        expect(diff(object, withoutNulls(object) as KubernetesObject)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('applied to the base they give the result, and each place is told once', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const from = normalise(before);
        const to = normalise(after);
        const found = compareValues(from.value, to.value, to.type);
        const applied = applyDifferences(from.value, found);
        expect(compareValues(applied, to.value, to.type)).toEqual([]);
        const paths = found.map(({ path }) => formatChangePath(path));
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('there are some one way just where there are some the other way', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        expect(diff(before, after).length > 0).toBe(diff(after, before).length > 0);
      }),
      { numRuns: 400 },
    );
  });

  it('no text of an object can change unseen', () => {
    const places = (value: JsonValue, path: (string | number)[] = []): (string | number)[][] => {
      if (Array.isArray(value)) return value.flatMap((item, index) => places(item, [...path, index]));
      if (typeof value !== 'object' || value === null) return typeof value === 'string' ? [path] : [];
      return Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]));
    };
    const replaced = (value: JsonValue, [step, ...rest]: readonly (string | number)[]): JsonValue => {
      if (step === undefined) return 'never-seen-before';
      if (Array.isArray(value))
        return value.map((item, index) => (index === step ? replaced(item, rest) : item));
      const map = value as { [key: string]: JsonValue };
      return { ...map, [step]: replaced(map[step] ?? null, rest) };
    };
    fc.assert(
      fc.property(one, fc.nat(), (object, choice) => {
        const all = places(object).filter(([first]) => first !== 'apiVersion' && first !== 'kind');
        const place = all[choice % all.length];
        if (place === undefined) return;
        expect(diff(object, replaced(object, place) as KubernetesObject)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('numbers and text are the same just where Kubernetes takes either', () => {
    const probe = (value: JsonValue): KubernetesObject =>
      ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: {
          containers: [{ name: 'a', image: String(value), livenessProbe: { httpGet: { port: value } } }],
        },
      }) as unknown as KubernetesObject;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), (number) => {
        expect(diff(probe(number), probe(String(number)))).toEqual([]);
        const data = (value: JsonValue): KubernetesObject =>
          ({
            apiVersion: 'e.com/v1',
            kind: 'W',
            metadata: { name: 'a' },
            spec: { value },
          }) as KubernetesObject;
        // Of a custom kind nobody knows that.
        expect(diff(data(number), data(String(number)))).toHaveLength(1);
      }),
    );
  });

  it('do not depend on the order of documents', () => {
    const named = fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), one), {
        selector: ([name, { kind }]) => `${String(kind)} ${name}`,
        maxLength: 6,
      })
      .map((list) =>
        list.map(([name, object]) => ({ ...object, metadata: { ...(object.metadata as object), name } })),
      );
    const told = (base: readonly object[], result: readonly object[]): string =>
      JSON.stringify(
        differenceOf(
          target({
            base: {
              status: 'rendered',
              manifests: manifestsFromValues(base as KubernetesObject[], { path: null }),
            },
            result: {
              status: 'rendered',
              manifests: manifestsFromValues(result as KubernetesObject[], { path: null }),
            },
          }),
        ).objects.map(({ action, ref, differences }) => [action, ref, differences]),
      );
    fc.assert(
      fc.property(
        named.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        named.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([base, shuffledBase], [result, shuffledResult]) => {
          expect(told(shuffledBase, shuffledResult)).toBe(told(base, result));
          expect(told(base, shuffledBase)).toBe('[]');
        },
      ),
      { numRuns: 200 },
    );
  });
});
