import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAllowedSigners } from '../../../src/checks/signatures/allowed-signers.js';
import { isSshCertificate, readSshCertificate } from '../../../src/checks/signatures/ssh-certificate.js';
import {
  checkSshSignature,
  readSshPublicKey,
  type SshError,
} from '../../../src/checks/signatures/ssh-key.js';
import { Revocations } from '../../../src/checks/signatures/ssh-revocation.js';
import { verifySshSignature } from '../../../src/checks/signatures/ssh-verifier.js';
import { WireReader, wireString as written } from '../../../src/checks/signatures/ssh-wire.js';
import { readSshSig } from '../../../src/checks/signatures/sshsig.js';
import { NOW } from './support/context.js';
import { payloadOf } from './support/objects.js';
import { type SshKey, sshKey, sshSig, wireString } from './support/ssh.js';
import { wellFormed } from './support/verdicts.js';

const payload = payloadOf();
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const uint64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
const strings = (...values: (string | Buffer)[]) => Buffer.concat(values.map(wireString));
const ed25519 = (key: KeyObject) => (data: Buffer) => strings('ssh-ed25519', sign(null, data, key));

interface CertificateParts {
  type?: number;
  serial?: bigint;
  keyId?: string;
  principals?: string[];
  after?: bigint;
  before?: bigint;
  critical?: Buffer;
  extensions?: Buffer;
  /** Changes the bytes after they were signed. */
  change?: (bytes: Buffer) => Buffer;
}

/** A user certificate of an Ed25519 key. */
function certificate(key: SshKey, ca: SshKey, parts: CertificateParts = {}): Buffer {
  const {
    type = 1,
    serial = 5n,
    keyId = 'id',
    principals = ['alice@example.com'],
    after = 0n,
    before = 2n ** 64n - 1n,
  } = parts;
  const {
    critical = Buffer.alloc(0),
    extensions = Buffer.alloc(0),
    change = (bytes: Buffer) => bytes,
  } = parts;
  const body = Buffer.concat([
    strings('ssh-ed25519-cert-v01@openssh.com', 'nonce'),
    wireString(key.blob.subarray(key.blob.length - 32)),
    uint64(serial),
    uint32(type),
    strings(keyId, strings(...principals)),
    uint64(after),
    uint64(before),
    strings(critical, extensions, '', ca.blob),
  ]);
  return change(Buffer.concat([body, wireString(ed25519(ca.privateKey)(body))]));
}

const alice = sshKey();
const ca = sshKey();

function judge(
  armor: Buffer,
  options: { lines?: string; revoked?: Buffer[]; listed?: string[]; over?: Buffer } = {},
) {
  const { lines = `alice@example.com ${alice.line}\n`, revoked = [], listed = [], over = payload } = options;
  const revocations = new Revocations();
  for (const file of revoked) revocations.add(file);
  const { signers, bad } = readAllowedSigners(Buffer.from(lines));
  expect(bad).toEqual([]);
  const trust = { allowed: signers, revocations, listed: new Set(listed), now: NOW };
  return wellFormed(verifySshSignature(over, armor, trust), 'ssh');
}
const told = (...args: Parameters<typeof judge>) => {
  const { verdict, reason } = judge(...args);
  return `${verdict}: ${reason}`;
};
const byAlice = (options = {}) => sshSig(alice.blob, payload, ed25519(alice.privateKey), options);

describe('readSshSig', () => {
  it.each([
    ['an unknown version', byAlice({ version: 2 }), 'of an unknown version'],
    ['an unknown hash', byAlice({ hash: 'sha1' }), 'the hash "sha1" is not one'],
    ['other bytes', Buffer.from('SSHSIX'), 'cannot be read'],
    ['something behind', Buffer.concat([byAlice(), Buffer.of(0)]), 'cannot be read'],
    ['nothing', Buffer.alloc(0), 'cannot be read'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(told(bytes)).toMatch(/^malformed: /);
    expect(told(bytes)).toContain(reason);
  });

  it('never lets anything but SSHSIG through, for any bytes', () => {
    const good = byAlice();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        if (judge(bytes).verdict === 'valid') expect(bytes.equals(good)).toBe(true);
      }),
      { numRuns: 1500 },
    );
    expect(readSshSig(good).namespace).toBe('git');
  });
});

describe('keys', () => {
  const pad = (text: string) => Buffer.from(text, 'hex');
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const last = Buffer.from(y, 'base64url').at(-1) ?? 0;
  const hybrid = Buffer.concat([
    Buffer.of(6 + (last & 1)),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
  it.each([
    ['DSA', strings('ssh-dss'), 'weak_algorithm', 'DSA keys are too weak'],
    ['RSA without a modulus', strings('ssh-rsa', pad('010001'), ''), 'weak_algorithm', 'RSA keys of 0 bits'],
    ['a negative number', strings('ssh-rsa', pad('ff')), 'malformed', 'cannot be read'],
    [
      'another type',
      strings('ssh-future', 'x'),
      'unsupported_type',
      'SSH keys of type "ssh-future" are not known',
    ],
    ['a short Ed25519 key', strings('ssh-ed25519', 'x'), 'malformed', 'wrong length'],
    ['another curve', strings('ecdsa-sha2-nistp256', 'nistp384', 'x'), 'malformed', 'another curve'],
    [
      'a compressed point',
      strings('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(33, 2)),
      'malformed',
      'no uncompressed point',
    ],
    [
      'a point of no curve',
      strings('ecdsa-sha2-nistp256', 'nistp256', Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)])),
      'malformed',
      'cannot be read',
    ],
    ['something behind', strings('ssh-ed25519', Buffer.alloc(32), 'x'), 'malformed', 'cannot be read'],
    [
      'a point in its hybrid form, which OpenSSL reads',
      strings('ecdsa-sha2-nistp256', 'nistp256', hybrid),
      'malformed',
      'no uncompressed point',
    ],
    [
      'a point that is too long',
      strings('ecdsa-sha2-nistp256', 'nistp256', Buffer.concat([Buffer.of(4), Buffer.alloc(65)])),
      'malformed',
      'no uncompressed point',
    ],
  ])('refuses %s', (_, blob, verdict, reason) => {
    const armor = sshSig(blob, payload, () => strings('ssh-ed25519', 'x'));
    expect(judge(armor)).toMatchObject({ verdict, reason: expect.stringContaining(reason) });
  });

  it('takes a key that a signer lists though allowed_signers has it not', () => {
    expect(told(byAlice(), { lines: '' })).toContain('unknown_key');
    const verification = judge(byAlice(), { lines: '', listed: [alice.fingerprint] });
    expect(verification).toMatchObject({ verdict: 'valid', fingerprint: alice.fingerprint });
    if (verification.verdict !== 'valid') throw new Error('unreachable');
    expect(verification.by).toMatchObject({ identities: [], expires: null, touched: null });
    expect(verification.by.admits('alice@example.com')).toBe(false);
  });

  it('says which line does not let it sign, or what it was made for', () => {
    const of = (options: string) =>
      told(byAlice(), { lines: `alice@example.com ${options} ${alice.line}\n` });
    expect(of('namespaces="file"')).toBe(
      'not_signing_key: line 1 of allowed_signers does not let the key sign for git',
    );
    expect(of('valid-after="20270101"')).toBe(
      'not_signing_key: line 1 of allowed_signers is not valid before 2027-01-01',
    );
    expect(told(byAlice({ namespace: 'file' }))).toBe(
      'bad_signature: the signature is for "file", not for git',
    );
  });

  it('is valid as long as any of its lines', () => {
    const line = (options: string) => `alice@example.com ${options}${alice.line}\n`;
    const ends = (lines: string) => {
      const verification = judge(byAlice(), { lines });
      return verification.verdict === 'valid' ? verification.by.expires?.toISOString() : verification.reason;
    };
    expect(ends(line('valid-before="20270101" ') + line('valid-before="20280101" '))).toBe(
      '2028-01-01T00:00:00.000Z',
    );
    expect(ends(line('valid-before="20270101" ') + line(''))).toBeUndefined();
    expect(ends(line('valid-before="20200101" ') + line('valid-before="20270101" '))).toBe(
      '2027-01-01T00:00:00.000Z',
    );
    expect(ends(line('valid-before="20200101" ') + line('namespaces="file" '))).toBe(
      'line 1 of allowed_signers ended on 2020-01-01',
    );
  });
});

describe('signatures of keys', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = ec.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(jwk.x ?? '', 'base64url'),
    Buffer.from(jwk.y ?? '', 'base64url'),
  ]);
  const ecKey = strings('ecdsa-sha2-nistp256', 'nistp256', point);
  const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaJwk = rsaPair.publicKey.export({ format: 'jwk' });
  const [e, n] = [Buffer.from(rsaJwk.e ?? '', 'base64url'), Buffer.from(rsaJwk.n ?? '', 'base64url')];
  const rsaKey = strings('ssh-rsa', e, Buffer.concat([Buffer.of(0), n]));
  const check = (key: Buffer, blob: Buffer) => () => checkSshSignature(readSshPublicKey(key), blob, payload);
  const edKey = alice.blob;

  it('takes RSA over SHA-2 alone', () => {
    const rsa = (name: string, hash: string) => strings(name, sign(hash, payload, rsaPair.privateKey));
    expect(check(rsaKey, rsa('rsa-sha2-256', 'sha256'))()).toEqual({ device: null });
    expect(check(rsaKey, rsa('rsa-sha2-512', 'sha512'))()).toEqual({ device: null });
    expect(check(rsaKey, rsa('ssh-rsa', 'sha1'))).toThrow('SHA-1');
    expect(check(rsaKey, rsa('rsa-sha2-1', 'sha1'))).toThrow('is not one of its key');
    expect(check(rsaKey, rsa('rsa-sha2-256', 'sha512'))).toThrow('does not hold');
  });

  it.each([
    ['another algorithm', edKey, strings('rsa-sha2-256', 'x'), 'is not one of its key'],
    [
      'numbers that are too large',
      ecKey,
      strings('ecdsa-sha2-nistp256', strings(Buffer.alloc(33, 1), Buffer.alloc(1, 1))),
      'does not hold',
    ],
    [
      'a second number that is too large',
      ecKey,
      strings('ecdsa-sha2-nistp256', strings(Buffer.alloc(1, 1), Buffer.alloc(33, 1))),
      'does not hold',
    ],
    [
      'numbers of no signature',
      ecKey,
      strings('ecdsa-sha2-nistp256', strings(Buffer.alloc(1, 1), Buffer.alloc(0))),
      'does not hold',
    ],
    [
      'something behind the numbers',
      ecKey,
      strings('ecdsa-sha2-nistp256', strings(Buffer.alloc(1, 1), Buffer.alloc(1, 1), 'x')),
      'cannot be read',
    ],
    ['something behind it', edKey, strings('ssh-ed25519', 'x', 'y'), 'cannot be read'],
  ])('refuses %s', (_, key, blob, reason) => {
    expect(check(key, blob)).toThrow(reason);
  });

  it('refuses a browser, another algorithm and a short tail for a security key', () => {
    const device = strings('sk-ssh-ed25519@openssh.com', alice.blob.subarray(-32), 'ssh:');
    expect(check(device, strings('webauthn-sk-ecdsa-sha2-nistp256@openssh.com', 'x'))).toThrow('browser');
    expect(check(device, strings('ssh-ed25519', 'x'))).toThrow('is not one of its key');
    expect(check(device, strings('sk-ssh-ed25519@openssh.com', 'x'))).toThrow('cannot be read');
    expect(
      check(
        device,
        Buffer.concat([strings('sk-ssh-ed25519@openssh.com', Buffer.alloc(64)), Buffer.alloc(5)]),
      ),
    ).toThrow('does not hold');
    const longer = Buffer.concat([strings('sk-ssh-ed25519@openssh.com', Buffer.alloc(64)), Buffer.alloc(6)]);
    expect(check(device, longer)).toThrow('cannot be read');
  });

  it('say what is wrong by a code of their own', () => {
    const code = (key: Buffer, blob: Buffer) => {
      try {
        return check(key, blob)();
      } catch (error) {
        return (error as SshError).code;
      }
    };
    const device = strings('sk-ssh-ed25519@openssh.com', alice.blob.subarray(-32), 'ssh:');
    expect(code(rsaKey, strings('ssh-rsa', 'x'))).toBe('weak_algorithm');
    expect(code(edKey, strings('rsa-sha2-256', 'x'))).toBe('malformed');
    expect(code(edKey, strings('ssh-ed25519', 'x', 'y'))).toBe('malformed');
    expect(code(edKey, strings('ssh-ed25519', Buffer.alloc(64)))).toBe('bad_signature');
    expect(code(device, strings('webauthn-sk-ecdsa-sha2-nistp256@openssh.com', 'x'))).toBe(
      'unsupported_type',
    );
  });
});

describe('certificates', () => {
  const lines = `*@example.com cert-authority ${ca.line}\n`;
  const signed = (parts: CertificateParts = {}) =>
    sshSig(certificate(alice, ca, parts), payload, ed25519(alice.privateKey));
  const DAY = 86_400n;
  const now = BigInt(NOW.getTime() / 1000);

  it('bind the e-mail that they name, as far as the line lets the authority', () => {
    const verification = judge(
      signed({ principals: ['alice@example.com', 'eve@other.com'], before: now + DAY }),
      { lines },
    );
    if (verification.verdict !== 'valid') throw new Error(verification.reason);
    const { by } = verification;
    expect(['alice@example.com', 'eve@other.com', 'bob@example.com'].map(by.admits)).toEqual([
      true,
      false,
      false,
    ]);
    expect(by.fingerprint).toBe(alice.fingerprint);
    expect(by.expires).toEqual(new Date(NOW.getTime() + 86_400_000));
    const ended = judge(signed(), {
      lines: lines.replace('cert-authority', 'cert-authority,valid-before="20270101"'),
    });
    expect(ended.verdict === 'valid' && ended.by.expires).toEqual(new Date('2027-01-01'));
    expect(
      told(signed(), { lines: lines.replace('cert-authority', 'cert-authority,valid-before="20200101"') }),
    ).toContain('expired_key');
    const far = judge(signed({ before: 2n ** 63n }), { lines });
    expect(far.verdict === 'valid' && far.by.expires?.getTime()).toBe(8_640_000_000_000_000);
  });

  it.each([
    ['expired', { before: now - DAY }, 'expired_key: the certificate expired on 2026-11-21'],
    ['of no time at all', { before: 0n }, 'expired_key: the certificate expired on 1970-01-01'],
    ['never to begin', { after: 2n ** 64n - 1n }, 'future_dated'],
    ['to come', { after: now + DAY }, 'future_dated: the certificate is not valid before 2026-11-23'],
    ['of a host', { type: 2 }, "malformed: the certificate is not a user's"],
    [
      'with a condition',
      { critical: strings('force-command', 'x') },
      'not_signing_key: the certificate\'s option "force-command" is not met',
    ],
    ['with a condition of a device', { critical: strings('verify-required', '') }, 'not_signing_key'],
    ['altered', { change: (bytes: Buffer) => Buffer.from(bytes).fill(1, 50, 51) }, 'bad_signature'],
    [
      'cut short',
      { change: (bytes: Buffer) => bytes.subarray(0, -1) },
      'malformed: the SSH certificate cannot be read',
    ],
  ])('are refused when %s', (_, parts: CertificateParts, reason) => {
    expect(told(signed(parts), { lines })).toContain(reason);
  });

  it('end when their line, their authority or they themselves do, whichever is first', () => {
    const ends = (parts: CertificateParts, line: string) => {
      const verification = judge(signed(parts), {
        lines: lines.replace('cert-authority', `cert-authority${line}`),
      });
      return verification.verdict === 'valid' ? verification.by.expires : verification.reason;
    };
    const [soon, late] = [',valid-before="20270101"', ',valid-before="20990101"'];
    expect(ends({}, '')).toBeNull();
    expect(ends({}, soon)).toEqual(new Date('2027-01-01'));
    expect(ends({ before: now + DAY }, soon)).toEqual(new Date(NOW.getTime() + 86_400_000));
    expect(ends({ before: now + 365n * DAY }, soon)).toEqual(new Date('2027-01-01'));
    expect(ends({ before: now + DAY }, late)).toEqual(new Date(NOW.getTime() + 86_400_000));
    expect(ends({ before: now }, '')).toBe('the certificate expired on 2026-11-22');
    expect(ends({ before: now + 1n }, '')).toEqual(new Date(NOW.getTime() + 1000));
  });

  it('may begin as far ahead as clocks differ, no further', () => {
    expect(told(signed({ after: now + 300n }), { lines })).toBe('valid: good');
    expect(told(signed({ after: now + 301n }), { lines })).toBe(
      'future_dated: the certificate is not valid before 2026-11-22',
    );
  });

  it('count by any line of their authority that is for the e-mail', () => {
    const two = `*@other.com cert-authority ${ca.line}\n${lines}`;
    const verification = judge(signed(), { lines: two });
    expect(verification.verdict === 'valid' && verification.by.admits('alice@example.com')).toBe(true);
    expect(verification.verdict === 'valid' && verification.by.identities).toEqual([
      '*@other.com',
      '*@example.com',
    ]);
  });

  it('with something behind the signature of their authority are read in one way only: not at all', () => {
    const longer = signed({ change: (bytes) => Buffer.concat([bytes, Buffer.of(0)]) });
    expect(told(longer, { lines })).toBe('malformed: the SSH certificate cannot be read');
  });

  it('of a plain key waive no touch: there is none', () => {
    const verification = judge(signed({ extensions: strings('no-touch-required', '') }), { lines });
    expect(verification.verdict === 'valid' && verification.by.touched).toBeNull();
  });

  it('count neither by a line of the authority as a plain key, nor by one of the certified key', () => {
    expect(told(signed(), { lines: `alice@example.com ${ca.line}\n` })).toContain(
      'unknown_key: the authority',
    );
    expect(told(signed(), { lines: `alice@example.com ${alice.line}\n` })).toContain(
      'unknown_key: the authority',
    );
    expect(told(byAlice(), { lines: `alice@example.com cert-authority ${alice.line}\n` })).toContain(
      'unknown_key: the key',
    );
  });

  it('of a security key may waive the touch, and may ask for more', () => {
    const device = strings('sk-ssh-ed25519@openssh.com', alice.blob.subarray(-32), 'ssh:');
    const of = (flags: number, parts: { critical?: Buffer; extensions?: Buffer }) => {
      const { critical = Buffer.alloc(0), extensions = Buffer.alloc(0) } = parts;
      const body = Buffer.concat([
        strings('sk-ssh-ed25519-cert-v01@openssh.com', 'nonce'),
        device.subarray(4 + 'sk-ssh-ed25519@openssh.com'.length),
        uint64(1n),
        uint32(1),
        strings('id', strings('alice@example.com')),
        uint64(0n),
        uint64(2n ** 64n - 1n),
        strings(critical, extensions, '', ca.blob),
      ]);
      const blob = Buffer.concat([body, wireString(ed25519(ca.privateKey)(body))]);
      const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
      const tail = Buffer.from([flags, 0, 0, 0, 1]);
      const armor = sshSig(blob, payload, (data) => {
        const message = Buffer.concat([sha256(Buffer.from('ssh:')), tail, sha256(data)]);
        return Buffer.concat([
          strings('sk-ssh-ed25519@openssh.com', sign(null, message, alice.privateKey)),
          tail,
        ]);
      });
      const verification = judge(armor, { lines });
      return verification.verdict === 'valid' ? verification.by.touched : verification.verdict;
    };
    expect(of(0, {})).toBe(false);
    expect(of(1, {})).toBe(true);
    expect(of(0, { extensions: strings('no-touch-required', '') })).toBe(true);
    expect(of(5, { critical: strings('verify-required', '') })).toBe(true);
    expect(of(1, { critical: strings('verify-required', '') })).toBe('not_signing_key');
    // A PIN does not meet a condition that has nothing to do with it.
    expect(of(5, { critical: strings('force-command', 'x') })).toBe('not_signing_key');
    expect(of(5, { critical: strings('verify-required', '', 'x', '') })).toBe('not_signing_key');
  });

  it('are told from keys by their type, whatever the length says', () => {
    expect(isSshCertificate(certificate(alice, ca))).toBe(true);
    expect(isSshCertificate(alice.blob)).toBe(false);
    expect(isSshCertificate(Buffer.alloc(3))).toBe(false);
    expect(() => readSshCertificate(alice.blob)).toThrow();
  });
});

describe('revocations', () => {
  const MAGIC = Buffer.from('SSHKRL\n\0');
  const krl = (...sections: Buffer[]) =>
    Buffer.concat([MAGIC, uint32(1), Buffer.alloc(24), strings('', 'comment'), ...sections]);
  const section = (type: number, body: Buffer) => Buffer.concat([Buffer.of(type), wireString(body)]);
  const certs = (authority: Buffer | string, ...parts: Buffer[]) =>
    section(1, Buffer.concat([strings(authority, ''), ...parts]));
  const lines = `*@example.com cert-authority ${ca.line}\nalice@example.com ${alice.line}\n`;
  const refuses = (file: Buffer | string, parts: CertificateParts | null = null) => {
    const blob = parts === null ? alice.blob : certificate(alice, ca, parts);
    const armor = sshSig(blob, payload, ed25519(alice.privateKey));
    return judge(armor, { lines, revoked: [Buffer.from(file)] }).verdict === 'revoked_key';
  };

  it('list keys, fingerprints and hashes', () => {
    const sha = (name: string) => createHash(name).update(alice.blob).digest();
    expect(refuses(`# list\n\n${alice.line} old laptop\n`)).toBe(true);
    expect(refuses(`${alice.fingerprint}\n`)).toBe(true);
    expect(refuses(`${alice.fingerprint.slice(4)}\n`)).toBe(true);
    expect(refuses(`${ca.line}\n`)).toBe(false);
    expect(refuses(`  ${alice.fingerprint}\t\r\n`)).toBe(true);
    expect(refuses(krl(section(2, strings(ca.blob, alice.blob))))).toBe(true);
    expect(refuses(krl(section(3, strings(sha('sha1')))))).toBe(true);
    expect(refuses(krl(section(5, strings(sha('sha256')))))).toBe(true);
    expect(refuses(krl(section(5, strings(Buffer.alloc(32)))))).toBe(false);
    expect(refuses(krl())).toBe(false);
  });

  it('list certificates by key, authority, serial and id', () => {
    expect(refuses(`${alice.line}\n`, {})).toBe(true);
    expect(refuses(`${ca.line}\n`, {})).toBe(true);
    const list = certs(ca.blob, section(0x20, Buffer.concat([uint64(4n), uint64(5n)])));
    expect(refuses(krl(list), {})).toBe(true);
    expect(refuses(krl(list), { serial: 6n })).toBe(false);
    expect(refuses(krl(certs(alice.blob, section(0x20, uint64(5n)))), {})).toBe(false);
    expect(refuses(krl(certs('', section(0x20, uint64(5n)))), {})).toBe(true);
    const range = krl(certs(ca.blob, section(0x21, Buffer.concat([uint64(3n), uint64(7n)]))));
    expect([2n, 3n, 7n, 8n].map((serial) => refuses(range, { serial }))).toEqual([false, true, true, false]);
    const bitmap = krl(
      certs(ca.blob, section(0x22, Buffer.concat([uint64(100n), strings(Buffer.from([0x02, 0x05]))]))),
    );
    expect([100n, 101n, 102n, 109n, 110n].map((serial) => refuses(bitmap, { serial }))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    const runs = krl(
      certs(ca.blob, section(0x22, Buffer.concat([uint64(100n), strings(Buffer.from([0x06, 0xf7, 0xfe]))]))),
    );
    const bits = Array.from({ length: 24 }, (_, bit) => refuses(runs, { serial: 100n + BigInt(bit) }));
    expect(bits.map(Number).join('')).toBe('011111111110111101100000');
    const ids = krl(
      certs(
        ca.blob,
        section(0x23, strings('other', 'id')),
        section(0x39, Buffer.concat([strings('x@y'), Buffer.of(0)])),
      ),
    );
    expect([refuses(ids, {}), refuses(ids, { keyId: 'fine' })]).toEqual([true, false]);
  });

  it('skip what is not critical, and check the signature of a KRL', () => {
    expect(
      refuses(
        krl(section(255, Buffer.concat([strings('x@y'), Buffer.of(0)])), section(2, strings(alice.blob))),
      ),
    ).toBe(true);
    const body = krl(section(2, strings(alice.blob)));
    const signed = (data: Buffer) =>
      Buffer.concat([body, Buffer.of(4), strings(ca.blob, ed25519(ca.privateKey)(data))]);
    expect(refuses(signed(body))).toBe(true);
    expect(() => refuses(signed(Buffer.from('x')))).toThrow('does not hold');
    // Two may sign it, but nothing that is not signed may follow.
    const twice = Buffer.concat([
      signed(body),
      Buffer.of(4),
      strings(alice.blob, ed25519(alice.privateKey)(signed(body))),
    ]);
    expect(refuses(twice)).toBe(true);
    expect(() => refuses(Buffer.concat([signed(body), section(2, strings(ca.blob))]))).toThrow(
      'a section behind its signature',
    );
  });

  it.each([
    ['a line of something else', Buffer.from('hello\n'), 'line 1 is neither a public key nor a fingerprint'],
    ['a fingerprint behind something', Buffer.from(`x${alice.fingerprint}\n`), 'line 1 is neither'],
    ['a fingerprint before something', Buffer.from(`${alice.fingerprint}x\n`), 'line 1 is neither'],
    ['a certificate behind something', Buffer.from(`#\nyx509:${'a'.repeat(64)}\n`), 'line 2 is neither'],
    ['a certificate that is too long', Buffer.from(`x509:${'a'.repeat(65)}\n`), 'line 1 is neither'],
    ['an OpenPGP key behind something', Buffer.from(`xopenpgp:${'A'.repeat(40)}\n`), 'line 1 is neither'],
    ['a key id, which many keys may have', Buffer.from(`openpgp:${'A'.repeat(16)}\n`), 'line 1 is neither'],
    ['another format', Buffer.concat([MAGIC, uint32(2)]), 'a KRL of format 2'],
    ['a KRL that is cut short', krl().subarray(0, 20), 'cut short'],
    ['an unknown section', krl(section(9, Buffer.alloc(0))), 'section of type 9'],
    [
      'a critical extension',
      krl(section(255, Buffer.concat([strings('x@y'), Buffer.of(1)]))),
      'critical extension "x@y"',
    ],
    [
      'an unknown section of certificates',
      krl(certs('', section(9, Buffer.alloc(0)))),
      'certificate section of type 9',
    ],
    ['a hash that is cut short', krl(section(5, strings(Buffer.alloc(31)))), 'a hash of 31 bytes'],
    ['a SHA-1 that is none', krl(section(3, strings(Buffer.alloc(32)))), 'a hash of 32 bytes'],
    [
      'a range that ends before it begins',
      krl(certs('', section(0x21, Buffer.concat([uint64(7n), uint64(3n)])))),
      'a range that ends before it begins',
    ],
    [
      'something behind a range',
      krl(certs('', section(0x21, Buffer.concat([uint64(3n), uint64(7n), uint64(9n)])))),
      'something stands behind its end',
    ],
    [
      'something behind a bitmap',
      krl(certs('', section(0x22, Buffer.concat([uint64(3n), strings(Buffer.of(1), Buffer.of(1))])))),
      'something stands behind its end',
    ],
    [
      'a critical extension of certificates',
      krl(certs('', section(0x39, Buffer.concat([strings('x@y'), Buffer.of(1)])))),
      'critical extension "x@y"',
    ],
  ])('refuse %s', (_, file, reason) => {
    expect(() => new Revocations().add(file)).toThrow(reason);
  });

  it('know keys of every kind by fingerprint', () => {
    const revocations = new Revocations();
    revocations.add(Buffer.from(`openpgp:0x${'ab'.repeat(20)}\nopenpgp:${'cd'.repeat(32)}\n`));
    expect(revocations.hasFingerprint(`openpgp:${'AB'.repeat(20)}`)).toBe(true);
    expect(revocations.hasFingerprint(`openpgp:${'CD'.repeat(32)}`)).toBe(true);
    expect(revocations.hasFingerprint('ssh:x')).toBe(false);
  });
});

describe('verifySshSignature', () => {
  it('lets errors that are not about the signature through', () => {
    const revocations = new Revocations();
    revocations.hasKey = () => {
      throw new Error('a bug');
    };
    const trust = { allowed: [], revocations, listed: new Set<string>(), now: NOW };
    expect(() => verifySshSignature(payload, byAlice(), trust)).toThrow('a bug');
  });
});

describe('WireReader', () => {
  it('reads what is written', () => {
    expect(written('git')).toEqual(Buffer.from([0, 0, 0, 3, 0x67, 0x69, 0x74]));
    expect(written(Buffer.alloc(258, 1))).toEqual(wireString(Buffer.alloc(258, 1)));
    expect(written('\u00e9').length).toBe(6);
  });

  it('reads an empty number, and refuses to read beyond the end', () => {
    expect(new WireReader(strings('')).mpint()).toEqual(Buffer.alloc(0));
    expect(() => new WireReader(uint32(9)).string()).toThrow('cut short');
    expect(new WireReader(strings(Buffer.of(0, 0, 5))).mpint()).toEqual(Buffer.of(5));
    expect(new WireReader(strings(Buffer.of(0, 0))).mpint()).toEqual(Buffer.alloc(0));
    expect(() => new WireReader(strings(Buffer.of(0x80))).mpint()).toThrow('a negative number');
    expect(() => new WireReader(Buffer.of(1)).finish()).toThrow('behind its end');
  });
});
