import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Change,
  changesBetween,
  type FileChange,
  linesOf,
  MemoryTree,
  openRepository,
  pathToBytes,
  type Repository,
  type Tree,
} from '../../src/git/index.js';
import { errorOf, type TestRepository, Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

async function using<T>(made: TestRepository, action: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(made.dir);
  try {
    return await action(repository);
  } finally {
    await repository.close();
  }
}

function withChange<T>(
  made: TestRepository,
  revisions: { base?: string; head?: string },
  action: (change: Change, repository: Repository) => Promise<T>,
): Promise<T> {
  return using(made, async (repository) => action(await repository.openChange(revisions), repository));
}

const shown = async (change: Change): Promise<string[]> =>
  (await change.files()).map(({ status, path, oldPath }) =>
    status === 'renamed' ? `${status} ${oldPath} ${path}` : `${status} ${path}`,
  );

/** The lines that the only commit of a change adds: `path:number`. */
async function added(change: Change, index = -1): Promise<string[]> {
  const commit = change.commits.at(index);
  if (commit === undefined) throw new Error('no commit');
  return (await change.addedLines(commit)).flatMap(({ path, binary, lines }) =>
    binary ? [`${path}:binary`] : lines.map((line) => `${path}:${line}`),
  );
}

/** main with a file of ten lines, and a branch side from it. */
function twoBranches(format: 'sha1' | 'sha256' = 'sha1'): TestRepository {
  const made = workshop.repository({ format });
  made.commit('start', { list: '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n', other: 'x\n' });
  made.git('checkout', '-q', '-b', 'side');
  return made;
}

async function contentOf(tree: Tree): Promise<[string, Buffer][]> {
  return Promise.all(
    [...(await tree.files()).keys()].map(async (path) => [path, await tree.read(path)] as [string, Buffer]),
  );
}

describe.each(['sha1', 'sha256'] as const)('a change (%s)', (format) => {
  it('is the merge of two branches', async () => {
    const made = twoBranches(format);
    const one = made.commit('one', { list: '1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n' });
    const two = made.commit('two', { 'new/file': 'a\nb\n' });
    made.git('checkout', '-q', 'main');
    const base = made.commit('meanwhile', { list: 'one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n', mine: 'm\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(change.base.commit).toBe(base);
      expect(change.head.commit).toBe(two);
      expect(change.mergeBase).toBe(made.git('merge-base', 'main', 'side'));
      expect(change.commits.map(({ sha }) => sha)).toEqual([one, two]);
      expect(change.unmergeable).toBe(null);
      expect((await change.result?.read('list'))?.toString()).toBe('one\n2\n3\n4\n5\n6\n7\n8\n9\nten\n');
      expect(change.result?.oid).toBe(made.git('merge-tree', '--write-tree', 'main', 'side'));
      expect(await shown(change)).toEqual(['modified list', 'added new/file']);
      expect(await added(change, 0)).toEqual(['list:10']);
      expect(await added(change, 1)).toEqual(['new/file:1', 'new/file:2']);
      expect((await change.treeOf(one)).oid).toBe(made.git('rev-parse', `${one}^{tree}`));
      expect((await change.readBlob(made.git('rev-parse', 'side:new/file'))).toString()).toBe('a\nb\n');
      expect(await change.files()).toBe(await change.files());
    });
  });

  it('joins renames, equal ones and alike ones', async () => {
    const made = twoBranches(format);
    const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    made.commit('files', { 'a/same': 'same\ncontent\n', 'a/alike': text, 'a/gone': 'nothing like it\n' });
    made.git('branch', '-f', 'main');
    rmSync(join(made.dir, 'a'), { recursive: true });
    made.commit('moved', {
      'b/same': 'same\ncontent\n',
      'b/alike': text.replace('line 7\n', 'changed\n'),
      'b/new': 'n\n',
    });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await shown(change)).toEqual([
        'deleted a/gone',
        'renamed a/alike b/alike',
        'added b/new',
        'renamed a/same b/same',
      ]);
      expect(await added(change)).toEqual(['b/alike:8', 'b/new:1']);
    });
  });
});

describe('base and head', () => {
  it('equal, or head merged already, are an empty change', async () => {
    const made = twoBranches();
    made.git('checkout', '-q', 'main');
    made.commit('more', { more: 'x' });
    for (const head of ['main', 'side']) {
      await withChange(made, { base: 'main', head }, async (change) => {
        expect(change.commits).toEqual([]);
        expect(change.result?.oid).toBe(change.base.tree.oid);
        expect(await change.files()).toEqual([]);
      });
    }
  });

  it('default to the default branch and HEAD', async () => {
    const made = twoBranches();
    const sha = made.commit('one', { a: 'x' });
    made.git('checkout', '-q', '--detach');
    await withChange(made, {}, async (change, repository) => {
      expect(repository.currentBranch()).toBe(null);
      expect(change.head.commit).toBe(sha);
      expect(change.base.commit).toBe(made.git('rev-parse', 'main'));
    });
  });

  it('in conflict are told with the files', async () => {
    const made = twoBranches();
    made.commit('one', { list: 'side\n', 'b\u001b]0;x': 'side\n' });
    made.git('checkout', '-q', 'main');
    made.commit('two', { list: 'main\n', 'b\u001b]0;x': 'main\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(change.result).toBe(null);
      expect(change.unmergeable).toBe('conflict in b\ufffd]0;x, list');
      expect(await shown(change)).toEqual(['modified b\u001b]0;x', 'modified list']);
      expect(await change.mergeOf(change.base.commit, change.head.commit)).toBe(null);
    });
  });

  it('of unrelated histories are told so', async () => {
    const made = twoBranches();
    made.git('checkout', '-q', '--orphan', 'other');
    made.commit('root', { alone: 'x' });
    await withChange(made, { base: 'main', head: 'other' }, async (change) => {
      expect(change.mergeBase).toBe(null);
      expect(change.result).toBe(null);
      expect(change.unmergeable).toContain('unrelated histories');
      expect(change.commits.length).toBe(1);
      expect(await change.mergeOf(change.base.commit, change.head.commit)).toBe(null);
    });
  });

  it('with two merge bases are merged as git does', async () => {
    const made = twoBranches();
    made.commit('a', { a: '1\n' });
    made.git('checkout', '-q', 'main');
    made.commit('b', { b: '1\n' });
    made.git('branch', 'was');
    made.git('merge', '-q', '-m', 'x', 'side');
    made.git('checkout', '-q', 'side');
    made.git('merge', '-q', '-m', 'y', 'was');
    made.commit('more', { a: '2\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(change.result?.oid).toBe(made.git('merge-tree', '--write-tree', 'main', 'side'));
      expect(await shown(change)).toEqual(['modified a']);
    });
  });

  it('are merged by id only', async () => {
    await withChange(twoBranches(), {}, async (change) => {
      expect(await errorOf(change.mergeOf('--help', 'main'))).toMatchObject({ code: 'internal' });
    });
  });

  it('close the repository where they are to', async () => {
    const made = twoBranches();
    const repository = await openRepository(made.dir);
    const kept = await repository.openChange();
    await kept.close();
    const change = await repository.openChange({ closesRepository: true });
    await change.close();
    expect(await errorOf(repository.readCommit(change.head.commit))).toMatchObject({ code: 'internal' });
  });
});

describe('merge commits', () => {
  it('add the lines that no parent has', async () => {
    const made = twoBranches();
    made.commit('one', { list: '1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n', side: 's\n' });
    made.git('checkout', '-q', 'main');
    made.commit('two', { list: 'one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n' });
    made.git('checkout', '-q', 'side');
    made.git('merge', '-q', '--no-commit', 'main');
    const evil = 'one\n2\n3\n4\n5\npassword: evil\n6\n7\n8\n9\nten\n';
    made.commit('merge', { list: evil, smuggled: 'x\n', other: 'y\n', side: 's\nt\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['list:6', 'other:1', 'side:2', 'smuggled:1']);
      const merge = change.commits.at(-1);
      if (merge === undefined) throw new Error('no merge');
      expect((await change.filesOfCommit(merge)).map(({ path }) => path)).toEqual([
        'list',
        'other',
        'side',
        'smuggled',
      ]);
      const [first = '', second = ''] = merge.parents;
      expect(await change.mergeOf(first, second)).toBe(made.git('merge-tree', '--write-tree', first, second));
    });
  });

  it('leave out no line that is in no parent, whatever was merged', async () => {
    const made = workshop.repository();
    const line = fc.constantFrom('a', 'b', 'c', 'd', 'e', '');
    const text = fc.array(line, { maxLength: 10 }).map((lines) => lines.map((each) => `${each}\n`).join(''));
    const merges: string[] = [];
    made.commit('start');
    const start = made.git('rev-parse', 'HEAD');
    for (const [one, other, merged] of fc.sample(fc.tuple(text, text, text), 40)) {
      const treeOf = (content: string): string =>
        made.tree([{ mode: '100644', name: 'f', oid: made.object('blob', content) }]);
      const parents = [one, other].map((content) => made.commitTree(treeOf(content), [start]));
      merges.push(made.commitTree(treeOf(merged), parents));
    }
    const head = made.commitTree(made.git('rev-parse', `${merges[0]}^{tree}`), merges);
    await withChange(made, { base: start, head }, async (change) => {
      for (const commit of change.commits.filter(({ sha }) => merges.includes(sha))) {
        const lines = async (sha: string): Promise<string[]> =>
          linesOf(await (await change.treeOf(sha)).read('f')).map(String);
        const known = new Set((await Promise.all(commit.parents.map(lines))).flat());
        const numbers = new Set((await change.addedLines(commit))[0]?.lines ?? []);
        for (const [index, content] of (await lines(commit.sha)).entries()) {
          if (!known.has(content)) expect(numbers.has(index + 1)).toBe(true);
        }
      }
    });
  });

  it('of a plain kind add nothing', async () => {
    const made = twoBranches();
    made.commit('one', { list: '1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n' });
    made.git('checkout', '-q', 'main');
    made.commit('two', { list: 'one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n', mine: 'm\n' });
    made.git('checkout', '-q', 'side');
    made.git('merge', '-q', '-m', 'merge', 'main');
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual([]);
    });
  });

  it('of several parents (octopus) are compared with each', async () => {
    const made = twoBranches();
    for (const name of ['p', 'q', 'r']) {
      made.git('checkout', '-q', '-b', name, 'main');
      made.commit(name, { [name]: `${name}\n` });
    }
    made.git('checkout', '-q', 'side');
    made.commit('mine', { mine: 'm\n' });
    made.git('merge', '-q', '--no-commit', 'p', 'q', 'r');
    made.commit('octopus', { p: 'p\nmore\n', extra: 'x\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(change.commits.at(-1)?.parents.length).toBe(4);
      expect(await added(change)).toEqual(['extra:1', 'p:2']);
    });
  });

  it('do not hide a file renamed on one side', async () => {
    const made = twoBranches();
    made.git('mv', 'list', 'moved');
    made.commit('renamed');
    made.git('checkout', '-q', 'main');
    made.commit('meanwhile', { other: 'y\n' });
    made.git('checkout', '-q', 'side');
    made.git('merge', '-q', '--no-commit', 'main');
    made.commit('merge', { moved: '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nsecret\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['moved:11']);
    });
  });
});

describe('added lines', () => {
  it('of a root commit are all its lines', async () => {
    const made = workshop.repository();
    made.git('commit', '-q', '--allow-empty', '-m', 'base');
    made.git('checkout', '-q', '--orphan', 'other');
    made.commit('root', { a: 'x\ny', empty: '' });
    await withChange(made, { base: 'main', head: 'other' }, async (change) => {
      expect(await added(change)).toEqual(['a:1', 'a:2']);
    });
  });

  it('of binary and of too large files are none, and the files are named', async () => {
    const made = twoBranches();
    const late = Buffer.concat([Buffer.alloc(8000, 'x'), Buffer.of(0)]);
    const early = Buffer.concat([Buffer.alloc(7999, 'x'), Buffer.of(0)]);
    made.commit('one', { late, early, large: Buffer.alloc(21 * 1024 * 1024, 'y\n') });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['early:binary', 'large:binary', 'late:1']);
      const [, large] = await change.addedLines(change.commits[0] as never);
      expect(await errorOf(change.readBlob(large?.oid ?? ''))).toMatchObject({ code: 'limit' });
    });
  });

  it('are all lines of a file that was binary before', async () => {
    const made = twoBranches();
    made.commit('one', { b: Buffer.from('a\n\0b\n') });
    made.commit('two', { b: 'a\nb\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['b:1', 'b:2']);
    });
  });

  it('are seen in CRLF files and without a final line feed', async () => {
    const made = twoBranches();
    made.commit('one', { w: 'a\r\nb\r\n', n: 'a\nb' });
    made.commit('two', { w: 'a\r\nc\r\nb\r\n', n: 'a\nb\nc' });
    made.commit('three', { w: 'a\nc\nb\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change, 1)).toEqual(['n:3', 'w:2']);
      expect(await added(change, 2)).toEqual(['w:1', 'w:2', 'w:3']);
    });
  });

  it('are those of symlinks too, not of submodules or modes', async () => {
    const made = twoBranches();
    symlinkSync('target', join(made.dir, 'link'));
    chmodSync(join(made.dir, 'other'), 0o755);
    made.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},sub`);
    made.git('add', 'link', 'other');
    made.git('commit', '-q', '-m', 'one');
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await shown(change)).toEqual(['added link', 'modified other', 'added sub']);
      expect(await added(change)).toEqual(['link:1']);
    });
  });

  it('are not hidden by a submodule that named the blob before it came', async () => {
    const made = twoBranches();
    const text = 'password: hidden\n';
    const oid = made.object('blob', text);
    made.git('update-index', '--add', '--cacheinfo', `160000,${oid},file`);
    made.git('commit', '-q', '-m', 'a submodule, it seems');
    made.git('rm', '-q', '--cached', 'file');
    made.write({ file: text });
    made.git('add', 'file');
    made.git('commit', '-q', '-m', 'a file');
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['file:1']);
    });
  });

  it('are not hidden by a rename from a symlink or a submodule', async () => {
    const made = twoBranches();
    const oid = made.object('blob', 'token\n');
    made.git('update-index', '--add', '--cacheinfo', `160000,${oid},sub`);
    made.git('commit', '-q', '-m', 'one');
    made.git('rm', '-q', '--cached', 'sub');
    made.git('update-index', '--add', '--cacheinfo', `100644,${oid},file`);
    made.git('commit', '-q', '-m', 'two');
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await added(change)).toEqual(['file:1']);
    });
  });

  it('rebuild the file from what was before, in any history', async () => {
    const made = workshop.repository();
    made.commit('start');
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd: 1', '', '- x'), { maxLength: 12 });
    const rounds = fc.sample(fc.record({ p: text, q: text }), 15);
    for (const { p, q } of rounds)
      made.commit('next', { p: p.join('\n'), q: q.map((line) => `${line}\n`).join('') });
    await withChange(
      made,
      { base: made.git('rev-list', '--max-parents=0', 'HEAD'), head: 'main' },
      async (change) => {
        for (const commit of change.commits) {
          const parent = await change.treeOf(commit.parents[0] ?? '');
          const tree = await change.treeOf(commit.sha);
          const lines = new Map(
            (await change.addedLines(commit)).map((item) => [item.path, new Set(item.lines)]),
          );
          for (const path of ['p', 'q']) {
            const before = (await parent.files()).has(path)
              ? linesOf(await parent.read(path)).map(String)
              : [];
            const kept = linesOf(await tree.read(path)).filter(
              (_, index) => lines.get(path)?.has(index + 1) !== true,
            );
            let at = 0;
            for (const line of before) if (at < kept.length && kept[at]?.toString() === line) at += 1;
            expect(at).toBe(kept.length);
          }
        }
      },
    );
  });
});

describe('more than the gate judges', () => {
  /** A chain of commits, each with the other of two trees. */
  function flips(
    made: TestRepository,
    trees: readonly [string, string],
    count: number,
    message = 'x',
  ): string {
    let head = made.git('rev-parse', 'HEAD');
    const lines: string[] = [];
    for (let index = 0; index < count; index += 1) {
      lines.push(`tree ${trees[index % 2]}`, `parent ${head}`);
      lines.push('author A <a@b> 1700000000 +0000', 'committer A <a@b> 1700000000 +0000', '', message);
      head = made.object('commit', lines.splice(0).join('\n'));
    }
    return head;
  }

  it('of files in all commits together ends in an error', async () => {
    const made = twoBranches();
    const entries = (text: string) => {
      const oid = made.object('blob', text);
      return made.tree(
        Array.from({ length: 19_000 }, (_, index) => ({
          mode: '100644',
          name: `f${String(index).padStart(5, '0')}`,
          oid,
        })),
      );
    };
    const head = flips(made, [entries('1'), entries('2')], 12);
    await withChange(made, { base: 'main', head }, async (change) => {
      const judged = (async () => {
        for (const commit of change.commits) await change.filesOfCommit(commit);
      })();
      expect(await errorOf(judged)).toMatchObject({
        code: 'limit',
        message: expect.stringContaining('200000 files'),
      });
    });
  });

  it('of commits, in number or in bytes, ends in an error', async () => {
    const made = twoBranches();
    const tree = made.git('rev-parse', 'HEAD^{tree}');
    const large = flips(made, [tree, tree], 70, 'm'.repeat(1_000_000));
    const stream = Array.from(
      { length: 5_001 },
      (_, index) =>
        `commit refs/heads/long\ncommitter A <a@b> ${1_700_000_000 + index} +0000\ndata 1\nx\n${index === 0 ? 'from refs/heads/main\n' : ''}`,
    );
    made.gitBytes(['fast-import', '--quiet'], stream.join(''));
    await using(made, async (repository) => {
      expect(await errorOf(repository.openChange({ base: 'main', head: large }))).toMatchObject({
        code: 'limit',
      });
      expect(await errorOf(repository.openChange({ base: 'main', head: 'long' }))).toMatchObject({
        code: 'limit',
        message: expect.stringContaining('5000 commits'),
      });
    });
  });

  it('of files in one change ends in an error', async () => {
    const made = twoBranches();
    const oid = made.object('blob', 'x');
    const many = made.tree(
      Array.from({ length: 20_001 }, (_, index) => ({
        mode: '100644',
        name: `f${String(index).padStart(5, '0')}`,
        oid,
      })),
    );
    const nested = made.tree([{ mode: '40000', name: 'd', oid: many }]);
    await using(made, async (repository) => {
      for (const tree of [many, nested]) {
        const head = made.commitTree(tree, [made.git('rev-parse', 'HEAD')]);
        const change = await repository.openChange({ base: 'main', head });
        expect(await errorOf(change.files())).toMatchObject({ code: 'limit' });
        expect(await errorOf(changesBetween(new MemoryTree(), change.head.tree))).toMatchObject({
          code: 'limit',
        });
      }
    });
  });

  it('of lines in one file makes it one that is scanned whole', async () => {
    const made = twoBranches();
    made.commit('one', { lines: '\n'.repeat(15_000_000), fewer: 'x\n'.repeat(500_000) });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      const [commit] = change.commits;
      if (commit === undefined) throw new Error('no commit');
      const found = await change.addedLines(commit);
      expect(found.map(({ path, binary, lines }) => [path, binary, lines.length])).toEqual([
        ['fewer', false, 500_000],
        ['lines', true, 0],
      ]);
    });
  });

  it('of bytes in folders ends in an error', async () => {
    const made = twoBranches();
    const oid = made.object('blob', 'x');
    const folders = Array.from({ length: 10 }, (_, part) => {
      const name = 'n'.repeat(200);
      const entries = Array.from({ length: 60_000 }, (_, index) => ({
        mode: '100644',
        name: `${part}${name}${String(index).padStart(6, '0')}`,
        oid,
      }));
      return { mode: '40000', name: `d${part}`, oid: made.tree(entries) };
    });
    const tree = made.tree(folders);
    await using(made, async (repository) => {
      expect(await errorOf((await repository.tree(tree)).files())).toMatchObject({
        code: 'limit',
        message: expect.stringContaining('bytes'),
      });
    });
  });
});

describe('files of a change', () => {
  it('have names of any bytes', async () => {
    const made = twoBranches();
    const blob = made.object('blob', 'like nothing else\n');
    const names = [
      '\udcff\udcfe',
      'new\nline',
      'tab\t"quote"',
      'é',
      'e\u0301',
      '__proto__',
      '-rf',
      ' space ',
      '\u202eevil',
    ];
    const sorted = names.map((name) => pathToBytes(name)).sort(Buffer.compare);
    const tree = made.tree(sorted.map((name) => ({ mode: '100644', name, oid: blob })));
    const head = made.commitTree(tree, [made.git('rev-parse', 'HEAD')]);
    await withChange(made, { base: 'main', head }, async (change) => {
      const paths = (await change.files()).filter(({ status }) => status === 'added').map(({ path }) => path);
      expect(new Set(paths)).toEqual(new Set(names));
      expect((await change.head.tree.read('\udcff\udcfe')).toString()).toBe('like nothing else\n');
      expect((await added(change)).length).toBe(names.length);
    });
  });

  it('are those that git names, in any history', async () => {
    const made = workshop.repository();
    made.commit('start');
    const name = fc.constantFrom('a', 'b', 'a/b', 'a/c', 'b/a/d', 'c', 'c/d', 'a.b', 'ab');
    const files = fc.dictionary(name, fc.constantFrom('1\n', '2\n', '3\n'), { maxKeys: 6 });
    for (const content of fc.sample(files, 25)) {
      for (const old of readdirSync(made.dir)) {
        if (old !== '.git') rmSync(join(made.dir, old), { recursive: true });
      }
      const kept = Object.entries(content).filter(
        ([path]) => !Object.keys(content).some((other) => other.startsWith(`${path}/`)),
      );
      made.commit('next', Object.fromEntries(kept));
    }
    const shas = made.git('rev-list', '--reverse', 'HEAD').split('\n');
    await using(made, async (repository) => {
      for (const [index, sha] of shas.entries()) {
        const before = shas[index - 1];
        if (before === undefined) continue;
        const [a, b] = [await repository.tree(before), await repository.tree(sha)];
        const own = (await repository.diff(a.oid, b.oid)).flatMap(({ status, path, oldPath }) =>
          status === 'renamed'
            ? [`D\t${oldPath}`, `A\t${path}`]
            : [`${{ added: 'A', deleted: 'D', modified: 'M' }[status]}\t${path}`],
        );
        const letters = (changes: readonly FileChange[]): string[] =>
          changes.map(({ status, path }) => `${status[0]?.toUpperCase()}\t${path}`);
        const plain = letters(await changesBetween(a, b));
        const copies = [new MemoryTree(await contentOf(a)), new MemoryTree(await contentOf(b))] as const;
        expect(plain).toEqual(letters(await changesBetween(...copies)));
        expect(plain.toSorted()).toEqual(own.toSorted());
        const git = made
          .git('diff-tree', '-r', '--name-status', '--no-renames', before, sha)
          .split('\n')
          .filter(Boolean);
        expect(own.sort()).toEqual(git.sort());
      }
    });
  });

  it('turn from file to folder and back', async () => {
    const made = twoBranches();
    made.commit('one', { x: 'file\n', 'y/z': 'in a folder\n' });
    made.git('branch', '-f', 'main');
    rmSync(join(made.dir, 'x'));
    rmSync(join(made.dir, 'y'), { recursive: true });
    made.commit('two', { 'x/a': 'now in\n', y: 'now a file\n' });
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(await shown(change)).toEqual(['deleted x', 'added x/a', 'added y', 'deleted y/z']);
    });
  });

  it('renamed by the hundred are joined by equal blobs', async () => {
    const made = twoBranches();
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`old/f${index}`, `content ${index}\n`]),
    );
    made.commit('many', files);
    made.git('branch', '-f', 'main');
    mkdirSync(join(made.dir, 'new'));
    for (const path of Object.keys(files))
      renameSync(join(made.dir, path), join(made.dir, path.replace('old', 'new')));
    made.commit('moved');
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      const changes = await change.files();
      expect(changes.length).toBe(300);
      expect(
        changes.every(
          ({ status, path, oldPath }) => status === 'renamed' && oldPath === path.replace('new', 'old'),
        ),
      ).toBe(true);
    });
  });

  it('of like content above the bound stay apart', async () => {
    const made = twoBranches();
    const text = (index: number, last: string): string => `${`line of ${index}\n`.repeat(5)}${last}\n`;
    made.commit(
      'many',
      Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`old/f${i}`, text(i, 'a')])),
    );
    made.git('branch', '-f', 'main');
    rmSync(join(made.dir, 'old'), { recursive: true });
    made.commit(
      'moved',
      Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`new/f${i}`, text(i, 'b')])),
    );
    await withChange(made, { base: 'main', head: 'side' }, async (change) => {
      expect(new Set((await change.files()).map(({ status }) => status))).toEqual(
        new Set(['deleted', 'added']),
      );
    });
  });
});
