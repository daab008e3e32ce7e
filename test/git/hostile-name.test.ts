import { describe, expect, it } from '@jest/globals';
import { hostilePath, isDotGitName } from '../../src/git/index.js';

describe('names that a tree may have and no folder may', () => {
  it.each([
    '.git/config',
    'a/.GIT/hooks/pre-commit',
    '.git',
    'git~1/config',
    'GIT~1',
    '.git. /x',
    '.git ',
    '.git::$INDEX_ALLOCATION/x',
    '.g\u200cit/config',
    '\ufeff.git/x',
    '../x',
    'a/../../x',
    '/etc/x',
    'a//b',
    './a',
    'a/.',
    '..\\x',
    'a\\.git\\config',
    'C:/x',
    'a\0b',
    '',
  ])('refuses the name %j', (path) => {
    expect(hostilePath(path)).not.toBe(null);
  });

  it.each([
    '.gitignore',
    '.github/workflows/x.yaml',
    'a.git/x',
    '.gitmodules',
    'git~2',
    '...',
    'a..b',
    'a\\b',
    'x:y',
  ])('takes the name %j', (path) => {
    expect(hostilePath(path)).toBe(null);
  });
});

describe('names that are .git to some file system', () => {
  it.each(['.git', '.Git', '.git.', '.git ...', 'git~1', '.git:x', '.\u200dgit', '.gi\u206at'])(
    '%j is',
    (name) => {
      expect(isDotGitName(name)).toBe(true);
    },
  );
  it.each(['git', '.gitx', 'x.git', '.gi', 'git~10'])('%j is not', (name) => {
    expect(isDotGitName(name)).toBe(false);
  });
});
