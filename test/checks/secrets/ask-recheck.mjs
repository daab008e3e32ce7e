/**
 * Reads a JSON list of `{source, flags}` from standard input and prints recheck's status of each ('safe',
 * 'vulnerable' or 'unknown') as a JSON list. A program of its own: recheck keeps helpers running for as long as the
 * process lives that asked it, and a test's process ends with its tests.
 */
import { readFileSync } from 'node:fs';
import { checkSync } from 'recheck';

const statuses = JSON.parse(readFileSync(0, 'utf8')).map(
  ({ source, flags }) => checkSync(source, flags, { timeout: 100_000, checker: 'auto' }).status,
);
process.stdout.write(JSON.stringify(statuses), () => process.exit(0));
