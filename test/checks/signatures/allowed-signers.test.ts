import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  matchesPattern,
  matchesPatternList,
  readAllowedSigners,
} from '../../../src/checks/signatures/allowed-signers.js';
import { sshKey } from './support/ssh.js';

const key = sshKey();
const read = (text: string) => readAllowedSigners(Buffer.from(text));
const one = (text: string) => read(`${text}\n`).signers[0];
const reasonOf = (text: string) => read(text).bad[0]?.reason;

describe('readAllowedSigners', () => {
  it('reads principals, options and keys, and skips comments and blank lines', () => {
    const { signers, bad } = read(
      `# team\r\n\r\nalice@example.com,bob ${key.line} a comment\r\n  "eve@example.com" ${key.line}\n`,
    );
    expect(bad).toEqual([]);
    expect(signers.map(({ line, principals }) => [line, principals])).toEqual([
      [3, 'alice@example.com,bob'],
      [4, 'eve@example.com'],
    ]);
    expect(signers[0]).toMatchObject({
      certAuthority: false,
      namespaces: null,
      validAfter: null,
      validBefore: null,
    });
    expect(`ssh:${signers[0]?.key.fingerprint}`).toBe(key.fingerprint);
  });

  it('reads every option, whatever its case', () => {
    const options =
      'Cert-Authority,namespaces="git,file",VALID-AFTER="20240102Z",valid-before="20250102030405Z"';
    expect(one(`a ${options} ${key.line}`)).toMatchObject({
      certAuthority: true,
      namespaces: 'git,file',
      validAfter: new Date('2024-01-02T00:00:00Z'),
      validBefore: new Date('2025-01-02T03:04:05Z'),
    });
    expect(one(`a valid-after="202401020304" ${key.line}`)?.validAfter).toEqual(
      new Date('2024-01-02T03:04:00Z'),
    );
  });

  it.each([
    ['alice', 'option "" is not known'],
    [`"alice ${key.line}`, 'a quote is not closed'],
    [`"" ${key.line}`, 'it names no principal'],
    [`alice unknown ${key.line}`, 'option unknown is not known'],
    [`alice cert-authority="x" ${key.line}`, 'option cert-authority is not known or has no value'],
    [`alice namespaces ${key.line}`, 'option namespaces is not known or has no value'],
    [`alice valid-after ${key.line}`, 'option valid-after is not known or has no value'],
    [`alice valid-before ${key.line}`, 'option valid-before is not known or has no value'],
    [`alice cert-authority,cert-authority ${key.line}`, 'option cert-authority stands twice'],
    [`alice cert-authority"x" ${key.line}`, 'something stands behind an option'],
    [`alice cert-authority, ${key.line}`, 'is not known'],
    [`alice valid-after="2024" ${key.line}`, 'is not YYYYMMDD'],
    [`alice valid-after="20240231" ${key.line}`, 'does not exist'],
    [`alice valid-after="202402012401" ${key.line}`, 'does not exist'],
    [`alice valid-after="202402012360" ${key.line}`, 'does not exist'],
    [`alice valid-after="20240201235960" ${key.line}`, 'does not exist'],
    [`alice valid-after="20250101",valid-before="20240101" ${key.line}`, 'it ends before it begins'],
    ['alice ssh-ed25519', 'it holds no key'],
    ['alice cert-authority', 'it holds no key'],
    ['alice ssh-ed25519 A*AA', 'no proper base64'],
    [`alice ssh-rsa ${key.line.split(' ')[1]}`, 'its key is of type ssh-ed25519, not ssh-rsa'],
    ['alice ssh-ed25519 AAAA', 'the SSH key cannot be read'],
    [`alice\u0007 ${key.line}`, 'it holds a character that has no place in a line'],
    [`alice"x" ${key.line}`, 'a quote stands inside its principals'],
    [`"alice"x ${key.line}`, 'something stands behind a quote'],
    ['"alice"', 'option "" is not known'],
    [`alice xssh-ed25519 ${key.line.split(' ')[1]}`, 'option xssh-ed is not known'],
    [`alice ssh-ed25519! ${key.line.split(' ')[1]}`, 'option ssh-ed is not known'],
    [`alice !cert-authority ${key.line}`, 'is not known'],
    [`alice ${'!'.repeat(60)} ${key.line}`, `option "${'!'.repeat(40)}" is not known`],
    [`alice cert-authority="" ${key.line}`, 'option cert-authority is not known or has no value'],
    [`alice other="20240101" ${key.line}`, 'option other is not known or has no value'],
    [`alice valid-after="x20240101" ${key.line}`, 'is not YYYYMMDD'],
    [`alice valid-after="20240101x" ${key.line}`, 'is not YYYYMMDD'],
    [`alice valid-after="202402012500" ${key.line}`, 'does not exist'],
    [`alice valid-after="202402010060" ${key.line}`, 'does not exist'],
    [`alice valid-after="20240201000060" ${key.line}`, 'does not exist'],
    [`alice valid-after="20240101",valid-before="20240101" ${key.line}`, 'it ends before it begins'],
  ])('leaves out line %# of these and says why', (line, reason) => {
    expect(read(line).signers).toEqual([]);
    expect(reasonOf(line)).toContain(reason);
    expect(read(line).bad[0]?.weak).toBe(false);
  });

  it('reads times to the last second of a day, and either end alone', () => {
    expect(one(`a valid-before="20240201235959Z" ${key.line}`)).toMatchObject({
      validAfter: null,
      validBefore: new Date('2024-02-01T23:59:59Z'),
    });
    expect(one(`a valid-after="20240201235959" ${key.line}`)).toMatchObject({
      validAfter: new Date('2024-02-01T23:59:59Z'),
      validBefore: null,
    });
  });

  it('says of a key that is too weak that it is that, and nothing worse', () => {
    expect(read('alice ssh-dss AAAAB3NzaC1kc3M=').bad).toEqual([
      { line: 1, reason: 'DSA keys are too weak', weak: true },
    ]);
  });

  it('never throws, for any bytes', () => {
    const word = fc.oneof(
      fc.constantFrom('alice', '"', ' ', ',', key.line, 'valid-after="', '=', '\n'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const { signers, bad } = read(words.join(''));
        expect(signers.length + bad.length).toBeLessThanOrEqual(words.join('').split('\n').length);
      }),
    );
  });
});

describe('patterns', () => {
  it('match as the regular expression that they stand for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '@', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '@', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*');
        expect(matchesPattern(glob, value)).toBe(new RegExp(`^${source}$`, 's').test(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('of a list: one that matches admits, one with ! in front refuses whatever else matches', () => {
    expect(matchesPatternList('alice,*@example.com', 'bob@example.com')).toBe(true);
    expect(matchesPatternList('!bob@*,*@example.com', 'bob@example.com')).toBe(false);
    expect(matchesPatternList('*@example.com,!bob@*', 'bob@example.com')).toBe(false);
    expect(matchesPatternList('!bob@*', 'alice@example.com')).toBe(false);
    expect(matchesPatternList('Alice@example.com', 'alice@example.com')).toBe(false);
  });

  it('take no time that grows beyond the product of their lengths', () => {
    expect(matchesPattern(`${'*a'.repeat(2_000)}b`, 'a'.repeat(4_000))).toBe(false);
  });
});
