import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { z } from 'zod';
import { configJsonSchema, exceptionsJsonSchema } from '../../src/config/json-schema.js';
import { configSchema, exceptionsSchema } from '../../src/config/schema.js';

const written = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../../schema/${name}`, import.meta.url), 'utf8'));

describe('the JSON Schemas of the configuration', () => {
  it('are current in schema/ (npm run schema)', async () => {
    expect(await written('config.schema.json')).toEqual(configJsonSchema());
    expect(await written('exceptions.schema.json')).toEqual(exceptionsJsonSchema());
  });

  it('take and refuse what the gate takes and refuses', () => {
    const ajv = new Ajv2020({ strict: false });
    const config = ajv.compile(configJsonSchema());
    const exceptions = ajv.compile(exceptionsJsonSchema());
    const value = fc.constantFrom<unknown>(
      'enforce',
      'x',
      '',
      1,
      true,
      null,
      [],
      ['a'],
      {},
      'auto',
      '2026-01-01',
      { allow: ['x'] },
    );
    const sections = ['version', 'signatures', 'secrets', 'policies', 'diff', 'branches', 'approvers', 'zz'];
    const keys = ['mode', 'keys', 'signers', 'history', 'packs', 'targets', 'remotes', 'allow', 'zz'];
    const inner = fc.oneof(
      value,
      fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2, noNullPrototype: true }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...sections), inner, { maxKeys: 4, noNullPrototype: true }),
        (rest) => {
          const text = { version: 1, ...rest };
          expect(config(text)).toBe(configSchema.safeParse(text).success);
        },
      ),
      { numRuns: 500 },
    );
    const entry = fc.dictionary(fc.constantFrom('rule', 'path', 'object', 'reason', 'until', 'zz'), value, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 2 }), (list) => {
        expect(exceptions({ exceptions: list })).toBe(
          exceptionsSchema.safeParse({ exceptions: list }).success,
        );
      }),
      { numRuns: 300 },
    );
    expect(config({ version: 1 })).toBe(true);
    expect(z.toJSONSchema(configSchema)).toBeDefined();
  });
});
