import { describe, expect, it } from '@jest/globals';
import { CommitJudge } from '../../../src/checks/signatures/commit-judge.js';
import { signaturesCheck } from '../../../src/checks/signatures/index.js';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { ownPaths } from '../../../src/checks/signatures/merge-changes.js';
import { configSchema } from '../../../src/config/index.js';
import { type Commit, MemoryTree } from '../../../src/git/index.js';
import { FakeChange, renderedAs } from './support/change.js';
import { contextOf, NOW } from './support/context.js';
import { makeCommit } from './support/objects.js';
import { sshKey } from './support/ssh.js';

const BASE = 'b'.repeat(40);
const alice = sshKey();
const github = sshKey();
const signers = [{ name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] }];

/** History in which merges are made: trees by what they hold. */
class History {
  readonly change: FakeChange;
  #count = 0;

  constructor(base: Record<string, string> = {}) {
    this.change = new FakeChange(new MemoryTree(base));
  }

  async commit(
    parents: readonly string[],
    files: Record<string, string>,
    options: { key?: typeof alice | null; email?: string } = {},
  ): Promise<Commit> {
    const { key = alice, email = 'alice@example.com' } = options;
    const tree = new MemoryTree(files);
    this.#count += 1;
    const parts = { parents, tree: tree.oid, committer: email, message: `commit ${this.#count}` };
    const commit = this.change.add(await makeCommit(parts, key?.sign ?? null), tree);
    Object.assign(this.change, { head: { commit: commit.sha, tree } });
    return commit;
  }

  /** What merging two commits gives. */
  merges(first: string, second: string, files: Record<string, string> | null): void {
    const tree = files === null ? null : new MemoryTree(files);
    if (tree !== null) this.change.put(tree.oid, tree);
    this.change.merges.set(`${first} ${second}`, tree?.oid ?? null);
  }
}

describe('ownPaths', () => {
  it('of a commit: what differs from its parent, or from nothing', async () => {
    const history = new History({ a: '1', b: '1' });
    const child = await history.commit([BASE], { a: '2', c: '1' });
    expect(await ownPaths(history.change, child)).toEqual(['a', 'b', 'c']);
    const root = await history.commit([], { a: '2', c: '1' });
    expect(await ownPaths(history.change, root)).toEqual(['a', 'c']);
  });

  it('of a clean merge: nothing, whatever came with the base', async () => {
    const history = new History({ a: '1' });
    const left = await history.commit([BASE], { a: '2' });
    const right = await history.commit([BASE], { a: '1', prod: '1' });
    history.merges(left.sha, right.sha, { a: '2', prod: '1' });
    const merge = await history.commit([left.sha, right.sha], { a: '2', prod: '1' });
    expect(await ownPaths(history.change, merge)).toEqual([]);
  });

  it('of an evil merge: what git would not have put there, additions and drops alike', async () => {
    const history = new History({ a: '1' });
    const left = await history.commit([BASE], { a: '2' });
    const right = await history.commit([BASE], { a: '1', prod: '1' });
    history.merges(left.sha, right.sha, { a: '2', prod: '1' });
    const added = await history.commit([left.sha, right.sha], { a: '2', prod: '1', evil: '1' });
    expect(await ownPaths(history.change, added)).toEqual(['evil']);
    const ours = await history.commit([left.sha, right.sha], { a: '2' });
    expect(await ownPaths(history.change, ours)).toEqual(['prod']);
  });

  it('of a conflict: what the three-way rule does not explain', async () => {
    const history = new History();
    const base = await history.commit([], {
      both: '0',
      ours: '0',
      theirs: '0',
      kept: '0',
      same: '0',
      gone: '0',
    });
    const middle = await history.commit([base.sha], {
      both: '0',
      ours: '0',
      theirs: '0',
      kept: '0',
      same: '0',
      gone: '0',
    });
    const left = await history.commit([middle.sha], {
      both: '1',
      ours: '1',
      theirs: '0',
      kept: '1',
      same: '0',
    });
    const right = await history.commit([middle.sha], {
      both: '2',
      ours: '0',
      theirs: '2',
      kept: '2',
      same: '0',
      gone: '0',
    });
    history.merges(left.sha, right.sha, null);
    const merge = await history.commit([left.sha, right.sha], {
      both: '12',
      ours: '1',
      theirs: '2',
      kept: '1',
      same: '0',
    });
    // `kept` takes one of two changes: that is a choice, and whoever made it answers for it.
    expect(await ownPaths(history.change, merge)).toEqual(['both', 'kept']);
    const undone = await history.commit([left.sha, right.sha], {
      both: '12',
      ours: '0',
      theirs: '0',
      kept: '1',
      same: '0',
    });
    expect(await ownPaths(history.change, undone)).toEqual(['both', 'kept', 'ours', 'theirs']);
  });

  it('of a conflict with two bests in common: by both', async () => {
    const history = new History();
    const root = await history.commit([], { a: '0', b: '0', c: '0' });
    const one = await history.commit([root.sha], { a: '1', b: '0', c: '0' });
    const two = await history.commit([root.sha], { a: '0', b: '1', c: '0' });
    const left = await history.commit([one.sha, two.sha], { a: '1', b: '1', c: '0' });
    const right = await history.commit([two.sha, one.sha], { a: '1', b: '1', c: '2' });
    history.merges(left.sha, right.sha, null);
    const merge = await history.commit([left.sha, right.sha], { a: '1', b: '1', c: '2' });
    expect(await ownPaths(history.change, merge)).toEqual([]);
    const other = await history.commit([left.sha, right.sha], { a: '0', b: '1', c: '2' });
    expect(await ownPaths(history.change, other)).toEqual(['a']);
    // A side that is as one of the bases was, and not as the other, has changed: taking either side is a choice.
    const back = await history.commit([two.sha, one.sha], { a: '0', b: '1', c: '2' });
    history.merges(left.sha, back.sha, null);
    const choice = await history.commit([left.sha, back.sha], { a: '1', b: '1', c: '2' });
    expect(await ownPaths(history.change, choice)).toEqual(['a']);
  });

  it('of a conflict with an older commit in common too: by the best', async () => {
    const history = new History();
    const root = await history.commit([], { a: '0' });
    const middle = await history.commit([root.sha], { a: '1' });
    const left = await history.commit([middle.sha], { a: '1', b: '1' });
    const right = await history.commit([root.sha, middle.sha], { a: '2' });
    history.merges(left.sha, right.sha, null);
    const merge = await history.commit([left.sha, right.sha], { a: '2', b: '1' });
    expect(await ownPaths(history.change, merge)).toEqual([]);
  });

  it('of a conflict of unrelated histories: all that either side does not have alone', async () => {
    const history = new History();
    const left = await history.commit([], { a: '1', c: '1' });
    const right = await history.commit([], { b: '1', c: '2' });
    history.merges(left.sha, right.sha, null);
    const merge = await history.commit([left.sha, right.sha], { a: '1', b: '1', c: '1' });
    expect(await ownPaths(history.change, merge)).toEqual(['c']);
  });

  it('of a conflict in a history that is too long to walk: all that the sides do not agree on', async () => {
    const history = new History();
    let tip = await history.commit([], { a: '1' }, { key: null });
    for (let count = 0; count < 20_002; count += 1) {
      tip = await makeCommit({ parents: [tip.sha], tree: tip.tree, message: String(count) }, null);
      history.change.objects.set(tip.sha, tip.raw);
    }
    const left = await history.commit([tip.sha], { a: '1', b: '1' });
    const right = await history.commit([tip.sha], { a: '1', c: '1' });
    history.merges(left.sha, right.sha, null);
    const merge = await history.commit([left.sha, right.sha], { a: '1', b: '1', c: '1' });
    expect(await ownPaths(history.change, merge)).toEqual(['b', 'c']);
  });

  it('of three parents: whatever differs from any of them', async () => {
    const history = new History({ a: '1' });
    const parents = [
      await history.commit([BASE], { a: '2' }),
      await history.commit([BASE], { a: '1', b: '1' }),
      await history.commit([BASE], { a: '1', c: '1' }),
    ];
    const merge = await history.commit(
      parents.map(({ sha }) => sha),
      { a: '2', b: '1', c: '1' },
    );
    expect(await ownPaths(history.change, merge)).toEqual(['a', 'b', 'c']);
  });
});

describe('merges and scopes', () => {
  it('asks no right to what the base brought, but to what the merge adds', async () => {
    const history = new History({ a: '1', prod: '1' });
    const left = await history.commit([BASE], { a: '2', prod: '0' });
    history.merges(left.sha, BASE, { a: '2', prod: '1' });
    await history.commit([left.sha, BASE], { a: '2', prod: '1' });
    const scopes = [{ paths: ['prod'], signers: ['bob'] }];
    const all = [...signers, { name: 'bob', emails: [], keys: [] }];
    const { signatures } = await signaturesCheck(contextOf(history.change, { signers: all, scopes }));
    expect(signatures?.map(({ verdict }) => verdict)).toEqual(['not_entitled', 'valid']);
  });
});

describe('commits by GitHub', () => {
  const hub = { key: github, email: 'noreply@github.com' };
  /** Verdicts and reasons of all commits, with `github` standing for GitHub's own key. */
  const judge = async (
    history: History,
    webFlow: string,
    options: { queue?: readonly string[]; signers?: object[]; scopes?: object[] } = {},
  ) => {
    const { queue, ...more } = options;
    const settings = configSchema.parse({ version: 1, signatures: { webFlow, signers, ...more } }).signatures;
    const tree = new MemoryTree({ 'k/allowed_signers': `noreply@github.com ${github.line}\n` });
    const keyring = await loadKeyring(tree, 'k');
    const judge = new CommitJudge(history.change, settings, keyring, renderedAs(), NOW, {
      webFlowKeys: [github.fingerprint],
      queue,
    });
    const told: string[] = [];
    for (const commit of history.change.commits) {
      const { verdict, signer, reason } = await judge.judge(commit);
      told.push(verdict === 'valid' ? `valid by ${signer}` : `${verdict}: ${reason}`);
    }
    return told;
  };
  const merged = async (
    files: Record<string, string>,
    automatic: Record<string, string> | null,
    key: typeof alice | null = alice,
  ) => {
    const history = new History({ a: '1' });
    const left = await history.commit([BASE], { a: '2' }, { key });
    history.merges(left.sha, BASE, automatic);
    await history.commit([left.sha, BASE], files, hub);
    return history;
  };

  it('takes a merge of what is verified when its tree is the one that merging gives', async () => {
    const good = await merged({ a: '2' }, { a: '2' });
    expect(await judge(good, 'merges')).toEqual(['valid by alice', 'valid by web-flow']);
    expect(await judge(good, 'edits')).toEqual(['valid by alice', 'valid by web-flow']);
    expect((await judge(good, 'never'))[1]).toBe(
      'not_entitled: GitHub signed it for somebody, and webFlow is never',
    );
  });

  it('refuses a merge with another tree, conflicts mended in the browser, and what is not verified', async () => {
    const evil = await merged({ a: 'evil' }, { a: '2' });
    expect((await judge(evil, 'merges'))[1]).toBe(
      'not_entitled: its tree is not what merging its parents gives',
    );
    expect((await judge(evil, 'edits'))[1]).toBe('valid by web-flow');
    const conflict = await merged({ a: '3' }, null);
    expect((await judge(conflict, 'merges'))[1]).toContain('its conflicts were resolved in the browser');
    const unverified = await merged({ a: '2' }, { a: '2' }, null);
    expect((await judge(unverified, 'merges'))[1]).toMatch(/GitHub merged .{10}, which is not verified/);
  });

  it('takes edits made in the browser only where the configuration says so', async () => {
    const history = new History();
    await history.commit([BASE], { a: '1' }, hub);
    expect(await judge(history, 'merges')).toEqual([
      expect.stringContaining('made in the browser or through the API'),
    ]);
    expect(await judge(history, 'edits')).toEqual(['valid by web-flow']);
    const scopes = [{ paths: ['a'], signers: ['alice'] }];
    expect(await judge(history, 'edits', { scopes })).toEqual([
      expect.stringContaining('only alice may sign for it'),
    ]);
    const named = [...signers, { name: 'web-flow', emails: [], keys: [], paths: ['b'] }];
    expect(await judge(history, 'edits', { signers: named })).toEqual([
      expect.stringContaining('web-flow may touch only b'),
    ]);
  });

  it('tells whom it signed for apart from who signs by themselves', async () => {
    const history = new History();
    const made = await history.commit([BASE], { a: '1' }, hub);
    const own = await history.commit([BASE], { a: '1' });
    const settings = configSchema.parse({ version: 1, signatures: { signers, webFlow: 'edits' } }).signatures;
    const tree = new MemoryTree({ 'k/allowed_signers': `noreply@github.com ${github.line}\n` });
    const options = { webFlowKeys: [github.fingerprint] };
    const keyring = await loadKeyring(tree, 'k');
    const one = new CommitJudge(history.change, settings, keyring, renderedAs(), NOW, options);
    expect(await one.judge(made)).toMatchObject({ webFlow: true, signer: 'web-flow', entitled: [] });
    expect(await one.judge(own)).toMatchObject({
      webFlow: false,
      signer: 'alice',
      targets: [],
      clusters: [],
    });
  });

  it('takes no merge of three parents for one that GitHub makes', async () => {
    const history = new History({ a: '1' });
    const left = await history.commit([BASE], { a: '2' });
    const right = await history.commit([BASE], { a: '1', b: '1' });
    history.merges(left.sha, BASE, { a: '2' });
    await history.commit([left.sha, BASE, right.sha], { a: '2' }, hub);
    expect((await judge(history, 'merges'))[2]).toContain('made in the browser or through the API');
  });

  it('refuses GitHub as the signer of another committer', async () => {
    const history = new History();
    await history.commit([BASE], { a: '1' }, { key: github });
    expect(await judge(history, 'edits')).toEqual([
      'not_entitled: GitHub signed it for the committer <alice@example.com>',
    ]);
  });

  describe('in a merge queue', () => {
    const [FIRST, SECOND] = ['c'.repeat(40), 'd'.repeat(40)];

    it('knows squashes and rebases of verified heads by their trees', async () => {
      const history = new History({ a: '1' });
      const squash = await history.commit([BASE], { a: '1', one: '1' }, hub);
      const rebased = await history.commit(
        [squash.sha],
        { a: '1', one: '1', two: '1' },
        { key: null, email: 'noreply@github.com' },
      );
      await history.commit(
        [rebased.sha],
        { a: '1', one: '1', two: '2' },
        { key: null, email: 'noreply@github.com' },
      );
      history.merges(BASE, FIRST, { a: '1', one: '1' });
      history.merges(squash.sha, SECOND, { a: '1', one: '1', two: '2' });
      const queue = [FIRST, SECOND];
      expect(await judge(history, 'merges', { queue })).toEqual(Array(3).fill('valid by web-flow'));
      expect((await judge(history, 'never', { queue }))[1]).toContain('unsigned');
      expect((await judge(history, 'merges', { queue: [FIRST] }))[1]).toContain('unsigned');
      expect((await judge(history, 'merges'))[0]).toContain('not_entitled');
    });

    it('asks no right to the files of a squash: the head that it brings was judged by itself', async () => {
      const history = new History({ a: '1' });
      await history.commit([BASE], { a: '2' }, hub);
      history.merges(BASE, FIRST, { a: '2' });
      const scopes = [{ paths: ['a'], signers: ['alice'] }];
      expect(await judge(history, 'merges', { queue: [FIRST], scopes })).toEqual(['valid by web-flow']);
      expect(await judge(history, 'edits', { queue: [FIRST], scopes })).toEqual(['valid by web-flow']);
    });

    it('takes a commit for what the queue made only where nobody else signed it', async () => {
      const history = new History({ a: '1' });
      const stranger = sshKey();
      await history.commit([BASE], { a: '2' }, { key: stranger });
      history.merges(BASE, FIRST, { a: '2' });
      expect(await judge(history, 'merges', { queue: [FIRST] })).toEqual([
        `unknown_key: the key ${stranger.fingerprint.slice(4)} is not in the keyring`,
      ]);
    });

    it('says why a commit that nobody signed counts, and tells no author of it', async () => {
      const history = new History({ a: '1' });
      const made = await history.commit([BASE], { a: '2' }, { key: null });
      history.merges(BASE, FIRST, { a: '2' });
      const settings = configSchema.parse({
        version: 1,
        signatures: { signers, webFlow: 'merges' },
      }).signatures;
      const keyring = await loadKeyring(new MemoryTree(), 'k');
      const options = { queue: [FIRST] };
      const one = new CommitJudge(history.change, settings, keyring, renderedAs(), NOW, options);
      expect(await one.judge(made)).toMatchObject({
        verdict: 'valid',
        webFlow: true,
        reason: 'its tree is that of verified heads, put together by the merge queue',
      });
    });

    it('takes nothing twice: a head that brings nothing new ends no earlier run', async () => {
      const history = new History({ a: '1' });
      const one = await history.commit([BASE], { a: '2' }, hub);
      await history.commit([one.sha], { a: 'evil' }, hub);
      history.merges(BASE, FIRST, { a: '2' });
      history.merges(one.sha, SECOND, { a: '2' });
      const told = await judge(history, 'merges', { queue: [FIRST, SECOND] });
      expect(told[0]).toBe('valid by web-flow');
      expect(told[1]).toContain('not_entitled');
    });

    it('takes nothing of a head whose tree does not come out', async () => {
      const history = new History({ a: '1' });
      await history.commit([BASE], { a: 'evil' }, hub);
      history.merges(BASE, FIRST, { a: '2' });
      expect((await judge(history, 'merges', { queue: [FIRST] }))[0]).toContain('not_entitled');
      expect((await judge(history, 'merges', { queue: [SECOND] }))[0]).toContain('not_entitled');
    });

    it('takes nothing where the group does not begin at the base', async () => {
      const history = new History({ a: '1' });
      await history.commit([], { a: '2' }, hub);
      history.merges(BASE, FIRST, { a: '2' });
      expect((await judge(history, 'merges', { queue: [FIRST] }))[0]).toContain('not_entitled');
    });
  });
});
