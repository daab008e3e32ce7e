import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readDocument } from '../../src/config/document.js';
import { checkAgainst, settingName, valueAt } from '../../src/config/issues.js';
import { ConfigError, oneLine, problemLine, quoted, refuse, sortProblems } from '../../src/config/problem.js';

function messages(schema: z.ZodType, text: string): string[] {
  const document = readDocument('c.yaml', Buffer.from(text));
  if (Array.isArray(document)) throw new Error('broken test');
  const checked = checkAgainst(schema, document);
  return 'problems' in checked ? checked.problems.map(({ message }) => message) : [];
}

describe('checkAgainst', () => {
  it('tells a rule of the schema’s own in its own words', () => {
    const schema = z.strictObject({ a: z.string().refine((text) => text === 'x', { error: 'is not x' }) });
    expect(messages(schema, 'a: y\n')).toEqual(['`a`: is not x']);
    expect(messages(schema, 'a: x\n')).toEqual([]);
  });

  it('tells of a union the branch that was meant, or all of them', () => {
    const schema = z.strictObject({
      a: z.union([z.strictObject({ b: z.string() }), z.strictObject({ c: z.number() }), z.array(z.string())]),
    });
    expect(messages(schema, 'a: {b: 1}\n')).toEqual(['`a.b` must be text, not `1`; put it in quotes']);
    expect(messages(schema, 'a: [1]\n')).toEqual(['`a[0]` must be text, not `1`; put it in quotes']);
    expect(messages(schema, '{}\n')).toEqual([
      '`a` must be a map of keys, or a map of keys, or a list, not empty',
    ]);
  });

  it('keeps a missing day and number apart from wrong ones', () => {
    const schema = z.strictObject({
      day: z.string().regex(/^\d$/).optional(),
      count: z.number().min(1).max(2).optional(),
      when: z.iso.date().optional(),
    });
    expect(messages(schema, 'day: x\ncount: 0\nwhen: y\n')).toEqual([
      '`day` must be a day as YYYY-MM-DD, not the text `x`',
      '`count` must be at least 1',
      '`when` must be a day as YYYY-MM-DD, not the text `y`',
    ]);
    expect(messages(schema, 'count: 3\n')).toEqual(['`count` must be at most 2']);
  });

  it('lists the keys of a union too', () => {
    const schema = z.strictObject({
      list: z.array(z.union([z.literal('auto'), z.strictObject({ name: z.string() })])),
    });
    expect(messages(schema, 'list: [{name: x, frob: y}]\n')).toEqual([
      'unknown key `frob` in `list[0]`; the keys here are `name`',
    ]);
  });
});

describe('valueAt', () => {
  it('follows keys and indexes, and nothing that is inherited', () => {
    const root = { a: [{ b: 1 }] };
    expect(valueAt(root, ['a', 0, 'b'])).toBe(1);
    expect(valueAt(root, [])).toBe(root);
    expect(valueAt(root, ['a', 'b'])).toBeUndefined();
    expect(valueAt(root, ['a', 0, 'b', 'c'])).toBeUndefined();
    expect(valueAt(root, ['toString'])).toBeUndefined();
    expect(valueAt(root, [0])).toBeUndefined();
    expect(valueAt(null, ['a'])).toBeUndefined();
    expect(settingName(['a', 0, 'b'])).toBe('`a[0].b`');
  });
});

describe('problems', () => {
  it('are sorted by file and place, those of a whole file first', () => {
    const of = (path: string, line: number | null, column: number | null) => ({
      path,
      line,
      column,
      message: 'm',
    });
    const sorted = [of('a', null, null), of('a', 1, null), of('a', 1, 2), of('a', 2, 1), of('b', 1, 1)];
    expect(sortProblems([...sorted].reverse())).toEqual(sorted);
    expect(sorted.map(problemLine)).toEqual(['a: m', 'a:1: m', 'a:1:2: m', 'a:2:1: m', 'b:1:1: m']);
    expect(() => refuse([])).not.toThrow();
    expect(() => refuse(sorted)).toThrow(ConfigError);
  });

  it('show text of others on one line, in full view and bounded', () => {
    expect(quoted('a`b')).toBe("`a'b`");
    expect(oneLine('a\r\nb\u202ec\ud800', 10)).toBe('a\ufffd\ufffdb\ufffdc\ufffd');
    expect(oneLine('x'.repeat(400))).toBe(`${'x'.repeat(299)}…`);
    expect(oneLine('💥'.repeat(5), 5)).toBe('💥'.repeat(5));
    expect(oneLine('💥'.repeat(6), 5)).toBe(`${'💥'.repeat(4)}…`);
  });
});
