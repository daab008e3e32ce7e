import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type LoadedConfig, loadConfig, type TrustedConfig } from '../../src/config/index.js';
import { GateError, Redactor, type Verdict } from '../../src/contract/index.js';
import { type JudgeInput, judge } from '../../src/gate/index.js';
import { builtinRulesDigest, digestNear } from '../../src/gate/rules-digest.js';
import { MemoryTree, type Tree } from '../../src/git/index.js';
import { changeOf, checkOf, type Files, findingOf, rendering } from './fake-change.js';

const CONFIG = '.gitops-gate/config.yaml';
const EXCEPTIONS = '.gitops-gate/exceptions.yaml';
const now = new Date('2026-06-01T12:00:00Z');

async function judged(
  files: Files,
  after: Parameters<typeof changeOf>[1],
  input: Partial<JudgeInput> = {},
): Promise<Verdict> {
  const change = input.change ?? changeOf(files, after);
  const config = input.config ?? (await loadConfig(change.base.tree));
  return await judge({
    rendered: rendering(),
    now,
    version: '1',
    rules: 'r',
    registry: [],
    clock: () => 0,
    ...input,
    change,
    config,
  });
}

/** What any TrustedConfig has, without the places that a loaded one knows. */
function plain(loaded: LoadedConfig): TrustedConfig {
  const { config, exceptions, source, unconfigured, files, digests } = loaded;
  return {
    config,
    exceptions: exceptions.map(({ line: _, ...rest }) => rest),
    source,
    unconfigured,
    files,
    digests,
  };
}

/** A tree in which one file cannot be read. */
function withHole(tree: Tree, hole: string, error: Error): Tree {
  return {
    oid: tree.oid,
    files: () => tree.files(),
    size: (path) => tree.size(path),
    read: (path, options) => (path === hole ? Promise.reject(error) : tree.read(path, options)),
  };
}

describe('a configuration without places', () => {
  it('names the file alone', async () => {
    const files = {
      [CONFIG]: 'version: 1\n',
      [EXCEPTIONS]:
        'exceptions: [{rule: a, path: gone, reason: r, until: 2026-01-01}, {rule: "policies/*", object: Pod/x, reason: r, until: 2027-01-01}, {rule: b, path: gone2, object: Pod/x, reason: r, until: 2027-01-01}, {rule: c, reason: r, until: 2026-01-01}]\n',
    };
    const config = plain(await loadConfig(new MemoryTree(files)));
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'x' };
    const verdict = await judged(
      files,
      {},
      { config, registry: [checkOf('policies', { findings: [findingOf({ object })] })] },
    );
    expect(verdict.report.checks[1]?.findings[0]?.suppressed?.by).toBe(EXCEPTIONS);
    expect(
      verdict.report.checks[0]?.findings.map(({ ruleId, line, message }) => [ruleId, line, message]).sort(),
    ).toEqual([
      ['gate/exception-expired', null, 'the exception for `a` on `gone` ended on 2026-01-01'],
      ['gate/exception-expired', null, 'the exception for `c` ended on 2026-01-01'],
      ['gate/exception-unused', null, 'the exception for `b` on `gone2` matches no file'],
    ]);
  });
});

describe('a configuration from outside the repository', () => {
  it('protects its own paths nowhere, and the rest of the list here', async () => {
    const outside = await loadConfig(
      new MemoryTree({ [CONFIG]: 'version: 1\nsignatures: {keys: apps}\n', 'apps/a.asc': 'x' }),
    );
    const before = { 'apps/a.asc': 'x' };
    const verdict = await judged(before, { 'apps/a.asc': 'y' }, { config: outside });
    expect(verdict.report.conclusion).toBe('success');
    const own = await judged(
      before,
      { '.gitops-gate/keys/a.asc': 'y', CODEOWNERS: 'x' },
      { config: outside },
    );
    expect(own.report.checks[0]?.findings.map(({ ruleId, path }) => [ruleId, path])).toEqual([
      ['gate/protected-file', '.gitops-gate/keys/a.asc'],
      ['gate/protected-file', 'CODEOWNERS'],
    ]);
    const misnamed = await judged(before, { '.gitops-gate/config.yml': 'x' }, { config: outside });
    expect(misnamed.report.checks[0]?.findings.map(({ ruleId }) => ruleId)).toEqual(['gate/protected-file']);
    const withConfig = await judged(before, { [CONFIG]: 'version: 3\n' }, { config: outside });
    expect(withConfig.report.checks[0]?.findings.map(({ ruleId }) => ruleId)).toEqual([
      'gate/protected-file',
      'gate/config-invalid',
    ]);
  });
});

describe('what cannot be read', () => {
  it('closes when an exception has to be compared with it', async () => {
    const files = {
      [CONFIG]: 'version: 1\n',
      [EXCEPTIONS]: 'exceptions: [{rule: "secrets/*", path: a, reason: r, until: 2027-01-01}]\n',
      a: 'x',
    };
    const change = changeOf(files, {});
    const config = await loadConfig(change.base.tree);
    const secret = checkOf('secrets', {
      findings: [findingOf({ check: 'secrets', ruleId: 'secrets/x', path: 'a' })],
      excerpts: new Map([['f1', { line: 1, text: 'x' }]]),
    });
    for (const [error, reason] of [
      [new GateError('missing-objects', 'fetch more'), 'fetch more'],
      [new Error('boom'), expect.stringMatching(/^internal error/)],
    ] as const) {
      const holed = { ...change, base: { ...change.base, tree: withHole(change.base.tree, 'a', error) } };
      const verdict = await judged({}, {}, { change: holed, config, registry: [secret] });
      expect(verdict.report.checks[1]).toMatchObject({
        conclusion: 'error',
        findings: [],
        notVerified: [{ reason, closes: true }],
      });
    }
  });

  it("closes when it is the head's configuration", async () => {
    const change = changeOf({ [CONFIG]: 'version: 1\n' }, { [CONFIG]: 'version: 1\nbranches: [main]\n' });
    const config = await loadConfig(change.base.tree);
    const result = withHole(change.head.tree, CONFIG, new GateError('missing-objects', 'fetch more'));
    const verdict = await judged({}, {}, { change: { ...change, result }, config });
    expect(verdict.report.checks[0]?.notVerified).toEqual([
      { what: 'the gate check', reason: 'fetch more', closes: true },
    ]);
    expect(verdict.report.conclusion).toBe('error');
  });

  it('closes when nobody knows which targets there are', async () => {
    const rendered = { ...rendering(), targets: () => Promise.reject(new Error('no')) };
    const verdict = await judged({}, { sub: { content: 'x', mode: 'submodule' } }, { rendered });
    expect(verdict.report.conclusion).toBe('error');
  });
});

describe('redaction', () => {
  it('leaves what is absent absent', async () => {
    const redactor = new Redactor();
    redactor.add('some-secret');
    const verdict = await judged(
      { [CONFIG]: 'version: 1\n' },
      {},
      { redactor, registry: [checkOf('policies', { findings: [findingOf({})] })] },
    );
    expect(verdict.report.checks[1]?.findings[0]).toMatchObject({
      path: null,
      object: null,
      suppressed: null,
      message: 'message',
    });
  });
});

describe("a check's own opinion of exceptions", () => {
  const text =
    'exceptions: [{rule: "policies/*", path: a, reason: mine, until: 2026-06-01}, {rule: "policies/*", path: b, reason: mine, until: 2026-06-02}]\n';
  const files = { [CONFIG]: 'version: 1\n', [EXCEPTIONS]: text };
  const suppressed = { by: 'exceptions', reason: 'theirs', until: '2026-06-01' };

  it('does not stand on the day that an exception ends', async () => {
    const findings = [
      findingOf({ path: 'a', suppressed }),
      findingOf({ path: 'b', suppressed, fingerprint: 'f2' }),
    ];
    const verdict = await judged(files, {}, { registry: [checkOf('policies', { findings })] });
    expect(verdict.report.checks[1]?.findings.map((one) => one.suppressed)).toEqual([
      null,
      { by: `${EXCEPTIONS}:1`, reason: 'mine', until: '2026-06-02' },
    ]);
    const none = await judged(
      { [CONFIG]: 'version: 1\n' },
      {},
      { registry: [checkOf('policies', { findings: [findingOf({ suppressed })] })] },
    );
    expect(none.report.checks[1]?.findings[0]?.suppressed).toEqual(suppressed);
  });
});

describe('the digest of the rules', () => {
  it('is that of the rules near by, or of the version where there are none', async () => {
    const digest = await builtinRulesDigest('1');
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digestNear(join(process.cwd(), 'src', 'gate'), '2')).toBe(digest);
    const folder = await mkdtemp(join(tmpdir(), 'gate-rules-'));
    const deep = join(folder, 'a/b/c/d/e');
    const [one, two] = [await digestNear(deep, '1'), await digestNear(deep, '2')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    await rm(folder, { recursive: true });
  });
});
