import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Engine } from '../../src/app/judge.js';
import type { Log } from '../../src/app/log.js';
import { GateApp } from '../../src/app/server.js';
import { GitHubServer } from '../github/server.js';
import type { AppRecord, CheckRun, Installation, Pull, Repository, User } from '../github/state.js';
import { deliver, pullRequestEvent } from '../github/webhooks.js';
import { tellStory } from './story.js';

export const NOW = new Date('2026-03-01T12:00:00Z');

/** The App's own manifest: the tests' App has its permissions and no others. */
const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
  default_permissions: Record<string, 'read' | 'write'>;
  default_events: string[];
};

/** A GitHub, a config repository on it, and the App in front. */
export class Scene {
  readonly github = new GitHubServer();
  readonly folder = mkdtempSync(join(tmpdir(), 'gate-app-'));
  readonly logged: { level: string; message: string; about: Record<string, unknown> }[] = [];
  readonly waits: number[] = [];
  app!: AppRecord;
  installation!: Installation;
  repository!: Repository;
  gate!: GateApp;
  receiver = '';
  #engine!: Engine;

  async open(engine: Engine, files: Record<string, string> = { 'apps/a.yaml': 'a: 1\n' }): Promise<this> {
    execFileSync('git', ['init', '-q', '-b', 'main', this.work]);
    this.commit(files, 'first');
    return this.publish(engine);
  }

  /** The demo's repository, its branches pushed. */
  async openStory(engine: Engine): Promise<this> {
    await tellStory(this.work);
    return this.publish(engine);
  }

  /** Puts the work tree's repository on the GitHub, and the App in front. */
  async publish(engine: Engine): Promise<this> {
    await this.github.start();
    execFileSync('git', ['clone', '-q', '--bare', this.work, join(this.folder, 'config.git')]);
    this.app = this.github.state.app('gitops-gate', manifest.default_permissions, manifest.default_events);
    this.repository = this.github.state.repository('acme/config', join(this.folder, 'config.git'));
    this.installation = this.github.state.install(this.app, this.repository.owner);
    await this.start(engine);
    return this;
  }

  /** The same App anew, with nothing remembered. */
  async restart(): Promise<void> {
    await this.start(this.#engine);
  }

  async start(engine: Engine): Promise<void> {
    this.#engine = engine;
    this.gate = new GateApp({
      settings: {
        appId: this.app.id,
        privateKey: this.app.privateKey,
        webhookSecret: this.app.webhookSecret,
        webUrl: this.github.url,
        apiUrl: this.github.url,
        port: 0,
        host: '127.0.0.1',
        webhookPath: '/api/github/webhooks',
        data: join(this.folder, 'data'),
        organisation: null,
      },
      engine,
      log: this.log,
      now: () => NOW,
      client: {
        timeoutMs: 3_000,
        wait: async (ms) => {
          this.waits.push(ms);
        },
      },
    });
    this.receiver = `http://127.0.0.1:${await this.gate.start()}/api/github/webhooks`;
  }

  readonly log: Log = (level, message, about) => {
    this.logged.push({ level, message, about });
  };

  get work(): string {
    return join(this.folder, 'work');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@users.noreply.example.com'];
    return execFileSync('git', ['-C', this.work, ...identity, ...args], { encoding: 'utf8' }).trim();
  }

  commit(files: Record<string, string>, message: string): string {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.work, path)), { recursive: true });
      writeFileSync(join(this.work, path), content);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** A branch from main with a commit, pushed. */
  branch(name: string, files: Record<string, string>): string {
    this.git('checkout', '-q', '-B', name, 'main');
    const sha = this.commit(files, `change of ${name}`);
    this.push(name);
    return sha;
  }

  push(name: string): void {
    this.git('push', '-q', '-f', join(this.folder, 'config.git'), `HEAD:refs/heads/${name}`);
  }

  pull(head: string, options: { user?: User; base?: string } = {}): Pull {
    const user = options.user ?? this.github.state.user('octocat');
    return this.github.state.openPull(this.repository, {
      head,
      user,
      ...(options.base ? { base: options.base } : {}),
    });
  }

  at(sender: User = this.github.state.user('octocat')) {
    return { api: this.github.url, installation: this.installation, repository: this.repository, sender };
  }

  /** Sends an event and waits until every job is done. */
  async send(
    event: string,
    payload: Record<string, unknown>,
    id?: string,
  ): Promise<{ status: number; text: string }> {
    const answer = await deliver(this.receiver, this.app, event, payload, id);
    await this.gate.idle();
    return answer;
  }

  async opened(pull: Pull): Promise<void> {
    await this.send('pull_request', pullRequestEvent(this.at(), 'opened', pull));
  }

  /** The newest run of a name on a commit. */
  run(name: string, sha: string): CheckRun | undefined {
    return this.repository.checkRuns.findLast((run) => run.name === name && run.head_sha === sha);
  }

  async close(): Promise<void> {
    await this.gate.stop();
    await this.github.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
