import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { evaluatePolicy, type RuleStatus, requestFor } from '../../../src/checks/policies/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { NOW } from './support/fakes.js';

const object = (yaml: string): KubernetesObject => parse(yaml) as KubernetesObject;
const POD = object(
  '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, image: "x:1"}]}}',
);
const policy = (kind: string, rest: string): KubernetesObject =>
  object(`{apiVersion: policies.kyverno.io/v1, kind: ${kind}, metadata: {name: p, namespace: shop}, spec: {
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, ${rest}}}`);
const exception = (kind: string, rest = ''): KubernetesObject =>
  object(
    `{apiVersion: policies.kyverno.io/v1, kind: PolicyException, metadata: {name: e}, spec: {policyRefs: [{name: p, kind: ${kind}}] ${rest}}}`,
  );
const statuses = (of: KubernetesObject, exceptions: KubernetesObject[]): RuleStatus[] =>
  evaluatePolicy(of, requestFor(POD), { now: NOW, exceptions }).map(({ status }) => status);

const KINDS: [kind: string, rest: string, without: RuleStatus][] = [
  ['ValidatingPolicy', 'validations: [{expression: "false"}]', 'fail'],
  ['NamespacedValidatingPolicy', 'validations: [{expression: "false"}]', 'fail'],
  ['ImageValidatingPolicy', 'validations: []', 'fail'],
  ['NamespacedImageValidatingPolicy', 'validations: []', 'fail'],
  [
    'MutatingPolicy',
    "mutations: [{patchType: JSONPatch, jsonPatch: {expression: \"[JSONPatch{op: 'add', path: '/spec/hostname', value: 'x'}]\"}}]",
    'pass',
  ],
  [
    'NamespacedMutatingPolicy',
    "mutations: [{patchType: JSONPatch, jsonPatch: {expression: \"[JSONPatch{op: 'add', path: '/spec/hostname', value: 'x'}]\"}}]",
    'pass',
  ],
];

describe.each(KINDS)("exceptions of Kyverno's CEL policies: %s", (kind, rest, without) => {
  it('let pass what they name, where their conditions hold', () => {
    const own = policy(kind, rest);
    expect(statuses(own, [])).toEqual([without]);
    expect(statuses(own, [exception(kind)])).toEqual(['skip']);
    expect(statuses(own, [exception('GeneratingPolicy')])).toEqual([without]);
    const only = (expression: string): KubernetesObject =>
      exception(kind, `, matchConditions: [{name: n, expression: "${expression}"}]`);
    expect(statuses(own, [only("object.metadata.name == 'b'")])).toEqual([without]);
    expect(statuses(own, [only('1 / 0 == 1')])).toEqual(['error']);
  });
});

it('what an exception allows is seen by expressions and by variables', () => {
  const own = policy(
    'ValidatingPolicy',
    "variables: [{name: allowed, expression: exceptions.allowedImages}], validations: [{expression: \"'x:1' in variables.allowed && 'v' in exceptions.allowedValues\"}]",
  );
  expect(statuses(own, [])).toEqual(['fail']);
  expect(statuses(own, [exception('ValidatingPolicy', ', images: ["x:1"], allowedValues: [v]')])).toEqual([
    'pass',
  ]);
});

it('a policy of a namespace means that namespace alone', () => {
  const other = policy('NamespacedValidatingPolicy', 'validations: [{expression: "false"}]');
  const elsewhere = { ...other, metadata: { name: 'p', namespace: 'b' } };
  expect(statuses(elsewhere, [])).toEqual([]);
});
