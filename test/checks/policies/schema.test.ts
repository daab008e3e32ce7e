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

describe('validation rules of custom kinds', () => {
  const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations:
                - {rule: self.min <= self.max, message: min must not be above max}
                - {rule: self.zone == oldSelf.zone, message: the zone cannot be changed}
              properties:
                min: {type: integer, default: 1}
                max: {type: integer, default: 9}
                zone: {type: string, default: a}
`;
  const widget = (spec: string): string =>
    `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, namespace: shop}\nspec:\n  ${spec}\n`;
  const told = async (base: string | null, result: string) => {
    const files = (text: string | null): Record<string, string> =>
      text === null ? { 'crd.yaml': CRD } : { 'crd.yaml': CRD, 'widget.yaml': text };
    const checked = await policiesCheck(
      contextOf({ base: files(base), result: { ...files(result), 'crd.yaml': `${CRD}# touched\n` } }),
    );
    return checked.findings
      .filter(({ ruleId }) => ruleId === 'policies/schema')
      .map(({ message, line, action }) => `${action} ${line}: ${message}`);
  };

  it('are asked where the change brings an object, with its defaults', async () => {
    expect(await told(null, widget('min: 10'))).toEqual([
      'fix 4: spec.max: min must not be above max (Widget shop/a at spec.max)',
    ]);
    expect(await told(null, widget('min: 2'))).toEqual([]);
  });

  it('compare with the base, whose default counts too', async () => {
    expect(await told(widget('zone: a'), widget('zone: b'))).toEqual([
      'fix 5: spec.zone: the zone cannot be changed (Widget shop/a at spec.zone)',
    ]);
    expect(await told(widget('min: 2'), widget('zone: b'))).toHaveLength(1);
    expect(await told(null, widget('zone: b'))).toEqual([]);
  });

  it('are debt where the object broke them before, and new where it does so with another value', async () => {
    expect(await told(widget('min: 10'), `${widget('min: 10')}  zone: a\n`)).toEqual([]);
    expect(await told(widget('min: 10'), `${widget('min: 10')}  max: 8\n`)).toHaveLength(1);
  });

  it('of a shipped definition inform, with its version', async () => {
    const route = (filters: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: gateway}]
  rules:
    - filters: [${filters}]
`;
    const checked = await policiesCheck(
      contextOf({ base: {}, result: { 'route.yaml': route('{type: RequestRedirect}') } }),
    );
    const [finding] = checked.findings.filter(({ ruleId }) => ruleId === 'policies/schema');
    expect(finding?.action).toBe('inform');
    expect(finding?.message).toContain('filter.requestRedirect must be specified');
    expect(finding?.message).toContain('as of Gateway API');
  });
});
