import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { ByteBudget, groupsWithin } from '../../src/git/byte-budget.js';
import { ObjectReader } from '../../src/git/object-reader.js';
import { errorOf, Workshop } from './real-repository.js';

const workshop = new Workshop();
const path = process.env.PATH;
afterAll(() => workshop.remove());
afterEach(() => {
  process.env.PATH = path;
});

const OID = 'ab'.repeat(20);

/** A reader over a program that stands in for git. */
function readerOver(script: string, silenceMs?: number): ObjectReader {
  const bin = workshop.path('bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env.PATH = `${bin}:${path}`;
  return new ObjectReader(workshop.root, 'sha1', silenceMs);
}

describe('a git that misbehaves', () => {
  it('by silence is given up, and asked anew the next time', async () => {
    const reader = readerOver('exec sleep 100', 50);
    const both = await Promise.all([errorOf(reader.info(OID)), errorOf(reader.contents(OID, 'blob'))]);
    expect(both).toMatchObject([{ code: 'timeout' }, { code: 'timeout' }]);
    expect(await errorOf(reader.info(OID))).toMatchObject({ code: 'timeout' });
    reader.close();
  });

  it('by dying is told with its words, for each request', async () => {
    const reader = readerOver('echo "fatal: out of \\033[31mluck" >&2; exit 128');
    const all = await Promise.all([1, 2, 3].map(() => errorOf(reader.info(OID))));
    for (const error of all) {
      expect(error).toMatchObject({ code: 'git-failed', message: expect.stringContaining('fatal: out of') });
      expect((error as Error).message).not.toContain('\u001b');
    }
    reader.close();
  });

  it.each(['echo hello; cat', `echo "${OID} folder 3"; cat`, `echo "${OID} blob many"; cat`])(
    'by nonsense is refused: %s',
    async (script) => {
      const reader = readerOver(script);
      expect(await errorOf(reader.info(OID))).toMatchObject({ code: 'git-failed' });
      reader.close();
    },
  );

  it('by another object under the id is refused', async () => {
    const reader = readerOver(`echo "${OID} blob 3"; printf 'abc\\n'; cat`);
    expect(await errorOf(reader.contents(OID, 'blob'))).toMatchObject({ code: 'git-failed' });
    reader.close();
  });

  it('by not being there is told', async () => {
    const reader = new ObjectReader(workshop.root, 'sha1');
    process.env.PATH = '/nowhere';
    expect(await errorOf(reader.info(OID))).toMatchObject({ code: 'tool-missing' });
    reader.close();
  });
});

describe('bounds in bytes', () => {
  it('are kept', () => {
    const budget = new ByteBudget('it', 10);
    budget.take(4);
    budget.take(6);
    expect(() => budget.take(1)).toThrow('it: more than the 10 bytes');
  });

  it('group small things and leave large ones alone', () => {
    const sizes = (...list: number[]) => list.map((size) => ({ size }));
    const groups = [...groupsWithin(sizes(1, 2, 3, 50, 4, 4, 4, 0, 0, 0, 0), 10, 4)];
    expect(groups.map((group) => group.map(({ size }) => size))).toEqual([
      [1, 2, 3],
      [50],
      [4, 4],
      [4, 0, 0, 0],
      [0],
    ]);
    expect([...groupsWithin([], 10, 4)]).toEqual([]);
  });
});
