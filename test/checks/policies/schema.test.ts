import { describe, expect, it } from '@jest/globals';
import { policiesCheck } from '../../../src/checks/policies/index.js';
import { configOf, contextOf } from './support/fakes.js';

const release = (spec: string, name = 'web') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: shop
spec:
${spec}
`;
const GOOD = '  interval: 5m\n  chartRef: {kind: OCIRepository, name: web}';
const judge = async (
  result: Record<string, string>,
  base: Record<string, string> = {},
  schemas: string[] = [],
) => {
  const config = configOf({ packs: [], schemas }, base);
  const { findings, notVerified } = await policiesCheck(
    contextOf({ base, result: { ...base, ...result }, config }),
  );
  return {
    findings: findings.map(({ ruleId, action, line, help }) => ({ ruleId, action, line, help })),
    notVerified,
  };
};

describe('well-known custom kinds', () => {
  it('have nothing against what fits', async () => {
    expect(await judge({ 'a.yaml': release(GOOD) })).toMatchObject({
      findings: [],
      notVerified: [],
    });
  });

  it('close on a slip of the pen and on a wrong type', async () => {
    expect(await judge({ 'a.yaml': release(`${GOOD}\n  intervall: 5m`) })).toMatchObject({
      findings: [{ ruleId: 'policies/schema', action: 'fix', line: 9 }],
    });
    expect(await judge({ 'a.yaml': release(`${GOOD}\n  suspend: "yes"`) })).toMatchObject({
      findings: [{ ruleId: 'policies/schema', action: 'fix', line: 9 }],
    });
  });

  it('only tell of what another version might have', async () => {
    expect(await judge({ 'a.yaml': release(`${GOOD}\n  ofTheFuture: true`) })).toMatchObject({
      findings: [
        {
          ruleId: 'policies/schema',
          action: 'inform',
          line: 9,
          help: expect.stringContaining('policies.schemas'),
        },
      ],
    });
  });

  it('close on the definition of the repository', async () => {
    const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: helmreleases.helm.toolkit.fluxcd.io}
spec:
  group: helm.toolkit.fluxcd.io
  scope: Namespaced
  names: {kind: HelmRelease, plural: helmreleases}
  versions:
  - name: v2
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {interval: {type: string}}}}}}
`;
    expect(
      await judge({ 'a.yaml': release('  ofTheFuture: true') }, { 'crds/a.yaml': crd }, ['crds/']),
    ).toMatchObject({
      findings: [{ ruleId: 'policies/schema', action: 'fix', line: 7 }],
    });
  });

  it('of a version that is not shipped are told once, as kinds without a schema', async () => {
    const future = (name: string) => release('  a: b', name).replace('/v2', '/v9');
    const { findings, notVerified } = await judge({
      'a.yaml': future('a'),
      'b.yaml': future('b'),
    });
    expect(findings).toEqual([]);
    expect(notVerified).toMatchObject([{ what: 'helm.toolkit.fluxcd.io/v9 HelmRelease', closes: false }]);
  });
});
