import { describe, expect, it } from '@jest/globals';
import { lintTree, policiesCheck } from '../../../src/checks/policies/index.js';
import type { CheckResult } from '../../../src/contract/index.js';
import { configOf, contextOf, NOW, treeOf } from './support/fakes.js';

const RULE = 'policies/disallow-privileged-containers/privileged';

function pod(options: { image?: string; privileged?: boolean; ignore?: string; name?: string } = {}): string {
  const { image = 'shop/web:1', privileged = true, ignore, name = 'web' } = options;
  const annotations = ignore === undefined ? '' : `\n  annotations: {gitops-gate/ignore: "${ignore}"}`;
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop${annotations}
spec:
  containers:
    - name: web
      image: ${image}
      securityContext: {privileged: ${privileged}}
`;
}

const accepts = 'disallow-privileged-containers until 2026-12-31: drives the disks';

function change(base: string | null, result: string, config = configOf()): Promise<CheckResult> {
  return policiesCheck(
    contextOf({ base: base === null ? {} : { 'a.yaml': base }, result: { 'a.yaml': result }, config }),
  );
}

describe("the configuration's exceptions", () => {
  const exception = { rule: 'policies/*', reason: 'agreed', object: 'Pod/web' };
  const linted = (until: string) =>
    lintTree(treeOf({ 'a.yaml': pod() }), { config: configOf({}, {}, [{ ...exception, until }]), now: NOW });

  it('stop counting on their day, for lint as for the gate', async () => {
    expect((await linted('2026-06-02')).findings).toMatchObject([{ suppressed: { reason: 'agreed' } }]);
    expect((await linted('2026-06-01')).findings).toMatchObject([{ suppressed: null }]);
  });

  it("are left to the gate, which is told what is new of an old thing's", async () => {
    const config = configOf({}, {}, [{ ...exception, until: '2026-12-31' }]);
    const image = await change(pod(), pod({ image: 'evil/miner:1' }), config);
    expect(image.findings).toMatchObject([{ ruleId: RULE, action: 'fix', suppressed: null }]);
    expect([...(image.reopened ?? [])]).toEqual([image.findings[0]?.fingerprint]);
    const fresh = await change(null, pod(), config);
    expect([...(fresh.reopened ?? [])]).toEqual([]);
    const both = await change(pod({ privileged: false }), pod({ image: 'evil/miner:1' }), config);
    expect(both.reopened?.size).toBe(1);
    const later = await change(pod({ privileged: false }), pod(), config);
    expect(later.reopened?.size).toBe(0);
  });
});

describe("an object's own annotation", () => {
  it('accepts a rule from the base on, and asks for an approval where it is new', async () => {
    const kept = await change(pod({ privileged: false, ignore: accepts }), pod({ ignore: accepts }));
    expect(kept.findings).toMatchObject([
      {
        ruleId: RULE,
        suppressed: {
          by: 'gitops-gate/ignore of Pod shop/web',
          reason: 'drives the disks',
          until: '2026-12-31',
        },
      },
    ]);
    const added = await change(pod({ privileged: false }), pod({ ignore: accepts }));
    expect(added.findings).toMatchObject([
      { ruleId: RULE, action: 'fix', suppressed: null },
      { ruleId: 'policies/ignore-annotation', action: 'approve', path: 'a.yaml' },
    ]);
    const onNew = await change(null, pod({ ignore: accepts }));
    expect(onNew.findings.map(({ action }) => action)).toEqual(['fix', 'approve']);
  });

  it.each([
    ['a longer time', accepts.replace('2026', '2027')],
    ['another rule', accepts.replace('privileged-containers', 'host-path')],
    ['every rule', `* until 2026-12-31: all`],
  ])('asks again for %s', async (_name, ignore) => {
    const result = await change(pod({ ignore: accepts }), pod({ ignore }));
    expect(result.findings).toMatchObject([{ ruleId: 'policies/ignore-annotation', action: 'approve' }]);
  });

  it('does not hide another image', async () => {
    const result = await change(pod({ ignore: accepts }), pod({ ignore: accepts, image: 'evil/miner:1' }));
    expect(result.findings).toMatchObject([
      {
        ruleId: RULE,
        action: 'approve',
        suppressed: null,
        help: expect.stringContaining('not this new value'),
      },
    ]);
  });

  it('is told where it has ended, hides nothing, or is not understood', async () => {
    const about = async (ignore: string, privileged: boolean): Promise<unknown> => {
      const content = pod({ ignore, privileged });
      const result = await change(
        content,
        content.replace('namespace: shop', 'namespace: shop\n  labels: {a: b}'),
      );
      return result.findings.map(({ ruleId, action, message }) => [ruleId, action, message.split(': ')[1]]);
    };
    const told = (why: string) => [['policies/exception-unused', 'inform', expect.stringContaining(why)]];
    expect(await about(accepts.replace('2026-12-31', '2026-06-01'), true)).toEqual(
      told('ended on 2026-06-01'),
    );
    expect(await about(accepts, false)).toEqual(told('accepts nothing'));
    expect(await about('whatever I like', false)).toEqual(told('line 1 is not understood'));
    expect(await about(accepts.replace('2026-12-31', '2026-13-31'), false)).toEqual(told('not understood'));
    expect(await about(accepts, true)).toEqual([]);
  });

  it('leaves the debt', async () => {
    const other = pod({ ignore: accepts }).replace('namespace: shop', 'namespace: shop\n  labels: {a: b}');
    expect((await change(pod({ ignore: accepts }), other)).debt).toEqual({ count: 0, delta: 0 });
    expect((await change(pod(), pod().replace('shop', 'shop # x'))).debt).toEqual({ count: 1, delta: 0 });
  });

  it('counts for lint, which has no base', async () => {
    const result = await lintTree(treeOf({ 'a.yaml': pod({ ignore: accepts }) }), {
      config: configOf(),
      now: NOW,
    });
    expect(result.findings).toMatchObject([{ ruleId: RULE, suppressed: { until: '2026-12-31' } }]);
  });
});

describe("Kyverno's exceptions", () => {
  const exception = (metadata: string, rule = 'privileged'): string => `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: disks, namespace: shop${metadata}}
spec:
  exceptions: [{policyName: disallow-privileged-containers, ruleNames: [${rule}]}]
  match: {any: [{resources: {kinds: [Pod], names: [web]}}]}
`;
  const with_ = (content: string) => configOf({ paths: ['p'] }, { 'p/exceptions.yaml': content });

  it('count from the base until their day, and not for another image', async () => {
    const open = await change(null, pod(), with_(exception('')));
    expect(open.findings).toMatchObject([
      { ruleId: RULE, suppressed: { by: 'PolicyException disks', until: null } },
    ]);
    const other = await change(pod(), pod({ image: 'evil/miner:1' }), with_(exception('')));
    expect(other.findings).toMatchObject([{ ruleId: RULE, action: 'approve', suppressed: null }]);
    const unchanged = await change(pod(), pod().replace('shop', 'shop # x'), with_(exception('')));
    expect([unchanged.findings, unchanged.debt.count]).toEqual([[], 0]);
  });

  it.each([
    [', annotations: {gitops-gate/until: "2026-06-02"}', false],
    [', annotations: {gitops-gate/until: "2026-06-01"}', true],
    [', annotations: {gitops-gate/until: never}', true],
    [', labels: {cleanup.kyverno.io/ttl: "2026-06-02"}', false],
    [', labels: {cleanup.kyverno.io/ttl: "2026-05-31"}', true],
    [', labels: {cleanup.kyverno.io/ttl: "2026-05-31T120000Z"}', true],
    [', labels: {cleanup.kyverno.io/ttl: 48h}', false],
  ])('end as they say: %s', async (metadata, ended) => {
    const result = await change(null, pod(), with_(exception(metadata)));
    expect(result.findings[0]).toMatchObject({
      ruleId: RULE,
      suppressed: ended ? null : { reason: expect.anything() },
    });
    expect(result.findings.some(({ ruleId }) => ruleId === 'policies/exception-unused')).toBe(ended);
  });

  it('are told where all that they select meets the policy without them', async () => {
    const meets = pod().replace('privileged: true', 'privileged: false');
    const unused = await change(null, meets, with_(exception('')));
    expect(unused.findings).toMatchObject([
      {
        ruleId: 'policies/exception-unused',
        action: 'inform',
        message: expect.stringContaining('accepts nothing: the object that it selects meets'),
      },
    ]);
    const other = await change(null, meets.replace('name: web', 'name: other'), with_(exception('')));
    expect(other.findings).toEqual([]);
  });

  it('do not count from the change, and are told when they name no rule', async () => {
    const own = await change(null, `${exception('')}---\n${pod()}`);
    expect(own.findings).toContainEqual(
      expect.objectContaining({ ruleId: RULE, action: 'fix', suppressed: null }),
    );
    const stray = await change(null, pod(), with_(exception('', 'priviledged')));
    expect(stray.findings).toContainEqual(
      expect.objectContaining({
        ruleId: 'policies/exception-unused',
        message: expect.stringContaining('disallow-privileged-containers/priviledged'),
      }),
    );
  });
});
