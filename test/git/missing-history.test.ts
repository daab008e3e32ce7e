import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openRepository } from '../../src/git/index.js';
import { errorOf, TestRepository, Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

/** Ten commits on main, then a branch of two from the eighth. */
function upstream(): TestRepository {
  const made = workshop.repository();
  for (let index = 0; index < 10; index += 1) {
    if (index === 8) made.git('branch', 'side');
    made.commit(`c${index}`, { [`f${index}`]: `${index}\n` });
  }
  made.git('checkout', '-q', 'side');
  made.commit('s1', { s1: 's\n' });
  made.commit('s2', { s2: 's\n' });
  made.git('config', 'uploadpack.allowFilter', 'true');
  return made;
}

function clone(made: TestRepository, ...options: string[]): TestRepository {
  const dir = workshop.path('clone');
  made.git('clone', '-q', '--no-single-branch', ...options, `file://${made.dir}`, dir);
  return new TestRepository(dir);
}

const REVISIONS = { base: 'origin/main', head: 'origin/side' };

describe('a shallow clone', () => {
  it('that is cut before the merge base says so, with the command that mends it', async () => {
    const shallow = clone(upstream(), '--depth', '1');
    const repository = await openRepository(shallow.dir);
    const error = (await errorOf(repository.openChange(REVISIONS))) as Error;
    expect(error).toMatchObject({ code: 'missing-objects' });
    const command = /git -C \S+ fetch --unshallow origin/.exec(error.message)?.[0];
    expect(command).toBe(`git -C ${shallow.dir} fetch --unshallow origin`);
    await repository.close();
    shallow.git('fetch', '-q', '--unshallow', 'origin');
    const mended = await openRepository(shallow.dir);
    expect((await mended.openChange(REVISIONS)).commits.length).toBe(2);
    await mended.close();
  });

  it('that holds all of the change is enough', async () => {
    const repository = await openRepository(clone(upstream(), '--depth', '4').dir);
    const change = await repository.openChange(REVISIONS);
    expect(change.commits.length).toBe(2);
    expect((await change.files()).map(({ path }) => path)).toEqual(['s1', 's2']);
    expect(change.unmergeable).toBe(null);
    await repository.close();
  });

  it('whose newest commits alone are there cannot tell what a commit added', async () => {
    const shallow = clone(upstream(), '--depth', '2');
    const repository = await openRepository(shallow.dir);
    expect(await errorOf(repository.openChange(REVISIONS))).toMatchObject({ code: 'missing-objects' });
    expect((await repository.log('origin/main', 10)).length).toBe(2);
    expect((await repository.lastMerges('origin/main', 10)).length).toBe(1);
    await repository.close();
    const single = await openRepository(clone(upstream(), '--depth', '1').dir);
    expect((await single.log('origin/main', 10)).length).toBe(1);
    expect(await errorOf(single.lastMerges('origin/main', 10))).toMatchObject({ code: 'missing-objects' });
    await single.close();
  });
});

describe('a partial clone', () => {
  it.each(['blob:none', 'tree:0'])('without %s says which command gets what is missing', async (filter) => {
    const partial = clone(upstream(), '--bare', `--filter=${filter}`);
    const repository = await openRepository(partial.dir);
    const error = await errorOf(
      repository.openChange({ base: 'main', head: 'side' }).then(async (change) => {
        for (const commit of change.commits) await change.addedLines(commit);
      }),
    );
    expect(error).toMatchObject({
      code: 'missing-objects',
      message: expect.stringContaining(`git -C ${partial.dir} fetch --refetch --no-filter origin`),
    });
    await repository.close();
  });

  it('that is shallow too says both', async () => {
    const partial = clone(upstream(), '--bare', '--depth=1', '--filter=blob:none');
    const repository = await openRepository(partial.dir);
    expect(await errorOf(repository.openChange({ base: 'main', head: 'side' }))).toMatchObject({
      message: expect.stringContaining('--unshallow --refetch --no-filter origin'),
    });
    await repository.close();
  });

  it('is read where nothing is missing', async () => {
    const made = upstream();
    const partial = clone(made, '--bare', '--filter=blob:limit=1m');
    const repository = await openRepository(partial.dir);
    const change = await repository.openChange({ base: 'main', head: 'side' });
    expect((await change.addedLines(change.commits[0] as never)).length).toBe(1);
    await repository.close();
  });
});

describe('a clone that lost an object', () => {
  it.each([
    ['a blob', 'side:s1'],
    ['a tree', 'side^{tree}'],
    ['a commit', 'side~1'],
    ['the head', 'side'],
    ['a commit of the base', 'main'],
  ])('says so: %s', async (_, revision) => {
    const made = upstream();
    const oid = made.git('rev-parse', revision);
    rmSync(join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
    const repository = await openRepository(made.dir);
    const run = repository.openChange({ base: 'main', head: 'side' }).then(async (change) => {
      await change.files();
      for (const commit of change.commits) await change.addedLines(commit);
    });
    expect(await errorOf(run)).toMatchObject({
      code: 'missing-objects',
      message: expect.stringContaining('fetch'),
    });
    await repository.close();
  });

  it('says so when the merge needs it', async () => {
    const made = workshop.repository();
    made.commit('start', { a: '1\n2\n3\n4\n5\n6\n7\n8\n' });
    made.git('checkout', '-q', '-b', 'side');
    made.commit('s', { a: '1\n2\n3\n4\n5\n6\n7\neight\n' });
    made.git('checkout', '-q', 'main');
    made.commit('m', { a: 'one\n2\n3\n4\n5\n6\n7\n8\n' });
    const oid = made.git('rev-parse', 'main~1:a');
    rmSync(join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
    const repository = await openRepository(made.dir);
    expect(await errorOf(repository.openChange({ base: 'main', head: 'side' }))).toMatchObject({
      code: 'missing-objects',
    });
    await repository.close();
    expect(readdirSync(join(made.dir, '.git')).includes('index.lock')).toBe(false);
  });
});
