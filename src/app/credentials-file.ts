import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { GateError } from '../contract/index.js';
import { errorCode } from './error-code.js';

/** `DATA/.env`: where the first start keeps the App's credentials, in Node's own format for such files. */
export function credentialsFile(data: string): string {
  return join(data, '.env');
}

/**
 * The environment, completed by `DATA/.env`; what the environment says itself wins.
 * @throws GateError `usage` when others on this machine may read the credentials, or nobody can
 */
export function withCredentialsFile(env: NodeJS.ProcessEnv, data: string): NodeJS.ProcessEnv {
  const path = credentialsFile(data);
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new GateError('usage', `others may read the App's credentials: chmod 600 ${path}`);
    }
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    // no such file: everything is in the environment, or this is the first start
    if (errorCode(cause) === 'ENOENT') return env;
    throw new GateError('usage', `${path} cannot be read`, { cause });
  }
  const said = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return { ...parseEnv(text), ...Object.fromEntries(said) };
}
