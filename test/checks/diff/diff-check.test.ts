import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

const run = (...targets: FakeTarget[]) => diffCheck(context(targets.map(target)));
const config = (data: string, name = 'cfg') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;

describe('rendering', () => {
  it('that the change breaks is to be fixed', async () => {
    const { findings, targets } = await run({
      base: config('a: b'),
      result: { status: 'failed', reason: '\nError: accumulating resources\nmore' },
    });
    expect(findings).toMatchObject([
      {
        ruleId: 'diff/render-failed',
        action: 'fix',
        message: 'kustomize/apps can no longer be rendered: Error: accumulating resources',
      },
    ]);
    expect(targets).toMatchObject([{ status: 'failed', changes: [] }]);
  });
  it('that was broken before is not verified where the change touches it, else debt', async () => {
    const failed = { status: 'failed', reason: 'x' } as const;
    const touched = await run({ base: failed, result: failed });
    expect(touched.notVerified).toMatchObject([{ what: 'kustomize/apps', closes: true }]);
    const untouched = await run({ base: failed, result: failed, touched: false });
    expect(untouched).toMatchObject({ notVerified: [], debt: { count: 1 } });
  });
  it('that breaks for many by one cause is one finding', async () => {
    const broken = ['a', 'b'].map(
      (cluster): FakeTarget => ({
        name: `${cluster}:flux/f/apps`,
        cluster,
        path: `clusters/${cluster}`,
        base: config('a: b'),
        result: { status: 'failed', reason: `Error: clusters/${cluster} reads base, which is broken` },
      }),
    );
    const { findings } = await run(...broken);
    expect(findings).toMatchObject([{ clusters: ['a', 'b'], targets: ['a:flux/f/apps', 'b:flux/f/apps'] }]);
    expect(findings[0]?.message).toBe(
      'a:flux/f/apps and 1 more can no longer be rendered: Error: clusters/a reads base, which is broken',
    );
  });
  it('that gives way without a cause closes', async () => {
    const result = await run({
      base: config('a: b'),
      result: { status: 'failed', reason: 'killed' },
      touched: false,
    });
    expect(result.notVerified).toMatchObject([{ closes: true }]);
  });
  it('that nobody can do offline asks for an approval where the change touches it', async () => {
    const unresolved = { status: 'unresolved', reason: 'a plugin' } as const;
    const touched = await run({ base: unresolved, result: unresolved });
    expect(touched.findings).toMatchObject([{ ruleId: 'diff/not-rendered', action: 'approve' }]);
    expect(touched.targets).toMatchObject([{ status: 'unresolved' }]);
    const untouched = await run({ base: unresolved, result: unresolved, touched: false });
    expect(untouched).toMatchObject({ findings: [], debt: { count: 1 } });
    const now = await run({ base: unresolved, result: config('a: b') });
    expect(now).toMatchObject({ findings: [], debt: { delta: -1 }, targets: [{ status: 'changed' }] });
  });
});

describe('secrets', () => {
  const secret = (fields: string, annotations = '') =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: db, annotations: {${annotations}}}\ntype: Opaque\n${fields}\n`;
  const HIDDEN = [
    'correct-horse',
    'battery-staple',
    Buffer.from('correct-horse').toString('base64'),
    Buffer.from('battery-staple').toString('base64'),
  ];
  it('are shown as changed, and registered before anything can be said', async () => {
    const before = secret(
      'stringData: {password: correct-horse}',
      `kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"old":"former-secret"}}'`,
    );
    const after = secret(
      `data: {password: ${Buffer.from('battery-staple').toString('base64')}}`,
      'note: battery-staple',
    );
    const with_ = context([target({ base: before, result: after })]);
    const result = await diffCheck(with_);
    const text = JSON.stringify([result.findings, result.targets, result.summary]);
    for (const value of HIDDEN) expect(text).not.toContain(value);
    expect(result.targets?.[0]?.changes[0]?.fields).toEqual([
      { path: 'metadata.annotations', from: null, to: '(changed)' },
      { path: 'data.password', from: '(changed)', to: '(changed)' },
    ]);
    for (const value of [...HIDDEN, 'former-secret'])
      expect(with_.redactor.redact(`x ${value} y`)).not.toContain(value);
  });
  it.each([
    ['created', config('a: b'), `${config('a: b')}---\n${secret('stringData: {password: battery-staple}')}`],
    [
      'in a misspelt field',
      secret('dataString: {password: correct-horse}'),
      secret('dataString: {password: battery-staple}'),
    ],
    ['in a field of another type', secret('data: [correct-horse]'), secret('data: battery-staple')],
    [
      'in a List',
      `apiVersion: v1\nkind: List\nitems: []\n`,
      `apiVersion: v1\nkind: SecretList\nitems:\n- {metadata: {name: a}, stringData: {p: battery-staple}}\n`,
    ],
  ])('%s', async (_, base, result) => {
    const { targets } = await run({ base, result });
    expect(targets?.[0]?.changes).toHaveLength(1);
    for (const value of HIDDEN) expect(JSON.stringify(targets)).not.toContain(value);
  });
});

describe('objects', () => {
  it('whose generated name changes are one update', async () => {
    const { targets } = await run({
      base: config('a: b', 'cfg-2456789bcd'),
      result: config('a: c', 'cfg-kmt456789b'),
    });
    expect(targets?.[0]?.changes).toMatchObject([
      {
        action: 'update',
        object: { name: 'cfg-kmt456789b' },
        fields: [{ path: 'metadata.name' }, { path: 'data.a', from: 'b', to: 'c' }],
      },
    ]);
  });
  it('that stand twice are both told', async () => {
    const twice = `${config('a: b')}---\n${config('a: evil')}`;
    const { targets } = await run({ base: config('a: b'), result: twice });
    expect(targets?.[0]?.changes).toMatchObject([
      { action: 'create', fields: [{ path: 'data', to: { a: 'evil' } }] },
    ]);
  });
  it('that only run on demand are left out', async () => {
    const hook = 'apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n';
    expect(
      (await run({ kind: 'helm', base: config('a: b'), result: `${config('a: b')}---\n${hook}` })).targets,
    ).toMatchObject([{ status: 'unchanged' }]);
  });
  it('whose marks of tools alone differ are as they were, and what was left out is counted', async () => {
    const marked = (mark: string, data: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {argocd.argoproj.io/instance: ${mark}}, annotations: {checksum/config: ${mark}, example.com/generated-at: "2026-01-01T00:00:0${mark.length}Z"}}\ndata: {${data}}\n`;
    const one = { base: marked('abcdef01', 'a: b'), result: marked('abcdef012', 'a: b') };
    expect((await run(one)).targets).toMatchObject([{ status: 'unchanged' }]);
    expect((await run({ ...one, result: marked('abcdef012', 'a: c') })).summary).toBe(
      "1 target: 1 changed (3 differences of tools' own marks left out)",
    );
  });
  it('are summed up in one line', async () => {
    const { summary } = await run({
      base: config('a: b'),
      result: `${config('a: c')}---\n${config('a: b', 'new')}`,
    });
    expect(summary).toBe('1 target: 1 created, 1 changed');
    expect((await run({ base: config('a: b'), result: config('a: b') })).summary).toBe(
      'the change reaches no object of any target',
    );
  });
  it('that are very large are told by size and digest', async () => {
    const { targets } = await run({ base: config('a: b'), result: config(`a: ${'x'.repeat(30_000)}`) });
    expect(targets?.[0]?.changes[0]?.fields[0]?.to).toMatch(/^\(30000 characters, sha256:[0-9a-f]{64}\)$/);
  });
});

describe('the answer', () => {
  const roles = (cluster: string): FakeTarget => ({
    name: `${cluster}:kustomize/x`,
    cluster,
    file: null,
    base: config('a: b'),
    result: `${config('a: c')}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]\n`,
  });
  it('does not depend on the order of targets', async () => {
    const clusters = ['a', 'b', 'c'].map(roles);
    const forward = await run(...clusters);
    const backward = await run(...[...clusters].reverse());
    expect(backward).toEqual(forward);
    expect(forward.findings).toMatchObject([
      { ruleId: 'diff/rbac-widened', clusters: ['a', 'b', 'c'], severity: 'error' },
    ]);
  });
  it('keeps its fingerprint when lines move, and changes it when the right does', async () => {
    const fingerprints = async (text: (target: FakeTarget) => FakeTarget) =>
      (await run(text(roles('a')))).findings.map(({ fingerprint }) => fingerprint);
    const plain = await fingerprints((one) => one);
    expect(await fingerprints((one) => ({ ...one, result: `# moved\n\n${String(one.result)}` }))).toEqual(
      plain,
    );
    expect(
      await fingerprints((one) => ({
        ...one,
        result: String(one.result).replace('verbs: ["*"]', 'verbs: [get]'),
      })),
    ).not.toEqual(plain);
  });
  it('stops when it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(diffCheck({ ...context([target(roles('a'))]), signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });
});
