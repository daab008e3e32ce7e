import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { reportWriter } from '../../src/report/index.js';
import { HOSTILE_TEXTS, hostileVerdict } from './hostile.js';
import { sampleCheck, sampleFinding, sampleRefusal, sampleVerdict } from './sample-verdict.js';

const require = createRequire(`${process.cwd()}/package.json`);
const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
// written for draft 4, of which it uses nothing that draft 7 reads otherwise
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
const validate = new Ajv({
  allErrors: true,
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
}).compile(schema);
const write = await reportWriter('sarif');

describe('sarif', () => {
  it.each([
    ['a refusal', sampleRefusal()],
    ['an empty one', sampleVerdict([])],
    ...HOSTILE_TEXTS.map((text) => [JSON.stringify(text), hostileVerdict(text)] as const),
  ])('is valid 2.1.0: %s', (_name, verdict) => {
    validate(JSON.parse(write(verdict, {})));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('carries the suggested change as a fix', () => {
    const suggestion = { path: 'apps/a b.yaml', line: 4, removed: ['x: 1', 'y: 2'], added: ['x: 3'] };
    const verdict = sampleVerdict([
      sampleCheck('policies', [sampleFinding({ ruleId: 'policies/a', action: 'fix', suggestion })]),
    ]);
    const log = JSON.parse(write(verdict, {}));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    expect(log.runs[0].results[0].fixes[0].artifactChanges).toEqual([
      {
        artifactLocation: { uri: 'apps/a%20b.yaml', uriBaseId: 'SRCROOT' },
        replacements: [
          {
            deletedRegion: { startLine: 4, startColumn: 1, endLine: 6, endColumn: 1 },
            insertedContent: { text: 'x: 3\n' },
          },
        ],
      },
    ]);
  });

  it('carries fingerprints, levels, places and suppressions', () => {
    const [run] = JSON.parse(write(sampleRefusal(), {})).runs;
    const [secret] = run.results;
    expect(secret).toMatchObject({
      ruleId: 'secrets/kubernetes-secret',
      level: 'error',
      partialFingerprints: { 'gitopsGate/v1': expect.stringMatching(/^[0-9a-f]{32}$/) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'apps/pay/secret.yaml', uriBaseId: 'SRCROOT' },
            region: { startLine: 9, startColumn: 13 },
          },
        },
      ],
    });
    expect(run.tool.driver.rules[secret.ruleIndex].id).toBe(secret.ruleId);
    const approved = run.results.find((result: { ruleId: string }) => result.ruleId === 'diff/rbac');
    expect(approved.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'approved by octocat' },
    ]);
  });

  it('writes paths as the bytes they are', () => {
    const [run] = JSON.parse(write(hostileVerdict('a b/ü\udcff.yaml'), {})).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%FF.yaml');
  });
});
