import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { pino } from 'pino';

/** A line of the log: never a secret, never a token. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, about: Record<string, unknown>) => void;

/** The log as JSON lines on a stream. */
export function jsonLog(out: { write(text: string): unknown }, now: () => Date = () => new Date()): Log {
  return (level, message, about) => {
    out.write(`${JSON.stringify({ time: now().toISOString(), level, message, ...about })}\n`);
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
