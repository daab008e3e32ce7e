import { describe, expect, it } from '@jest/globals';
import { collect, parseChecks, parseCount, parseMoment } from '../../src/cli/option-parsers.js';

describe('option parsers', () => {
  it('reads lists of checks', () => {
    expect(parseChecks('secrets, diff')).toEqual(['secrets', 'diff']);
    expect(() => parseChecks('gate')).toThrow();
    expect(() => parseChecks('')).toThrow();
  });

  it.each(['2026-01-31', '2026-01-31T12:00Z', '2026-01-31T12:00:00.5Z'])('reads the moment %s', (text) => {
    expect(parseMoment(text).toISOString()).toMatch(/^2026-01-31T/);
  });

  it.each(['', 'now', '2026-13-01', '2026-01-31T12:00', '31.01.2026'])('refuses the moment %j', (text) => {
    expect(() => parseMoment(text)).toThrow();
  });

  it('reads counts', () => {
    expect(parseCount('20')).toBe(20);
    for (const text of ['0', '-1', '1.5', '1e3', '9999999', '']) expect(() => parseCount(text)).toThrow();
  });

  it('gathers repeated options', () => {
    expect(collect('b', collect('a'))).toEqual(['a', 'b']);
  });
});
