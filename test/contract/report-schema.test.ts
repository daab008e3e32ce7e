import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { z } from 'zod';
import { finding, type Report } from '../../src/contract/index.js';
import { reportJsonSchema, type reportSchema } from '../../src/contract/report-schema.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? { [Key in keyof T]: Flat<T[Key]> }
    : T;

/** Fails to compile when the type and the schema drift apart (`z.json()` and JsonValue are the same by assignment). */
type WithoutJson = Omit<Report, 'diff'>;
const sameShape: Equal<Flat<Omit<z.output<typeof reportSchema>, 'diff'>>, Flat<WithoutJson>> = true;
const toType = (value: z.output<typeof reportSchema>): Report => value;
const toSchema = (value: Report): z.output<typeof reportSchema> => value;

const report: Report = {
  schemaVersion: 1,
  tool: { name: 'gitops-gate', version: '1.0.0' },
  base: 'a'.repeat(40),
  mergeBase: null,
  head: 'b'.repeat(64),
  result: null,
  conclusion: 'failure',
  inputs: {
    config: `sha256:${'0'.repeat(64)}`,
    keys: `sha256:${'0'.repeat(64)}`,
    rules: `sha256:${'0'.repeat(64)}`,
    tools: { helm: '4' },
    now: '2026-01-01T00:00:00.000Z',
    sandbox: 'none',
  },
  checks: [
    {
      name: 'secrets',
      mode: 'enforce',
      conclusion: 'failure',
      summary: '1 to fix',
      durationMs: 3,
      findings: [
        finding({
          check: 'secrets',
          ruleId: 'secrets/x',
          action: 'fix',
          message: 'm',
          help: 'h',
          fingerprint: '0'.repeat(32),
          suppressed: { by: 'b', reason: 'r', until: null },
          object: { apiVersion: 'v1', kind: 'Secret', namespace: '', name: 'n' },
        }),
      ],
      notVerified: [{ what: 'w', reason: 'r', closes: true }],
      debt: { count: 0, delta: -1 },
    },
  ],
  signatures: {
    commits: [
      { sha: 'c'.repeat(40), verdict: 'valid', type: 'ssh', signer: 'alice', fingerprint: 'ssh:SHA256:x' },
    ],
  },
  diff: {
    targets: [
      {
        name: 'kustomize/a',
        kind: 'kustomize',
        cluster: null,
        status: 'changed',
        changes: [
          {
            action: 'update',
            object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'c' },
            fields: [{ path: 'data', from: null, to: { a: [1, true, 'x'] } }],
            impacts: ['diff/x'],
            source: null,
          },
        ],
      },
    ],
  },
};

describe('the JSON Schema of the report', () => {
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());

  it('is current in schema/ (npm run schema)', async () => {
    const written = await readFile(new URL('../../schema/report.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(written)).toEqual(reportJsonSchema());
  });

  it('has the shape of the type', () => {
    expect(sameShape).toBe(true);
    expect(toType(toSchema(report))).toBe(report);
  });

  it('takes a whole report', () => {
    expect(validate(report)).toBe(true);
  });

  it.each<[string, (copy: Report) => void]>([
    ['an unknown key', (copy) => Object.assign(copy, { extra: 1 })],
    [
      'an unknown key of a finding',
      (copy) => Object.assign(copy.checks[0]?.findings[0] ?? {}, { value: 'secret' }),
    ],
    ['a missing key', (copy) => Reflect.deleteProperty(copy, 'head')],
    ['a short commit id', (copy) => Object.assign(copy, { base: 'abc' })],
    ['an unknown conclusion', (copy) => Object.assign(copy, { conclusion: 'neutral' })],
    ['another version', (copy) => Object.assign(copy, { schemaVersion: 2 })],
    ['a rule of no check', (copy) => Object.assign(copy.checks[0]?.findings[0] ?? {}, { ruleId: 'x/y' })],
    ['line 0', (copy) => Object.assign(copy.checks[0]?.findings[0] ?? {}, { line: 0 })],
    ['an unknown verdict', (copy) => Object.assign(copy.signatures.commits[0] ?? {}, { verdict: 'good' })],
  ])('refuses %s', (_name, change) => {
    const copy = structuredClone(report);
    change(copy);
    expect(validate(copy)).toBe(false);
  });
});
