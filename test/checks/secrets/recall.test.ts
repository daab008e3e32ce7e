import { describe, expect, it } from '@jest/globals';
import { defaultEngine } from '../../../src/checks/secrets/check.js';
import { scanFile } from '../../../src/checks/secrets/scan-file.js';
import { BESIDE, CLOSING } from './recall.js';

function closing(path: string, content: string | Buffer): string[] {
  return scanFile(path, Buffer.from(content), defaultEngine())
    .findings.filter((item) => item.action !== 'inform')
    .map((item) => `${item.rule} ${item.line}`);
}

describe('ways of writing a secret that close', () => {
  it.each(Object.entries(CLOSING))('%s', (_, [path, content]) => {
    expect(closing(path, content)).not.toEqual([]);
  });
});

describe('what stands beside them closes nothing', () => {
  it.each(Object.entries(BESIDE))('%s', (_, [path, content]) => {
    expect(closing(path, content)).toEqual([]);
  });
});
