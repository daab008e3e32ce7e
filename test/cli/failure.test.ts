import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { reportFailure } from '../../src/cli/failure.js';
import { traceOf } from '../../src/cli/failure-log.js';
import { GateError } from '../../src/contract/index.js';
import { captured } from './captured.js';

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'hunter2-and-more';

function parseFailure(): unknown {
  try {
    return JSON.parse(`{"password": ${SECRET}}`);
  } catch (error) {
    return error;
  }
}

describe('reportFailure', () => {
  it('tells what the user can mend in one line, with its place', async () => {
    const { terminal, stderr } = captured();
    const error = new GateError('config', 'no such key', { place: { path: 'a.yaml', line: 3, column: 7 } });
    expect(await reportFailure(error, terminal, false)).toBe(2);
    expect(stderr()).toBe('gitops-gate: a.yaml:3:7: no such key\n');
  });

  it.each([
    ['usage', 2],
    ['not-a-repository', 2],
    ['unknown-revision', 2],
    ['missing-objects', 3],
    ['tool-missing', 3],
    ['timeout', 3],
  ] as const)('ends %s with %d', async (code, exit) => {
    expect(await reportFailure(new GateError(code, 'why'), captured().terminal, false)).toBe(exit);
  });

  it('writes out what a terminal would obey', async () => {
    const { terminal, stderr } = captured();
    await reportFailure(new GateError('usage', 'no \u001b[31mfile\u001b[0m'), terminal, false);
    expect(stderr()).toBe('gitops-gate: no \\u{1b}[31mfile\\u{1b}[0m\n');
  });

  it('gives an internal error an id under which the named log has the frames, and no secret', async () => {
    const log = join(folder, 'gate.log');
    const { terminal, stderr } = captured({ GITOPS_GATE_LOG: log });
    expect(await reportFailure(parseFailure(), terminal, false)).toBe(3);
    const [, id = ''] =
      /internal error ([0-9a-f]{12}) \(SyntaxError\); see .*gate\.log\n$/.exec(stderr()) ?? [];
    const written = readFileSync(log, 'utf8');
    expect(written.startsWith(`${id}\nSyntaxError: `)).toBe(true);
    expect(written).toMatch(/\n\s+at /);
    expect(written + stderr()).not.toContain('hunter2');
  });

  it('makes a log of its own, for the user alone, where none is named', async () => {
    const { terminal, stderr } = captured();
    await reportFailure(new TypeError('x is not a function'), terminal, false);
    const [, file = ''] = /see (\S+)\n$/.exec(stderr()) ?? [];
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(file);
  });

  it('says so when the log cannot be written', async () => {
    const { terminal, stderr } = captured({ GITOPS_GATE_LOG: join(folder, 'no', 'such', 'folder') });
    await reportFailure(new TypeError('x'), terminal, false);
    expect(stderr()).toMatch(/the log could not be written \(ENOENT\)/);
  });

  it('shows the frames with --debug', async () => {
    const { terminal, stderr } = captured();
    await reportFailure(new TypeError('x'), terminal, true);
    expect(stderr()).toMatch(/TypeError: x\n\s+at /);
  });

  it('does with what is no error', async () => {
    const { terminal, stderr } = captured();
    expect(await reportFailure('thrown', terminal, true)).toBe(3);
    expect(stderr()).toContain('(string)');
  });
});

describe('traceOf', () => {
  it('keeps no message that may quote what was read, of causes neither', () => {
    const error = new Error(`cannot read ${SECRET}`, {
      cause: new TypeError(`x of "${SECRET}" ${'A'.repeat(40)}\n${SECRET}`),
    });
    const trace = traceOf(error);
    expect(trace).toMatch(/^Error: <\d+ characters>\n/);
    expect(trace).toContain(`caused by TypeError: x of <${SECRET.length + 2} characters> <40 characters>\n`);
    expect(trace).not.toContain(SECRET);
  });
});
