import { readFileSync, statSync } from 'node:fs';
import { GateError } from '../../contract/index.js';
import type { Credentials } from './bounded-get.js';

const MOST_BYTES = 256 * 1024;

/**
 * Credentials by host out of a file as `docker login` and `helm registry login` write it:
 * `{"auths": {"charts.example.com": {"auth": "<base64 of user:password>"}}}`, or `username` and `password` in the place
 * of `auth`. Helpers that it names (`credsStore`, `credHelpers`) are programs, and are never run.
 * @param name what to call the file in messages
 * @throws GateError `usage`, which never holds a word of the file
 */
export function parseCredentials(text: string, name: string): ReadonlyMap<string, Credentials> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words would quote the file.
    throw new GateError('usage', `${name} is no JSON; it is written like docker's config.json`);
  }
  const auths = own(value, 'auths');
  if (typeof auths !== 'object' || auths === null || Array.isArray(auths)) {
    throw new GateError('usage', `${name} has no \`auths\`; it is written like docker's config.json`);
  }
  const found = new Map<string, Credentials>();
  for (const [written, entry] of Object.entries(auths)) {
    const host = written
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '')
      .toLowerCase();
    const credentials = credentialsOf(entry);
    if (credentials === null) {
      throw new GateError(
        'usage',
        `${name} has neither \`auth\` nor \`username\` and \`password\` for one of its hosts; credential helpers are not run`,
      );
    }
    found.set(host, credentials);
  }
  return found;
}

/**
 * Credentials of the file that the operator names; none where none is named.
 * @throws GateError `usage`
 */
export function credentialsFromFile(
  path: string | undefined,
  setting: string,
): ReadonlyMap<string, Credentials> {
  if (path === undefined || path === '') return new Map();
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new GateError('usage', `${setting} names a file that is too large`);
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    throw new GateError('usage', `${setting} names a file that cannot be read: ${path}`);
  }
  return parseCredentials(text, setting);
}

/** Every form in which credentials may come back from a host that was told them: for the redactor. */
export function* secretsOf(credentials: ReadonlyMap<string, Credentials>): Generator<string> {
  for (const { username, password } of credentials.values()) {
    yield password;
    yield `${username}:${password}`;
    // As it stands in the request: what a host echoes.
    yield Buffer.from(`${username}:${password}`).toString('base64');
  }
}

function credentialsOf(entry: unknown): Credentials | null {
  const [username, password, auth] = [own(entry, 'username'), own(entry, 'password'), own(entry, 'auth')];
  if (typeof username === 'string' && typeof password === 'string') return { username, password };
  if (typeof auth !== 'string' || auth === '') return null;
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon <= 0 ? null : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
