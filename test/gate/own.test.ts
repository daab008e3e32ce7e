import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/index.js';
import type { CheckReport } from '../../src/contract/index.js';
import { exitCode, judge } from '../../src/gate/index.js';
import type { MemoryFile } from '../../src/git/index.js';
import type { RenderedChange } from '../../src/render/index.js';
import { changeOf, type Files, rendering } from './fake-change.js';

const CONFIG = '.gitops-gate/config.yaml';

async function gateOf(
  before: Files,
  after: Record<string, MemoryFile | null>,
  rendered: RenderedChange = rendering(),
): Promise<CheckReport> {
  const change = changeOf(before, after);
  const verdict = await judge({
    change,
    config: await loadConfig(change.base.tree),
    rendered,
    now: new Date('2026-06-01T12:00:00Z'),
    version: '1.2.3',
    registry: [],
    packs: ['baseline'],
  });
  expect([0, 1, 3]).toContain(exitCode(verdict.report));
  const [gate] = verdict.report.checks;
  if (gate === undefined) throw new Error('no gate check');
  return gate;
}

/** `ruleId path: message` of what asks for something. */
async function asked(before: Files, after: Record<string, MemoryFile | null>): Promise<string[]> {
  const { findings } = await gateOf(before, after);
  return findings.map(({ path, message }) => `${path}: ${message}`);
}

describe('protected files', () => {
  const base: Files = {
    [CONFIG]: `version: 1
signatures: {keys: trust, crls: lists}
secrets: {baseline: scan/baseline.json}
policies: {paths: [rules, one.yaml], schemas: [crds]}
exceptions: conf/exceptions.yaml
`,
    'trust/alice.asc': 'A',
    'lists/ca.crl': 'L',
    'scan/baseline.json': '{}',
    'rules/a.yaml': 'a',
    'one.yaml': '1',
    'crds/x.yaml': 'x',
    'conf/exceptions.yaml': 'exceptions: []\n',
    'apps/a.yaml': 'a',
  };

  it.each<[string, Record<string, MemoryFile | null>, string]>([
    [
      'a key is added',
      { 'trust/mallory.asc': 'M' },
      'trust/mallory.asc: adds to the keys that the gate trusts',
    ],
    [
      'a key is changed',
      { 'trust/alice.asc': 'M' },
      'trust/alice.asc: changes the keys that the gate trusts',
    ],
    [
      'a key is deleted',
      { 'trust/alice.asc': null, 'trust/b.asc': 'B' },
      'trust/alice.asc: deletes from the keys that the gate trusts',
    ],
    [
      'a list of revoked certificates is deleted',
      { 'lists/ca.crl': null, 'lists/other.crl': 'O' },
      'lists/ca.crl: deletes from what the authorities of signers revoked',
    ],
    [
      'the folder of keys becomes a symlink',
      { trust: { content: 'apps', mode: 'symlink' } },
      'trust: adds to the keys that the gate trusts',
    ],
    [
      'a policy is deleted',
      { 'rules/a.yaml': null, 'rules/b.yaml': 'b' },
      'rules/a.yaml: deletes from the policies that the gate enforces',
    ],
    [
      'a policy file is changed',
      { 'one.yaml': '2' },
      'one.yaml: changes the policies that the gate enforces',
    ],
    [
      'a schema is added',
      { 'crds/deep/y.yaml': 'y' },
      'crds/deep/y.yaml: adds to the schemas that the gate judges by',
    ],
    [
      'the baseline is changed',
      { 'scan/baseline.json': '{"results":{}}' },
      'scan/baseline.json: changes what the secrets check lets pass',
    ],
    [
      'an ignore file appears',
      { '.gitleaksignore': 'x' },
      '.gitleaksignore: adds to what the secrets check lets pass',
    ],
    [
      'a gitleaks configuration appears',
      { '.gitleaks.toml': 'x' },
      '.gitleaks.toml: adds to what the secrets check lets pass',
    ],
    [
      'a baseline appears under its usual name',
      { '.secrets.baseline': '{}' },
      '.secrets.baseline: adds to what the secrets check lets pass',
    ],
    [
      'something appears in the folder',
      { '.gitops-gate/anything': 'x' },
      ".gitops-gate/anything: adds to the gate's own files",
    ],
    ['the folder becomes a file', { '.gitops-gate': 'x' }, ".gitops-gate: adds to the gate's own files"],
    [
      'code owners change',
      { '.github/CODEOWNERS': '* @mallory' },
      '.github/CODEOWNERS: adds to who must review what',
    ],
    [
      'settings appear',
      { '.github/settings.yml': 'x' },
      ".github/settings.yml: adds to the repository's protection",
    ],
  ])('%s', async (_name, after, expected) => {
    expect(await asked(base, after)).toContain(expected);
  });

  it('other files are nobody else’s business', async () => {
    const others = {
      'apps/a.yaml': 'b',
      'trusted/a': 'x',
      'rules.yaml': 'x',
      'one.yaml.bak': 'x',
      'apps/CODEOWNERS': 'x',
      'apps/.gitleaksignore': 'x',
      'x/.gitops-gate/config.yaml': 'x',
    };
    expect(await gateOf(base, others)).toMatchObject({
      conclusion: 'success',
      findings: [],
      summary: "none of the gate's own files is changed",
    });
  });

  it('a change that moves a key out, or in, is seen at both ends', async () => {
    const { findings } = await gateOf(base, {
      'trust/alice.asc': null,
      'apps/alice.asc': 'A',
      'trust/b': 'B',
    });
    expect(findings.map(({ path }) => path)).toContain('trust/alice.asc');
    // git tells the same as a rename
    const change = changeOf(base, {});
    const moved = { path: 'apps/alice.asc', mode: 'file' as const, oid: 'o' };
    const files = [
      {
        status: 'renamed' as const,
        path: 'apps/a2',
        oldPath: 'trust/alice.asc',
        before: moved,
        after: moved,
      },
      {
        status: 'renamed' as const,
        path: 'trust/c.asc',
        oldPath: 'apps/a.yaml',
        before: moved,
        after: moved,
      },
    ];
    const verdict = await judge({
      change: { ...change, files: () => Promise.resolve(files) },
      config: await loadConfig(change.base.tree),
      rendered: { ...rendering() },
      now: new Date(),
      version: '1',
      registry: [],
    });
    // the fake's trees do not hold the moved files: what cannot be read closes
    expect(verdict.report.conclusion).toBe('error');
  });

  it('names each setting that a new configuration changes', async () => {
    const text = String(base[CONFIG]).replace(
      'version: 1\n',
      'version: 1\ndiff: {mode: report, sandbox: off}\napprovers: [mallory]\n',
    );
    expect(await asked(base, { [CONFIG]: text })).toEqual([
      `${CONFIG}: changes the gate's configuration: diff.mode "enforce" -> "report"; diff.sandbox "auto" -> "off"; approvers [] -> ["mallory"]`,
    ]);
    expect(await asked(base, { [CONFIG]: `${base[CONFIG]}# a comment\n` })).toEqual([
      `${CONFIG}: changes the gate's configuration (in form only)`,
    ]);
    const gone = await asked(base, { [CONFIG]: null });
    expect(gone[0]).toMatch(
      /^\.gitops-gate\/config\.yaml: deletes from the gate's configuration: signatures\.mode "enforce" -> "report"; .*; and \d more$/,
    );
    const branches = await asked(base, { [CONFIG]: `${base[CONFIG]}branches: [main]\n` });
    expect(branches[0]).toContain('branches unset -> ["main"]');
  });

  it('counts the settings that do not fit in', async () => {
    const config = (keys: string) => ({ [CONFIG]: `version: 1\n${keys}` });
    const six =
      'signatures: {webFlow: merges}\nsecrets: {history: false}\npolicies: {ratchet: false}\ndiff: {sandbox: off}\nbranches: [x]\napprovers: [x]\n';
    expect((await asked(config(''), config(six)))[0]).toMatch(/branches unset -> \["x"\]$/);
    expect((await asked(config(''), config(`${six}repositories: [x]\n`)))[0]).toMatch(/; and 1 more$/);
  });

  it('names each exception that comes and goes', async () => {
    const one = 'exceptions: [{rule: a, path: "apps/**", reason: r, until: 2027-01-01}]\n';
    const two =
      'exceptions: [{rule: a, object: Pod/x, reason: r, until: 2027-01-01}, {rule: b, reason: r, until: 2027-01-01}]\n';
    expect(await asked({ ...base, 'conf/exceptions.yaml': one }, { 'conf/exceptions.yaml': two })).toEqual([
      "conf/exceptions.yaml: changes the gate's exceptions: new: `a` on `Pod/x` until 2027-01-01; new: `b` until 2027-01-01; gone: `a` on `apps/**` until 2027-01-01",
    ]);
  });

  it('gives the command that takes the change back, with the path as one word', async () => {
    const files = { ...base, "trust/it's mine.asc": 'x' };
    const { findings } = await gateOf(files, { "trust/it's mine.asc": 'y', 'trust/new.asc': 'n' });
    expect(findings.map(({ help }) => help.split('not meant: ')[1])).toEqual([
      `git checkout bbbbbbbbbbbb -- 'trust/it'\\''s mine.asc'`,
      'git rm --cached -- trust/new.asc',
    ]);
  });

  it('tells very many files as one, bound to the content of all', async () => {
    const many = (text: string) =>
      Object.fromEntries(
        Array.from({ length: 21 }, (_, index) => [`rules/p${index}.yaml`, `${index}${text}`]),
      );
    const { findings } = await gateOf(base, { ...many(''), 'trust/b.asc': 'b' });
    expect(findings.map(({ message }) => message)).toEqual([
      'adds to the policies that the gate enforces in 21 files, the first of which is `rules/p0.yaml`',
      'adds to the keys that the gate trusts',
    ]);
    const other = await gateOf(base, { ...many(''), 'rules/p20.yaml': 'other' });
    expect(other.findings[0]?.fingerprint).not.toBe(findings[0]?.fingerprint);
    const { 'rules/p20.yaml': _, ...twenty } = many('');
    expect((await gateOf(base, twenty)).findings).toHaveLength(20);
  });

  it('binds the approval to the content: another version is another finding', async () => {
    const id = async (after: Record<string, MemoryFile | null>) =>
      (await gateOf(base, after)).findings[0]?.fingerprint;
    const first = await id({ 'trust/m.asc': 'M' });
    expect(await id({ 'trust/m.asc': 'M' })).toBe(first);
    expect(await id({ 'trust/m.asc': 'N' })).not.toBe(first);
    expect(await id({ 'trust/m.asc': { content: 'M', mode: 'symlink' } })).not.toBe(first);
    expect(await id({ 'trust/n.asc': 'M' })).not.toBe(first);
  });

  it('asks for approval of the first configuration too', async () => {
    expect(await asked({}, { [CONFIG]: 'version: 1\n' })).toEqual([
      `${CONFIG}: adds to the gate's configuration: signatures.mode "report" -> "enforce"; policies.mode "report" -> "enforce"`,
    ]);
  });
});

describe('workflows', () => {
  const gate =
    'on: pull_request_target\njobs:\n  gate:\n    steps:\n      - uses: ./.github/actions/setup\n      - run: npx gitops-gate check\n';
  const base: Files = {
    '.github/workflows/gate.yml': gate,
    '.github/workflows/ci.yml': 'jobs: {}\n',
    '.github/workflows/poster.yml': 'permissions:\n  checks: write\n',
    '.github/actions/setup/action.yml': 'x',
    '.github/workflows/sub': { content: 'x', mode: 'submodule' },
  };

  it.each<[string, Record<string, MemoryFile | null>, string | null]>([
    [
      'the one that runs the gate is changed',
      { '.github/workflows/gate.yml': gate.replace('check', 'check || true') },
      'changes a workflow that runs the gate',
    ],
    [
      'the one that runs the gate is deleted',
      { '.github/workflows/gate.yml': null },
      'deletes from a workflow that runs the gate',
    ],
    [
      'the gate is taken out of it',
      { '.github/workflows/gate.yml': 'jobs: {}\n' },
      'changes a workflow that runs the gate',
    ],
    [
      'an action that it uses is changed',
      { '.github/actions/setup/action.yml': 'y' },
      'changes an action that runs beside the gate',
    ],
    [
      'another begins to name the gate',
      { '.github/workflows/ci.yml': 'name: gitops-gate\n' },
      'changes a workflow that runs the gate',
    ],
    [
      'a new one may post checks',
      { '.github/workflows/new.yaml': 'permissions:\n  checks: write\n' },
      'adds to what a workflow may do: it can now post a check under any name',
    ],
    [
      'one gets the right to post statuses',
      { '.github/workflows/ci.yml': 'permissions: {statuses: "wr\\x69te"}\n' },
      'changes what a workflow may do: it can now post a check under any name',
    ],
    [
      'one gets every right',
      { '.github/workflows/ci.yml': 'permissions: write-all\n' },
      'changes what a workflow may do: it can now post a check under any name',
    ],
    [
      'one that could post already is changed',
      { '.github/workflows/poster.yml': 'permissions:\n  checks: write\n# x\n' },
      null,
    ],
    ['another is changed', { '.github/workflows/ci.yml': 'jobs: {a: b}\n' }, null],
    ['a file that is no workflow is changed', { '.github/workflows/readme.md': 'gitops-gate' }, null],
    ['another action is changed', { '.github/actions/setup2/action.yml': 'y' }, null],
  ])('%s', async (_name, after, expected) => {
    const { findings } = await gateOf(base, after);
    expect(findings.map(({ message }) => message)).toEqual(expected === null ? [] : [expected]);
  });

  it('a job that gets the right counts as its workflow does', async () => {
    const { findings } = await gateOf(base, {
      '.github/workflows/ci.yml': 'jobs: {a: {permissions: {checks: write}}, b: x}\n',
    });
    expect(findings.map(({ message }) => message)).toEqual([
      'changes what a workflow may do: it can now post a check under any name',
    ]);
  });

  it.each<[string, MemoryFile]>([
    ['too large', Buffer.alloc(1024 * 1024 + 1, 32)],
    ['no YAML', 'a: [\n'],
    [
      'a bomb',
      `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`,
    ],
    ['a submodule', { content: 'x', mode: 'submodule' }],
  ])('one that cannot be read (%s) needs an approval', async (_name, content) => {
    const { findings } = await gateOf(base, { '.github/workflows/new.yml': content });
    expect(findings.map(({ message }) => message)).toEqual(['adds to a workflow that the gate cannot read']);
    expect(
      (
        await gateOf(
          { '.github/workflows/new.yml': content },
          { '.github/workflows/new.yml': 'permissions: write-all\n' },
        )
      ).findings,
    ).toHaveLength(1);
  });

  it('one that names the gate counts even when it is broken', async () => {
    const { findings } = await gateOf(
      { '.github/workflows/g.yml': 'gitops-gate: [\n' },
      { '.github/workflows/g.yml': null },
    );
    expect(findings.map(({ message }) => message)).toEqual(['deletes from a workflow that runs the gate']);
  });
});

describe('workflows that move', () => {
  it('the folder that becomes something else is seen', async () => {
    for (const path of ['.github', '.github/workflows']) {
      expect(await asked({}, { [path]: { content: 'apps', mode: 'symlink' } })).toEqual([
        `${path}: adds to where the workflows lie`,
      ]);
    }
  });

  it('one that is moved out of the folder is seen', async () => {
    const text = 'run: gitops-gate check\n';
    const change = changeOf(
      { '.github/workflows/g.yml': text },
      { '.github/workflows/g.yml': null, 'old/g.yml': text },
    );
    const [before] = [...(await change.base.tree.files()).values()];
    const after = (await change.head.tree.files()).get('old/g.yml');
    if (before === undefined || after === undefined) throw new Error('broken test');
    const moved = { status: 'renamed' as const, path: 'old/g.yml', oldPath: before.path, before, after };
    const verdict = await judge({
      change: { ...change, files: () => Promise.resolve([moved]) },
      config: await loadConfig(change.base.tree),
      rendered: rendering(),
      now: new Date(),
      version: '1',
      registry: [],
    });
    expect(verdict.report.checks[0]?.findings).toMatchObject([
      { ruleId: 'gate/protected-file', path: 'old/g.yml', message: 'moves a workflow that runs the gate' },
    ]);
    expect(verdict.report.checks[0]?.findings[0]?.help).toContain('-- .github/workflows/g.yml');
  });
});

describe('the configuration in the head', () => {
  it('is a finding where it is broken, at the place', async () => {
    const { findings, conclusion } = await gateOf(
      { [CONFIG]: 'version: 1\n' },
      { [CONFIG]: 'version: 1\npolicies: {packs: [x]}\n' },
    );
    expect(findings.map(({ ruleId, action, line, column }) => [ruleId, action, line, column])).toEqual([
      ['gate/protected-file', 'approve', null, null],
      ['gate/config-invalid', 'fix', 2, 20],
    ]);
    expect(findings[1]?.message).toBe(
      'the configuration would be broken: `policies.packs[0]` names a pack that does not exist: `x`; there are `baseline`',
    );
    expect(conclusion).toBe('failure');
  });

  it('is broken too by taking away what it names', async () => {
    const { findings } = await gateOf(
      { [CONFIG]: 'version: 1\npolicies: {paths: [rules]}\n', 'rules/a': 'a' },
      { 'rules/a': null },
    );
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['gate/config-invalid', 'gate/protected-file']);
  });

  it('may come under a name that is not read', async () => {
    const { findings } = await gateOf({}, { '.gitops-gate/config.yml': 'version: 1\n' });
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['gate/config-invalid', 'gate/protected-file']);
  });

  it('has at most 20 problems told', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `k${index}: 1\n`).join('');
    const { findings } = await gateOf({}, { [CONFIG]: `version: 1\n${many}` });
    expect(findings.filter(({ ruleId }) => ruleId === 'gate/config-invalid')).toHaveLength(20);
  });
});

describe('invisible characters', () => {
  const only = async (before: Files, after: Record<string, MemoryFile | null>) =>
    (await gateOf(before, after)).findings;

  it.each<[string, string, string]>([
    ['a bidirectional override', 'a: "\u202e\u2066x"\n', 'U+202E, U+2066'],
    ['a zero-width space', 'a:\u200b b\n', 'U+200B'],
    ['a soft hyphen', 'na\u00adme: b\n', 'U+00AD'],
    ['a tag', 'a: b\u{e0041}\n', 'U+E0041'],
    ['a Hangul filler', 'a: \u3164\n', 'U+3164'],
    ['an escape', 'a: \u001b[2K\n', 'U+001B'],
    ['a next line, which YAML 1.1 breaks at', 'a: 1 # \u0085b: 2\n', 'U+0085'],
    ['a line separator', 'a: 1 # \u2028b: 2\n', 'U+2028'],
    ['a joiner in a name', 'pass\u200dword: x\n', 'U+200D'],
    ['a byte order mark inside', 'a: \ufeffb\n', 'U+FEFF'],
    ['an interlinear mark', 'a: \ufff9b\n', 'U+FFF9'],
    ['a delete', 'a: \u007fb\n', 'U+007F'],
  ])('%s is flagged', async (_name, text, names) => {
    const [finding, ...others] = await only({}, { 'a.yaml': `first: 1\n${text}` });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      ruleId: 'gate/invisible-character',
      action: 'approve',
      path: 'a.yaml',
      line: 2,
      message: `characters that nobody sees: ${names} in line 2`,
    });
  });

  it.each<[string, string | Buffer]>([
    ['a byte order mark at the start', '\ufeffa: 1\n'],
    ['tabs, form feeds and CRLF', 'a:\t1\r\n\f\r\n'],
    ['emoji with joiners and selectors', 'a: 👩\u200d💻 ❤\ufe0f\n'],
    ['scripts that need joiners', 'a: می\u200cخواهم\n'],
    ['accents', 'a: e\u0301\n'],
    ['binary files', Buffer.from([0, 1, 2, 3, 0x1b])],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x80, 0x9f, 0xff])],
  ])('%s is not', async (_name, content) => {
    expect(await only({}, { 'a.txt': content })).toEqual([]);
  });

  it('what the base had already is not told again, what is new is', async () => {
    const before = { 'a.txt': 'x\u200by\nz\n' };
    expect(await only(before, { 'a.txt': 'z\nx\u200by\nnew\n' })).toEqual([]);
    const [finding] = await only(before, { 'a.txt': 'x\u200by\nx\u200bz\n' });
    expect(finding).toMatchObject({ line: 2, column: 2 });
    expect(await only(before, { 'a.txt': { content: 'x\u200by\nz\n', mode: 'executable' } })).toEqual([]);
    expect(
      await only({ 'a.txt': Buffer.alloc(20 * 1024 * 1024 + 1, 0x61) }, { 'a.txt': '\u200b' }),
    ).toHaveLength(1);
    expect(await only({ 'a.txt': { content: 'x', mode: 'submodule' } }, { 'a.txt': '\u200b' })).toHaveLength(
      1,
    );
  });

  it('many lines are one finding, bound to what they hold', async () => {
    const text = (extra: string) =>
      Array.from({ length: 12 }, (_, index) => `l${index}\u200b`).join('\n') + extra;
    const [finding, ...others] = await only({}, { 'a.txt': text('') });
    expect(others).toEqual([]);
    expect(finding?.message).toBe(
      'characters that nobody sees: U+200B in lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more lines',
    );
    expect((await only({}, { 'a.txt': text('\u202e') }))[0]?.fingerprint).not.toBe(finding?.fingerprint);
    expect((await only({}, { 'a.txt': `\n${text('')}` }))[0]?.fingerprint).toBe(finding?.fingerprint);
  });

  it('a flood of them is one finding', async () => {
    const [finding, ...others] = await only({}, { 'a.txt': '\u200b\n'.repeat(300_000) });
    expect(others).toEqual([]);
    expect(finding?.message).toMatch(/and 299990 more lines$/);
  });

  it('in a file name, without showing them', async () => {
    const [finding] = await only({}, { 'apps/\u202egnp.yaml': 'a' });
    expect(finding).toMatchObject({
      ruleId: 'gate/invisible-character',
      message: 'the name of apps/\ufffdgnp.yaml holds U+202E',
    });
    expect(await only({ 'apps/\u202egnp.yaml': 'a' }, { 'apps/\u202egnp.yaml': 'b' })).toEqual([]);
    expect(await only({}, { 'caf\udce9.txt': 'b' })).toEqual([]);
  });

  it('a file too large to be read closes', async () => {
    const { notVerified, conclusion } = await gateOf(
      {},
      { 'a.txt': Buffer.alloc(20 * 1024 * 1024 + 1, 0x61) },
    );
    expect(notVerified).toEqual([
      {
        what: 'a.txt',
        reason: 'it has 20971521 bytes, and the gate reads at most 20971520 of a file',
        closes: true,
      },
    ]);
    expect(conclusion).toBe('error');
  });

  it('spells the line out in the excerpt', async () => {
    const change = changeOf({}, { 'a.txt': 'x\u202ey' });
    const verdict = await judge({
      change,
      config: await loadConfig(change.base.tree),
      rendered: rendering(),
      now: new Date(),
      version: '1',
      registry: [],
    });
    expect([...verdict.excerpts.values()]).toEqual([{ line: 1, text: 'x<U+202E>y' }]);
    expect(verdict.report.inputs.rules).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('content that is elsewhere', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
  const told = async (before: Files, after: Record<string, MemoryFile | null>, rendered?: RenderedChange) =>
    (await gateOf(before, after, rendered)).notVerified.map(
      ({ what, reason, closes }) => `${what} ${closes}: ${reason}`,
    );
  const targets = rendering([
    { name: 'apps', path: 'apps' },
    { name: 'x', path: 'vendor/lib/deep' },
  ]);

  it('closes for what a target reads, and is told otherwise', async () => {
    expect(await told({}, { 'apps/a.yaml': pointer, 'media/film.mp4': pointer }, targets)).toEqual([
      'apps/a.yaml true: it is a Git LFS pointer, and what it points to is not in the clone',
      'media/film.mp4 false: it is a Git LFS pointer, and what it points to is not in the clone',
    ]);
    expect(await told({}, { 'reads-apps': pointer }, targets)).toEqual([
      'reads-apps true: it is a Git LFS pointer, and what it points to is not in the clone',
    ]);
    const sub = { content: 'x', mode: 'submodule' as const };
    expect(await told({ 'docs/theme': sub }, { 'vendor/lib': sub, 'docs/theme': null }, targets)).toEqual([
      'docs/theme false: it is a submodule, whose files are not in this repository',
      'vendor/lib true: it is a submodule, whose files are not in this repository',
    ]);
  });

  it('sees what attributes make of a file on checkout', async () => {
    const attributes =
      '*.enc filter=git-crypt\n*.txt working-tree-encoding=UTF-16\n*.id ident\n*.bin filter=lfs\n';
    expect(
      await told(
        { '.gitattributes': attributes },
        { 'apps/a.enc': 'x', 'apps/a.txt': 'x', 'apps/a.id': 'x', 'apps/a.bin': 'x', 'apps/a.yaml': 'x' },
        targets,
      ),
    ).toEqual([
      'apps/a.enc true: .gitattributes has the filter git-crypt make its content on checkout',
      'apps/a.id true: .gitattributes has $Id$ replaced in it on checkout',
      'apps/a.txt true: .gitattributes has it written as UTF-16 on checkout',
    ]);
  });

  it('sees attributes that a change lays on files which it does not touch', async () => {
    const before = {
      'apps/a.yaml': 'a',
      'apps/b.yaml': 'b',
      'docs/c.yaml': 'c',
      'docs/.gitattributes': '*.yaml ident\n',
    };
    expect(await told(before, { '.gitattributes': '*.yaml working-tree-encoding=UTF-7\n' }, targets)).toEqual(
      [
        'apps/a.yaml true: .gitattributes has it written as UTF-7 on checkout',
        'apps/b.yaml true: .gitattributes has it written as UTF-7 on checkout',
        'docs/c.yaml false: .gitattributes has it written as UTF-7 on checkout',
      ],
    );
    expect(
      await told(
        { ...before, '.gitattributes': '*.yaml ident\n' },
        { '.gitattributes': '*.yaml ident\n# x\n' },
        targets,
      ),
    ).toEqual([]);
  });

  it('sees attributes of a folder, among other changes', async () => {
    const before = { 'apps/a.yaml': 'a', 'x.yaml': 'x' };
    const after = { 'apps/.gitattributes': '*.yaml ident\n', 'x.yaml': 'y' };
    expect(await told(before, after, targets)).toEqual([
      'apps/a.yaml true: .gitattributes has $Id$ replaced in it on checkout',
    ]);
  });

  it('knows the longest pointer, and reads the largest file', async () => {
    const longest = pointer.replace('size', `ext-0-x ${'x'.repeat(1024 - pointer.length - 9)}\nsize`);
    expect(longest).toHaveLength(1024);
    expect(await told({}, { 'a.bin': longest })).toHaveLength(1);
    expect(await told({}, { 'a.txt': Buffer.alloc(20 * 1024 * 1024, 0x61) })).toEqual([]);
  });

  it('takes attributes that cannot be read for converting ones', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 0x23);
    expect(
      await told({ 'apps/.gitattributes': large }, { 'apps/a.yaml': 'x', 'b.yaml': 'x' }, targets),
    ).toEqual([
      'apps/a.yaml true: apps/.gitattributes, which may have it converted on checkout, cannot be read',
    ]);
  });
});
