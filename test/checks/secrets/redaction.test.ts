import { describe, expect, it } from '@jest/globals';
import { makeCorpus } from '../../../conformance/secrets/corpus.js';
import { pages as second } from '../../../conformance/secrets-blind/second/generate.js';
import { pages as third } from '../../../conformance/secrets-blind/third/generate.js';
import { scanText, scanTree } from '../../../src/checks/secrets/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { scanVerdict } from '../../../src/gate/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { FORMAT_NAMES, reportWriter } from '../../../src/report/index.js';

describe('redaction', () => {
  it('leaves none of 500 planted secrets in findings, excerpts or redacted text', async () => {
    const { files, truth } = makeCorpus('redaction', 25);
    const redactor = new Redactor();
    const result = await scanTree(new MemoryTree(files), { redactor, trust: null });
    const told = JSON.stringify([result, [...result.excerpts]]);
    let planted = 0;
    for (const [path, { lines }] of truth) {
      const text = files.get(path)?.split('\n') ?? [];
      for (const number of lines) {
        planted++;
        const line = text[number - 1] ?? '';
        // The value is the longest word of its line; what is left of it in any output is at most four characters.
        const value = /([^\s"'=:@]{10,})["']?(?:@\S*)?(?:\s+https:\S*)?$/.exec(line)?.[1];
        if (value === undefined || line.startsWith('-----BEGIN')) continue;
        expect(told).not.toContain(value);
        expect(redactor.redact(line)).not.toContain(value);
        expect(told).not.toContain(value.slice(5));
      }
    }
    expect(planted).toBeGreaterThanOrEqual(500);
  });

  it('leaves no value of the second and third blind corpus in any format', async () => {
    for (const all of [second(99), third(99)]) {
      const redactor = new Redactor();
      const tree = new MemoryTree(new Map(all.map(({ path, text }) => [path, text])));
      const result = await scanTree(tree, { redactor, trust: null });
      const inputs = { version: '0.0.0', now: new Date('2026-01-01'), redactor, durationMs: 1 };
      const verdict = await scanVerdict(result, inputs);
      const values = all.flatMap(({ planted }) => planted.flatMap((item) => item.values));
      expect(values.length).toBeGreaterThan(250);
      for (const name of FORMAT_NAMES) {
        const write = await reportWriter(name);
        const output = write({ ...verdict, elapsedMs: 1 }, { colour: false, width: 120 });
        const shown = values.filter((value) =>
          [value, Buffer.from(value).toString('base64'), value.slice(4)].some(
            (form) => form.length >= 6 && output.includes(form),
          ),
        );
        expect({ name, shown }).toEqual({ name, shown: [] });
      }
    }
  });

  it('masks every part of a value that code puts together', () => {
    const part = (text: string): string => [...text].reverse().join('');
    const lines = [
      `const apiKey = '${part('GGkjZgUixu26nqz')}' + '${part('i3ewOx9Lq')}' + '${part('Kp2Rt')}';`,
      `password = "${part('w8bYcRtL4')}" "${part('Np9kQ7vX2m')}"`,
    ];
    for (const line of lines) {
      const redactor = new Redactor();
      const { findings, excerpts } = scanText(`${line}\n`, { path: 'src/a.ts', redactor });
      const shown = findings.map((item) => excerpts.get(item.fingerprint)?.text ?? '').join('\n');
      expect(shown).toContain('[redacted]');
      for (const [, piece = ''] of line.matchAll(/["']([^"']{5,})["']/g)) expect(shown).not.toContain(piece);
    }
  });
});
