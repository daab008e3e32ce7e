import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  hostilePath,
  isDotGitName,
  type MemoryFile,
  MemoryTree,
  materialise,
  pathToBytes,
} from '../../src/git/index.js';
import { errorOf, Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

function folder(): string {
  const dir = workshop.path();
  mkdirSync(dir);
  return dir;
}

const link = (content: string): MemoryFile => ({ content, mode: 'symlink' });

async function write(
  files: Iterable<readonly [string, MemoryFile]> | Record<string, MemoryFile>,
  paths: Iterable<string> | 'all' = 'all',
) {
  const dir = folder();
  return { dir, ...(await materialise(new MemoryTree(files), paths, dir)) };
}

describe('materialising', () => {
  it('writes files with fixed modes and times', async () => {
    const { dir, written, refused } = await write({
      'a/b.yaml': 'B',
      run: { content: 'R', mode: 'executable' },
      'odd\udcff': 'O',
      empty: '',
    });
    expect({ written, refused }).toEqual({ written: 4, refused: [] });
    expect(readFileSync(join(dir, 'a/b.yaml'), 'utf8')).toBe('B');
    expect(statSync(join(dir, 'a/b.yaml')).mode & 0o777).toBe(0o644);
    expect(statSync(join(dir, 'run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(dir, 'run')).mtimeMs).toBe(Date.UTC(2000, 0, 1));
    expect(readFileSync(Buffer.concat([Buffer.from(`${dir}/`), pathToBytes('odd\udcff')]), 'utf8')).toBe('O');
  });

  it('writes only what is asked for', async () => {
    const { dir, written } = await write({ a: '1', 'b/c': '2', 'b/d': '3' }, ['b/c', 'b/c']);
    expect(written).toBe(1);
    expect(existsSync(join(dir, 'a'))).toBe(false);
    expect(existsSync(join(dir, 'b/d'))).toBe(false);
    expect(await errorOf(write({ a: '1' }, ['x']))).toMatchObject({ code: 'internal' });
  });

  it('refuses a folder that is not empty', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'x'), '');
    expect(await errorOf(materialise(new MemoryTree({ a: '1' }), 'all', dir))).toMatchObject({
      code: 'internal',
    });
  });

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
  ])('refuses the name %j', async (path) => {
    const { written, refused } = await write(
      new Map([
        [path, 'x'],
        ['ok', 'x'],
      ]),
    );
    expect(written).toBe(1);
    expect(refused.map((item) => item.path)).toEqual([path]);
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

  it('refuses all of a clash, and what is under it', async () => {
    const { written, refused } = await write({
      'Apps/a': '1',
      'apps/b': '2',
      'caf\u00e9': '3',
      'cafe\u0301': '4',
      'README.md': '5',
      'readme.MD': '6',
      'stra\u00dfe': '7',
      strasse: '8',
      fine: '9',
    });
    expect(written).toBe(1);
    expect(refused.length).toBe(8);
    expect(new Set(refused.map(({ reason }) => reason)).size).toBe(1);
  });

  it('sees a clash with a file that is not asked for', async () => {
    const { refused } = await write({ 'a/x': '1', 'A/y': '2' }, ['a/x']);
    expect(refused.map(({ path }) => path)).toEqual(['a/x']);
  });

  it('keeps links that stay inside, as they are', async () => {
    const { dir, refused, written } = await write({
      'base/a': 'A',
      'overlay/deep/link': link('../../base/a'),
      folder: link('base'),
      through: link('folder/a'),
      self: link('.'),
      viaSelf: link('self/self/base/a'),
      trailing: link('base/'),
    });
    expect(refused).toEqual([]);
    expect(written).toBe(7);
    expect(readlinkSync(join(dir, 'overlay/deep/link'))).toBe('../../base/a');
    expect(readFileSync(join(dir, 'through'), 'utf8')).toBe('A');
  });

  it.each([
    ['/etc/passwd', 'absolute'],
    ['../../etc/passwd', 'out of the repository'],
    ['../outside', 'out of the repository'],
    ['dir/../../a', 'out of the repository'],
    ['nothing', 'nothing'],
    ['a/x', 'nothing'],
    ['a/..', 'nothing'],
    ['a/', 'nothing'],
    ['link', 'circle'],
    ['.git/config', 'nothing'],
    ['dir/up/../x', 'out of the repository'],
    ['c:\\x', 'absolute'],
    ['', 'cannot be read'],
    ['a\0b', 'cannot be read'],
    ['x'.repeat(5000), 'cannot be read'],
  ])('refuses a link to %j', async (target, reason) => {
    const { dir, refused } = await write({
      link: link(target),
      a: 'A',
      '.git/config': 'x',
      'dir/up': link('..'),
    });
    const found = refused.find(({ path }) => path === 'link');
    expect(found?.reason).toContain(reason);
    expect(existsSync(join(dir, 'link'))).toBe(false);
  });

  it('leads nowhere outside, whatever the tree', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'A', '.git', '..');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const target = fc
      .array(fc.constantFrom('a', 'b', 'c', '..', '.', '', '/'), { minLength: 1, maxLength: 6 })
      .map((names) => names.join('/'));
    const file = fc.oneof(
      fc.constant<MemoryFile>('text'),
      target.map((content): MemoryFile => ({ content, mode: 'symlink' })),
      fc.constant<MemoryFile>({ content: '', mode: 'submodule' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, file), { maxLength: 8 }), async (entries) => {
        // A real tree has no file that is a folder too.
        const kept = entries.filter(([one]) => !entries.some(([other]) => other.startsWith(`${one}/`)));
        const outer = folder();
        writeFileSync(join(outer, 'a'), 'outside');
        const dir = join(outer, 'tree');
        mkdirSync(dir);
        const { refused } = await materialise(new MemoryTree(kept), 'all', dir);
        const root = realpathSync(dir);
        for (const found of execFileSync('find', [dir, '-mindepth', '1', '-print0']).toString().split('\0')) {
          if (found === '') continue;
          expect(found.slice(dir.length).toLowerCase()).not.toContain('.git');
          // A link to something that was left out dangles; one that led outside would find a file there.
          if (!existsSync(found)) continue;
          const real = realpathSync(found);
          expect(real === root || real.startsWith(`${root}/`)).toBe(true);
        }
        for (const item of refused.filter((each) => !each.path.includes('..')))
          expect(lstatSync(join(dir, item.path), { throwIfNoEntry: false })?.isFile() ?? false).toBe(false);
        expect(readFileSync(join(outer, 'a'), 'utf8')).toBe('outside');
      }),
      { numRuns: 300 },
    );
  });

  it('names submodules and LFS pointers, and leaves files out that are too large', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 1\n`;
    const { dir, submodules, lfs, refused } = await write({
      sub: { content: '', mode: 'submodule' },
      'x/pointer': pointer,
      big: Buffer.alloc(21 * 1024 * 1024),
      [`${'n'.repeat(300)}`]: 'too long for the file system',
      [`${'m'.repeat(300)}`]: { content: '', mode: 'submodule' },
    });
    expect(submodules).toContain('sub');
    expect(lfs).toEqual(['x/pointer']);
    expect(statSync(join(dir, 'sub')).isDirectory()).toBe(true);
    expect(readFileSync(join(dir, 'x/pointer'), 'utf8')).toBe(pointer);
    expect(refused.map(({ path }) => path.slice(0, 3))).toEqual(['big', 'mmm', 'nnn']);
  });

  it('stops at its bound of bytes', async () => {
    const dir = folder();
    const error = await errorOf(
      materialise(new MemoryTree({ a: 'aaaa', b: 'bbbb' }), 'all', dir, { maxBytes: 6 }),
    );
    expect(error).toMatchObject({ code: 'limit' });
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
