import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openRepository, type Repository } from '../../src/git/index.js';
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

describe('what is staged', () => {
  it('is the index against HEAD, not the work tree', async () => {
    const made = workshop.repository();
    made.commit('one', { a: '1\n', b: '2\n' });
    made.write({ a: '1\nstaged\n' });
    made.git('add', 'a');
    made.write({ a: '1\nstaged\nnot staged\n', c: 'untracked\n' });
    made.git('rm', '-q', '--cached', 'b');
    const index = made.git('ls-files', '--debug');
    await using(made, async (repository) => {
      const staged = await repository.staged();
      expect((await staged.files()).map(({ status, path }) => `${status} ${path}`)).toEqual([
        'modified a',
        'deleted b',
      ]);
      expect(await staged.addedLines()).toMatchObject([{ path: 'a', lines: [2] }]);
      expect((await staged.index.read('a')).toString()).toBe('1\nstaged\n');
      expect((await staged.head.read('a')).toString()).toBe('1\n');
    });
    expect(made.git('ls-files', '--debug')).toBe(index);
  });

  it('before the first commit is against nothing', async () => {
    const made = workshop.repository();
    await using(made, async (repository) => expect(await (await repository.staged()).files()).toEqual([]));
    made.write({ a: 'x\n' });
    made.git('add', 'a');
    await using(made, async (repository) => {
      expect((await (await repository.staged()).addedLines()).map(({ path }) => path)).toEqual(['a']);
    });
  });

  it('is read from the index that a hook names, and from a split one', async () => {
    const made = workshop.repository();
    made.commit('one', { a: '1\n' });
    made.git('update-index', '--split-index');
    made.write({ b: '2\n' });
    made.git('add', 'b');
    const other = join(made.dir, '.git/other-index');
    await using(made, async (repository) => {
      expect((await (await repository.staged()).files()).map(({ path }) => path)).toEqual(['b']);
      made.git('update-index', '--no-split-index');
      writeFileSync(other, made.gitBytes(['--version']));
      expect(await errorOf(repository.staged({ indexFile: other }))).toMatchObject({ code: 'git-failed' });
      rmSync(other);
      expect(
        (await (await repository.staged({ indexFile: '.git/index' })).files()).map(({ path }) => path),
      ).toEqual(['b']);
    });
  });

  it('with conflicts is refused', async () => {
    const made = workshop.repository();
    made.commit('one', { a: '1\n' });
    made.git('checkout', '-q', '-b', 'side');
    made.commit('two', { a: '2\n' });
    made.git('checkout', '-q', 'main');
    made.commit('three', { a: '3\n' });
    made.tryGit('merge', '-q', 'side');
    await using(made, async (repository) => {
      expect(await errorOf(repository.staged())).toMatchObject({
        message: expect.stringContaining('conflicts'),
      });
    });
  });
});

describe('past merges', () => {
  it('are those along the first parents, newest first', async () => {
    const made = workshop.repository();
    made.commit('start');
    const merges: { base: string; head: string; merge: string }[] = [];
    for (const name of ['p', 'q']) {
      made.git('checkout', '-q', '-b', name, 'main');
      const head = made.commit(name, { [name]: 'x' });
      made.git('checkout', '-q', 'main');
      const base = made.commit(`direct ${name}`);
      made.git('merge', '-q', '--no-ff', '-m', name, name);
      merges.unshift({ base, head, merge: made.git('rev-parse', 'HEAD') });
    }
    await using(made, async (repository) => {
      expect(await repository.lastMerges('main', 10)).toEqual(merges);
      expect(await repository.lastMerges('main', 1)).toEqual(merges.slice(0, 1));
      expect((await repository.log('main', 3)).length).toBe(3);
    });
  });

  it('of a branch without any are its commits', async () => {
    const made = workshop.repository();
    const shas = ['a', 'b', 'c'].map((name) => made.commit(name));
    await using(made, async (repository) => {
      expect(await repository.lastMerges('main', 10)).toEqual([
        { base: shas[1], head: shas[2], merge: shas[2] },
        { base: shas[0], head: shas[1], merge: shas[1] },
      ]);
    });
  });

  it('of a branch that hardly has any are its commits', async () => {
    const made = workshop.repository();
    made.commit('start');
    made.git('checkout', '-q', '-b', 'side');
    made.commit('side');
    made.git('checkout', '-q', 'main');
    made.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    const merge = made.git('rev-parse', 'HEAD');
    const stream = (count: number): string =>
      Array.from(
        { length: count },
        (_, index) =>
          `commit refs/heads/main\ncommitter A <a@b> ${1_800_000_000 + index} +0000\ndata 1\nx\n${index === 0 ? 'from refs/heads/main^0\n' : ''}`,
      ).join('');
    made.gitBytes(['fast-import', '--quiet'], stream(8));
    await using(made, async (repository) => {
      expect((await repository.lastMerges('main', 2)).map((past) => past.merge)).toEqual([merge]);
    });
    made.gitBytes(['fast-import', '--quiet'], stream(1));
    await using(made, async (repository) => {
      const past = await repository.lastMerges('main', 2);
      expect(past.map((each) => each.merge)).toEqual(made.git('rev-list', '-2', 'main').split('\n'));
    });
  });

  it('of more than two parents are judged as they came in', async () => {
    const made = workshop.repository();
    const base = made.commit('start');
    for (const name of ['p', 'q']) {
      made.git('checkout', '-q', '-b', name, 'main');
      made.commit(name, { [name]: 'x' });
    }
    made.git('checkout', '-q', 'main');
    const onMain = made.commit('mine', { m: 'x' });
    made.git('merge', '-q', '-m', 'octopus', 'p', 'q');
    const merge = made.git('rev-parse', 'HEAD');
    await using(made, async (repository) => {
      expect(await repository.lastMerges('main', 10)).toEqual([{ base: onMain, head: merge, merge }]);
      expect((await repository.openChange({ base: onMain, head: merge })).commits.length).toBe(3);
      expect(base).not.toBe(onMain);
    });
  });
});
