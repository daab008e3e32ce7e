import { describe, expect, it } from '@jest/globals';
import { readArmor } from '../../../src/checks/signatures/armor.js';
import { childrenOf, oidOf, readDer } from '../../../src/checks/signatures/der.js';
import { fieldTrespass } from '../../../src/checks/signatures/fields.js';
import { readMessage } from '../../../src/checks/signatures/protobuf.js';
import { subjectOf } from '../../../src/checks/signatures/shown.js';
import { splitCommit, splitTag } from '../../../src/checks/signatures/signed-object.js';
import { isSshCertificate } from '../../../src/checks/signatures/ssh-certificate.js';
import { LIMITS } from '../../../src/contract/index.js';
import { payloadOf } from './support/objects.js';
import { der, int, octets, seq } from './support/x509.js';

const reasonOf = (read: ReturnType<typeof readArmor>) => ('verdict' in read ? read.reason : null);

describe('limits hold at their very value', () => {
  it('of armor: its bytes', () => {
    const armor = (length: number) => {
      const frame = '-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n'.length;
      const text = 'A'.repeat(4 * Math.floor((length - frame) / 4));
      const filled = `-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----\n`;
      return Buffer.from(filled.padEnd(length, '\n'));
    };
    expect(armor(LIMITS.armorBytes)).toHaveLength(LIMITS.armorBytes);
    expect(reasonOf(readArmor(armor(LIMITS.armorBytes)))).toBeNull();
    expect(reasonOf(readArmor(armor(LIMITS.armorBytes + 1)))).toBe(
      `the signature is larger than ${LIMITS.armorBytes} bytes`,
    );
  });

  it('of armor: its headers, each of which is one whole line', () => {
    const armor = (lines: readonly string[]) =>
      Buffer.from(
        `-----BEGIN PGP SIGNATURE-----\n${lines.join('\n')}\n\nAAAA\n-----END PGP SIGNATURE-----\n`,
      );
    const headers = (count: number) => Array<string>(count).fill('Comment: x');
    expect(reasonOf(readArmor(armor(headers(32))))).toBeNull();
    for (const lines of [
      headers(33),
      ['1Comment: x'],
      ['Comment:x'],
      ['Comment'],
      ['A'.repeat(41).concat(': x')],
    ]) {
      expect(reasonOf(readArmor(armor(lines)))).toBe("the armor's headers are broken");
    }
  });

  it('of commits and tags: all their bytes', () => {
    const filled = (length: number) => {
      const head = 'tree a\n\n';
      return Buffer.from(head.padEnd(length, 'x'));
    };
    expect(splitCommit(filled(LIMITS.commitBytes), 'sha1').problem).toBeNull();
    expect(splitCommit(filled(LIMITS.commitBytes + 1), 'sha1').problem).toContain('larger than');
    expect(splitTag(filled(LIMITS.commitBytes), 'sha1').problem).toBeNull();
    // The signature at the end of a tag counts too.
    const long = Buffer.from(
      'object x\n\n-----BEGIN SSH SIGNATURE-----\n'.padEnd(LIMITS.commitBytes + 1, 'A'),
    );
    expect(splitTag(long, 'sha1').problem).toContain('larger than');
  });

  it('of tags: each armor ends where the next begins', () => {
    const [one, two] = ['-----BEGIN SSH SIGNATURE-----\nAAAA\n', '-----BEGIN PGP SIGNATURE-----\nBBBB\n'];
    const split = splitTag(Buffer.from(`object x\n\n${one}${two}`), 'sha1');
    expect(split.signatures.map(String)).toEqual([one, two]);
  });

  it('of a header: a name of any length is one name', () => {
    const long = `${'t'.repeat(40)} x`;
    expect(splitCommit(Buffer.from(`tree a\n${long}\n${long}\n\n`), 'sha1').problem).toBeNull();
    expect(splitCommit(Buffer.from(`gpgsig${'x'.repeat(60)} y\n\n`), 'sha1').problem).toContain('gpgsigx');
  });

  it('of people: what is wrong with whom', () => {
    for (const name of ['author', 'committer']) {
      const raw = payloadOf()
        .toString()
        .replace(new RegExp(`${name} .*`), `${name} nobody`);
      expect(splitCommit(Buffer.from(raw), 'sha1').problem).toBe(
        `its ${name} is not written as git writes one`,
      );
    }
    const nul = payloadOf({ extra: ['note a\0b'] });
    expect(splitCommit(nul, 'sha1').problem).toBe('its header holds a NUL');
  });

  it('of subjects: 72 characters', () => {
    expect(subjectOf(Buffer.from('x'.repeat(72)))).toBe('x'.repeat(72));
    expect(subjectOf(Buffer.from('x'.repeat(73)))).toBe(`${'x'.repeat(71)}…`);
  });

  it('of DER: a thousand elements, lengths of four bytes, as short as can be', () => {
    const many = (count: number) => seq(...Array.from({ length: count }, () => Buffer.of(5, 0)));
    expect(childrenOf(readDer(many(1_000)))).toHaveLength(1_000);
    expect(() => childrenOf(readDer(many(1_001)))).toThrow('too many elements');
    const sized = (size: number[], length: number) =>
      readDer(Buffer.concat([Buffer.of(4, ...size), Buffer.alloc(length)]));
    expect(sized([0x7f], 0x7f).content).toHaveLength(0x7f);
    expect(sized([0x81, 0x80], 0x80).content).toHaveLength(0x80);
    expect(sized([0x82, 0x01, 0x00], 0x100).content).toHaveLength(0x100);
    expect(sized([0x83, 0x01, 0x00, 0x00], 0x10000).content).toHaveLength(0x10000);
    expect(sized([0x84, 0x01, 0x00, 0x00, 0x00], 0x1000000).content).toHaveLength(0x1000000);
    expect(() => sized([0x82, 0x00, 0xff], 0xff)).toThrow('a length is not DER');
    expect(() => sized([0x83, 0x00, 0xff, 0xff], 0xffff)).toThrow('a length is not DER');
    expect(() => sized([0x81, 0x7f], 0x7f)).toThrow('a length is not DER');
    expect(() => readDer(Buffer.alloc(0))).toThrow('not one element');
  });

  it('of object identifiers: the first two numbers are in one', () => {
    const read = (...bytes: number[]) => oidOf(readDer(der(6, Buffer.from(bytes))));
    expect([read(39), read(40), read(79), read(80), read(0x81, 0x34)]).toEqual([
      '0.39',
      '1.0',
      '1.39',
      '2.0',
      '2.100',
    ]);
    expect(() => oidOf(readDer(int(1)))).toThrow('missing or of another type');
    expect(readDer(octets(Buffer.of(1))).content).toEqual(Buffer.of(1));
  });

  it('of protobuf: a thousand fields, and numbers of more than one byte', () => {
    const fields = (count: number) => Buffer.from('0801'.repeat(count), 'hex');
    expect(readMessage(fields(1_000)).get(1)).toHaveLength(1_000);
    expect(() => readMessage(fields(1_001))).toThrow('too many fields');
    expect(readMessage(Buffer.from('088001', 'hex')).get(1)).toEqual([128n]);
  });

  it('of SSH keys: four bytes are no name of a certificate', () => {
    expect(isSshCertificate(Buffer.alloc(4))).toBe(false);
    expect(isSshCertificate(Buffer.alloc(5))).toBe(false);
  });

  it('of fields: manifests by the end of their names', () => {
    const of = (path: string) => {
      const file = { status: 'modified' as const, path, oldPath: null, before: null, after: null };
      return fieldTrespass(file as never, Buffer.from('a: 1\n'), Buffer.from('a: 1\n# x\n'), () => false);
    };
    for (const path of ['a.yaml', 'a.yml', 'a.json', 'a.YAML']) expect(of(path)).toBeNull();
    for (const path of ['a.yaml.sh', 'ayaml', 'a.yamlx', 'a.y'])
      expect(of(path)).toContain('neither YAML nor JSON');
  });
});
