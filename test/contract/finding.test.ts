import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compareFindings,
  emptyResult,
  exitCodeOf,
  type Finding,
  finding,
  fingerprint,
  GateError,
  type GateErrorCode,
} from '../../src/contract/index.js';

const minimal = {
  check: 'diff',
  ruleId: 'diff/x',
  action: 'fix',
  message: 'm',
  help: 'h',
  fingerprint: 'f',
} as const;

describe('finding', () => {
  it('fills in null and empty, and a severity that follows the action', () => {
    expect(finding(minimal)).toEqual({
      ...minimal,
      severity: 'error',
      confidence: 'certain',
      path: null,
      line: null,
      endLine: null,
      column: null,
      commit: null,
      object: null,
      targets: [],
      clusters: [],
      new: true,
      approvedBy: null,
      suppressed: null,
      suggestion: null,
    });
    expect(finding({ ...minimal, action: 'approve' }).severity).toBe('warning');
    expect(finding({ ...minimal, action: 'inform' }).severity).toBe('notice');
  });

  it('keeps what is given; a line ends where it begins unless said', () => {
    const given: Finding = {
      ...minimal,
      severity: 'notice',
      confidence: 'likely',
      path: 'p',
      line: 3,
      endLine: 5,
      column: 2,
      commit: 'c',
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'o' },
      targets: ['t'],
      clusters: ['c'],
      new: false,
      approvedBy: 'a',
      suppressed: { by: 'b', reason: 'r', until: null },
      suggestion: { path: 'p', line: 3, removed: ['a'], added: ['b'] },
    };
    expect(finding(given)).toEqual(given);
    expect(finding({ ...minimal, line: 3 }).endLine).toBe(3);
  });
});

describe('compareFindings', () => {
  const of = (fields: Partial<Finding>) => finding({ ...minimal, ...fields });

  it('orders by path (none last), line, rule, fingerprint and message', () => {
    const sorted = [
      of({ path: 'a' }),
      of({ path: 'a', line: 2, ruleId: 'diff/a' }),
      of({ path: 'a', line: 2, ruleId: 'diff/b', fingerprint: 'a' }),
      of({ path: 'a', line: 2, ruleId: 'diff/b', fingerprint: 'b', message: 'a' }),
      of({ path: 'a', line: 2, ruleId: 'diff/b', fingerprint: 'b', message: 'b' }),
      of({ path: 'a', line: 10 }),
      of({ path: 'b' }),
      of({ path: null, ruleId: 'diff/a' }),
      of({ path: null, ruleId: 'diff/b' }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        expect([...shuffled].sort(compareFindings)).toEqual(sorted);
      }),
    );
    expect(compareFindings(of({}), of({}))).toBe(0);
  });
});

describe('fingerprint', () => {
  it('has 32 hex digits and tells every part and its place apart', () => {
    expect(fingerprint('a/b', 'c')).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprint('a/b', 'c')).toBe(fingerprint('a/b', 'c'));
    const others = [
      fingerprint('a/b'),
      fingerprint('a/b', 'c', ''),
      fingerprint('a/b', '', 'c'),
      fingerprint('a/b', null),
      fingerprint('a/b', ''),
      fingerprint('a/bc'),
      fingerprint('a/b', 'c', null),
      fingerprint('a/b', 'c1:d'),
      fingerprint('a/b', 'c', 'd'),
    ];
    expect(new Set([...others, fingerprint('a/b', 'c')]).size).toBe(others.length + 1);
  });
});

describe('GateError', () => {
  it('keeps code, place and cause, and leaves out what it has not', () => {
    const cause = new Error('x');
    const error = new GateError('config', 'm', { cause, place: { path: 'p', line: 1, column: 2 } });
    expect([error.code, error.message, error.name, error.cause, error.place]).toEqual([
      'config',
      'm',
      'GateError',
      cause,
      { path: 'p', line: 1, column: 2 },
    ]);
    const plain = new GateError('limit', 'm');
    expect([plain.place, 'cause' in plain]).toEqual([null, false]);
  });

  it.each<[GateErrorCode, 2 | 3]>([
    ['usage', 2],
    ['config', 2],
    ['not-a-repository', 2],
    ['unknown-revision', 2],
    ['missing-objects', 3],
    ['limit', 3],
    ['timeout', 3],
    ['tool-missing', 3],
    ['tool-failed', 3],
    ['git-failed', 3],
    ['internal', 3],
  ])('%s ends with %i', (code, exit) => {
    expect(exitCodeOf(new GateError(code, 'm'))).toBe(exit);
  });
});

describe('emptyResult', () => {
  it('is new each time', () => {
    const [one, two] = [emptyResult('diff'), emptyResult('diff')];
    one.findings.push(finding(minimal));
    one.excerpts.set('f', { line: 1, text: 'x' });
    expect([two.findings.length, two.excerpts.size, two.name, two.debt]).toEqual([
      0,
      0,
      'diff',
      { count: 0, delta: 0 },
    ]);
  });
});
