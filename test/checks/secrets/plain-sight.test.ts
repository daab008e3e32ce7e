import { describe, expect, it } from '@jest/globals';
import { scanTree } from '../../../src/checks/secrets/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { NO_SECRET, PLAIN_SIGHT } from './plain-sight.js';

async function closing(path: string, content: string | Buffer): Promise<string[]> {
  const { findings, notVerified } = await scanTree(new MemoryTree(new Map([[path, Buffer.from(content)]])), {
    redactor: new Redactor(),
    trust: null,
  });
  return [
    ...findings.filter((item) => item.action !== 'inform').map((item) => item.message),
    ...notVerified.filter((item) => item.closes).map((item) => item.reason),
  ];
}

describe('a secret in plain sight closes', () => {
  it.each(Object.entries(PLAIN_SIGHT))('%s', async (_, [path, content]) => {
    expect(await closing(path, content)).not.toEqual([]);
  });
});

describe('nothing closes for', () => {
  it.each(Object.entries(NO_SECRET))('%s', async (_, [path, content]) => {
    expect(await closing(path, content)).toEqual([]);
  });
});
