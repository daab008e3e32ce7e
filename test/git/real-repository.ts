import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Repositories made by the real git, in a folder of their own, with nothing of the machine's configuration. */
export class Workshop {
  readonly root = mkdtempSync(join(tmpdir(), 'gitops-gate-test-'));
  #next = 0;

  /** A new path inside the workshop. */
  path(name = 'dir'): string {
    this.#next += 1;
    return join(this.root, `${name}-${this.#next}`);
  }

  /** A new repository with a branch main. */
  repository(options: { format?: 'sha1' | 'sha256'; bare?: boolean } = {}): TestRepository {
    const dir = this.path('repo');
    mkdirSync(dir);
    const repository = new TestRepository(dir);
    repository.git(
      'init',
      '-q',
      '-b',
      'main',
      `--object-format=${options.format ?? 'sha1'}`,
      ...(options.bare === true ? ['--bare'] : []),
    );
    return repository;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export class TestRepository {
  readonly dir: string;
  #time = 1_700_000_000;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Standard output of a git command, without its last line feed. */
  git(...args: string[]): string {
    return this.gitBytes(args).toString('utf8').replace(/\n$/, '');
  }

  gitBytes(args: readonly string[], input: string | Buffer = ''): Buffer {
    this.#time += 60;
    return execFileSync('git', args, {
      cwd: this.dir,
      env: this.#env(),
      input,
      stdio: 'pipe',
      maxBuffer: 1 << 28,
    });
  }

  /** The same for a command that may fail. */
  tryGit(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync('git', args, { cwd: this.dir, env: this.#env(), encoding: 'utf8' });
  }

  write(files: Readonly<Record<string, string | Buffer>>): this {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      writeFileSync(join(this.dir, path), content);
    }
    return this;
  }

  /** Commits everything in the work tree, after writing these files; its id. */
  commit(message: string, files: Readonly<Record<string, string | Buffer>> = {}): string {
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Stores an object as it is; its id. */
  object(type: 'blob' | 'commit' | 'tree' | 'tag', content: string | Buffer): string {
    return this.gitBytes(['hash-object', '-t', type, '-w', '--stdin', '--literally'], content)
      .toString()
      .trim();
  }

  /** A tree object from its entries, in the order given, whatever git would think of them. */
  tree(entries: readonly { mode: string; name: string | Buffer; oid: string }[]): string {
    const bytes = entries.map(({ mode, name, oid }) =>
      Buffer.concat([
        Buffer.from(`${mode} `),
        typeof name === 'string' ? Buffer.from(name) : name,
        Buffer.of(0),
        Buffer.from(oid, 'hex'),
      ]),
    );
    return this.object('tree', Buffer.concat(bytes));
  }

  /** A commit of a tree. */
  commitTree(tree: string, parents: readonly string[] = [], message = 'made'): string {
    return this.git('commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message);
  }

  #env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.dir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Alice',
      GIT_AUTHOR_EMAIL: 'alice@example.com',
      GIT_COMMITTER_NAME: 'Bob',
      GIT_COMMITTER_EMAIL: 'bob@example.com',
      GIT_AUTHOR_DATE: `${this.#time} +0000`,
      GIT_COMMITTER_DATE: `${this.#time} +0000`,
      GIT_ALLOW_PROTOCOL: 'file',
      LC_ALL: 'C',
    };
  }
}

/** The error that a promise is rejected with, or null. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
}
