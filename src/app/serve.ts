import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { GateError } from '../contract/index.js';
import { withCredentialsFile } from './credentials-file.js';
import { gateEngine } from './engine.js';
import { errorCode } from './error-code.js';
import { jsonLog, type Log } from './log.js';
import { GateApp } from './server.js';
import { dataFolder, readSettings, type ServerPlace, type Settings } from './settings.js';
import { type AppManifest, Setup } from './setup.js';

export interface ServeOptions {
  env: NodeJS.ProcessEnv;
  /** Folder of mirrors, caches and credentials; by default GITOPS_GATE_DATA, else ./gitops-gate-data. */
  data?: string | undefined;
  version: string;
  /** Gets the log, a JSON object a line. */
  log: { write(text: string): unknown };
  /** Tells the operator at the terminal; one line a call. */
  say: (line: string) => void;
  /** Stops the server: jobs are ended, their check runs say so, and are taken up again at the next start. */
  signal: AbortSignal;
  /** Told the address once the server answers there. */
  listening?: (url: string) => void;
}

/** Every so often what webhooks were lost is caught up with, in milliseconds. */
const RECONCILE_MS = 15 * 60_000;

/**
 * Runs the GitHub App until the signal: registers it first where there are no credentials, judges what is open, and
 * answers webhooks.
 * @throws GateError `usage` for settings that cannot be used, a port that is taken
 */
export async function serve(options: ServeOptions): Promise<void> {
  const data = dataFolder(options.env, options.data);
  const log = jsonLog(options.log);
  for (;;) {
    const outcome = readSettings(withCredentialsFile(options.env, data), data);
    if ('settings' in outcome) return runApp(outcome.settings, options, log);
    if (outcome.missing.length < 3) {
      throw new GateError('usage', `${outcome.missing.join(' and ')} missing: see .env.example`);
    }
    if (!(await register(outcome.partial, options))) return;
  }
}

async function runApp(settings: Settings, options: ServeOptions, log: Log): Promise<void> {
  const { signal, say, version } = options;
  const app = new GateApp({ settings, engine: gateEngine({ version, data: settings.data, log }), log });
  const url = `http://${hostOf(settings.host)}:${await app.start().catch((cause) => refuseAddress(settings, cause))}`;
  try {
    say(
      `gitops-gate ${version} answers webhooks of ${settings.webUrl} at ${url}${settings.webhookPath}; its files are in ${settings.data}`,
    );
    log('info', 'listening', { url, webhookPath: settings.webhookPath, app: settings.appId, version });
    options.listening?.(url);
    const catchUp = () =>
      app.reconcile().then(
        (taken) => log('info', 'caught up with what is open', { jobs: taken }),
        (error: unknown) => log('error', 'what is open could not be listed', { error: String(error) }),
      );
    void catchUp();
    const timer = setInterval(() => void catchUp(), RECONCILE_MS);
    await aborted(signal);
    clearInterval(timer);
  } finally {
    await app.stop();
  }
  log('info', 'stopped', {});
}

/** The first start. @returns false when it was stopped before the App was registered */
async function register(place: ServerPlace, { signal, say, listening }: ServeOptions): Promise<boolean> {
  let done: (file: string) => void = () => {};
  const registered = new Promise<string>((resolve) => {
    done = resolve;
  });
  const setup = new Setup(place, readManifest(), done);
  const server = createServer((request, response) => {
    setup.handle(request, response).catch((error: unknown) => {
      say(`the App could not be registered: ${error instanceof Error ? error.message : 'no reason given'}`);
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end('GitHub did not give the credentials. The terminal shows why; start over at /setup.\n');
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const port = await listen(server, place);
  try {
    const url = `http://${hostOf(place.host)}:${port}`;
    say(`This is the first start: there is no App yet. Register it at ${url}/setup?state=${setup.token}`);
    listening?.(`${url}/setup?state=${setup.token}`);
    const file = await Promise.race([registered, aborted(signal).then(() => null)]);
    if (file !== null) say(`The App is registered; its credentials are in ${file}`);
    return file !== null;
  } finally {
    await close(server);
  }
}

function readManifest(): AppManifest {
  return parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as AppManifest;
}

async function listen(server: Server, place: ServerPlace): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place.port, place.host, resolve);
  }).catch((cause) => refuseAddress(place, cause));
  return (server.address() as AddressInfo).port;
}

function refuseAddress({ host, port }: ServerPlace, cause: unknown): never {
  const code = errorCode(cause) ?? '';
  if (!/^E(ADDRINUSE|ACCES|ADDRNOTAVAIL)$/.test(code)) throw cause;
  const why = code === 'EADDRINUSE' ? 'something else listens there' : 'this machine does not allow it';
  throw new GateError('usage', `cannot listen on ${host}:${port}: ${why}; set HOST and PORT`, { cause });
}

/** Ends open connections too, once what was being answered is written. */
async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
