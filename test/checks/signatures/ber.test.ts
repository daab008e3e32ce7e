import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { definite } from '../../../src/checks/signatures/ber.js';
import { childrenOf, DerError, readDer } from '../../../src/checks/signatures/der.js';
import { payload, toldOf } from './support/smime.js';
import { der, issue, makeCertificate, makeCms, octets, seq } from './support/x509.js';

/** An element of indefinite length. */
const open = (tag: number, ...parts: readonly Buffer[]) =>
  Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.of(0, 0)]);

describe('definite', () => {
  it('leaves what has a length as it is, in whatever form', () => {
    for (const hex of ['', '30', '3000', '04810101', '3003048000', '30ff']) {
      const bytes = Buffer.from(hex, 'hex');
      expect(definite(bytes)).toEqual(bytes);
    }
    const long = Buffer.from('0482000104', 'hex');
    expect(definite(open(0x30, long))).toEqual(der(0x30, long));
  });

  it('gives elements of indefinite length theirs, as deep as they are nested in each other', () => {
    const tree = fc.letrec<{ node: { ber: Buffer; der: Buffer } }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        fc.uint8Array({ maxLength: 300 }).map((bytes) => {
          const made = octets(Buffer.from(bytes));
          return { ber: made, der: made };
        }),
        fc.array(tie('node'), { maxLength: 4 }).map((children) => ({
          ber: open(0x30, ...children.map(({ ber }) => ber)),
          der: seq(...children.map((child) => child.der)),
        })),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (made) => {
        if (made.der.length < 60_000) expect(definite(made.ber)).toEqual(made.der);
      }),
    );
  });

  it.each([
    ['no end', '3080', 'cut short'],
    ['half an end', '308000', 'cut short'],
    ['an end that is none', '30800001', 'cut short'],
    ['an element without a length', '308004', 'cut short'],
    ['an element that is cut short', '308004050000', 'cut short'],
    ['a length that is cut short', '30800482', 'a length cannot be read'],
    ['a length beyond all', '308004850000000001', 'a length cannot be read'],
    ['no content that may be open', '308004800000', 'a length cannot be read'],
    ['something behind it', '3080000001', 'something stands behind its end'],
  ])('refuses %s', (_, hex, reason) => {
    expect(() => definite(Buffer.from(hex, 'hex'))).toThrow(reason);
  });

  it('goes no deeper than sixteen, and throws nothing but its own errors', () => {
    const nested = (depth: number): Buffer =>
      depth === 0 ? octets(Buffer.alloc(1)) : open(0x30, nested(depth - 1));
    expect(definite(nested(16))).toHaveLength(3 + 16 * 2);
    expect(() => definite(nested(17))).toThrow('a length cannot be read');
    const bytes = fc.array(fc.constantFrom(0x30, 0x80, 0, 4, 1, 0x82, 0xff), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, (list) => {
        try {
          definite(Buffer.from([0x30, 0x80, ...list]));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
    );
  });
});

describe('a CMS as gpgsm wraps it', () => {
  const ca = makeCertificate();
  const files = { 'ca.pem': ca.pem };
  const good = makeCms(issue(ca), payload);
  const [type, wrapped] = childrenOf(readDer(good));
  const inner = readDer(wrapped?.content ?? Buffer.alloc(0));
  const [version, digests, content, certificates, signers] = childrenOf(inner).map(({ bytes }) => bytes);
  const part = (bytes: Buffer | undefined) => bytes ?? Buffer.alloc(0);
  const inside = (bytes: Buffer | undefined) => readDer(part(bytes)).content;
  const wrap = (...more: Buffer[]) =>
    open(
      0x30,
      part(type?.bytes),
      open(
        0xa0,
        open(
          0x30,
          part(version),
          part(digests),
          open(0x30, inside(content)),
          open(0xa0, inside(certificates)),
          part(signers),
          ...more,
        ),
      ),
    );

  it('is read as one in DER', async () => {
    expect(await toldOf(wrap(), files)).toBe('valid: good');
    expect(await toldOf(good, files)).toBe('valid: good');
  });

  it('is refused in every other way of writing', async () => {
    expect(await toldOf(Buffer.concat([wrap(), Buffer.of(0)]), files)).toContain('malformed');
    expect(await toldOf(wrap().subarray(0, -2), files)).toContain('malformed');
    // One that has a length may not hold one that has none.
    const mixed = seq(part(type?.bytes), open(0xa0, inner.bytes));
    expect(await toldOf(mixed, files)).toContain('malformed');
  });
});
