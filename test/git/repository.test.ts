import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireVersion } from '../../src/git/git-process.js';
import { objectId, openRepository, type Repository } from '../../src/git/index.js';
import { readRefs, readRefsByGit } from '../../src/git/refs.js';
import { locateRepository } from '../../src/git/repository-location.js';
import { errorOf, TestRepository, Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

/** Opens, uses and closes. */
async function using<T>(dir: string, action: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(dir);
  try {
    return await action(repository);
  } finally {
    await repository.close();
  }
}

/** The gate's own git directories over a repository's objects that are there now. */
function temporaryOf(dir: string): string[] {
  return readdirSync(tmpdir()).filter((name) => {
    const alternates = join(tmpdir(), name, 'objects/info/alternates');
    return (
      name.startsWith('gitops-gate-git-') &&
      existsSync(alternates) &&
      readFileSync(alternates, 'utf8').includes(dir)
    );
  });
}

describe('opening', () => {
  it('finds a work tree, a folder in it, and a bare repository', async () => {
    const made = workshop.repository();
    const sha = made.commit('one', { 'a/b': 'x' });
    const bare = workshop.path('bare');
    made.git('clone', '-q', '--bare', '.', bare);
    for (const dir of [made.dir, join(made.dir, 'a'), join(made.dir, '.git'), bare]) {
      expect(await using(dir, (repository) => repository.resolve('HEAD'))).toBe(sha);
    }
  });

  it('takes no bare repository that lies in a work tree for the one it was asked for', async () => {
    const made = workshop.repository();
    const sha = made.commit('one', {
      'apps/HEAD': 'ref: refs/heads/main\n',
      'apps/refs/x': '',
      'apps/objects/x': '',
      'apps/a/b': '',
    });
    expect(await using(join(made.dir, 'apps/a'), (repository) => repository.resolve('HEAD'))).toBe(sha);
  });

  it('finds linked work trees and submodules', async () => {
    const made = workshop.repository();
    made.commit('one', { a: 'x' });
    const linked = workshop.path('linked');
    made.git('worktree', 'add', '-q', '-b', 'side', linked);
    const sha = new TestRepository(linked).commit('two', { b: 'y' });
    await using(linked, async (repository) => {
      expect(await repository.resolve('HEAD')).toBe(sha);
      expect(repository.currentBranch()).toBe('refs/heads/side');
      expect(await repository.resolve('main')).toBe(made.git('rev-parse', 'main'));
      expect([...(await (await repository.staged()).index.files()).keys()]).toEqual(['a', 'b']);
    });
    const outer = workshop.repository();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', made.dir, 'sub');
    expect(await using(join(outer.dir, 'sub'), (repository) => repository.resolve('HEAD'))).toBe(
      made.git('rev-parse', 'main'),
    );
  });

  it('reads objects that another repository lends, through a chain and odd names', async () => {
    const made = workshop.repository();
    const sha = made.commit('one', { a: 'x' });
    const first = workshop.path('a "quoted"\\: path with é');
    made.git('clone', '-q', '--shared', '.', first);
    const second = workshop.path('second');
    new TestRepository(first).git('clone', '-q', '--shared', first, second);
    rmSync(join(second, '.git/objects/pack'), { recursive: true, force: true });
    for (const dir of [first, second]) {
      await using(dir, async (repository) => {
        expect((await (await repository.tree(sha)).read('a')).toString()).toBe('x');
      });
    }
  });

  it('takes a path with a line feed', async () => {
    const made = workshop.repository();
    const sha = made.commit('one', { a: 'x' });
    const odd = workshop.path('a\n"b"\\:;#c');
    renameSync(made.dir, odd);
    await using(odd, async (repository) => {
      expect((await (await repository.tree(sha)).read('a')).toString()).toBe('x');
    });
  });

  it.each([
    ['no folder', () => workshop.path('none')],
    ['a file', () => join(workshop.repository().write({ f: '' }).dir, 'f')],
    ['a folder of none', () => '/'],
    [
      'a .git file that leads nowhere',
      () => {
        const dir = workshop.path();
        mkdirSync(dir);
        writeFileSync(join(dir, '.git'), 'gitdir: ../nowhere\n');
        return dir;
      },
    ],
    [
      'a .git file of something else',
      () => {
        const dir = workshop.path();
        mkdirSync(dir);
        writeFileSync(join(dir, '.git'), 'hello\n');
        return dir;
      },
    ],
  ])('says of %s that it is no repository', async (_, dir) => {
    const error = await errorOf(openRepository(dir()));
    expect(error).toMatchObject({ code: 'not-a-repository', message: expect.stringContaining('--repo DIR') });
  });

  it('refuses a git that cannot merge without a work tree', () => {
    expect(() => requireVersion('2.37.9', 2, 37)).toThrow('2.38');
    expect(() => requireVersion('1.99', 1, 99)).toThrow('upgrade git');
    expect(() => requireVersion('2.38.0', 2, 38)).not.toThrow();
    expect(() => requireVersion('3.0', 3, 0)).not.toThrow();
  });

  it('says that git is missing', async () => {
    const made = workshop.repository();
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      expect(await errorOf(openRepository(made.dir))).toMatchObject({ code: 'tool-missing' });
    } finally {
      process.env.PATH = path;
    }
    expect(await using(made.dir, async (repository) => repository.objectFormat)).toBe('sha1');
  });

  it('says when the configuration file is broken', async () => {
    const made = workshop.repository();
    writeFileSync(join(made.dir, '.git/config'), '[core\n');
    expect(await errorOf(openRepository(made.dir))).toMatchObject({ code: 'git-failed' });
    writeFileSync(join(made.dir, '.git/config'), '[extensions]\nobjectformat = md5\n');
    expect(await errorOf(openRepository(made.dir))).toMatchObject({ code: 'git-failed' });
    rmSync(join(made.dir, '.git/config'));
    expect(await using(made.dir, async (repository) => repository.remoteUrls())).toEqual([]);
  });

  it('leaves nothing behind and writes nothing to the repository', async () => {
    const made = workshop.repository();
    made.commit('one', { a: 'x' });
    made.git('checkout', '-q', '-b', 'side');
    made.commit('two', { b: 'x' });
    made.git('checkout', '-q', 'main');
    made.commit('three', { c: 'x' });
    const list = (): string => made.git('count-objects', '-v');
    const before = list();
    await using(made.dir, async (repository) => {
      const change = await repository.openChange({ base: 'main', head: 'side' });
      expect(change.result).not.toBe(null);
      await repository.staged();
      expect(temporaryOf(made.dir).length).toBe(1);
    });
    expect(list()).toBe(before);
    expect(existsSync(join(made.dir, '.git/index.lock'))).toBe(false);
    expect(temporaryOf(made.dir)).toEqual([]);
  });

  it('is of no more use when closed', async () => {
    const made = workshop.repository();
    const sha = made.commit('one');
    const repository = await openRepository(made.dir);
    const pending = errorOf(repository.readCommit(sha));
    await repository.close();
    expect(await pending).toMatchObject({ code: 'internal' });
    expect(await errorOf(repository.readCommit(sha))).toMatchObject({ code: 'internal' });
  });
});

describe('an empty repository', () => {
  it('has no HEAD and no default branch, and says so', async () => {
    await using(workshop.repository().dir, async (repository) => {
      expect(repository.currentBranch()).toBe('refs/heads/main');
      expect(await errorOf(repository.resolve('HEAD'))).toMatchObject({
        code: 'unknown-revision',
        message: expect.stringContaining('no commit yet'),
      });
      expect(await errorOf(repository.defaultBase())).toMatchObject({ code: 'unknown-revision' });
      expect(await errorOf(repository.openChange())).toMatchObject({ code: 'unknown-revision' });
    });
  });
});

describe('refs', () => {
  it('read from the files are those that git lists', async () => {
    const made = workshop.repository();
    made.commit('one');
    made.git('tag', '-a', 'v1', '-m', 'x');
    made.git('branch', 'topic/deep/one');
    made.git('pack-refs', '--all');
    made.git('branch', 'loose');
    made.commit('two');
    made.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    made.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    made.git('symbolic-ref', 'refs/heads/circle', 'refs/heads/circle');
    made.git('branch', '-D', '-q', 'topic/deep/one');
    const location = locateRepository(made.dir);
    const own = await readRefs(location);
    const git = await readRefsByGit(location);
    expect([...own.ids].sort()).toEqual([...git.ids].sort());
    expect(own.symbolic.get('refs/remotes/origin/HEAD')).toBe('refs/remotes/origin/main');
    expect([...git.symbolic].every(([name, target]) => own.symbolic.get(name) === target)).toBe(true);
    made.git('checkout', '-q', '--detach');
    expect((await readRefsByGit(location)).ids.get('HEAD')).toBe((await readRefs(location)).ids.get('HEAD'));
  });
});

describe('remotes and the default branch', () => {
  it('come from the configuration file as data', async () => {
    const made = workshop.repository();
    made.commit('one');
    made.git('remote', 'add', 'upstream', 'https://x:secret@token@example.com/up.git');
    made.git('remote', 'add', 'origin', 'git@example.com:acme/config.git');
    made.git('config', '--add', 'remote.origin.url', 'https://example.com/second');
    made.git('config', 'url.https://evil.example.com/.insteadOf', 'git@example.com:');
    await using(made.dir, async (repository) => {
      expect(repository.remoteUrls()).toEqual([
        'git@example.com:acme/config.git',
        'https://example.com/second',
        'https://example.com/up.git',
      ]);
      expect(repository.remotes().get('upstream')).toEqual(['https://example.com/up.git']);
      expect((await repository.defaultBase()).ref).toBe('refs/heads/main');
    });
  });

  it('take the remote branch before the local one, and the only remote', async () => {
    const made = workshop.repository();
    made.commit('one');
    const clone = workshop.path('clone');
    made.git('clone', '-q', '-o', 'upstream', '.', clone);
    await using(clone, async (repository) => {
      expect((await repository.defaultBase()).ref).toBe('refs/remotes/upstream/main');
    });
    made.git('branch', '-m', 'main', 'master');
    await using(made.dir, async (repository) => {
      expect((await repository.defaultBase()).ref).toBe('refs/heads/master');
    });
    made.git('branch', '-m', 'master', 'trunk');
    await using(made.dir, async (repository) => {
      expect(await errorOf(repository.defaultBase())).toMatchObject({
        message: expect.stringContaining('--base REV'),
      });
    });
  });
});

describe('revisions', () => {
  const made = workshop.repository();
  let one = '';
  let two = '';
  let merge = '';
  let repository: Repository;
  beforeAll(async () => {
    one = made.commit('one', { a: '1' });
    made.git('tag', '-a', 'v1', '-m', 'x');
    made.git('checkout', '-q', '-b', 'feature/login');
    two = made.commit('two', { b: '2' });
    made.git('checkout', '-q', 'main');
    made.commit('three', { c: '3' });
    made.git('merge', '-q', '--no-ff', '-m', 'merge', 'feature/login');
    merge = made.git('rev-parse', 'HEAD');
    made.git('update-ref', 'refs/remotes/origin/release', one);
    made.git('tag', 'twice', one);
    made.git('branch', 'twice', two);
    made.git('tag', 'same', one);
    made.git('branch', 'same', one);
    made.git('branch', one.slice(0, 8), two);
    made.git('tag', 'blob', made.object('blob', 'text'));
    repository = await openRepository(made.dir);
  });
  afterAll(() => repository.close());

  it.each([
    'main',
    'HEAD',
    '@',
    'v1',
    'refs/tags/v1',
    'tags/v1',
    'heads/main',
    'feature/login',
    'origin/release',
    'HEAD~1',
    'HEAD^2',
    'HEAD^2~1',
    'main~',
    'main^^',
    'v1^{commit}',
    'v1^0',
    'same',
    'HEAD^{}',
  ])('%s is what git takes it for', async (revision) => {
    expect(await repository.resolve(revision)).toBe(
      made.git('rev-parse', '--verify', '-q', `${revision}^{commit}`),
    );
  });

  it('may be ids, whole or short, of a commit or a tag', async () => {
    expect(await repository.resolve(merge)).toBe(merge);
    expect(await repository.resolve(merge.slice(0, 7))).toBe(merge);
    expect(await repository.resolve(merge.toUpperCase())).toBe(merge);
    expect(await repository.resolve(`${merge.slice(0, 9)}^2`)).toBe(two);
    expect(await repository.resolve(made.git('rev-parse', 'v1'))).toBe(one);
  });

  it.each([
    ['twice', 'refs/tags/twice and refs/heads/twice'],
    ['mian', 'did you mean main?'],
    ['login', 'did you mean feature/login?'],
    ['release', 'did you mean origin/release?'],
    ['nothing-like-it-at-all', 'git branch --all'],
    ['HEAD~99', 'history does not go there'],
    ['HEAD^3', 'history does not go there'],
    ['blob', 'does not name a commit'],
    ['main..feature', 'must be a branch'],
    ['main@{1}', 'must be a branch'],
    [':/one', 'must be a branch'],
    ['main:a', 'must be a branch'],
    ['', 'must be a branch'],
    ['--all', 'no branch, tag or commit'],
    ['main\ninfo', 'must be a branch'],
    ['a\0b', 'must be a branch'],
    ['HEAD^{tree}', 'must be a branch'],
    ['HEAD~99999999', 'must be a branch'],
  ])('%j is refused with a way out', async (revision, words) => {
    const error = await errorOf(repository.resolve(revision));
    expect(error).toMatchObject({ code: 'unknown-revision', message: expect.stringContaining(words) });
  });

  it('refuses a branch that is named like another commit', async () => {
    expect(await errorOf(repository.resolve(one.slice(0, 8)))).toMatchObject({ code: 'unknown-revision' });
    expect(await repository.resolve(one.slice(0, 9))).toBe(one);
  });

  it('takes what is written in full, whatever refs are named after it', async () => {
    made.git('tag', 'refs/heads/main', one);
    made.git('tag', 'HEAD', one);
    const absent = 'ab'.repeat(20);
    made.write({ [`.git/refs/heads/${absent}`]: `${one}\n` });
    const again = await openRepository(made.dir);
    expect(await again.resolve('refs/heads/main')).toBe(merge);
    expect(await again.resolve('HEAD')).toBe(merge);
    expect(await errorOf(again.resolve(absent))).toMatchObject({ code: 'missing-objects' });
    await again.close();
    made.git('tag', '-d', 'refs/heads/main', 'HEAD');
    rmSync(join(made.dir, '.git/refs/heads', absent));
  });

  it('says of a commit that is not there that it can be fetched', async () => {
    expect(await errorOf(repository.resolve('f'.repeat(40)))).toMatchObject({
      code: 'missing-objects',
      message: expect.stringContaining('git -C '),
    });
    expect(await errorOf(repository.resolve('deadbeef'))).toMatchObject({ code: 'unknown-revision' });
    expect(await errorOf(repository.resolve(made.git('rev-parse', 'HEAD^{tree}')))).toMatchObject({
      message: expect.stringContaining('not a commit'),
    });
  });
});

describe.each(['sha1', 'sha256'] as const)('objects of a %s repository', (format) => {
  const made = workshop.repository({ format });
  let sha = '';
  let repository: Repository;
  beforeAll(async () => {
    sha = made.commit('one', { a: 'text', 'd/e': 'deep', 'd/f/g': 'deeper', l: 'x' });
    symlinkSync('d/e', join(made.dir, 'link'));
    chmodSync(join(made.dir, 'a'), 0o755);
    sha = made.commit('two');
    made.git('tag', '-a', 'v1', '-m', 'x');
    repository = await openRepository(made.dir);
  });
  afterAll(() => repository.close());

  it("are trees with every file in git's order", async () => {
    const files = await (await repository.tree(sha)).files();
    const shown = made.git('ls-tree', '-r', sha).split('\n');
    const modes = { file: '100644', executable: '100755', symlink: '120000', submodule: '160000' };
    expect([...files.values()].map(({ mode, oid, path }) => `${modes[mode]} blob ${oid}\t${path}`)).toEqual(
      shown,
    );
  });

  it('are read by path, without following links', async () => {
    const tree = await repository.tree(sha);
    expect((await tree.read('d/f/g')).toString()).toBe('deeper');
    expect((await tree.read('link')).toString()).toBe('d/e');
    expect(await tree.size('a')).toBe(4);
    for (const path of ['d', 'x', 'link/e', 'd/e/x', '', 'd//e', '../a']) {
      expect(await errorOf(tree.read(path))).toMatchObject({ code: 'internal' });
    }
    expect(await errorOf(tree.read('a', { maxBytes: 3 }))).toMatchObject({ code: 'limit' });
    expect([...(await tree.filesUnder('d')).keys()]).toEqual(['d/e', 'd/f/g']);
    expect([...(await tree.filesUnder('d/e')).keys()]).toEqual(['d/e']);
    expect([...(await tree.filesUnder('x')).keys()]).toEqual([]);
    expect(await tree.filesUnder('')).toBe(await tree.files());
  });

  it('are commits, tags and blobs by id', async () => {
    const commit = await repository.readCommit(sha);
    expect(objectId(format, 'commit', commit.raw)).toBe(sha);
    const tag = await repository.readTag(made.git('rev-parse', 'v1^{tag}'));
    expect(tag).toMatchObject({ object: sha, tag: 'v1' });
    expect((await repository.readObject(tag.sha)).equals(tag.raw)).toBe(true);
    expect((await repository.readObject(sha)).equals(commit.raw)).toBe(true);
    expect((await repository.readObject(made.git('rev-parse', 'HEAD:a'))).toString()).toBe('text');
    expect((await repository.tree(tag.sha)).oid).toBe(commit.tree);
    expect(await errorOf(repository.readObject(commit.tree))).toMatchObject({ code: 'internal' });
    expect(await errorOf(repository.readCommit(commit.tree))).toMatchObject({ code: 'git-failed' });
    expect(await errorOf(repository.readObject('f'.repeat(commit.tree.length)))).toMatchObject({
      code: 'missing-objects',
    });
    expect(await errorOf(repository.readObject('HEAD'))).toMatchObject({ code: 'internal' });
    expect(await errorOf(repository.readObject('HEAD\ninfo x'))).toMatchObject({ code: 'internal' });
  });

  it('are read by the thousand', async () => {
    const tree = await repository.tree(sha);
    const all = await Promise.all(Array.from({ length: 3000 }, () => tree.read('d/f/g')));
    expect(new Set(all.map(String))).toEqual(new Set(['deeper']));
  });
});

describe('objects that are not what they should be', () => {
  it('a blob whose bytes were changed is refused, and others are still read', async () => {
    const made = workshop.repository();
    made.commit('one', { a: 'true', b: 'fine', c: 'also' });
    const path = (name: string): string => {
      const oid = made.git('rev-parse', `HEAD:${name}`);
      return join(made.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
    };
    const forged = readFileSync(path('b'));
    rmSync(path('a'));
    writeFileSync(path('a'), forged);
    rmSync(path('c'));
    writeFileSync(path('c'), 'rubbish');
    await using(made.dir, async (repository) => {
      const tree = await repository.tree(made.git('rev-parse', 'HEAD'));
      const [a, b, c] = await Promise.all([errorOf(tree.read('a')), tree.read('b'), errorOf(tree.read('c'))]);
      expect(a).toMatchObject({ code: 'git-failed', message: expect.stringContaining('git fsck') });
      expect(b.toString()).toBe('fine');
      expect(['git-failed', 'missing-objects']).toContain((c as { code: string }).code);
      expect((await tree.read('b')).toString()).toBe('fine');
    });
  });

  it('malformed trees, and trees that hold themselves over and over, end in an error', async () => {
    const made = workshop.repository();
    const blob = made.object('blob', 'x');
    const twice = made.tree([
      { mode: '100644', name: 'a', oid: blob },
      { mode: '100644', name: 'a', oid: blob },
    ]);
    let bomb = made.tree([{ mode: '100644', name: 'f', oid: blob }]);
    for (let level = 0; level < 8; level += 1) {
      bomb = made.tree(
        Array.from({ length: 10 }, (_, index) => ({ mode: '40000', name: `d${index}`, oid: bomb })),
      );
    }
    let hollow = made.tree([]);
    for (let level = 0; level < 8; level += 1) {
      hollow = made.tree(
        Array.from({ length: 10 }, (_, index) => ({ mode: '40000', name: `d${index}`, oid: hollow })),
      );
    }
    let deep = made.tree([{ mode: '100644', name: 'f', oid: blob }]);
    for (let level = 0; level < 45; level += 1) {
      deep = made.tree([{ mode: '40000', name: 'n'.repeat(100), oid: deep }]);
    }
    const empty = made.commitTree(made.tree([]));
    const commits = [bomb, hollow, deep].map((tree) => made.commitTree(tree, [empty]));
    await using(made.dir, async (repository) => {
      expect(await errorOf((await repository.tree(twice)).files())).toMatchObject({ code: 'git-failed' });
      for (const oid of [bomb, hollow, deep]) {
        expect(await errorOf((await repository.tree(oid)).files())).toMatchObject({ code: 'limit' });
      }
      for (const head of commits) {
        const change = await repository.openChange({ base: empty, head });
        expect(await errorOf(change.files())).toMatchObject({ code: 'limit' });
      }
    });
  });

  it('commits that are malformed or too large are refused', async () => {
    const made = workshop.repository();
    const sha = made.commit('one');
    const raw = made.gitBytes(['cat-file', 'commit', sha]).toString();
    const large = made.object('commit', raw + 'x'.repeat(2 * 1024 * 1024));
    const broken = made.object('commit', raw.replace(/^committer.*\n/m, ''));
    await using(made.dir, async (repository) => {
      expect(await errorOf(repository.readCommit(large))).toMatchObject({ code: 'limit' });
      expect(await errorOf(repository.readCommit(broken))).toMatchObject({ code: 'git-failed' });
    });
  });
});
