import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GateError } from '../contract/index.js';

/** What `serve` needs, from Probot's own environment variables. */
export interface Settings {
  appId: number;
  privateKey: string;
  webhookSecret: string;
  /** GitHub's web address (`https://github.com`) and its REST interface (`https://api.github.com`). */
  webUrl: string;
  apiUrl: string;
  port: number;
  host: string;
  webhookPath: string;
  /** Folder of mirrors and caches. */
  data: string;
  /** Organisation that the App is registered for at the first start; null for the user's own account. */
  organisation: string | null;
}

/** Settings that are there, or what is missing for a first start. */
export type SettingsOutcome = { settings: Settings } | { missing: string[]; partial: ServerPlace };

/** Where the server listens and GitHub is: known before there are credentials. */
export type ServerPlace = Pick<
  Settings,
  'webUrl' | 'apiUrl' | 'port' | 'host' | 'webhookPath' | 'data' | 'organisation'
>;

/**
 * Reads Probot's variables: APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET, WEBHOOK_PATH, HOST, PORT,
 * GHE_HOST, GHE_PROTOCOL; and GITOPS_GATE_DATA. The webhook secret has no default: Probot's own ("development")
 * would let anybody send events.
 * @throws GateError `usage` for a value that cannot be used
 */
export function readSettings(env: NodeJS.ProcessEnv, data?: string): SettingsOutcome {
  const place = placeOf(env, data);
  const missing: string[] = [];
  const appId = Number(env.APP_ID);
  if (!env.APP_ID) missing.push('APP_ID');
  else if (!Number.isSafeInteger(appId) || appId <= 0) throw usage('APP_ID is not a number');
  const privateKey = privateKeyOf(env);
  if (privateKey === null) missing.push('PRIVATE_KEY or PRIVATE_KEY_PATH');
  if (!env.WEBHOOK_SECRET) missing.push('WEBHOOK_SECRET');
  if (missing.length > 0 || privateKey === null) return { missing, partial: place };
  if ((env.WEBHOOK_SECRET ?? '').length < 16 || env.WEBHOOK_SECRET === 'development') {
    throw usage(
      'WEBHOOK_SECRET is too short to keep anybody out: use 16 characters or more (openssl rand -hex 32)',
    );
  }
  return { settings: { ...place, appId, privateKey, webhookSecret: env.WEBHOOK_SECRET ?? '' } };
}

function placeOf(env: NodeJS.ProcessEnv, data?: string): ServerPlace {
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usage('PORT is not a port number');
  const protocol = env.GHE_PROTOCOL || 'https';
  if (protocol !== 'https' && protocol !== 'http') throw usage('GHE_PROTOCOL is neither https nor http');
  const ghe = env.GHE_HOST || undefined;
  if (ghe !== undefined && !/^[\w.-]+(:\d+)?$/.test(ghe)) throw usage('GHE_HOST is not a host name');
  return {
    webUrl: ghe ? `${protocol}://${ghe}` : 'https://github.com',
    apiUrl: ghe ? `${protocol}://${ghe}/api/v3` : 'https://api.github.com',
    port,
    host: env.HOST || '127.0.0.1',
    webhookPath: webhookPathOf(env.WEBHOOK_PATH || '/api/github/webhooks'),
    data: dataFolder(env, data),
    organisation: env.GH_ORG || null,
  };
}

/** Where mirrors, caches and credentials are kept. */
export function dataFolder(env: NodeJS.ProcessEnv, said?: string): string {
  return resolve(said ?? (env.GITOPS_GATE_DATA || 'gitops-gate-data'));
}

function webhookPathOf(path: string): string {
  if (!/^\/[\w./-]+$/.test(path)) throw usage('WEBHOOK_PATH is not a path such as /api/github/webhooks');
  return path;
}

function privateKeyOf(env: NodeJS.ProcessEnv): string | null {
  const said = env.PRIVATE_KEY;
  if (said) {
    const text = said.includes('-----BEGIN')
      ? said.replace(/\\n/g, '\n')
      : Buffer.from(said, 'base64').toString('utf8');
    if (!text.includes('-----BEGIN')) throw usage('PRIVATE_KEY is neither a PEM key nor one in base64');
    return text;
  }
  const path = env.PRIVATE_KEY_PATH;
  if (!path) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GateError('usage', `PRIVATE_KEY_PATH names a file that cannot be read: ${path}`, { cause });
  }
}

function usage(message: string): GateError {
  return new GateError('usage', message);
}
