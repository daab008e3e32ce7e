import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redactor } from '../../src/contract/index.js';

function knowing(...secrets: (string | Uint8Array)[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('Redactor', () => {
  it('is empty until something is registered, and then gives back what it was given', () => {
    const redactor = new Redactor();
    expect([redactor.empty, redactor.redact('text'), redactor.redactName('text')]).toEqual([
      true,
      'text',
      'text',
    ]);
    const value = { a: ['text'] };
    expect(redactor.redactDeep(value)).toBe(value);
    redactor.add('short');
    redactor.add('');
    expect(redactor.empty).toBe(true);
    redactor.add('longer');
    expect(redactor.empty).toBe(false);
  });

  it.each<[string, string]>([
    ['plain', 'p@ss/w0rd"\'+&'],
    ['base64', base64('p@ss/w0rd"\'+&')],
    ['base64 without padding', base64('p@ss/w0rd"\'+&').replace(/=+$/, '')],
    ['base64url', Buffer.from('p@ss/w0rd"\'+&').toString('base64url')],
    ['hex', Buffer.from('p@ss/w0rd"\'+&').toString('hex')],
    ['upper-case hex', Buffer.from('p@ss/w0rd"\'+&').toString('hex').toUpperCase()],
    ['percent-encoded', encodeURIComponent('p@ss/w0rd"\'+&')],
    [
      'percent-encoded in lower case',
      encodeURIComponent('p@ss/w0rd"\'+&').replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['JSON-escaped', JSON.stringify('p@ss/w0rd"\'+&').slice(1, -1)],
    ['YAML-escaped', "p@ss/w0rd\"''+&"],
  ])('masks a value that is written %s', (_name, written) => {
    expect(knowing('p@ss/w0rd"\'+&').redact(`x: ${written}!`)).toBe('x: [redacted]!');
  });

  it('masks a value inside more base64, wherever it begins', () => {
    const redactor = knowing('hunter2hunter2');
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const text = redactor.redact(base64(`${before}hunter2hunter2${after}`));
        expect(text).toContain('[redacted]');
        const left = Buffer.from(text.replaceAll('[redacted]', ''), 'base64').toString('latin1');
        expect(left).not.toContain('hunter2');
      }
    }
  });

  it('masks the padding of base64, which would tell the length, and no assignment', () => {
    const redactor = new Redactor();
    redactor.add('AKIAEXAMPLEVALUE');
    const base64 = Buffer.from('AKIAEXAMPLEVALUE').toString('base64');
    expect(base64).toMatch(/==$/);
    expect(redactor.redact(`key: ${base64}\n`)).toBe('key: [redacted]\n');
    expect(redactor.redact('AKIAEXAMPLEVALUE=on')).toBe('[redacted]=on');
  });

  it('masks bytes that are no text, encoded', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0, 1, 2, 3, 4, 5);
    const redactor = knowing(bytes);
    expect(redactor.redact(Buffer.from(bytes).toString('base64'))).toBe('[redacted]');
    expect(redactor.redact(Buffer.from(bytes).toString('hex'))).toBe('[redacted]');
  });

  it('masks every line of a value, but not lines that say nothing', () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\r\n  hkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\nserver:\napiVersion: v1\nkind: Config\n';
    const redactor = knowing(key);
    expect(redactor.redact('a MIIEvQIBADANBgkq b hkiG9w0BAQEFAASC')).toBe('a [redacted] b [redacted]');
    expect(redactor.redact('-----BEGIN PRIVATE KEY----- server: apiVersion: v1')).toBe(
      '-----BEGIN PRIVATE KEY----- server: apiVersion: v1',
    );
    expect(redactor.redact(`x${key}x`)).toBe('x[redacted]x');
    expect(knowing('  padded-value\n').redact('padded-value')).toBe('[redacted]');
  });

  it('masks the longest of values that begin alike, and values that overlap as one', () => {
    expect(knowing('abcdef', 'abcdefgh').redact('abcdefgh abcdef')).toBe('[redacted] [redacted]');
    expect(knowing('abcdefgh', 'abcdef').redact('abcdefgh')).toBe('[redacted]');
    expect(knowing('abcdef123', '123456xyz').redact('<abcdef123456xyz>')).toBe('<[redacted]>');
    expect(knowing('abcdef', 'ghijkl').redact('abcdefghijkl')).toBe('[redacted][redacted]');
    expect(knowing('abcdefghij', 'cdefgh').redact('abcdefghij!')).toBe('[redacted]!');
  });

  it('masks a value that is cut off', () => {
    const redactor = knowing('ghp_0123456789abcdef');
    expect(redactor.redact('token ghp_01234567')).toBe('token [redacted]');
    expect(redactor.redact('token ghp_01234567… and ghp_012345678... more')).toBe(
      'token [redacted]… and [redacted]... more',
    );
    expect(redactor.redact('token ghp_0...')).toBe('token ghp_0...');
    expect(redactor.redact('token ghp_01234567 in the middle')).toBe('token ghp_01234567 in the middle');
    expect(knowing('abcdefgh1234', 'abcdefgh12345678').redact('abcdefgh1234567')).toBe('[redacted]');
  });

  it('masks names only where they hold a token', () => {
    const redactor = knowing(
      'postgres',
      'postgres-production-database',
      'AKIA0123456789ABCDEF',
      '12345678901234567890',
    );
    expect(knowing('abcdefgh12345678').redactName('abcdefgh12345678')).toBe('[redacted]');
    expect(knowing('abcdefgh1234567').redactName('abcdefgh1234567')).toBe('abcdefgh1234567');
    expect(redactor.redactName('postgres')).toBe('postgres');
    expect(redactor.redactName('postgres-production-database')).toBe('postgres-production-database');
    expect(redactor.redactName('12345678901234567890')).toBe('12345678901234567890');
    expect(redactor.redactName('keys/AKIA0123456789ABCDEF.txt')).toBe('keys/[redacted].txt');
    expect(redactor.redact('postgres')).toBe('[redacted]');
  });

  it('goes through whole values, keys included, without touching what is no text', () => {
    const redactor = knowing('hunter2');
    const value = { a: 'hunter2', hunter2: [1, null, true, { b: 'x hunter2' }] };
    expect(redactor.redactDeep(value)).toEqual({
      a: '[redacted]',
      '[redacted]': [1, null, true, { b: 'x [redacted]' }],
    });
    const hostile = JSON.parse('{"__proto__": {"polluted": "hunter2"}}') as object;
    const cleaned = redactor.redactDeep(hostile);
    expect(Object.hasOwn(cleaned, '__proto__')).toBe(true);
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"polluted":"[redacted]"}}');
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('leaves no registered value in any text', () => {
    const secret = fc
      .string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 30 })
      .filter((text) => text.trim().length >= 6);
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 5 }),
        fc.array(fc.oneof(fc.nat({ max: 4 }), fc.string({ maxLength: 6 }))),
        (secrets, parts) => {
          const text = parts
            .map((part) => (typeof part === 'number' ? (secrets[part] ?? '') : part))
            .join('');
          const masked = knowing(...secrets).redact(text);
          for (const one of secrets)
            expect(masked.split('[redacted]').every((rest) => !rest.includes(one))).toBe(true);
        },
      ),
    );
  });

  it('is not drowned by many values or by hostile text', () => {
    const redactor = new Redactor();
    for (let index = 0; index < 3_000; index += 1) redactor.add(`aaaaaa-${index}-secret-value`);
    expect(redactor.redact(`${'a'.repeat(50_000)}${'.'.repeat(50_000)}`)).toHaveLength(100_000);
  });
});
