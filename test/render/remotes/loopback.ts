import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveGit } from '../../github/git-http.js';

/** A git repository in a temporary folder, and what it was asked for. */
export class SourceRepository {
  readonly folder: string;

  constructor(parent: string, name: string) {
    this.folder = join(parent, name);
    mkdirSync(this.folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  get gitDir(): string {
    return join(this.folder, '.git');
  }

  git(...args: string[]): string {
    return execFileSync('git', ['-C', this.folder, ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'alice',
        GIT_AUTHOR_EMAIL: 'alice@example.com',
        GIT_COMMITTER_NAME: 'alice',
        GIT_COMMITTER_EMAIL: 'alice@example.com',
      },
    }).trim();
  }

  /** Writes files, commits them, and gives the commit. */
  commit(files: Readonly<Record<string, string>>): string {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'change');
    return this.git('rev-parse', 'HEAD');
  }
}

/** A web server of this machine with git repositories (`/git/<name>.git`) and files. */
export class Loopback {
  readonly repositories = new Map<string, SourceRepository>();
  readonly files = new Map<string, string | Buffer | { redirect: string }>();
  readonly asked: string[] = [];
  /** Credentials that repositories under `/git/` ask for. */
  authorization: string | null = null;
  readonly #server: Server;
  readonly folder = mkdtempSync(join(tmpdir(), 'loopback-'));

  constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      this.asked.push(`${request.method} ${request.url}`);
      const git = /^\/git\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack))$/.exec(pathname);
      const repository = this.repositories.get(git?.[1] ?? '');
      const file = this.files.get(pathname);
      if (git !== null && repository !== undefined) {
        if (this.#refuses(request)) {
          response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
        } else serveGit(repository, git[2] ?? '', request, response);
      } else if (typeof file === 'object' && 'redirect' in file)
        response.writeHead(302, { location: file.redirect }).end();
      else if (file !== undefined) response.end(file);
      else response.writeHead(404).end();
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  repository(name: string): SourceRepository {
    const made = new SourceRepository(this.folder, name);
    this.repositories.set(name, made);
    return made;
  }

  #refuses(request: IncomingMessage): boolean {
    return this.authorization !== null && request.headers.authorization !== this.authorization;
  }
}
