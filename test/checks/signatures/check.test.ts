import { describe, expect, it } from '@jest/globals';
import { describeRules, signaturesCheck } from '../../../src/checks/signatures/index.js';
import { GateError } from '../../../src/contract/index.js';
import { type MemoryFile, MemoryTree } from '../../../src/git/index.js';
import type { Target } from '../../../src/render/index.js';
import { FakeChange, renderedAs } from './support/change.js';
import { contextOf } from './support/context.js';
import { commitOf, makeCommit, payloadOf, withHeader } from './support/objects.js';
import { sshKey } from './support/ssh.js';

const BASE = 'b'.repeat(40);
const alice = sshKey();
const bob = sshKey();
const bot = sshKey();
const stranger = sshKey();
const signers = [
  { name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] },
  { name: 'bob', emails: ['bob@example.com', '*@Bob.example.com'], keys: [bob.fingerprint] },
];

/** One commit on the base, with what it changes. */
async function oneCommit(
  key: typeof alice | null,
  before: Record<string, MemoryFile>,
  after: Record<string, MemoryFile>,
  parts: Parameters<typeof makeCommit>[0] = {},
) {
  const change = new FakeChange(new MemoryTree(before));
  const tree = new MemoryTree(after);
  change.add(await makeCommit({ parents: [BASE], tree: tree.oid, ...parts }, key?.sign ?? null), tree);
  return change;
}

const target = (name: string, cluster: string | null): Target => ({
  name,
  kind: 'kustomize',
  path: name,
  cluster,
});

describe('signaturesCheck', () => {
  it('opens for commits of signers and says who', async () => {
    const change = await oneCommit(alice, {}, { a: '1' });
    const result = await signaturesCheck(contextOf(change, { signers }));
    expect(result).toMatchObject({ name: 'signatures', findings: [], notVerified: [] });
    expect(result.summary).toBe('1 commit, all signed by alice');
    expect(result.signatures).toEqual([
      {
        sha: change.commits[0]?.sha,
        verdict: 'valid',
        type: 'ssh',
        signer: 'alice',
        fingerprint: alice.fingerprint,
      },
    ]);
  });

  it('tells each commit that is not valid with its subject and the command that mends it', async () => {
    const change = new FakeChange();
    const message = `evil \u202e"subject" ${'x'.repeat(100)}\n\nbody`;
    change.add(await makeCommit({ message, parents: [BASE] }, null));
    change.add(await makeCommit({ parents: [BASE] }, stranger.sign));
    const result = await signaturesCheck(contextOf(change, { signers }));
    expect(result.summary).toBe('2 of 2 commits refused: 1 unsigned, 1 unknown key');
    const [unsigned, unknown] = result.findings;
    expect(unsigned).toMatchObject({
      ruleId: 'signatures/unsigned',
      action: 'fix',
      severity: 'error',
      help: `git rebase --exec 'git commit --amend --no-edit -S' ${BASE} && git push --force-with-lease`,
      commit: change.commits[0]?.sha,
    });
    expect(unsigned?.message).toContain('evil \\u{202e}"subject" xxx');
    expect(unsigned?.message).toContain('…"');
    expect(unknown).toMatchObject({ ruleId: 'signatures/unknown-key' });
    expect(unknown?.help).toContain(`add "${stranger.fingerprint}" to a signer's keys`);
  });

  it('says in one line how many are signed where nobody has configured a key', async () => {
    for (const [signatures, unconfigured] of [
      [{ mode: 'report' }, false],
      [{}, true],
    ] as const) {
      const change = await oneCommit(alice, {}, {});
      change.add(await makeCommit({ parents: [BASE] }, null));
      const result = await signaturesCheck(contextOf(change, signatures, {}, { unconfigured }));
      expect(result.findings).toHaveLength(1);
      expect(result.findings[0]).toMatchObject({ ruleId: 'signatures/coverage', action: 'inform' });
      expect(result.summary).toBe('1 of 2 commits are signed; no key is configured to verify them');
    }
    const one = await signaturesCheck(contextOf(await oneCommit(alice, {}, {}), { mode: 'report' }));
    expect(one.summary).toBe('1 of 1 commits is signed; no key is configured to verify them');
    const none = await signaturesCheck(contextOf(new FakeChange(), { mode: 'report' }));
    expect(none).toMatchObject({ findings: [], summary: 'no commits' });
  });

  it('judges every commit in report mode once there are keys, and always when it enforces', async () => {
    const change = await oneCommit(null, {}, {});
    const report = await signaturesCheck(contextOf(change, { mode: 'report', signers }));
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['signatures/unsigned']);
    const enforce = await signaturesCheck(contextOf(change, {}));
    expect(enforce.findings.map(({ ruleId }) => ruleId)).toEqual(['signatures/unsigned']);
    const empty = await signaturesCheck(contextOf(new FakeChange(), {}));
    expect(empty).toMatchObject({ findings: [], summary: 'no commits' });
  });

  it('closes on what the keyring could not read', async () => {
    const change = await oneCommit(alice, {}, {});
    const result = await signaturesCheck(contextOf(change, { signers }, { 'x.asc': 'nothing' }));
    expect(result.notVerified).toEqual([
      { what: '.gitops-gate/keys/x.asc', reason: expect.stringContaining('not OpenPGP keys'), closes: true },
    ]);
  });

  it('says how far it came when it is ended', async () => {
    const change = await oneCommit(alice, {}, {});
    const result = await signaturesCheck(contextOf(change, { signers }, {}, { signal: AbortSignal.abort() }));
    expect(result.notVerified).toEqual([
      { what: '1 of 1 commits', reason: expect.stringContaining('ended'), closes: true },
    ]);
    expect(result.summary).toBe('0 of 1 commit could be judged');
  });

  it('closes when what a commit changes cannot be read, and lets bugs through as errors', async () => {
    const scoped = { signers, scopes: [{ paths: ['**'], signers: ['alice'] }] };
    const change = await oneCommit(alice, {}, { a: '1' });
    change.filesOfCommit = () => Promise.reject(new GateError('missing-objects', 'a tree is missing'));
    const result = await signaturesCheck(contextOf(change, scoped));
    expect(result.notVerified).toEqual([
      {
        what: expect.stringMatching(/^what commit .{10} changes$/),
        reason: 'a tree is missing',
        closes: true,
      },
    ]);
    change.filesOfCommit = () => Promise.reject(new Error('a bug'));
    await expect(signaturesCheck(contextOf(change, scoped))).rejects.toThrow('a bug');
  });

  it('binds the committer to the signer, and tells an author who is another', async () => {
    const forged = await oneCommit(alice, {}, {}, { committer: 'bob@example.com' });
    const result = await signaturesCheck(contextOf(forged, { signers }));
    expect(result.findings[0]).toMatchObject({ ruleId: 'signatures/identity-mismatch' });
    expect(result.findings[0]?.message).toContain(
      "the key is alice's, but the committer is <bob@example.com>",
    );
    const taken = await oneCommit(
      alice,
      {},
      {},
      { author: 'carol@example.com', committer: 'alice@example.com' },
    );
    const told = await signaturesCheck(contextOf(taken, { signers }));
    expect(told.findings).toHaveLength(1);
    expect(told.findings[0]).toMatchObject({ ruleId: 'signatures/author-differs', action: 'inform' });
    taken.add(
      await makeCommit(
        { author: 'carol@example.com', committer: 'alice@example.com', parents: [BASE], message: 'two' },
        alice.sign,
      ),
    );
    const both = await signaturesCheck(contextOf(taken, { signers }));
    expect(both.findings.map(({ message }) => message)).toEqual([
      '2 commits by <carol@example.com> were committed and signed by <alice@example.com>',
    ]);
  });

  it('takes an e-mail by its pattern, whatever its case', async () => {
    const change = await oneCommit(bob, {}, {}, { committer: 'Any.One@bob.EXAMPLE.com' });
    expect((await signaturesCheck(contextOf(change, { signers }))).findings).toEqual([]);
  });

  it('tells a key that ends within 30 days once', async () => {
    const line = (day: string) => ({
      allowed_signers: `alice@example.com valid-before="${day}" ${alice.line}\n`,
    });
    const change = await oneCommit(alice, {}, {});
    change.add(await makeCommit({ parents: [BASE], message: 'again' }, alice.sign));
    const soon = await signaturesCheck(contextOf(change, { signers }, line('20261215')));
    expect(soon.findings).toHaveLength(1);
    expect(soon.findings[0]).toMatchObject({ ruleId: 'signatures/expiring-key', action: 'inform' });
    expect(soon.findings[0]?.message).toBe(`the key ${alice.fingerprint} of alice expires on 2026-12-15`);
    expect((await signaturesCheck(contextOf(change, { signers }, line('20270115')))).findings).toEqual([]);
  });

  it('has each rule described, and each verdict among them', () => {
    const rules = describeRules();
    const verdicts =
      'unsigned unknown-key bad-signature malformed multiple-signatures weak-algorithm expired-key revoked-key expired-signature future-dated not-signing-key identity-mismatch not-entitled unsupported-type not-verifiable-offline';
    const others = 'author-differs expiring-key cluster-verification coverage';
    expect(rules.map(({ ruleId }) => ruleId)).toEqual(
      `${verdicts} ${others}`.split(' ').map((name) => `signatures/${name}`),
    );
    const sentence = expect.stringMatching(/^\w.{10,}/);
    for (const rule of rules) expect(rule).toMatchObject({ title: sentence, why: sentence, fix: sentence });
  });
});

describe('whose key it is', () => {
  const open = async (signatures: object, keys: Record<string, string>, key = alice, email?: string) => {
    const change = await oneCommit(key, {}, {}, email === undefined ? {} : { committer: email });
    const { findings, signatures: rows } = await signaturesCheck(contextOf(change, signatures, keys));
    return { verdict: rows?.[0]?.verdict, signer: rows?.[0]?.signer, message: findings[0]?.message };
  };
  const allowed = { allowed_signers: `alice@example.com ${alice.line}\nbob@example.com ${bob.line}\n` };

  it('is the principal of allowed_signers where no signers are configured', async () => {
    expect(await open({}, allowed)).toMatchObject({ verdict: 'valid', signer: 'alice@example.com' });
    expect(await open({}, allowed, bob)).toMatchObject({ verdict: 'identity_mismatch', signer: null });
  });

  it('is a signer by allowed_signers though the signer lists other keys', async () => {
    const listed = [{ name: 'alice', emails: ['alice@example.com'], keys: [bot.fingerprint] }];
    expect(await open({ signers: listed }, allowed)).toMatchObject({ verdict: 'valid', signer: 'alice' });
    expect(await open({ signers: listed }, allowed, bob, 'bob@example.com')).toMatchObject({
      verdict: 'unknown_key',
    });
    expect(await open({ signers: listed }, allowed, bob)).toMatchObject({
      verdict: 'identity_mismatch',
      signer: null,
    });
  });

  it('may be shared by two signers: the committer says which', async () => {
    const shared = signers.map((signer) => ({ ...signer, keys: [alice.fingerprint] }));
    expect(await open({ signers: shared }, {})).toMatchObject({ signer: 'alice' });
    expect(await open({ signers: shared }, {}, alice, 'bob@example.com')).toMatchObject({ signer: 'bob' });
  });

  it('takes no question mark for a wildcard', async () => {
    const odd = [{ name: 'alice', emails: ['alice?@example.com'], keys: [alice.fingerprint] }];
    expect(await open({ signers: odd }, {}, alice, 'alice1@example.com')).toMatchObject({
      verdict: 'identity_mismatch',
    });
    expect(await open({ signers: odd }, {}, alice, 'alice?@example.com')).toMatchObject({ verdict: 'valid' });
  });
});

describe('scopes', () => {
  const scopes = [
    { paths: ['clusters/prod/**'], clusters: ['prod'], signers: ['alice'] },
    { clusters: ['stag*'], signers: ['bob'] },
    { paths: ['docs/**'], signers: ['bob', 'alice'] },
  ];
  const judge = async (key: typeof alice, email: string, files: Record<string, MemoryFile>, reading = {}) => {
    const change = await oneCommit(key, {}, files, { committer: email });
    return signaturesCheck(contextOf(change, { signers, scopes }, {}, { rendered: renderedAs(reading) }));
  };
  const asBob = (files: Record<string, MemoryFile>, reading = {}) =>
    judge(bob, 'bob@example.com', files, reading);

  it('refuses who is not of the first scope that the path is in', async () => {
    const { findings } = await asBob({ 'clusters/prod/x.yaml': '1' });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ ruleId: 'signatures/not-entitled', path: 'clusters/prod/x.yaml' });
    expect(findings[0]?.message).toContain('only alice may sign for it (scope 1)');
    expect(findings[0]?.help).toMatch(/^have one of alice sign it: git fetch, then git rebase/);
    expect((await judge(alice, 'alice@example.com', { 'clusters/prod/x.yaml': '1' })).findings).toEqual([]);
  });

  it('finds the clusters that a base reaches by rendering', async () => {
    const reading = { 'base/x.yaml': [target('prod:kustomize/a', 'prod'), target('lost', null)] };
    const { findings } = await asBob({ 'base/x.yaml': '1' }, reading);
    expect(findings[0]).toMatchObject({ clusters: ['prod'], targets: ['prod:kustomize/a'] });
    expect(findings[0]?.message).toContain('scope 1: it reaches prod');
  });

  it('takes a scope that names only clusters for these alone', async () => {
    const reading = { 'base/x.yaml': [target('s', 'staging')], 'base/y.yaml': [target('d', 'dev')] };
    expect((await asBob({ 'base/x.yaml': '1', 'base/y.yaml': '1' }, reading)).findings).toEqual([]);
    const { findings } = await judge(alice, 'alice@example.com', { 'base/x.yaml': '1' }, reading);
    expect(findings[0]?.message).toContain('only bob may sign for it (scope 2: it reaches staging)');
  });

  it('lets any signer touch what is in no scope', async () => {
    expect((await asBob({ 'README.md': '1', 'docs/a': '1' })).findings).toEqual([]);
  });

  it('judges both names of a renamed file', async () => {
    const change = await oneCommit(
      bob,
      { 'clusters/prod/x': '1' },
      { 'docs/x': '1' },
      { committer: 'bob@example.com' },
    );
    change.filesOfCommit = async () => [
      { status: 'renamed', path: 'docs/x', oldPath: 'clusters/prod/x', before: null, after: null },
    ];
    const { findings } = await signaturesCheck(contextOf(change, { signers, scopes }));
    expect(findings[0]).toMatchObject({ path: 'clusters/prod/x' });
  });

  it('asks rendering once for a path, whoever changes it', async () => {
    const rendered = renderedAs({
      'base/x.yaml': [target('b', 'prod'), target('a', 'prod'), target('c', 'stage')],
    });
    const asked: string[] = [];
    const reading = rendered.targetsReading;
    Object.assign(rendered, {
      targetsReading: (path: string) => {
        asked.push(path);
        return reading(path);
      },
    });
    const wide = [{ clusters: ['nowhere', 'stag*', 'prod'], signers: ['alice', 'carol'] }];
    const three = [...signers, { name: 'carol', emails: ['carol@example.com'], keys: [] }];
    const change = await oneCommit(bob, {}, { 'base/x.yaml': '1' }, { committer: 'bob@example.com' });
    const again = new MemoryTree({ 'base/x.yaml': '2' });
    const parts = {
      parents: [String(change.commits[0]?.sha)],
      tree: again.oid,
      committer: 'bob@example.com',
    };
    change.add(await makeCommit(parts, bob.sign), again);
    const { findings } = await signaturesCheck(
      contextOf(change, { signers: three, scopes: wide }, {}, { rendered }),
    );
    expect(findings[0]).toMatchObject({ clusters: ['prod', 'stage'], targets: ['a', 'b', 'c'] });
    expect(findings[0]?.message).toContain(
      'only alice, carol may sign for it (scope 1: it reaches prod, stage)',
    );
    expect([findings.length, asked]).toEqual([2, ['base/x.yaml']]);
  });

  it('takes a scope with clusters and globs for both, though one glob is all', async () => {
    const both = [{ paths: ['docs/**', '**'], clusters: ['prod'], signers: ['alice'] }];
    const change = await oneCommit(bob, {}, { other: '1' }, { committer: 'bob@example.com' });
    const { findings } = await signaturesCheck(contextOf(change, { signers, scopes: both }));
    expect(findings[0]?.message).toContain('only alice may sign for it (scope 1)');
  });

  it('confines a signer to its paths', async () => {
    const confined = [
      { name: 'bot', emails: ['bot@example.com'], keys: [bot.fingerprint], paths: ['apps/**'] },
    ];
    const judgeBot = async (path: string) => {
      const change = await oneCommit(bot, {}, { [path]: '1' }, { committer: 'bot@example.com' });
      return (await signaturesCheck(contextOf(change, { signers: confined }))).findings;
    };
    expect(await judgeBot('apps/a')).toEqual([]);
    const [finding] = await judgeBot('infra/a');
    expect(finding?.message).toContain('infra/a: bot may touch only apps/**');
    expect(finding?.help).toBe('have somebody entitled sign the commit');
  });
});

describe('fields', () => {
  const confined = [
    {
      name: 'bot',
      emails: ['bot@example.com'],
      keys: [bot.fingerprint],
      fields: ['spec.containers[*].image', "metadata.annotations['a.b/c']", 'data.*.tag', 'items[0]', 'x'],
    },
  ];
  const before = {
    'a.yaml':
      'spec:\n  containers:\n    - image: a:1\n      name: a\nmetadata:\n  annotations: {a.b/c: "1", other: "1"}\ndata: {one: {tag: 1, "d.d": 1}, flag: yes, mode: 010}\nitems: [1, 2]\n',
  };
  const judge = async (after: Record<string, MemoryFile>, parts = {}) => {
    const change = await oneCommit(bot, before, after, { committer: 'bot@example.com', ...parts });
    return (await signaturesCheck(contextOf(change, { signers: confined }))).findings;
  };
  const edit = (from: string, to: string) => ({ 'a.yaml': before['a.yaml'].replace(from, to) });

  it.each([
    ['an image', edit('a:1', 'a:2')],
    ['a key with dots', edit('a.b/c: "1"', 'a.b/c: "2"')],
    ['any key', edit('tag: 1', 'tag: {deep: 1}')],
    ['one item', edit('[1, 2]', '[9, 2]')],
    ['a comment', edit('items:', '# hello\nitems:')],
    ['a field that was not there', edit('items:', 'x: {y: 1}\nitems:')],
    ['an empty document', { 'a.yaml': `---\n${before['a.yaml']}---\n# the end\n` }],
    ['how a text is quoted', edit('other: "1"', "other: '1'")],
    ['how a number is written', edit('"d.d": 1}', '"d.d": 0x1}')],
  ])('lets the signer change %s', async (_, after) => {
    expect(await judge(after)).toEqual([]);
  });

  it.each([
    ['another field', edit('name: a', 'name: b'), 'it changes spec.containers[0].name'],
    ['another key', edit('other: "1"', 'other: "2"'), 'it changes metadata.annotations.other'],
    ['a key with dots', edit('"d.d": 1', '"d.d": 2'), 'it changes data.one["d.d"]'],
    ['another item', edit('[1, 2]', '[1, 9]'), 'it changes items[1]'],
    ['the length of a list', edit('[1, 2]', '[1]'), 'it changes items'],
    ['a prototype', edit('items:', '__proto__: {image: 1}\nitems:'), 'it changes __proto__'],
    ['what older readers alone take for the same', edit('flag: yes', 'flag: true'), 'it changes data.flag'],
    ['what newer readers alone take for the same', edit('mode: 010', 'mode: 0o10'), 'it changes data.mode'],
    ['the whole document', { 'a.yaml': '[]\n' }, 'it replaces a document'],
    ['another document', { 'a.yaml': `${before['a.yaml']}---\na: 1\n` }, 'it adds or removes documents'],
    ['what cannot be read', { 'a.yaml': 'a: [\n' }, 'cannot be read without doubt'],
    [
      'the text of a key that an allowed one begins with',
      edit('a.b/c:', 'a.b/cd:'),
      'it changes metadata.annotations',
    ],
    ['a new file', { ...before, b: '1' }, 'it adds, removes, renames or retypes the file'],
    [
      'the mode',
      { 'a.yaml': { content: before['a.yaml'], mode: 'executable' as const } },
      'it adds, removes, renames or retypes the file',
    ],
  ])('refuses %s', async (_, after, reason) => {
    const [finding] = await judge(after);
    expect(finding?.ruleId).toBe('signatures/not-entitled');
    expect(finding?.message).toContain(reason);
  });

  it('lets an image change beside what a template puts in, and nothing that a template reads', async () => {
    const put = (name: string) => `$${`{${name}}`}`;
    const text = `# {{ include "x" . }}\nspec:\n  containers:\n    - image: "a:1{{ .Values.x }}${put('Y')}"\n`;
    const of = async (from: string, to: string) => {
      const change = await oneCommit(
        bot,
        { 't.yaml': text },
        { 't.yaml': text.replace(from, to) },
        { committer: 'bot@example.com' },
      );
      return (await signaturesCheck(contextOf(change, { signers: confined }))).findings.map(
        ({ message }) => message,
      );
    };
    expect(await of('a:1', 'a:2')).toEqual([]);
    // What a template reads ends where its own braces do, not at the first that stands in it.
    for (const [from, to] of [
      ['a:1{{ .Values.x }}', "a:1{{ .Values.x } + 'EVIL' }}"],
      ['a:1{{ .Values.x }}', 'a:1{{ .Values.y }}'],
      ['{{ .Values.x }}', '{{.Values.x}}'],
      ['{{ .Values.x }}', '{{ .Values.x -}}'],
    ] as const) {
      expect(await of(from, to)).toEqual([expect.stringContaining('put in by a template')]);
    }
    for (const [from, to] of [
      ['# {{ include "x" . }}', '# {{ include "evil" . }}'],
      ['# {{', '# {{ printf "\\n---\\nkind: Secret" }}{{'],
      ['spec', '# {{ evil\nspec'],
      ['{{ .Values.x }}', '{{ .Values.evil }}'],
      [put('Y'), put('EVIL')],
      [put('Y'), put('EVIL').slice(0, -1)],
    ] as const) {
      expect(await of(from, to)).toEqual([expect.stringContaining('put in by a template')]);
    }
  });

  it('lets nothing change in what is no manifest, though YAML would take it for a comment', async () => {
    const script = { 'run.sh': '#!/bin/sh\nexec shop\n' };
    const change = await oneCommit(
      bot,
      script,
      { 'run.sh': '#!/bin/evil\nexec shop\n' },
      { committer: 'bot@example.com' },
    );
    const [refused] = (await signaturesCheck(contextOf(change, { signers: confined }))).findings;
    expect(refused?.message).toContain('neither YAML nor JSON');
  });

  it('takes both kinds of quotes, and no part of a pattern that cannot be read whole', async () => {
    const { compileFields } = await import('../../../src/checks/signatures/fields.js');
    const allows = (pattern: string, ...path: (string | number)[]) => compileFields([pattern])(path);
    expect(allows('a["b.c"]', 'a', 'b.c')).toBe(true);
    expect(allows("['b.c'].d", 'b.c', 'd')).toBe(true);
    expect(allows('a.*', 'a', 'b', 'c')).toBe(true);
    expect(allows('a.b', 'a')).toBe(false);
    expect(allows('a[1]', 'a', '1')).toBe(false);
    for (const pattern of ['', 'a[', 'a["b]', 'a..b', 'a[b]', 'a.', "a['']"]) {
      expect([pattern, allows(pattern, 'a', 'b'), allows(pattern, 'a'), allows(pattern)]).toEqual([
        pattern,
        false,
        false,
        false,
      ]);
    }
  });

  it('refuses a rename and another type of file, though both sides are files somewhere', async () => {
    const side = (mode: 'file' | 'symlink') => ({ mode, oid: 'a'.repeat(40) });
    for (const [status, from, to] of [
      ['renamed', 'file', 'file'],
      ['modified', 'symlink', 'file'],
      ['modified', 'file', 'symlink'],
    ] as const) {
      const change = await oneCommit(bot, before, edit('a:1', 'a:2'), { committer: 'bot@example.com' });
      const file = { status, path: 'a.yaml', oldPath: null, before: side(from), after: side(to) };
      change.filesOfCommit = async () => [file as never];
      const [refused] = (await signaturesCheck(contextOf(change, { signers: confined }))).findings;
      expect(refused?.message).toContain(
        "bot may change only spec.containers[*].image, metadata.annotations['a.b/c'], data.*.tag, items[0], x: it adds, removes, renames or retypes the file",
      );
    }
  });

  it('refuses a root commit and a merge that changes files', async () => {
    const [root] = await judge(edit('a:1', 'a:2'), { parents: [] });
    expect(root?.message).toContain('it is a merge or a first commit that changes files');
    const change = await oneCommit(bot, before, edit('a:1', 'a:2'), {
      committer: 'bot@example.com',
      parents: [BASE, BASE],
    });
    change.merges.set(`${BASE} ${BASE}`, change.base.tree.oid);
    const [merge] = (await signaturesCheck(contextOf(change, { signers: confined }))).findings;
    expect(merge?.message).toContain('it is a merge or a first commit that changes files');
    expect(merge?.help).toContain('have somebody entitled sign the commit');
  });
});

describe('what clusters will say', () => {
  const tell = async (path: string, text: string | { content: string; mode: 'symlink' }) => {
    const change = await oneCommit(alice, {}, {});
    Object.assign(change, { result: new MemoryTree({ [path]: text }) });
    return (await signaturesCheck(contextOf(change, { signers }))).findings.map(({ message, line }) => ({
      message,
      line,
    }));
  };
  const flux = (verify: string) =>
    `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: flux-system}\nspec:\n  ${verify}\n`;
  const argo = (spec: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: p}\nspec: ${spec}\n`;

  it('tells what Flux verifies', async () => {
    const [head] = await tell('flux-system/app.yaml', flux('verify: {mode: HEAD, secretRef: {name: keys}}'));
    expect(head).toMatchObject({ line: 4 });
    expect(head?.message).toContain('Flux (spec.verify, HEAD) of GitRepository flux-system/app');
    expect(head?.message).toContain('merge or squash: accepted only if Secret keys holds');
    expect(head?.message).toContain('rebase: refused');
    const [tag] = await tell('flux-system/app.yaml', flux('verify: {mode: Tag}'));
    expect(tag?.message).toContain('only the tag is verified');
    expect((await tell('flux-system/app.yaml', flux('verify: {}')))[0]?.message).toContain('Secret (none)');
    expect(await tell('flux-system/app.yaml', flux('url: x'))).toEqual([]);
  });

  it('tells what Argo CD verifies', async () => {
    const one = async (spec: string) => (await tell('argocd/project.yaml', argo(spec)))[0]?.message;
    expect(await one('{signatureKeys: [{keyID: B5690EEEBB952194}]}')).toContain('merge or squash: accepted');
    expect(await one('{signatureKeys: [{keyID: "4AEE18F83AFDEB24"}]}')).toContain('merge or squash: refused');
    expect(await one('{signatureKeys: []}')).toBeUndefined();
    expect(await one('{sourceIntegrity: {git: {policies: [{gpg: {mode: strict, keys: [AA]}}]}}}')).toContain(
      'every commit of the change must be signed',
    );
    expect(await one('{sourceIntegrity: {git: {policies: [{gpg: {keys: [b5690eeebb952194]}}]}}}')).toContain(
      '(sourceIntegrity, head) of AppProject p will judge what merging leaves on the branch: merge or squash: accepted',
    );
    expect(
      await one('{sourceIntegrity: {git: {policies: [{gpg: {mode: none, keys: [AA]}}]}}}'),
    ).toBeUndefined();
    expect(await one('[]')).toBeUndefined();
  });

  it('says so where the documents of a stream have no place in a file', async () => {
    const change = await oneCommit(alice, {}, {});
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${argo('{signatureKeys: [{keyID: AA}]}').trimEnd().replaceAll('\n', '\n  ')}\n`;
    Object.assign(change, { result: new MemoryTree({ 'project.yaml': text }) });
    const [finding] = (await signaturesCheck(contextOf(change, { signers }))).findings;
    expect(finding).toMatchObject({ line: 7, object: { kind: 'AppProject', name: 'p' } });
  });

  it('reads neither other kinds, nor links, nor large files, nor many', async () => {
    expect(await tell('project.yaml', 'kind: AppProject\napiVersion: other/v1\n')).toEqual([]);
    expect(await tell('project.yaml', 'kind: GitRepository\napiVersion: other/v1\n')).toEqual([]);
    expect(await tell('project.yaml', 'kind: ConfigMap\n')).toEqual([]);
    expect(await tell('project.txt', argo('{}'))).toEqual([]);
    expect(await tell('project.yaml', { content: 'x', mode: 'symlink' })).toEqual([]);
    expect(
      await tell('project.yaml', `${argo('{signatureKeys: [{keyID: AA}]}')}# ${'x'.repeat(300_000)}`),
    ).toEqual([]);
    const change = await oneCommit(alice, {}, {});
    const many = Array.from(
      { length: 2_001 },
      (_, index) => [`project/${String(index).padStart(4, '0')}.yaml`, 'a: 1'] as const,
    );
    Object.assign(change, {
      result: new MemoryTree([
        ...many,
        ['project/zzz.yaml', argo('{signatureKeys: [{keyID: AA}]}')] as const,
      ]),
    });
    const { findings, notVerified } = await signaturesCheck(contextOf(change, { signers }));
    expect(findings).toEqual([]);
    expect(notVerified).toMatchObject([
      { reason: '2 manifests beyond the limit were not looked into', closes: false },
    ]);
  });

  it('looks into files of any name, those that are called so first', async () => {
    expect(await tell('clusters/prod/infra.yaml', flux('verify: {}'))).toHaveLength(1);
    expect(await tell('x.json', '{"kind": "AppProject"}')).toEqual([]);
  });

  it("takes for GitHub's key only the one that it signs with", async () => {
    const one = async (id: string) =>
      (await tell('p.yaml', argo(`{signatureKeys: [{keyID: "${id}"}]}`)))[0]?.message;
    expect(await one('968479A1AFF927E37D1A566BB5690EEEBB952194')).toContain('accepted');
    for (const id of ['', '4', '4AEE18F83AFDEB23', 'BB952194']) {
      expect(await one(id)).toContain("GitHub's key is not among its keys");
    }
  });

  it('is a hint: what cannot be read of it closes nothing', async () => {
    const change = await oneCommit(alice, {}, {});
    const broken = (error: Error) => ({ oid: 'x', files: () => Promise.reject(error) });
    Object.assign(change, { result: broken(new GateError('missing-objects', 'gone')) });
    const { notVerified } = await signaturesCheck(contextOf(change, { signers }));
    expect(notVerified).toEqual([{ what: expect.stringContaining('Flux'), reason: 'gone', closes: false }]);
    Object.assign(change, { result: broken(new Error('a bug')) });
    await expect(signaturesCheck(contextOf(change, { signers }))).rejects.toThrow('a bug');
  });
});

describe('remedies', () => {
  it('keeps merges when there are some, and rebases from the root without a merge base', async () => {
    const change = await oneCommit(null, {}, {}, { parents: [BASE, BASE] });
    Object.assign(change, { mergeBase: null });
    const { findings } = await signaturesCheck(contextOf(change, { signers }));
    expect(findings[0]?.help).toContain(
      "git rebase --rebase-merges --exec 'git commit --amend --no-edit -S' --root",
    );
  });

  it('says where the key goes when the signature does not name it', async () => {
    const raw = withHeader(payloadOf({ parents: [BASE] }), 'gpgsig', 'x');
    const change = new FakeChange();
    change.add(commitOf(raw));
    const { findings } = await signaturesCheck(contextOf(change, { signers }));
    expect(findings[0]).toMatchObject({
      ruleId: 'signatures/malformed',
      help: expect.stringContaining('git rebase'),
    });
  });
});
