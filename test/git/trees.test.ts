import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  changesBetween,
  DiskTree,
  EditedTree,
  MemoryTree,
  objectId,
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

describe('a tree in memory', () => {
  it('holds text, bytes, and other modes, sorted', async () => {
    const tree = new MemoryTree({
      b: 'text',
      'a/é': Buffer.of(1),
      a0: { content: 'target', mode: 'symlink' },
      m: { content: '', mode: 'submodule' },
    });
    expect([...(await tree.files()).values()].map(({ path, mode }) => [path, mode])).toEqual([
      ['a/é', 'file'],
      ['a0', 'symlink'],
      ['b', 'file'],
      ['m', 'submodule'],
    ]);
    expect((await tree.read('b')).toString()).toBe('text');
    expect(await tree.size('a/é')).toBe(1);
    expect((await tree.files()).get('b')?.oid).toBe(objectId('sha1', 'blob', Buffer.from('text')));
  });

  it('has the id of its content', () => {
    const one = new MemoryTree({ a: '1', b: '2' });
    expect(
      new MemoryTree([
        ['b', '2'],
        ['a', '1'],
      ]).oid,
    ).toBe(one.oid);
    expect(new MemoryTree({ a: '1', b: '3' }).oid).not.toBe(one.oid);
    expect(new MemoryTree({ a: { content: '1', mode: 'executable' }, b: '2' }).oid).not.toBe(one.oid);
  });

  it('takes names of any kind', async () => {
    const tree = new MemoryTree(
      new Map([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    );
    expect((await tree.read('__proto__')).toString()).toBe('x');
    expect(await errorOf(tree.read('toString'))).toMatchObject({ code: 'internal' });
  });

  it('keeps its bytes from whoever reads them, and to the bound', async () => {
    const tree = new MemoryTree({ a: 'abc', m: { content: '', mode: 'submodule' } });
    (await tree.read('a')).fill(0);
    expect((await tree.read('a')).toString()).toBe('abc');
    expect(await errorOf(tree.read('a', { maxBytes: 2 }))).toMatchObject({ code: 'limit' });
    expect(await errorOf(tree.read('m'))).toMatchObject({ code: 'internal' });
    expect(await errorOf(tree.size('x'))).toMatchObject({ code: 'internal' });
  });
});

describe('a tree on disk', () => {
  it('lists files, modes and links, and leaves .git out at every level', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'sub/.git'), { recursive: true });
    mkdirSync(join(dir, '.GIT'));
    writeFileSync(join(dir, 'sub/.git/config'), 'x');
    writeFileSync(join(dir, '.GIT/config'), 'x');
    writeFileSync(join(dir, 'sub/a'), 'A');
    writeFileSync(join(dir, 'run'), 'R', { mode: 0o755 });
    symlinkSync('/etc/passwd', join(dir, 'out'));
    symlinkSync('sub', join(dir, 'loop'));
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), pathToBytes('odd\udcff')]), 'o');
    const tree = await DiskTree.open(dir);
    const files = await tree.files();
    expect([...files.values()].map(({ path, mode }) => [path, mode])).toEqual([
      ['loop', 'symlink'],
      ['odd\udcff', 'file'],
      ['out', 'symlink'],
      ['run', 'executable'],
      ['sub/a', 'file'],
    ]);
    expect((await tree.read('out')).toString()).toBe('/etc/passwd');
    expect((await tree.read('odd\udcff')).toString()).toBe('o');
    expect(files.get('sub/a')?.oid).toBe(objectId('sha1', 'blob', Buffer.from('A')));
    expect(await tree.size('sub/a')).toBe(1);
    expect(await tree.files()).toBe(files);
  });

  it.each([
    '../x',
    '/etc/passwd',
    'sub/../a',
    './a',
    '',
    'loop/a',
    '.git/config',
    'sub/.Git/config',
    'a\0b',
    'sub',
    'nothing',
    'a/b',
  ])('does not read %j', async (path) => {
    const dir = folder();
    mkdirSync(join(dir, 'sub'));
    mkdirSync(join(dir, '.git'));
    writeFileSync(join(dir, '.git/config'), 'x');
    writeFileSync(join(dir, 'a'), 'A');
    writeFileSync(join(dir, 'sub/a'), 'A');
    symlinkSync('sub', join(dir, 'loop'));
    const tree = await DiskTree.open(dir);
    expect(await errorOf(tree.read(path))).toMatchObject({ code: 'internal' });
  });

  it('lists one folder without walking the rest', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'keys/old'), { recursive: true });
    writeFileSync(join(dir, 'keys/a'), 'A');
    writeFileSync(join(dir, 'keys/old/b'), 'B');
    writeFileSync(join(dir, 'c'), 'C');
    symlinkSync('keys', join(dir, 'link'));
    const tree = await DiskTree.open(dir);
    const under = async (path: string) => [...(await tree.filesUnder(path)).keys()];
    expect(await under('keys')).toEqual(['keys/a', 'keys/old/b']);
    expect(await under('c')).toEqual(['c']);
    expect(await under('link')).toEqual(['link']);
    expect(await under('link/old')).toEqual([]);
    expect(await under('nothing')).toEqual([]);
    expect(await under('../x')).toEqual([]);
    expect(await under('')).toEqual(['c', 'keys/a', 'keys/old/b', 'link']);
  });

  it('is one file where one is named, symlinks of the user followed', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'a.yaml'), 'A');
    writeFileSync(join(dir, 'b.yaml'), 'B');
    symlinkSync('a.yaml', join(dir, 'l.yaml'));
    const tree = await DiskTree.open(join(dir, 'l.yaml'));
    expect([...(await tree.files()).keys()]).toEqual(['a.yaml']);
    expect([...(await tree.filesUnder('a.yaml')).keys()]).toEqual(['a.yaml']);
    expect(await errorOf(tree.read('b.yaml'))).toMatchObject({ code: 'internal' });
  });

  it('says what it cannot list', async () => {
    const dir = folder();
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    writeFileSync(join(dir, 'a'), 'A');
    const tree = await DiskTree.open(dir);
    expect([...(await tree.files()).keys()]).toEqual(['a']);
    expect(tree.skipped).toEqual([{ path: 'pipe', reason: 'neither a file, a folder nor a symlink' }]);
    expect(await errorOf(tree.read('pipe'))).toMatchObject({ code: 'internal' });
  });

  it('holds large files without reading them', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'big'), Buffer.alloc(21 * 1024 * 1024));
    const tree = await DiskTree.open(dir);
    expect([...(await tree.files()).keys()]).toEqual(['big']);
    expect(await errorOf(tree.read('big'))).toMatchObject({ code: 'limit' });
    expect((await tree.read('big', { maxBytes: 1 << 28 })).length).toBe(21 * 1024 * 1024);
  });

  it('is a wrong call where there is nothing', async () => {
    expect(await errorOf(DiskTree.open(join(folder(), 'x')))).toMatchObject({ code: 'usage' });
    expect(await errorOf(DiskTree.open('/dev/null'))).toMatchObject({ code: 'usage' });
  });

  it('notices a folder swapped for a link', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'd'));
    writeFileSync(join(dir, 'd/passwd'), 'mine');
    const tree = await DiskTree.open(dir);
    await tree.files();
    renameSync(join(dir, 'd'), join(dir, 'e'));
    symlinkSync('/etc', join(dir, 'd'));
    expect(await errorOf(tree.read('d/passwd'))).toMatchObject({ code: 'internal' });
  });

  it('reports a mode that changed by chmod', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'a'), 'A');
    chmodSync(join(dir, 'a'), 0o700);
    expect((await (await DiskTree.open(dir)).files()).get('a')?.mode).toBe('executable');
  });
});

describe('changes between any trees', () => {
  it('are additions, deletions and modifications by path', async () => {
    const before = new MemoryTree({ a: '1', b: '2', c: '3', l: 'x' });
    const after = new MemoryTree({ a: '1', b: '5', d: '4', l: { content: 'x', mode: 'symlink' } });
    const changes = await changesBetween(before, after);
    expect(changes.map(({ status, path, oldPath }) => [status, path, oldPath])).toEqual([
      ['modified', 'b', 'b'],
      ['deleted', 'c', 'c'],
      ['added', 'd', null],
      ['modified', 'l', 'l'],
    ]);
    expect(await changesBetween(before, before)).toEqual([]);
  });
});

describe('an edited tree', () => {
  it('is the tree but for what it is told', async () => {
    const tree = new MemoryTree({ a: 'one', b: { content: 'two', mode: 'executable' } });
    const edited = new EditedTree(tree, new Map([['b', 'three']]));
    expect(String(await edited.read('a'))).toBe('one');
    expect(String(await edited.read('b'))).toBe('three');
    expect([await edited.size('a'), await edited.size('b')]).toEqual([3, 5]);
    expect((await edited.files()).get('b')).toEqual({
      path: 'b',
      mode: 'executable',
      oid: objectId('sha1', 'blob', Buffer.from('three')),
    });
    expect((await edited.files()).get('a')).toEqual((await tree.files()).get('a'));
    expect(new Set([tree.oid, edited.oid, new EditedTree(tree, new Map()).oid]).size).toBe(3);
    expect(await errorOf(edited.read('b', { maxBytes: 4 }))).toMatchObject({ code: 'limit' });
  });

  it('brings no file that was not there', async () => {
    const edited = new EditedTree(new MemoryTree({ a: 'one' }), new Map([['b', 'two']]));
    expect([...(await edited.files()).keys()]).toEqual(['a']);
    expect(await errorOf(edited.read('b'))).toMatchObject({ code: 'internal' });
    expect(await errorOf(edited.size('b'))).toMatchObject({ code: 'internal' });
  });
});
