import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Octokit } from '@octokit/rest';
import { createNodeMiddleware, Probot } from 'probot';
import { type ClientOptions, connect, type RepositoryName } from '../github/index.js';
import { BodyReader } from './body-limit.js';
import { listen, type Wish } from './events.js';
import type { Engine } from './judge.js';
import { type Log, probotLog } from './log.js';
import { type JobQueue, ProcessQueue } from './queue.js';
import type { Settings } from './settings.js';
import { Transient } from './verdict-writer.js';
import { Worker } from './worker.js';

export interface AppOptions {
  settings: Settings;
  engine: Engine;
  log: Log;
  now?: () => Date;
  /** Judgements at once. */
  concurrency?: number;
  /** Settings of the client that tests shorten. */
  client?: Partial<ClientOptions>;
}

/** Pauses before a job that could not even be reported to GitHub is tried again, in milliseconds. */
const RETRIES = [30_000, 120_000, 600_000];

/** More connections at once than GitHub ever opens. */
const CONNECTIONS = 256;

/** The GitHub App: webhooks in, check runs out. */
export class GateApp {
  readonly #options: AppOptions;
  readonly #queue: JobQueue;
  readonly #worker: Worker;
  readonly #clients = new Map<number, Octokit>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #app: Octokit;
  readonly #bodies = new BodyReader();
  readonly #stopping = new AbortController();
  #server: Server | null = null;

  constructor(options: AppOptions) {
    this.#options = options;
    const { settings, log } = options;
    this.#app = connect({ appId: settings.appId, privateKey: settings.privateKey }, this.#clientOptions());
    this.#queue = new ProcessQueue(options.concurrency ?? 2, (job, error) =>
      log('error', 'a job failed', {
        job: job.key,
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    this.#worker = new Worker({
      engine: options.engine,
      data: settings.data,
      appId: settings.appId,
      webUrl: settings.webUrl,
      client: (installation) => this.#client(installation),
      token: async (installation) => {
        const auth = (await this.#client(installation).auth({ type: 'installation' })) as { token: string };
        return auth.token;
      },
      now: options.now ?? (() => new Date()),
      log,
    });
  }

  /** Listens, and gives the port (that of the settings, or the one chosen for port 0). */
  async start(): Promise<number> {
    const { settings, log } = this.#options;
    const probot = new Probot({
      appId: settings.appId,
      privateKey: settings.privateKey,
      secret: settings.webhookSecret,
      baseUrl: settings.apiUrl,
      log: probotLog(log),
    });
    const middleware = await createNodeMiddleware(
      async (app) => {
        listen(app, (wish) => this.hear(wish));
      },
      { probot, webhooksPath: settings.webhookPath },
    );
    const server = createServer((request, response) => {
      this.#handle(request, response, middleware).catch((error: unknown) => {
        log('error', 'a request failed', { error: error instanceof Error ? error.name : 'unknown' });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    server.maxConnections = CONNECTIONS;
    // Longer than a reverse proxy keeps a connection: it must not send into one that is just being closed.
    server.keepAliveTimeout = 75_000;
    server.headersTimeout = 10_000;
    server.requestTimeout = 30_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, settings.host, resolve);
    });
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Takes a wish as a job; safe to call for what is already being done. */
  hear(wish: Wish): void {
    this.#push(wish, 0);
    if (wish.kind !== 'pull') return;
    this.#worker
      .announce(wish)
      .catch((error: unknown) =>
        this.#options.log('warn', 'a pull request could not be announced', { error: String(error) }),
      );
  }

  /**
   * Judges every open pull request whose verdict is missing or out of date: what webhooks were lost for, or what came
   * while the server was down.
   * @returns how many jobs were taken
   */
  async reconcile(): Promise<number> {
    const { log } = this.#options;
    let taken = 0;
    const installations = await this.#app.paginate(this.#app.rest.apps.listInstallations, { per_page: 100 });
    for (const installation of installations) {
      if (this.#stopping.signal.aborted) return taken;
      if (installation.suspended_at) continue;
      const octokit = this.#client(installation.id);
      const repositories = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, {
        per_page: 100,
      });
      for (const one of repositories) {
        if (one.archived || one.disabled) continue;
        const repository = { owner: one.owner.login, repo: one.name };
        const at = { installation: installation.id, repository };
        try {
          for (const { number, quiet } of await this.#worker.unsettled(at)) {
            this.hear({ kind: 'pull', ...at, number, quiet });
            taken += 1;
          }
        } catch (error) {
          // One repository that cannot be read must not keep the others waiting.
          log('warn', 'open pull requests could not be listed', { ...repository, error: String(error) });
        }
      }
    }
    return taken;
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#retries.values()) clearTimeout(timer);
    await this.#queue.close();
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    middleware: (request: IncomingMessage, response: ServerResponse, next?: () => void) => unknown,
  ): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && pathname === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      return;
    }
    const refused = refusal(request, pathname === this.#options.settings.webhookPath);
    if (refused !== null) {
      response.writeHead(refused.status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ error: refused.why }));
      return;
    }
    if (!(await this.#bodies.read(request, response))) return;
    await middleware(request, response, () => {
      if (!response.headersSent) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    });
  }

  #push(wish: Wish, attempt: number): void {
    const key = keyOf(wish);
    clearTimeout(this.#retries.get(key));
    this.#retries.delete(key);
    if (wish.kind === 'merge-group-gone') {
      this.#queue.cancel(key);
      return;
    }
    this.#queue.push({
      key,
      run: async (signal) => {
        try {
          await this.#run(wish, signal);
        } catch (error) {
          if (signal.aborted) return;
          const pause = RETRIES[attempt];
          const what = error instanceof Transient ? 'a job is tried again' : 'a job could not be reported';
          this.#options.log('error', what, { job: key, attempt, error: String(error) });
          if (pause === undefined) throw error;
          const timer = globalThis.setTimeout(() => this.#push(wish, attempt + 1), pause);
          timer.unref();
          this.#retries.set(key, timer);
        }
      },
    });
  }

  async #run(wish: Exclude<Wish, { kind: 'merge-group-gone' }>, signal: AbortSignal): Promise<void> {
    if (wish.kind === 'pull') return this.#worker.pull(wish, signal);
    if (wish.kind === 'merge-group') return this.#worker.mergeGroup(wish, signal);
    const { installation, repository } = wish;
    const by = wish.kind === 'commit' ? { sha: wish.sha } : { branch: wish.branch };
    const quiet = wish.kind === 'branch' || wish.quiet === true;
    for (const number of await this.#worker.openPulls(wish, by)) {
      this.hear({ kind: 'pull', installation, repository, number, quiet });
    }
  }

  #client(installation: number): Octokit {
    const known = this.#clients.get(installation);
    if (known) return known;
    const { appId, privateKey } = this.#options.settings;
    const client = connect({ appId, privateKey, installationId: installation }, this.#clientOptions());
    this.#clients.set(installation, client);
    return client;
  }

  #clientOptions(): ClientOptions {
    const { signal } = this.#stopping;
    // Nobody waits for another try once the server stops.
    const wait = (ms: number) => setTimeout(ms, undefined, { signal });
    return { baseUrl: this.#options.settings.apiUrl, wait, ...this.#options.client };
  }
}

/** What is refused before a byte of the body is read: nobody without a signature may make the server remember it. */
function refusal(request: IncomingMessage, isWebhook: boolean): { status: number; why: string } | null {
  if (!isWebhook) return { status: 404, why: 'not found' };
  if (request.method !== 'POST') return { status: 405, why: 'only POST' };
  if (!/^sha256=[0-9a-f]{64}$/.test(String(request.headers['x-hub-signature-256'] ?? '')))
    return { status: 400, why: 'no signature' };
  return null;
}

function keyOf(wish: Wish): string {
  const at = nameOf(wish.repository);
  switch (wish.kind) {
    case 'pull':
      return `${at}#${wish.number}`;
    case 'commit':
      return `${at}@${wish.sha}`;
    case 'branch':
      return `${at}:${wish.branch}`;
    default:
      return `${at}/group/${wish.headSha}`;
  }
}

function nameOf({ owner, repo }: RepositoryName): string {
  return `${owner}/${repo}`.toLowerCase();
}
