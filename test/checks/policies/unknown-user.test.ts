import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  evaluatePolicy,
  type RuleResult,
  requestFor,
  type UserInfo,
  withExistingViolations,
} from '../../../src/checks/policies/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { NOW } from './support/fakes.js';

const object = (yaml: string): KubernetesObject => parse(yaml) as KubernetesObject;
const POD = object(
  '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, image: "x:1", securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL]}}}]}}',
);
const ALICE: UserInfo = { username: 'alice', groups: ['dev'], roles: [], clusterRoles: [] };

describe.each(['ValidatingPolicy', 'ValidatingAdmissionPolicy'])(
  '%s that asks who applies the object',
  (kind) => {
    const run = (rest: string, user: UserInfo | null): RuleResult[] => {
      const apiVersion =
        kind === 'ValidatingPolicy' ? 'policies.kyverno.io/v1' : 'admissionregistration.k8s.io/v1';
      const policy = object(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: p}, spec: {
      matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, ${rest}}}`);
      return evaluatePolicy(policy, requestFor(POD, { user }), { now: NOW });
    };
    const only =
      "matchConditions: [{name: n, expression: \"request.userInfo.username == 'alice'\"}], validations: [{expression: 'false'}]";

    it('is not verified where nobody is declared, never passed', () => {
      expect(run(only, ALICE)).toMatchObject([{ status: 'fail' }]);
      expect(run(only, { ...ALICE, username: 'bob' })).toEqual([]);
      expect(run(only, null)).toMatchObject([
        { status: 'error', missing: 'who applies the object (policies.request)' },
      ]);
      for (const asked of [
        "'dev' in request.userInfo.groups",
        'has(request.userInfo.extra)',
        "request.userInfo.?uid.orValue('') == ''",
      ])
        expect(run(`validations: [{expression: "${asked}"}]`, null)).toMatchObject([{ status: 'error' }]);
    });

    it('is judged where the answer does not depend on it', () => {
      const either = (other: string): string =>
        `validations: [{expression: "request.userInfo.username == 'alice' || ${other}"}]`;
      expect(run(either("object.metadata.name == 'a'"), null)).toMatchObject([{ status: 'pass' }]);
      expect(run(either("object.metadata.name == 'b'"), null)).toMatchObject([{ status: 'error' }]);
      expect(run(`failurePolicy: Ignore, ${only}`, null)).toMatchObject([{ status: 'error' }]);
    });
  },
);

describe('violations that were there before, as tests of Kyverno have them', () => {
  const policy = (rest: string, block = 'pattern: {metadata: {labels: {app: "?*"}}}'): KubernetesObject =>
    object(
      `{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: p}, spec: {rules: [{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {${rest} message: m, ${block}}}]}}`,
    );
  const labelled = { ...POD, metadata: { name: 'a', namespace: 'shop', labels: { app: 'web' } } };
  const status = (of: KubernetesObject, old: KubernetesObject): string | undefined =>
    withExistingViolations(of, requestFor(POD, { operation: 'UPDATE', oldObject: old }), (request) =>
      evaluatePolicy(of, request, { now: NOW }),
    )[0]?.status;

  it('are skipped by rules that are enforced', () => {
    expect(status(policy('failureAction: Enforce,'), POD)).toBe('skip');
    expect(status(policy('failureAction: Enforce,'), labelled)).toBe('fail');
    expect(status(policy('failureAction: Audit,'), POD)).toBe('fail');
    const forAlice = structuredClone(policy('failureAction: Enforce,'));
    const rules = (forAlice.spec as { rules: { match: { any: { subjects?: unknown }[] } }[] }).rules;
    for (const filter of rules[0]?.match.any ?? []) filter.subjects = [{ kind: 'User', name: 'alice' }];
    expect(status(forAlice, POD)).toBe('fail');
    expect(status(policy('failureAction: Enforce, allowExistingViolations: false,'), POD)).toBe('fail');
    expect(
      status(policy('failureAction: Enforce,', 'cel: {expressions: [{expression: "false"}]}'), POD),
    ).toBe('fail');
  });
});
