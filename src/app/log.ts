import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { pino } from 'pino';

/** A line of the log: never a secret, never a token. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, about: Record<string, unknown>) => void;

/** GitHub's tokens and JSON Web Tokens by their look: an error of a library may quote what it was called with. */
const CREDENTIALS = /\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)/g;

/** The log as JSON lines on a stream. */
export function jsonLog(out: { write(text: string): unknown }, now: () => Date = () => new Date()): Log {
  return (level, message, about) => {
    const line = JSON.stringify({ time: now().toISOString(), level, message, ...about });
    out.write(`${line.replace(CREDENTIALS, '[redacted]')}\n`);
  };
}

/** What Probot itself says, as lines of our log, warnings and worse only. */
export function probotLog(log: Log): Logger {
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const said = JSON.parse(chunk.toString('utf8')) as { level: number; msg?: string };
      log(said.level >= 50 ? 'error' : 'warn', `probot: ${said.msg ?? ''}`, {});
      done();
    },
  });
  return pino({ level: 'warn', base: undefined }, out);
}
