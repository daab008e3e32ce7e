import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileTexts } from '../../../bench/secrets/hostile.js';
import { fill } from '../../../conformance/secrets/fill.js';
import { runSecretsSuite } from '../../../conformance/secrets/suite.js';
import { defaultEngine } from '../../../src/checks/secrets/check.js';
import { encodedStretches } from '../../../src/checks/secrets/decode.js';
import { shannonEntropy } from '../../../src/checks/secrets/entropy.js';
import { KeywordFinder } from '../../../src/checks/secrets/keywords.js';
import { Lines } from '../../../src/checks/secrets/lines.js';
import { scanFile } from '../../../src/checks/secrets/scan-file.js';
import { base62Checksum, isBech32 } from '../../../src/checks/secrets/verify.js';

const engine = defaultEngine();

describe('hostile texts', () => {
  it.each([...hostileTexts([])].filter(([, text]) => text.length <= 6_000_000))('end: %s', (_, text) => {
    const scan = scanFile('hostile.yaml', Buffer.from(text), engine);
    expect(scan.findings.length).toBeLessThanOrEqual(5_000);
  });

  it('never throw, whatever the bytes and the name', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('a.yaml', 'b.json', 'c.env', 'd.ini', 'e', 'f.tgz'),
        (bytes, path) => {
          scanFile(path, Buffer.from(bytes), engine);
        },
      ),
    );
    const pieces = fc.constantFrom(
      'kind: Secret\n',
      'data:\n',
      '  a: b\n',
      'sops:\n',
      '  mac: x\n',
      '---\n',
      'ENC[',
      '&a ',
      '*a ',
      '{{',
      '"',
      'password: ',
      '\t',
      '- ',
      '__proto__: 1\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        scanFile('a.yaml', Buffer.from(parts.join('')), engine);
      }),
    );
  });
});

describe('the engine', () => {
  const token = fill('ghp_{{checksum62}}', 'engine');

  it('takes off three layers of encoding and tells one secret once', () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const hits = (text: string): string[] =>
      engine.scan(text, { path: 'a.txt' }).hits.map((hit) => `${hit.rule.id} ${hit.encodings.join('>')}`);
    expect(hits(base64(`t=${token}`))).toEqual(['github-token base64']);
    expect(hits(base64(base64(`t=${token}`)))).toEqual(['github-token base64>base64']);
    expect(hits(base64(base64(base64(`t=${token}`))))).toEqual(['github-token base64>base64>base64']);
    expect(hits(base64(base64(base64(base64(`t=${token}`)))))).toEqual([]);
    expect(hits(Buffer.from(`token=${token}`).toString('hex'))).toEqual(['github-token hex']);
    expect(hits(`https://x.net/?t=${token.replace('_', '%5f')}`)).toEqual(['github-token percent']);
    expect(hits(`"${token.replace('_', '\\u005f')}"`)).toEqual(['github-token escape']);
    expect(hits(`token: ${token} # ${token}`)).toHaveLength(2);
  });

  it('leaves examples, damaged checksums and ciphertext alone', () => {
    const closing = (text: string): string[] =>
      engine
        .scan(text, { path: 'a.env' })
        .hits.filter((hit) => hit.confidence !== 'guess')
        .map((hit) => hit.rule.id);
    expect(closing(`x ${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`)).toEqual([]);
    expect(closing('AKIAIOSFODNN7EXAMPLE ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')).toEqual([]);
    expect(closing('password: ENC[AES256_GCM,data:QUJDREVGR0g=,iv:AAAA,tag:BBBB,type:str]')).toEqual([]);
  });

  it('finds keywords as a search for each would', () => {
    const words = ['ab', 'abc', 'bca', 'token', 'a-b', 'en'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'A', 'token', '-', 'é', '\n'), { maxLength: 40 }),
        (parts) => {
          const text = parts.join('');
          const found: string[] = [];
          new KeywordFinder(words).scan(text, (index, start) => found.push(`${index}@${start}`));
          const wanted: string[] = [];
          words.forEach((word, index) => {
            for (
              let at = text.toLowerCase().indexOf(word);
              at !== -1;
              at = text.toLowerCase().indexOf(word, at + 1)
            )
              wanted.push(`${index}@${at}`);
          });
          expect(found.sort()).toEqual(wanted.sort());
        },
      ),
    );
  });

  it('decodes what base64 and hex say', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{24,60}$/), (text) => {
        const decoded = (encoding: 'base64' | 'hex'): string[] =>
          encodedStretches(`x: ${Buffer.from(text).toString(encoding)}\n`).map((part) => part.text);
        expect(decoded('base64')).toEqual([text]);
        expect(decoded('hex')).toEqual([text]);
      }),
    );
  });

  it('counts lines and columns from one', () => {
    const lines = new Lines('ab\r\ncd\n\nef');
    expect([0, 3, 4, 7, 8].map((at) => [lines.lineAt(at), lines.columnAt(at)])).toEqual([
      [1, 1],
      [1, 4],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect([1, 2, 3, 4].map((line) => lines.textOf(line))).toEqual(['ab', 'cd', '', 'ef']);
  });

  it('knows the checksums of the field', () => {
    // CRC-32's check value 0xCBF43926 (ISO 3309) in base62.
    expect(base62Checksum('123456789')).toBe('3jZRME');
    expect(isBech32('A12UEL5L')).toBe(true);
    expect(isBech32('A12UEL5M')).toBe(false);
    expect(shannonEntropy('aabb')).toBe(1);
  });
});

describe('the generated corpus', () => {
  it('is told right, every family', async () => {
    const report = await runSecretsSuite('seed:test');
    expect(report.misses).toEqual([]);
    expect(report.right).toBe(report.all);
  });
});
