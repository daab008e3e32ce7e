import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { reportWriter } from '../../src/report/index.js';
import { HOSTILE_TEXTS, hostileVerdict } from './hostile.js';
import { sampleRefusal, sampleVerdict } from './sample-verdict.js';

const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

describe('json', () => {
  it.each([
    ['a refusal', sampleRefusal()],
    ['an empty one', sampleVerdict([])],
    ...HOSTILE_TEXTS.map((text) => [JSON.stringify(text), hostileVerdict(text)] as const),
  ])('follows schema/report.schema.json: %s', async (_, verdict) => {
    const write = await reportWriter('json');
    const report = JSON.parse(write(verdict, {}));
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
    expect(report).toEqual(JSON.parse(JSON.stringify(verdict.report)));
  });

  it('does not depend on the order in which keys were made', async () => {
    const write = await reportWriter('json');
    const verdict = sampleRefusal();
    const turned = {
      ...verdict,
      report: Object.fromEntries(
        Object.entries(verdict.report).reverse(),
      ) as unknown as typeof verdict.report,
    };
    expect(write(turned, {})).toBe(write(verdict, {}));
  });

  it('ends with a newline', async () => {
    const write = await reportWriter('json');
    expect(write(sampleVerdict([]), {}).endsWith('}\n')).toBe(true);
  });
});
