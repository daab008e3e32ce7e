import { describe, expect, it } from '@jest/globals';
import { makeCorpus } from '../../../conformance/secrets/corpus.js';
import { scanTree } from '../../../src/checks/secrets/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree } from '../../../src/git/index.js';

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
});
