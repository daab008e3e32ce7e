import { describe, expect, it } from '@jest/globals';
import { CarriedPaths } from '../../../src/checks/signatures/carried-paths.js';
import { MemoryTree } from '../../../src/git/index.js';
import { FakeChange } from './support/change.js';
import { makeCommit } from './support/objects.js';

type Files = Record<string, string>;

/** A change whose commits leave these files behind, on a base that has moved on, and what merging them gives. */
async function changeOf(base: Files, fork: Files, commits: readonly Files[], result: Files | null) {
  const change = new FakeChange(new MemoryTree(base));
  const from = 'f'.repeat(40);
  change.put(from, new MemoryTree(fork));
  let parent = from;
  for (const files of commits) {
    const tree = new MemoryTree(files);
    parent = change.add(
      await makeCommit({ parents: [parent], tree: tree.oid, message: parent }, null),
      tree,
    ).sha;
  }
  if (result !== null) Object.assign(change, { result: new MemoryTree(result) });
  return change;
}

async function charged(change: FakeChange): Promise<string[][]> {
  const carried = new CarriedPaths(change);
  const all: string[][] = [];
  for (const commit of change.commits) all.push([...(await carried.pathsOf(commit))]);
  return all;
}

describe('CarriedPaths', () => {
  it('charges who edited a file with the place to which merging carries the edit', async () => {
    const change = await changeOf(
      { 'aaa/moved': '1', docs: '1' },
      { 'apps/a': '1', docs: '1' },
      [
        { 'apps/a': '2', docs: '1' },
        { 'apps/a': '2', docs: '2' },
      ],
      { 'aaa/moved': '2', docs: '2' },
    );
    // The base moved apps/a; whoever edits docs has nothing to do with it.
    expect(await charged(change)).toEqual([['aaa/moved', 'apps/a'], ['docs']]);
  });

  it('charges who edited it among other files', async () => {
    const change = await changeOf(
      { 'aaa/moved': '1', docs: '1', more: '1' },
      { 'apps/a': '1', docs: '1', more: '1' },
      [
        { 'apps/a': '1', docs: '1', more: '2' },
        { 'apps/a': '2', docs: '2', more: '2' },
      ],
      { 'aaa/moved': '2', docs: '2', more: '2' },
    );
    expect(await charged(change)).toEqual([['more'], ['aaa/moved', 'apps/a', 'docs']]);
  });

  it('charges everybody where nobody is to be told apart', async () => {
    const change = await changeOf({ docs: '1' }, { docs: '1' }, [{ docs: '2' }, { docs: '2', more: '1' }], {
      docs: '2',
      more: '1',
      'prod/a': '1',
      'aaa/b': '1',
    });
    expect(await charged(change)).toEqual([
      ['aaa/b', 'docs', 'prod/a'],
      ['aaa/b', 'more', 'prod/a'],
    ]);
  });

  it('charges nobody with what merging puts where a commit says so itself', async () => {
    const change = await changeOf({ a: '1', b: '1' }, { a: '1', b: '1' }, [{ a: '2', b: '1' }], {
      a: '2',
      b: '1',
    });
    expect(await charged(change)).toEqual([['a']]);
  });

  it('charges a removed file to nobody else: it is not where its commit left it for no merge', async () => {
    const change = await changeOf(
      { 'aaa/moved': '1', gone: '1' },
      { 'apps/a': '1', gone: '1' },
      [{ 'apps/a': '1' }, { 'apps/a': '2' }],
      { 'aaa/moved': '2' },
    );
    expect(await charged(change)).toEqual([['gone'], ['aaa/moved', 'apps/a']]);
  });

  it('knows only what the commits name where nothing could be merged', async () => {
    const change = await changeOf({ z: '1', a: '1' }, { a: '1' }, [{ a: '2' }], null);
    expect(await charged(change)).toEqual([['a']]);
  });

  it('asks for the files of a commit once', async () => {
    const change = await changeOf({ a: '1' }, { a: '1' }, [{ a: '2' }], { a: '2' });
    let asked = 0;
    const files = change.filesOfCommit.bind(change);
    change.filesOfCommit = (commit) => {
      asked += 1;
      return files(commit);
    };
    const carried = new CarriedPaths(change);
    for (const commit of [...change.commits, ...change.commits]) await carried.pathsOf(commit);
    expect(asked).toBe(1);
  });
});
