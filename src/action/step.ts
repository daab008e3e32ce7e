import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exitCodeOf, GateError } from '../contract/index.js';
import { runAction } from './main.js';

/** The Action's step: one run, and for what goes wrong one line as an error annotation. */
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
);
const write = (text: string) => void process.stdout.write(text);
try {
  process.exitCode = await runAction({ env: process.env, now: new Date(), write, version: manifest.version });
} catch (error) {
  const known = error instanceof GateError;
  const message = known
    ? error.message
    : `an internal error (${randomUUID()}): ${error instanceof Error ? error.name : 'unknown'}`;
  write(
    `::error title=gitops-gate::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`,
  );
  process.exitCode = known ? exitCodeOf(error) : 3;
}
