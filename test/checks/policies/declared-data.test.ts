import { describe, expect, it } from '@jest/globals';
import { lintTree } from '../../../src/checks/policies/index.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { configOf, NOW, treeOf } from './support/fakes.js';

const POLICY = `apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: no-root}
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  variables:
    - {name: user, expression: "image.GetMetadata(object.spec.containers[0].image).config.config.User"}
  validations:
    - {expression: "variables.user != 'root'", message: runs as root}
`;
const POD = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}
spec: {containers: [{name: a, image: "ghcr.io/acme/web:1"}]}
`;

describe('policies.data.imageData', () => {
  const judge = async (imageData: { [reference: string]: JsonValue }) => {
    const config = configOf(
      { packs: [], paths: ['policies/'], data: { imageData } },
      { 'policies/a.yaml': POLICY },
    );
    const { findings, notVerified } = await lintTree(treeOf({ 'a.yaml': POD }), { config, now: NOW });
    return [...findings.map(({ ruleId }) => ruleId), ...notVerified.map(({ reason }) => reason)];
  };
  const image = (user: string) => ({ config: { config: { User: user } } });

  it('is what a registry would say of an image', async () => {
    expect(await judge({ 'ghcr.io/acme/web:1': image('1000') })).toEqual([]);
    expect(await judge({ 'ghcr.io/acme/web:1': image('root') })).toEqual([
      expect.stringContaining('policies/no-root'),
    ]);
  });

  it('is missing for every other image', async () => {
    const missing = [expect.stringContaining("the registry's data of ghcr.io/acme/web:1")];
    expect(await judge({})).toEqual(missing);
    expect(await judge({ 'ghcr.io/acme/web:2': image('1000') })).toEqual(missing);
  });
});
