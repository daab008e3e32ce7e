import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/index.js';
import {
  type CheckResult,
  emptyResult,
  GateError,
  Redactor,
  type Verdict,
} from '../../src/contract/index.js';
import {
  applyApprovals,
  comparable,
  exitCode,
  type JudgeInput,
  judge,
  overall,
} from '../../src/gate/index.js';
import type { ErrorRecord } from '../../src/gate/run-check.js';
import { changeOf, checkOf, type Files, findingOf, rendering } from './fake-change.js';

const CONFIG = '.gitops-gate/config.yaml';
const EXCEPTIONS = '.gitops-gate/exceptions.yaml';
const enforcing: Files = { [CONFIG]: 'version: 1\napprovers: [octocat]\n' };
const now = new Date('2026-06-01T12:00:00Z');

async function verdictOf(
  registry: JudgeInput['registry'],
  options: Partial<JudgeInput> & { files?: Files; after?: Parameters<typeof changeOf>[1] } = {},
): Promise<Verdict> {
  const { files = enforcing, after = { 'apps/a.yaml': 'a: 1\n' }, ...rest } = options;
  const change = rest.change ?? changeOf(files, after);
  return await judge({
    change,
    config: rest.config ?? (await loadConfig(change.base.tree)),
    rendered: rendering(),
    now,
    version: '1.2.3',
    rules: 'sha256:rules',
    clock: () => 0,
    registry,
    ...rest,
  });
}

function check(verdict: Verdict, name: string) {
  return verdict.report.checks.find((one) => one.name === name);
}

describe('judge', () => {
  it('opens for a change that nothing is wrong with', async () => {
    const verdict = await verdictOf([
      checkOf('signatures', { summary: '3 commits, all signed by alice' }),
      checkOf('secrets', {}),
    ]);
    expect(verdict.report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'gitops-gate', version: '1.2.3' },
      base: 'b'.repeat(40),
      mergeBase: 'c'.repeat(40),
      head: 'a'.repeat(40),
      conclusion: 'success',
      inputs: { rules: 'sha256:rules', now: '2026-06-01T12:00:00.000Z', sandbox: 'none' },
    });
    expect(Object.keys(verdict.report.inputs.tools)).toEqual(['helm', 'kustomize']);
    expect(
      verdict.report.checks.map(({ name, mode, conclusion, summary }) => [name, mode, conclusion, summary]),
    ).toEqual([
      ['gate', 'enforce', 'success', "none of the gate's own files is changed"],
      ['signatures', 'enforce', 'success', '3 commits, all signed by alice'],
      ['secrets', 'enforce', 'success', 'nothing found'],
    ]);
    expect([verdict.approvers, verdict.unconfigured]).toEqual([['octocat'], false]);
    expect(exitCode(verdict.report)).toBe(0);
  });

  it('closes for what is to fix, to approve or not verified, and says how many', async () => {
    const verdict = await verdictOf([
      checkOf('secrets', {
        findings: [
          findingOf({ check: 'secrets', fingerprint: 'a' }),
          findingOf({ fingerprint: 'b', action: 'approve' }),
          findingOf({ fingerprint: 'c', message: 'another secret' }),
          // what says the same with the same way out is one thing to do, in however many places
          findingOf({ fingerprint: 'd', message: 'another secret', path: 'elsewhere.yaml' }),
        ],
      }),
      checkOf('diff', { findings: [findingOf({ action: 'approve' })] }),
      checkOf('policies', {
        notVerified: [
          { what: 'x', reason: 'y', closes: true },
          { what: 'z', reason: 'y', closes: false },
        ],
        debt: { count: 3, delta: -1 },
      }),
      checkOf('signatures', {
        findings: [findingOf({ action: 'inform' })],
        summary: 'a key expires soon\nreally',
      }),
    ]);
    expect(verdict.report.checks.map(({ name, conclusion, summary }) => [name, conclusion, summary])).toEqual(
      [
        ['gate', 'success', "none of the gate's own files is changed"],
        ['signatures', 'success', 'a key expires soon\ufffdreally'],
        ['secrets', 'failure', '2 to fix, 1 to approve'],
        ['policies', 'error', '1 not verified'],
        ['diff', 'failure', '1 to approve'],
      ],
    );
    expect(check(verdict, 'policies')?.debt).toEqual({ count: 3, delta: -1 });
    expect(verdict.report.conclusion).toBe('failure');
    expect(exitCode(verdict.report)).toBe(1);
  });

  it('is an error when something could not be verified and nothing else closes', async () => {
    const verdict = await verdictOf([
      checkOf('policies', { notVerified: [{ what: 'x', reason: 'y', closes: true }] }),
    ]);
    expect(verdict.report.conclusion).toBe('error');
    expect(exitCode(verdict.report)).toBe(3);
    expect(overall([{ conclusion: 'error' }, { conclusion: 'failure' }])).toBe('failure');
    expect(overall([])).toBe('success');
  });

  it('shows in report mode what it would refuse, and closes nothing', async () => {
    const files = { [CONFIG]: 'version: 1\npolicies: {mode: report}\ndiff: {mode: report}\n' };
    const verdict = await verdictOf(
      [
        checkOf('policies', {
          findings: [findingOf({}), findingOf({ action: 'approve', fingerprint: 'f2' })],
          notVerified: [{ what: 'x', reason: 'y', closes: true }],
        }),
        checkOf('diff', { summary: 'no change to any cluster' }),
      ],
      { files },
    );
    const policies = check(verdict, 'policies');
    expect(policies).toMatchObject({
      mode: 'report',
      conclusion: 'success',
      summary: 'would refuse: 1 to fix, 1 to approve, 1 not verified',
    });
    expect(policies?.findings.map(({ action, severity }) => [action, severity])).toEqual([
      ['inform', 'error'],
      ['inform', 'warning'],
    ]);
    expect(policies?.notVerified).toEqual([{ what: 'x', reason: 'y', closes: false }]);
    expect(check(verdict, 'diff')?.summary).toBe('no change to any cluster');
    expect([verdict.report.conclusion, exitCode(verdict.report), exitCode(verdict.report, 'any')]).toEqual([
      'success',
      0,
      1,
    ]);
  });

  it('says how to enforce where there is no configuration', async () => {
    const verdict = await verdictOf(
      [
        checkOf('policies', { findings: [findingOf({})] }),
        checkOf('secrets', { findings: [findingOf({ check: 'secrets' })] }),
      ],
      { files: {} },
    );
    expect(verdict.unconfigured).toBe(true);
    expect(check(verdict, 'policies')?.summary).toBe(
      'would refuse: 1 to fix (to enforce it: policies.mode: enforce in .gitops-gate/config.yaml)',
    );
    expect(check(verdict, 'secrets')?.conclusion).toBe('failure');
  });

  it('leaves out checks that are off or not asked for, never its own', async () => {
    const registry = [
      checkOf('signatures', {}),
      checkOf('secrets', {}),
      checkOf('policies', {}),
      checkOf('diff', {}),
    ];
    const off = await verdictOf(registry, { files: { [CONFIG]: 'version: 1\nsecrets: {mode: off}\n' } });
    expect(off.report.checks.map(({ name }) => name)).toEqual(['gate', 'signatures', 'policies', 'diff']);
    const only = await verdictOf(registry, { only: ['diff', 'secrets'] });
    expect(only.report.checks.map(({ name }) => name)).toEqual(['gate', 'secrets', 'diff']);
    const none = await verdictOf(registry, { only: [] });
    expect(none.report.checks.map(({ name }) => name)).toEqual(['gate']);
    const all = await verdictOf(registry, { only: null });
    expect(all.report.checks).toHaveLength(5);
  });

  it('runs the checks side by side, and tells of each', async () => {
    const events: string[] = [];
    let release: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      release = resolve;
    });
    await verdictOf(
      [
        checkOf('signatures', async () => {
          await second;
          return emptyResult('signatures');
        }),
        checkOf('secrets', async () => {
          release();
          return emptyResult('secrets');
        }),
      ],
      { progress: (name, state) => events.push(`${name} ${state}`) },
    );
    expect(events.filter((event) => event.endsWith('started'))).toEqual([
      'gate started',
      'signatures started',
      'secrets started',
    ]);
    expect(events.filter((event) => event.endsWith('done')).sort()).toEqual([
      'gate done',
      'secrets done',
      'signatures done',
    ]);
  });

  it('measures each check', async () => {
    let time = 0;
    const verdict = await verdictOf([checkOf('secrets', {})], { clock: () => (time += 10.4) });
    expect(
      verdict.report.checks.every(({ durationMs }) => Number.isInteger(durationMs) && durationMs > 0),
    ).toBe(true);
    expect(verdict.elapsedMs).toBeGreaterThan(0);
    expect(comparable(verdict.report).checks.map(({ durationMs }) => durationMs)).toEqual([0, 0]);
  });

  it('hands signatures and targets on', async () => {
    const verdict = await verdictOf([
      checkOf('signatures', {
        signatures: [{ sha: 's', verdict: 'valid', type: 'ssh', signer: 'alice', fingerprint: null }],
      }),
      checkOf('diff', {
        targets: [{ name: 't', kind: 'kustomize', cluster: null, status: 'unchanged', changes: [] }],
      }),
    ]);
    expect(verdict.report.signatures.commits).toHaveLength(1);
    expect(verdict.report.diff.targets).toHaveLength(1);
  });
});

describe('checks on their own', () => {
  const fine = checkOf('secrets', { summary: 'fine' });

  it('an error closes its check, gets an id and goes to the log without secrets; the others report', async () => {
    const log: ErrorRecord[] = [];
    const redactor = new Redactor();
    redactor.add('hunter2-hunter2');
    const failing = checkOf('diff', () => Promise.reject(new TypeError('boom at hunter2-hunter2')));
    const verdict = await verdictOf([failing, fine], { log: (record) => log.push(record), redactor });
    expect(check(verdict, 'secrets')?.summary).toBe('fine');
    const diff = check(verdict, 'diff');
    expect(diff).toMatchObject({ conclusion: 'error', summary: '1 not verified' });
    expect(diff?.notVerified).toEqual([
      {
        what: 'the diff check',
        reason: expect.stringMatching(/^internal error [0-9a-f]{12}; /),
        closes: true,
      },
    ]);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ check: 'diff', stack: expect.stringContaining('boom at [redacted]') });
    expect(diff?.notVerified[0]?.reason).toContain(log[0]?.id);
    const again = await verdictOf([failing, fine], { redactor });
    expect(check(again, 'diff')).toEqual(diff);
  });

  it('the log is free of secrets that another check finds only later', async () => {
    const log: ErrorRecord[] = [];
    const failing = checkOf('diff', () => Promise.reject(new Error('read hunter2-hunter2')));
    const late = {
      ...checkOf('secrets', {}),
      load: () =>
        Promise.resolve(async ({ redactor }: { redactor: Redactor }) => {
          for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
          redactor.add('hunter2-hunter2');
          return emptyResult('secrets');
        }),
    };
    await verdictOf([failing, late], { log: (record) => log.push(record) });
    expect(log.map(({ stack }) => stack.split('\n')[0])).toEqual(['Error: read [redacted]']);
  });

  it.each<[string, unknown]>([
    ['a thrown string', 'x'],
    ['a thrown undefined', undefined],
    ['an error without a stack', Object.assign(new Error('m'), { stack: undefined })],
    ['an internal GateError', new GateError('internal', 'm')],
  ])('%s closes too', async (_name, error) => {
    const verdict = await verdictOf([checkOf('diff', () => Promise.reject(error))]);
    expect(check(verdict, 'diff')?.notVerified[0]?.reason).toMatch(/^internal error/);
  });

  it('what throws at once, cannot be loaded or gives no result closes', async () => {
    const throwing = checkOf('diff', () => {
      throw new Error('at once');
    });
    const missing = { ...checkOf('policies', {}), load: () => Promise.reject(new Error('no module')) };
    const nothing = checkOf('secrets', () => Promise.resolve(undefined as unknown as CheckResult));
    const verdict = await verdictOf([throwing, missing, nothing]);
    expect(verdict.report.checks.map(({ conclusion }) => conclusion)).toEqual([
      'success',
      'error',
      'error',
      'error',
    ]);
  });

  it("a GateError's message is for people", async () => {
    const verdict = await verdictOf([
      checkOf('diff', () => Promise.reject(new GateError('tool-missing', 'no helm; apt install helm'))),
    ]);
    expect(check(verdict, 'diff')?.notVerified).toEqual([
      { what: 'the diff check', reason: 'no helm; apt install helm', closes: true },
    ]);
  });

  it('a check that never answers is given up, one that heeds the signal may still report', async () => {
    const deaf = checkOf('diff', () => new Promise<CheckResult>(() => undefined));
    const heeding = {
      ...checkOf('secrets', {}),
      load: () =>
        Promise.resolve(
          ({ signal }: { signal: AbortSignal }) =>
            new Promise<CheckResult>((resolve) => {
              signal.addEventListener('abort', () =>
                resolve({
                  ...emptyResult('secrets'),
                  notVerified: [{ what: '3 files', reason: 'out of time', closes: true }],
                }),
              );
            }),
        ),
    };
    const aborting = {
      ...checkOf('policies', {}),
      load: () =>
        Promise.resolve(
          ({ signal }: { signal: AbortSignal }) =>
            new Promise<CheckResult>((_, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')));
            }),
        ),
    };
    const verdict = await verdictOf([deaf, heeding, aborting], { deadlineMs: 1, graceMs: 1 });
    expect(check(verdict, 'diff')?.notVerified[0]?.reason).toBe('no answer within 0 s');
    expect(check(verdict, 'policies')?.notVerified[0]?.reason).toBe('no answer within 0 s');
    expect(check(verdict, 'secrets')?.notVerified[0]?.what).toBe('3 files');
    expect(verdict.report.conclusion).toBe('error');
  });

  it('an interrupted run is never open', async () => {
    const deaf = checkOf('diff', () => new Promise<CheckResult>(() => undefined));
    const verdict = await verdictOf([deaf], { signal: AbortSignal.abort(), graceMs: 1 });
    expect(check(verdict, 'diff')?.notVerified[0]?.reason).toBe('the run was interrupted');
  });

  it('a result under another name counts for the check that gave it', async () => {
    const verdict = await verdictOf([checkOf('diff', { name: 'secrets' })]);
    expect(verdict.report.checks.map(({ name }) => name)).toEqual(['gate', 'diff']);
  });

  it('without a merge result, what needs it is not verified and the others still judge', async () => {
    const change = changeOf(enforcing, { 'a.yaml': 'a' }, { unmergeable: 'a.yaml is in conflict' });
    const verdict = await verdictOf([fine, checkOf('diff', {}, true)], { change });
    expect(check(verdict, 'gate')?.notVerified).toEqual([
      { what: 'the merge', reason: 'a.yaml is in conflict', closes: true },
    ]);
    expect(check(verdict, 'diff')?.notVerified[0]?.reason).toBe(
      'there is no merge result: a.yaml is in conflict',
    );
    expect(check(verdict, 'secrets')?.summary).toBe('fine');
    expect([verdict.report.result, verdict.report.conclusion, exitCode(verdict.report)]).toEqual([
      null,
      'error',
      3,
    ]);
    const unknown = await verdictOf([checkOf('diff', {}, true)], {
      change: { ...change, unmergeable: null },
    });
    expect(check(unknown, 'diff')?.notVerified[0]?.reason).toBe('there is no merge result: it is not known');
    expect(check(unknown, 'gate')?.notVerified[0]?.reason).toBe('the result of merging is not known');
  });
});

describe('findings', () => {
  it('a guess never closes', async () => {
    const verdict = await verdictOf([
      checkOf('secrets', {
        findings: [
          findingOf({ confidence: 'guess' }),
          findingOf({ confidence: 'guess', action: 'approve', fingerprint: 'f2' }),
          findingOf({ confidence: 'guess', action: 'inform', fingerprint: 'f3', severity: 'error' }),
        ],
      }),
    ]);
    expect(check(verdict, 'secrets')?.findings.map(({ action, severity }) => [action, severity])).toEqual([
      ['inform', 'warning'],
      ['inform', 'warning'],
      ['inform', 'error'],
    ]);
    expect(verdict.report.conclusion).toBe('success');
  });

  it('one fingerprint is one finding: the strictest, with all that it reaches', async () => {
    const verdict = await verdictOf([
      checkOf('diff', {
        findings: [
          findingOf({ action: 'inform', targets: ['b'], clusters: ['prod'], path: 'a', new: false }),
          findingOf({
            action: 'fix',
            targets: ['a'],
            path: 'b',
            suppressed: { by: 'x', reason: 'y', until: null },
          }),
          findingOf({ action: 'approve', targets: ['b', 'c'], path: 'c' }),
          findingOf({ fingerprint: 'other', path: 'a', line: 3 }),
        ],
      }),
    ]);
    const findings = check(verdict, 'diff')?.findings;
    expect(
      findings?.map(({ fingerprint, action, path, targets, clusters }) => [
        fingerprint,
        action,
        path,
        targets,
        clusters,
      ]),
    ).toEqual([
      ['other', 'fix', 'a', [], []],
      ['f1', 'fix', 'b', ['a', 'b', 'c'], ['prod']],
    ]);
    expect(findings?.[1]).toMatchObject({ new: true, suppressed: null });
  });

  it('takes no approval from a check', async () => {
    const verdict = await verdictOf([
      checkOf('diff', { findings: [findingOf({ action: 'approve', approvedBy: 'mallory' })] }),
    ]);
    expect(check(verdict, 'diff')).toMatchObject({ conclusion: 'failure', findings: [{ approvedBy: null }] });
  });

  it('an approval opens what may be approved, by its fingerprint, and never what must be fixed', async () => {
    const registry = [
      checkOf('diff', {
        findings: [findingOf({ action: 'approve' }), findingOf({ action: 'approve', fingerprint: 'f2' })],
      }),
      checkOf('secrets', { findings: [findingOf({ check: 'secrets', fingerprint: 's' })] }),
    ];
    const approvals = new Map([
      ['f1', 'octocat'],
      ['s', 'octocat'],
      ['unknown', 'octocat'],
    ]);
    const some = await verdictOf(registry, { approvals });
    expect(check(some, 'diff')).toMatchObject({ conclusion: 'failure', summary: '1 to approve, 1 approved' });
    expect(check(some, 'diff')?.findings.map(({ approvedBy }) => approvedBy)).toEqual(['octocat', null]);
    expect(check(some, 'secrets')).toMatchObject({ conclusion: 'failure', findings: [{ approvedBy: null }] });
    const all = await verdictOf(registry.slice(0, 1), {
      approvals: new Map([...approvals, ['f2', 'hubot']]),
    });
    expect(check(all, 'diff')).toMatchObject({ conclusion: 'success', summary: '2 approved' });
    expect(exitCode(all.report)).toBe(0);
  });

  it('gives the same bytes whether approvals come before or after', async () => {
    const action = fc.constantFrom('fix' as const, 'approve' as const, 'inform' as const);
    const made = fc.record({
      action,
      id: fc.integer({ min: 0, max: 5 }),
      suppressed: fc.boolean(),
      guess: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 5 })),
        fc.constantFrom('enforce', 'report'),
        async (list, approved, mode) => {
          const findings = list.map(({ action, id, suppressed, guess }) =>
            findingOf({
              action,
              fingerprint: `${id}`,
              confidence: guess ? 'guess' : 'certain',
              suppressed: suppressed ? { by: 'b', reason: 'r', until: null } : null,
            }),
          );
          const approvals = new Map(approved.map((id) => [`${id}`, 'octocat']));
          const files = { [CONFIG]: `version: 1\ndiff: {mode: ${mode}}\n` };
          const registry = [checkOf('diff', { findings, summary: 'own words' })];
          const before = await verdictOf(registry, { files, approvals });
          const after = applyApprovals(await verdictOf(registry, { files }), approvals);
          expect(JSON.stringify(after.report)).toBe(JSON.stringify(before.report));
          const taken = applyApprovals(after, new Map());
          expect(JSON.stringify(taken.report)).toBe(
            JSON.stringify((await verdictOf(registry, { files })).report),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('exceptions', () => {
  const excepting = (text: string): Files => ({ ...enforcing, [EXCEPTIONS]: `exceptions:\n${text}` });
  const one = '  - {rule: "policies/no-*", path: "apps/**", reason: known, until: 2026-12-31}\n';

  it('hide what they name, and say by what, why and until when', async () => {
    const registry = [
      checkOf('policies', {
        findings: [
          findingOf({ path: 'apps/a.yaml' }),
          findingOf({ path: 'infra/a.yaml', fingerprint: 'f2' }),
        ],
      }),
    ];
    const verdict = await verdictOf(registry, { files: excepting(one) });
    expect(check(verdict, 'policies')?.findings.map(({ suppressed }) => suppressed)).toEqual([
      { by: `${EXCEPTIONS}:2`, reason: 'known', until: '2026-12-31' },
      null,
    ]);
    expect(check(verdict, 'policies')?.summary).toBe('1 to fix, 1 suppressed');
    const only = await verdictOf(
      [checkOf('policies', { findings: [findingOf({ path: 'apps/a.yaml' })], summary: 'ok' })],
      { files: excepting(one) },
    );
    expect(check(only, 'policies')).toMatchObject({ conclusion: 'success', summary: 'ok, 1 suppressed' });
    expect([exitCode(only.report), exitCode(only.report, 'any')]).toEqual([0, 0]);
  });

  it('of several clusters end with the first of them', async () => {
    const text =
      '  - {rule: "*", cluster: prod, reason: a, until: 2026-12-31}\n  - {rule: "*", cluster: dev, reason: b, until: 2026-07-31}\n';
    const files = {
      ...excepting(text),
      [CONFIG]: 'version: 1\ndiff: {clusters: [{name: prod}, {name: dev}]}\n',
    };
    const verdict = await verdictOf(
      [checkOf('policies', { findings: [findingOf({ clusters: ['prod', 'dev'] })] })],
      { files },
    );
    expect(check(verdict, 'policies')?.findings[0]?.suppressed).toEqual({
      by: `${EXCEPTIONS}:2`,
      reason: 'a',
      until: '2026-07-31',
    });
  });

  it('end on their day, and that is told', async () => {
    const registry = [checkOf('policies', { findings: [findingOf({ path: 'apps/a.yaml' })] })];
    const verdict = await verdictOf(registry, {
      files: excepting(one),
      now: new Date('2026-12-31T00:00:00Z'),
    });
    expect(check(verdict, 'policies')?.conclusion).toBe('failure');
    expect(check(verdict, 'gate')).toMatchObject({
      conclusion: 'success',
      findings: [
        {
          ruleId: 'gate/exception-expired',
          action: 'inform',
          path: EXCEPTIONS,
          line: 2,
          message: 'the exception for `policies/no-*` on `apps/**` ended on 2026-12-31',
        },
      ],
    });
  });

  it('that match no file are told', async () => {
    const text =
      '  - {rule: "policies/x", path: "gone/**", reason: r, until: 2026-12-31}\n  - {rule: "policies/y", reason: r, until: 2026-12-31}\n';
    const verdict = await verdictOf([], { files: excepting(text) });
    expect(check(verdict, 'gate')?.findings.map(({ ruleId, line }) => [ruleId, line])).toEqual([
      ['gate/exception-unused', 2],
    ]);
  });

  it('are those of the base: the one that the change brings hides nothing and asks for approval', async () => {
    const registry = [checkOf('policies', { findings: [findingOf({ path: 'apps/a.yaml' })] })];
    const verdict = await verdictOf(registry, { after: { [EXCEPTIONS]: `exceptions:\n${one}` } });
    expect(check(verdict, 'policies')).toMatchObject({
      conclusion: 'failure',
      findings: [{ suppressed: null, action: 'fix' }],
    });
    expect(check(verdict, 'gate')).toMatchObject({
      conclusion: 'failure',
      findings: [
        {
          ruleId: 'gate/protected-file',
          action: 'approve',
          message: "adds to the gate's exceptions: new: `policies/no-*` on `apps/**` until 2026-12-31",
        },
      ],
    });
  });

  it('do not hide a value, image or command that is new: they allow that it be approved', async () => {
    const reopened = new Set(['f1']);
    const registry = [
      checkOf('policies', {
        findings: [findingOf({ path: 'apps/a.yaml' }), findingOf({ path: 'apps/b.yaml', fingerprint: 'f2' })],
        reopened,
      }),
    ];
    const verdict = await verdictOf(registry, { files: excepting(one) });
    const [first, second] = check(verdict, 'policies')?.findings ?? [];
    expect(first).toMatchObject({ action: 'approve', severity: 'warning', suppressed: null });
    expect(first?.help).toContain(
      `the exception at ${EXCEPTIONS}:2 covers this rule here, but not this new value`,
    );
    expect(second?.suppressed).not.toBeNull();
    const approve = [
      checkOf('policies', { findings: [findingOf({ path: 'apps/a.yaml', action: 'approve' })], reopened }),
    ];
    expect(check(await verdictOf(approve, { files: excepting(one) }), 'policies')?.findings[0]).toMatchObject(
      { action: 'approve', help: 'help' },
    );
  });

  it('of secrets hide only lines that the base has', async () => {
    const text = '  - {rule: "secrets/*", path: "docs/**", reason: example, until: 2026-12-31}\n';
    const secret = (fields: Parameters<typeof findingOf>[0]) =>
      findingOf({ check: 'secrets', ruleId: 'secrets/aws', path: 'docs/a.md', line: 2, ...fields });
    const files = {
      ...excepting(text),
      'docs/a.md': 'title\n  key: OLD-VALUE\n',
      'docs/sub': { content: 'x', mode: 'submodule' as const },
      'docs/large': Buffer.alloc(20 * 1024 * 1024 + 1, 10),
    };
    const excerpts = new Map([
      ['old', { line: 2, text: 'key: OLD-VALUE' }],
      ['new', { line: 3, text: 'key: NEW-VALUE' }],
      ['blank', { line: 3, text: '  ' }],
      ['elsewhere', { line: 2, text: 'key: OLD-VALUE' }],
      ['sub', { line: 1, text: 'x' }],
      ['large', { line: 1, text: 'x' }],
    ]);
    const verdict = await verdictOf(
      [
        checkOf('secrets', {
          findings: [
            secret({ fingerprint: 'old' }),
            secret({ fingerprint: 'new' }),
            secret({ fingerprint: 'blank' }),
            secret({ fingerprint: 'bare' }),
            secret({ fingerprint: 'elsewhere', path: 'docs/b.md' }),
            secret({ fingerprint: 'sub', path: 'docs/sub' }),
            secret({ fingerprint: 'large', path: 'docs/large' }),
            secret({ fingerprint: 'debt', new: false }),
          ],
          excerpts,
        }),
      ],
      { files },
    );
    const hidden = check(verdict, 'secrets')?.findings.filter(({ suppressed }) => suppressed !== null);
    expect(hidden?.map(({ fingerprint }) => fingerprint).sort()).toEqual(['debt', 'old']);
    expect(check(verdict, 'secrets')?.findings.filter(({ action }) => action === 'approve')).toHaveLength(6);
    const nowhere = await verdictOf([checkOf('secrets', { findings: [secret({ path: null })] })], {
      files: excepting('  - {rule: "secrets/aws", reason: r, until: 2026-12-31}\n'),
    });
    expect(check(nowhere, 'secrets')?.findings[0]?.action).toBe('approve');
  });

  it("leave a check's own suppression as it is, and never touch the gate's own findings", async () => {
    const files = excepting('  - {rule: "*", path: "**", reason: all, until: 2026-12-31}\n');
    const suppressed = { by: 'inline', reason: 'r', until: null };
    const verdict = await verdictOf(
      [checkOf('policies', { findings: [findingOf({ path: 'a', suppressed })] })],
      { files, after: { [CONFIG]: 'version: 1\n' } },
    );
    expect(check(verdict, 'policies')?.findings[0]?.suppressed).toEqual(suppressed);
    expect(check(verdict, 'gate')).toMatchObject({ conclusion: 'failure', findings: [{ suppressed: null }] });
  });
});

describe('a broken configuration in the base', () => {
  const broken = { [CONFIG]: 'version: 1\nsecrets: {mode: enforc}\n' };
  const judged = async (
    after: Parameters<typeof changeOf>[1],
    files: Files = broken,
    approvals = new Map<string, string>(),
  ) => {
    const change = changeOf(files, after);
    const config = await loadConfig(change.base.tree).catch((error: unknown) => error as GateError);
    return await verdictOf([checkOf('secrets', {}), checkOf('policies', { findings: [findingOf({})] })], {
      change,
      config,
      approvals,
    });
  };

  it('closes the gate with its error, while the checks still report by the defaults', async () => {
    const verdict = await judged({ 'a.yaml': 'a' });
    expect(check(verdict, 'gate')).toMatchObject({
      conclusion: 'failure',
      findings: [{ ruleId: 'gate/config-broken', action: 'fix', path: CONFIG, line: 2, column: 17 }],
    });
    expect(check(verdict, 'gate')?.findings[0]?.message).toContain('did you mean `enforce`?');
    expect([check(verdict, 'secrets')?.mode, check(verdict, 'policies')?.mode]).toEqual([
      'enforce',
      'report',
    ]);
    expect([verdict.unconfigured, exitCode(verdict.report), exitCode(verdict.report, 'fix')]).toEqual([
      false,
      2,
      2,
    ]);
  });

  it('can be mended, with an approval', async () => {
    const verdict = await judged({ [CONFIG]: 'version: 1\n' });
    const findings = check(verdict, 'gate')?.findings ?? [];
    expect(findings.map(({ ruleId, action }) => [ruleId, action])).toEqual([
      ['gate/protected-file', 'approve'],
      ['gate/config-broken', 'approve'],
    ]);
    expect(exitCode(verdict.report)).toBe(1);
    const approved = await judged(
      { [CONFIG]: 'version: 1\n' },
      broken,
      new Map(findings.map(({ fingerprint }) => [fingerprint, 'octocat'])),
    );
    expect([approved.report.conclusion, exitCode(approved.report)]).toEqual(['success', 0]);
    const other = await judged(
      { [CONFIG]: 'version: 1\n# x\n' },
      broken,
      new Map(findings.map(({ fingerprint }) => [fingerprint, 'octocat'])),
    );
    expect(other.report.conclusion).toBe('failure');
  });

  it('is not mended by another broken one', async () => {
    const verdict = await judged({ [CONFIG]: 'version: 3\n' });
    expect(check(verdict, 'gate')?.findings.map(({ ruleId, action }) => [ruleId, action])).toEqual([
      ['gate/protected-file', 'approve'],
      ['gate/config-broken', 'fix'],
    ]);
  });

  it('may be a pack that does not exist, whoever loaded the configuration', async () => {
    const files = { [CONFIG]: 'version: 1\npolicies: {packs: [baseline, nope]}\n' };
    const verdict = await verdictOf([], { files });
    expect(check(verdict, 'gate')?.findings[0]).toMatchObject({
      ruleId: 'gate/config-broken',
      action: 'fix',
    });
    expect(check(verdict, 'gate')?.findings[0]?.message).toContain(
      'policies.packs names `nope`; there are `',
    );
    expect(exitCode(verdict.report)).toBe(2);
    const off = await verdictOf([], {
      files: { [CONFIG]: 'version: 1\npolicies: {mode: off, packs: [nope]}\n' },
    });
    expect(off.report.conclusion).toBe('success');
    const known = await verdictOf([], { files, packs: ['baseline', 'nope'] });
    expect(known.report.conclusion).toBe('success');
  });

  it('may be an error without a list of problems', async () => {
    const change = changeOf(broken, {});
    const plain = await verdictOf([], { change, config: new GateError('config', 'too large') });
    expect(check(plain, 'gate')?.findings[0]).toMatchObject({ path: CONFIG, line: null });
    const placed = await verdictOf([], {
      change,
      config: new GateError('config', 'too large', { place: { path: 'x', line: 1, column: 2 } }),
    });
    expect(check(placed, 'gate')?.findings[0]).toMatchObject({ path: 'x', line: 1, column: 2 });
  });
});

describe('redaction at the exit', () => {
  const secret = 'S3cr3t-T0ken-0123456789';

  it('takes secrets out of every free text and leaves ids, keys and words alone', async () => {
    const redactor = new Redactor();
    const registry = [
      {
        ...checkOf('diff', {}),
        load: () =>
          Promise.resolve(async ({ redactor: given }: { redactor: Redactor }) => {
            given.add(secret);
            given.add('failure');
            given.add('fingerprint-1');
            const result = emptyResult('diff');
            result.summary = `saw ${secret}`;
            result.findings.push(
              findingOf({
                check: 'diff',
                ruleId: 'diff/failure',
                fingerprint: 'fingerprint-1',
                message: `m ${secret}`,
                help: `h ${Buffer.from(secret).toString('base64')}`,
                path: `p/${secret}`,
                targets: [`t-${secret}`],
                clusters: ['failure'],
                object: { apiVersion: 'v1', kind: 'Secret', namespace: secret, name: 'failure' },
                suppressed: { by: 'b', reason: `r ${secret}`, until: null },
                suggestion: { path: 'p', line: 1, removed: [`a: ${secret}`], added: ['a: b'] },
              }),
            );
            result.notVerified.push({ what: `w ${secret}`, reason: `r ${secret}`, closes: false });
            result.excerpts.set('fingerprint-1', { line: 1, text: `x ${secret}` });
            result.targets = [
              {
                name: `t-${secret}`,
                kind: 'kustomize',
                cluster: null,
                status: 'changed',
                changes: [
                  {
                    action: 'update',
                    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: `c-${secret}` },
                    fields: [{ path: `data.${secret}`, from: { [secret]: [secret, 1, null] }, to: secret }],
                    impacts: ['diff/failure'],
                    source: null,
                  },
                ],
              },
            ];
            return result;
          }),
      },
    ];
    const verdict = await verdictOf(registry, { redactor });
    const text = JSON.stringify([verdict.report, [...verdict.excerpts]]);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
    const diff = check(verdict, 'diff');
    // a masked line is none to put into a file
    expect(diff?.findings[0]?.suggestion).toBeNull();
    expect(diff?.findings[0]).toMatchObject({
      ruleId: 'diff/failure',
      fingerprint: 'fingerprint-1',
      clusters: ['failure'],
      object: { name: 'failure' },
    });
    expect(verdict.excerpts.get('fingerprint-1')).toEqual({ line: 1, text: 'x [redacted]' });
    expect(verdict.report.diff.targets[0]?.changes[0]).toMatchObject({
      impacts: ['diff/failure'],
      source: null,
      fields: [
        { path: 'data.[redacted]', from: { '[redacted]': ['[redacted]', 1, null] }, to: '[redacted]' },
      ],
    });
  });

  it('drops excerpts that belong to no finding', async () => {
    const verdict = await verdictOf([
      checkOf('secrets', {
        findings: [findingOf({})],
        excerpts: new Map([
          ['x', { line: 1, text: 'x' }],
          ['f1', { line: 1, text: 'y' }],
        ]),
      }),
    ]);
    expect([...verdict.excerpts.keys()]).toEqual(['f1']);
  });
});

describe('exitCode', () => {
  it('counts by what it is asked to fail on', async () => {
    const fix = await verdictOf([checkOf('diff', { findings: [findingOf({})] })]);
    const approve = await verdictOf([
      checkOf('diff', {
        findings: [findingOf({ action: 'approve' })],
        notVerified: [{ what: 'x', reason: 'y', closes: true }],
      }),
    ]);
    const inform = await verdictOf([checkOf('diff', { findings: [findingOf({ action: 'inform' })] })]);
    const codes = (verdict: Verdict) =>
      (['fix', 'approve', 'any'] as const).map((on) => exitCode(verdict.report, on));
    expect([codes(fix), codes(approve), codes(inform)]).toEqual([
      [1, 1, 1],
      [3, 1, 1],
      [0, 0, 1],
    ]);
  });
});
