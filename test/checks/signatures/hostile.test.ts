import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hostileCommits } from '../../../bench/signatures/workload.js';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { MemoryTree, objectId } from '../../../src/git/index.js';
import { NOW } from './support/context.js';

describe('signatures made to cost', () => {
  it.each([
    ['armor of 10 MB', 'malformed', 'larger than 1048576 bytes'],
    ['500,000 header lines in the armor', 'malformed', 'larger than 1048576 bytes'],
    ['500,000 header lines in the commit', 'malformed', 'larger than 1048576 bytes'],
    ['1,000 signature headers', 'multiple_signatures', 'more than one signature'],
    ['1,000 packets', 'malformed', 'larger than 65536 bytes'],
    ['1,000 packets within the limit', 'multiple_signatures', 'more than one signature'],
    ['an SSH signature of noise', 'malformed', 'cannot be read'],
  ])('%s: %s', async (name, verdict, reason) => {
    const verifier = new SignatureVerifier(await loadKeyring(new MemoryTree(), 'keys'), new Set(), NOW);
    const raw = hostileCommits().find((one) => one.name === name)?.raw ?? Buffer.alloc(0);
    const verification = await verifier.verify('commit', objectId('sha1', 'commit', raw), raw);
    expect(verification).toMatchObject({ verdict, reason: expect.stringContaining(reason) });
  });
});

describe('docs/signatures.md', () => {
  const text = readFileSync(new URL('../../../docs/signatures.md', import.meta.url), 'utf8');
  const source = readFileSync(
    new URL('../../../scripts/oracle-signatures/differences.mjs', import.meta.url),
    'utf8',
  );

  it('lists every difference from git, and each is a case of the fixtures', () => {
    const names = [...source.matchAll(/^ {2}\[(['"])(.*?)\1, /gm)].map(([, , name]) => String(name));
    expect(names.length).toBe(19);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
