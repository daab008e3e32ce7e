import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { evaluatePolicy, PACK_NAMES, requestFor } from '../../../src/checks/policies/index.js';
import { PACK_SOURCES } from '../../../src/checks/policies/packs.generated.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { NOW } from './support/fakes.js';

type Json = { [key: string]: JsonValue };
interface Case {
  pod?: Json;
  annotations?: Json;
  labels?: Json;
  object?: Json;
  /** Other objects of the repository. */
  beside?: Json[];
}
interface PolicyCases {
  policy: string;
  bad: Case[];
  good: Case[];
}

const folder = 'rules/policies';

function objectOf(item: Case): Json {
  if (item.object !== undefined) return item.object;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'a',
      namespace: 'shop',
      annotations: item.annotations ?? {},
      labels: item.labels ?? {},
    },
    spec: item.pod ?? {},
  };
}

/** A Deployment or CronJob that makes the Pod. */
function controllerOf(pod: Json, kind: 'Deployment' | 'CronJob'): Json {
  const template = { metadata: pod.metadata ?? {}, spec: pod.spec ?? {} };
  const spec: Json = kind === 'Deployment' ? { template } : { jobTemplate: { spec: { template } } };
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'batch/v1';
  return { apiVersion, kind, metadata: { name: 'a', namespace: 'shop' }, spec };
}

function statuses(policy: Json, object: Json, beside: Json[] = []): string[] {
  const list = (apiVersion: string, kind: string, namespace: string): Json[] =>
    beside.filter(
      (item) =>
        item.apiVersion === apiVersion &&
        item.kind === kind &&
        (namespace === '' || (item.metadata as Json).namespace === namespace),
    );
  const objects = { get: () => null, list, complete: true };
  return evaluatePolicy(policy, requestFor(object), { now: NOW, objects }).map(({ status }) => status);
}

describe('the generated module', () => {
  it('is what rules/policies says', () => {
    const packs = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
      .sort();
    expect(PACK_NAMES).toEqual(packs.map((name) => name.replace('.yaml', '')));
    for (const [pack, policies] of PACK_SOURCES) {
      const documents = parseAllDocuments(readFileSync(`${folder}/${pack}.yaml`, 'utf8'), { version: '1.1' })
        .map((document) => document.toJS({ maxAliasCount: 1000 }) as Json | null)
        .filter((document) => document !== null);
      expect(policies.map((json) => JSON.parse(json) as Json)).toEqual(documents);
    }
  });
});

describe.each(PACK_SOURCES.map(([pack, policies]) => ({ pack, policies })))(
  'pack $pack',
  ({ pack, policies }) => {
    const cases = parse(readFileSync(`${folder}/${pack}.cases.yaml`, 'utf8')) as PolicyCases[];
    const loaded = policies.map((json) => JSON.parse(json) as Json);
    const nameOf = (policy: Json): string => String((policy.metadata as Json).name);

    it('has cases for every policy', () => {
      expect(cases.map(({ policy }) => policy).sort()).toEqual(loaded.map(nameOf).sort());
    });

    it.each(loaded.map((policy) => ({ name: nameOf(policy), policy })))(
      '$name explains itself',
      ({ policy }) => {
        const annotations = (policy.metadata as Json).annotations as Json;
        for (const key of [
          'policies.kyverno.io/title',
          'policies.kyverno.io/severity',
          'policies.kyverno.io/description',
          'gitops-gate/remedy',
          'gitops-gate/controls',
        ]) {
          expect([key, typeof annotations[key]]).toEqual([key, 'string']);
        }
      },
    );

    it.each(cases)('$policy refuses the bad and lets the good pass', ({ policy: name, bad, good }) => {
      const policy = loaded.find((item) => nameOf(item) === name) ?? {};
      for (const item of bad) {
        const object = objectOf(item);
        expect([statuses(policy, object, item.beside), object]).toEqual([
          expect.arrayContaining(['fail']),
          object,
        ]);
        if (item.pod === undefined) continue;
        for (const kind of ['Deployment', 'CronJob'] as const) {
          const controller = controllerOf(object, kind);
          expect([statuses(policy, controller), controller]).toEqual([
            expect.arrayContaining(['fail']),
            controller,
          ]);
        }
      }
      for (const item of good) {
        const object = objectOf(item);
        for (const status of statuses(policy, object, item.beside))
          expect([status, object]).toEqual([expect.stringMatching(/^(pass|skip)$/), object]);
        if (item.pod === undefined) continue;
        for (const kind of ['Deployment', 'CronJob'] as const) {
          const controller = controllerOf(object, kind);
          for (const status of statuses(policy, controller)) {
            expect([status, controller]).toEqual([expect.stringMatching(/^(pass|skip)$/), controller]);
          }
        }
      }
    });
  },
);
