import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { stringify } from 'yaml';
import type { JsonValue } from '../../src/contract/index.js';
import { loadYaml } from '../../src/kubernetes/index.js';

const read = (text: string) => loadYaml(Buffer.from(text), 'file.yaml');

/** Answers of kubectl's own decoder; null where it refuses. See scripts/yaml-oracle. */
const readings = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/kubernetes/kubectl-readings.json'), 'utf8'),
) as [string, JsonValue[] | null][];

describe("kubectl's own decoder", () => {
  it('reads every text the same, or a problem is told', () => {
    const different = readings.filter(([text, expected]) => {
      const { documents, problems } = read(text);
      if (problems.some(({ code }) => code !== 'precision')) return false;
      if (expected === null) return true;
      const values = documents.map(({ value }) => value).filter((value) => value !== null);
      return (
        JSON.stringify(sorted(values)) !== JSON.stringify(sorted(expected.filter((value) => value !== null)))
      );
    });
    expect(different).toEqual([]);
  });

  it('is not met with problems where a text is plain', () => {
    const plain = readings.filter(
      ([text, docs]) => docs !== null && !/[&*!?%\t]|<<|\.\.\.|--- .|nan|inf|\\/.test(text),
    );
    const clean = plain.filter(([text]) =>
      read(text).problems.every(({ code }) => code === 'duplicate-key' || code === 'precision'),
    );
    expect(plain.length).toBeGreaterThan(200);
    // Keys that are fractions are told; everything else is read without a word.
    expect(plain.filter((one) => !clean.includes(one)).filter(([text]) => !/1\.5|1e3/.test(text))).toEqual(
      [],
    );
  });
});

describe('what other writers write', () => {
  const value = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(
        fc
          .string({ unit: 'binary', maxLength: 12 })
          .filter((text) => text.isWellFormed() && !/[\u0085\u2028\u2029\ufeff]/.test(text)),
        fc.constantFrom(
          'yes',
          'no',
          '0777',
          '1e3',
          '~',
          '',
          'null',
          '- a',
          'a: b',
          '#x',
          '1:2',
          '<<',
          '*a',
          '&a',
          '!a',
          '|',
          '%',
          '---',
          '\ttab',
          ' lead',
          'trail ',
          'a\nb\n',
          'a\n\n\nb',
          '\n',
          '2001-01-01',
        ),
        fc.integer(),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((number) => (Object.is(number, -0) ? 0 : number)),
        fc.boolean(),
        fc.constant(null),
      ) as fc.Arbitrary<JsonValue>,
      fc.array(tie('value'), { maxLength: 4 }) as fc.Arbitrary<JsonValue>,
      fc.dictionary(
        fc.oneof(fc.constantFrom('a', 'b', 'name', 'yes', '1', ''), fc.string({ maxLength: 6 })),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ) as fc.Arbitrary<JsonValue>,
    ),
  })).value;
  const root = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  });
  const safe = (number: JsonValue): boolean =>
    JSON.stringify(number).length > 0 && !/\d{16,}|e\+/.test(JSON.stringify(number));

  it('JSON is read as it is', () => {
    fc.assert(
      fc.property(root, fc.constantFrom(0, 2), (object, indent) => {
        const { documents, problems } = read(JSON.stringify(object, null, indent));
        expect(problems.filter(({ code }) => code !== 'precision')).toEqual([]);
        expect(documents[0]?.value).toEqual(JSON.parse(JSON.stringify(object)));
      }),
      { numRuns: 500 },
    );
  });

  it("yaml's and js-yaml's are read back, or told to be ambiguous", () => {
    fc.assert(
      fc.property(root.filter(safe), fc.boolean(), (object, other) => {
        const text = other ? dump(object) : stringify(object, { version: '1.1' });
        const { documents, problems } = read(text);
        if (problems.length > 0) {
          expect(problems.every(({ code }) => code === 'ambiguous')).toBe(true);
          return;
        }
        expect(documents[0]?.value).toEqual(object);
      }),
      { numRuns: 800 },
    );
  });

  it('positions lead to the key that is asked for', () => {
    const keyed = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.array(fc.integer(), { minLength: 1 }), {
        minKeys: 1,
      }),
      { minKeys: 1, noNullPrototype: true },
    );
    fc.assert(
      fc.property(keyed, fc.boolean(), (object, flow) => {
        const text = flow ? JSON.stringify(object, null, 1) : dump(object);
        const lines = text.split('\n');
        const [document] = read(text).documents;
        for (const [first, inner] of Object.entries(object)) {
          for (const second of Object.keys(inner)) {
            const position = document?.locate([first, second]);
            const line = lines[(position?.line ?? 0) - 1] ?? '';
            expect(line.slice((position?.column ?? 0) - 1).replace(/^["']/, '')).toMatch(
              new RegExp(`^${second}["']?:`),
            );
          }
        }
      }),
    );
  });
});

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value)
    .sort()
    .map((name) => [name, sorted(value[name] ?? null)]);
}
