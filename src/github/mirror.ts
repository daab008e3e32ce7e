import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { GateError } from '../contract/index.js';

/** What is fetched: `source` as the remote names it (a ref or a full commit id), to a ref of the mirror's own. */
export interface FetchSpec {
  source: string;
  ref: string;
}

export interface Remote {
  /** `https://github.com/acme/config.git` */
  url: string;
  /** Sent to the URL's host only, and never on a command line. Null for none. */
  token: string | null;
}

const DEADLINE_MS = 10 * 60_000;
/** More packs than this are put together. */
const MOST_PACKS = 50;
const REF = /^refs\/[\w./@+=-]+$/;
const SOURCE = /^(?:refs\/[^\s~^:?*\[\\\p{Cc}]+|[0-9a-f]{40}|[0-9a-f]{64})$/v;

/**
 * A bare mirror of one repository, filled by fetches of named refs only. No configuration but our own, no hooks, no
 * tags, no submodules, no protocol but http(s); the token travels in the environment and is bound to the host.
 */
export class Mirror {
  readonly gitDir: string;
  #tail: Promise<unknown> = Promise.resolve();
  #ready: Promise<void> | null = null;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
  }

  /** Brings refs up to date; fetches of one mirror follow one another. @throws GateError when git fails */
  fetch(remote: Remote, specs: readonly FetchSpec[], signal?: AbortSignal): Promise<void> {
    for (const { source, ref } of specs) {
      if (!SOURCE.test(source) || !REF.test(ref) || source.includes('..') || ref.includes('..')) {
        return Promise.reject(
          new GateError('git-failed', 'a ref with characters that no ref may have was not fetched'),
        );
      }
    }
    const run = this.#tail.then(async () => {
      signal?.throwIfAborted();
      await this.#init();
      const refspecs = specs.map(({ source, ref }) => `+${source}:${ref}`);
      await this.#git(
        [
          'fetch',
          '--quiet',
          '--no-tags',
          '--no-write-fetch-head',
          '--no-recurse-submodules',
          '--no-auto-maintenance',
          '--end-of-options',
          remote.url,
          ...refspecs,
        ],
        remote,
        signal,
      );
      await this.#tidy(signal);
    });
    // The next in line runs whether or not this one failed; its caller has the error.
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /** The remote's refs below a prefix, as (ref, commit). */
  async list(remote: Remote, prefix: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    await this.#init();
    const out = await this.#git(
      ['ls-remote', '--refs', '--quiet', '--end-of-options', remote.url, prefix],
      remote,
      signal,
    );
    const refs = new Map<string, string>();
    for (const line of out.split('\n')) {
      const [sha, ref] = line.split('\t');
      if (sha && ref) refs.set(ref, sha);
    }
    return refs;
  }

  /** Makes the mirror, or mends one that a crash left: once a Mirror, whoever asks first. */
  #init(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #prepare(): Promise<void> {
    await mkdir(this.gitDir, { recursive: true, mode: 0o700 });
    await this.#git(['init', '--quiet', '--bare', '--template=', this.gitDir], null);
    await removeStaleLocks(this.gitDir);
  }

  /** Each fetch leaves a pack: many make every look-up slow. What is read meanwhile stays readable. */
  async #tidy(signal: AbortSignal | undefined): Promise<void> {
    const packs = await readdir(join(this.gitDir, 'objects/pack'));
    if (packs.filter((name) => name.endsWith('.pack')).length < MOST_PACKS) return;
    await this.#git(['repack', '--quiet', '-d', '--geometric=2'], null, signal);
  }

  #git(args: readonly string[], remote: Remote | null, signal?: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(new Error('the deadline passed')), DEADLINE_MS);
      const child = spawn('git', args, {
        env: environment(this.gitDir, remote),
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
        // git takes its lock files with it when it is asked to end, and leaves them when it is killed.
        killSignal: 'SIGTERM',
      });
      const out: Buffer[] = [];
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => {
        if (err.length < 4_000) err += chunk.toString('utf8');
      });
      child.on('error', (cause) => {
        clearTimeout(timer);
        const late = deadline.signal.aborted ? 'did not end in time' : 'could not be run';
        reject(
          new GateError(deadline.signal.aborted ? 'timeout' : 'git-failed', `git ${args[0]} ${late}`, {
            cause,
          }),
        );
      });
      child.on('close', (status) => {
        clearTimeout(timer);
        if (status === 0) resolve(Buffer.concat(out).toString('utf8'));
        else reject(new GateError('git-failed', `git ${args[0]} failed: ${firstLine(err, remote)}`));
      });
    });
  }
}

/** Removes the locks of refs that a killed process left: older than anything that may still run. */
async function removeStaleLocks(gitDir: string): Promise<void> {
  const names = await readdir(gitDir, { recursive: true });
  const oldest = Date.now() - DEADLINE_MS;
  for (const name of names) {
    if (!name.endsWith('.lock') || name.startsWith('objects')) continue;
    const path = join(gitDir, name);
    if ((await stat(path)).mtimeMs < oldest) await rm(path, { force: true });
  }
}

function firstLine(text: string, remote: Remote | null): string {
  const lines = text.split('\n').filter((line) => /^(fatal|error|remote): /.test(line));
  const line = (lines[0] ?? 'no reason given').slice(0, 300);
  return remote?.token ? line.replaceAll(remote.token, '[redacted]') : line;
}

function environment(gitDir: string, remote: Remote | null): NodeJS.ProcessEnv {
  const config: [string, string][] = [
    ['core.hooksPath', devNull],
    ['credential.helper', ''],
    ['http.followRedirects', 'initial'],
    ['protocol.version', '2'],
    ['gc.auto', '0'],
  ];
  if (remote?.token) {
    const { origin } = new URL(remote.url);
    const basic = Buffer.from(`x-access-token:${remote.token}`).toString('base64');
    config.push([`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`]);
  }
  return {
    PATH: process.env.PATH,
    HOME: gitDir,
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http',
    ...proxyOf(process.env),
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** The operator's own proxy and certificate settings, which a company's network needs. */
function proxyOf(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = [
    'HTTPS_PROXY',
    'https_proxy',
    'NO_PROXY',
    'no_proxy',
    'GIT_SSL_CAINFO',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
  ];
  return Object.fromEntries(
    names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]),
  );
}
