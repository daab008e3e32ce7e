import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { OpenPgpRing, readOpenPgpFile } from '../../../src/checks/signatures/openpgp-ring.js';
import { OpenPgpVerifier } from '../../../src/checks/signatures/openpgp-verifier.js';
import { NOW } from './support/context.js';
import { at, ends, flags, revocation, signBy, subkeyOf, subpacket, unknown } from './support/openpgp-made.js';
import {
  bySubkey,
  cat,
  certifier,
  KEY_CASES,
  key,
  OLD,
  payload,
  plain,
  SIGNED,
  signature,
  sub,
} from './support/openpgp-said.js';

const there = spawnSync('gpg', ['--version']).error === undefined;
if (!there) console.info('skipped: gpg not found, what the gate takes is not held against it');
const home = mkdtempSync(path.join(tmpdir(), 'gpg-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let count = 0;

/** True when gpg takes the signature, by keys that it imports, and has no word against the key. */
function gpgTakes(files: readonly Buffer[], armor: Buffer): boolean {
  count += 1;
  const place = mkdtempSync(path.join(home, String(count)));
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(path.join(place, name), bytes);
    return path.join(place, name);
  };
  const gpg = (...args: string[]) =>
    spawnSync('gpg', ['--homedir', place, '--batch', '--no-tty', '--status-fd=1', ...args]).stdout.toString();
  for (const bytes of files) gpg('--import', file('key', bytes));
  return gpg('--verify', file('signature', armor), file('payload', payload)).includes('GOODSIG');
}

async function gateTakes(files: readonly Buffer[], armor: Buffer): Promise<boolean> {
  const ring = new OpenPgpRing();
  for (const file of files) await readOpenPgpFile('k', file, ring);
  await ring.settle();
  return (await new OpenPgpVerifier(ring, NOW).verify(payload, armor)).verdict === 'valid';
}

const made = (hashed: readonly Buffer[], unhashed: readonly Buffer[] = []) =>
  signBy(key, 0, payload, hashed, unhashed);
const bound = (hashed: readonly Buffer[], back = true) => cat(certifier, subkeyOf(key, sub, hashed, back));
const day = at('2024-01-02');
const cases: readonly (readonly [string, readonly Buffer[], Buffer])[] = [
  ...KEY_CASES.map(([name, bytes]) => [name, [bytes], signature] as const),
  ['a subkey', [bound([day, flags(2)])], bySubkey],
  ['a subkey that never agreed', [bound([day, flags(2)], false)], bySubkey],
  ['a subkey for encryption', [bound([day, flags(12)])], bySubkey],
  ['a binding that has ended', [bound([day, flags(2), ends(10)])], bySubkey],
  ['a revocation of its own', [plain, revocation(key, OLD)], signature],
  ['two times', [plain], made([SIGNED, at('2026-01-01')])],
  ['two ends', [plain], made([SIGNED, ends(10), ends(0)])],
  ['an unknown critical subpacket', [plain], made([SIGNED, unknown(true)])],
  ['one that is not signed', [plain], made([SIGNED], [unknown(true)])],
  ['an unknown subpacket', [plain], made([SIGNED, unknown(false)])],
  ['a critical target', [plain], made([SIGNED, subpacket(31, Buffer.of(19, 8, 1), true)])],
  ['a subpacket without a type', [plain], made([SIGNED, Buffer.of(0)])],
];

(there ? describe : describe.skip)('what gpg refuses', () => {
  it.each(cases)('is not taken: %s', async (_, files, armor) => {
    if (await gateTakes(files, armor)) expect(gpgTakes(files, armor)).toBe(true);
  });

  it('is a part of it: both take some, and gpg refuses some', async () => {
    const taken = cases.map(([, files, armor]) => gpgTakes(files, armor));
    expect(new Set(taken).size).toBe(2);
    const byGate = await Promise.all(cases.map(([, files, armor]) => gateTakes(files, armor)));
    expect(byGate.filter(Boolean).length).toBeGreaterThan(8);
  });
});
