import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRepository } from '../../src/git/index.js';

describe('reaches', () => {
  const dir = mkdtempSync(join(tmpdir(), 'reaches-'));
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: dir,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'alice',
        GIT_AUTHOR_EMAIL: 'alice@example.com',
        GIT_COMMITTER_NAME: 'alice',
        GIT_COMMITTER_EMAIL: 'alice@example.com',
      },
    }).trim();
  const commit = (text: string): string => {
    writeFileSync(join(dir, 'a'), text);
    git('add', 'a');
    git('commit', '-qm', text);
    return git('rev-parse', 'HEAD');
  };
  const ids: Record<string, string> = {};
  const id = (name: string): string => ids[name] ?? '';

  beforeAll(() => {
    git('init', '-q', '-b', 'main');
    ids.first = commit('first');
    ids.second = commit('second');
    git('checkout', '-q', '-b', 'mine', id('first'));
    ids.mine = commit('mine');
    ids.more = commit('more');
    ids.blob = git('rev-parse', 'HEAD:a');
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    ['a tip itself', ['second'], 'second', true],
    ['what is behind it', ['second'], 'first', true],
    ['what is ahead of it', ['first'], 'second', false],
    ['a branch beside it', ['second'], 'mine', false],
    ['several commits beside it', ['second'], 'more', false],
    ['one of several tips', ['second', 'more'], 'mine', true],
    ['no tip at all', [], 'first', false],
  ])('%s', async (_, tips, wanted, answer) => {
    const repository = await openRepository(dir);
    try {
      expect(await repository.reaches(tips.map(id), id(wanted))).toBe(answer);
    } finally {
      await repository.close();
    }
  });

  it('says that it cannot tell of what is not there, or is no commit', async () => {
    const repository = await openRepository(dir);
    try {
      expect(await repository.reaches([id('second')], '0'.repeat(39).concat('1'))).toBeNull();
      expect(await repository.reaches([id('second')], id('blob'))).toBe(false);
      await expect(repository.reaches([id('second')], '--all')).rejects.toMatchObject({ code: 'internal' });
    } finally {
      await repository.close();
    }
  });
});
