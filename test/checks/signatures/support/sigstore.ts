import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { armored } from './ssh.js';
import {
  attribute,
  der,
  extension,
  issue,
  type MadeCertificate,
  makeCertificate,
  makeCms,
  octets,
} from './x509.js';

const ISSUER = '1.3.6.1.4.1.57264.1.8';
const CERTIFICATE_LOG = '1.3.6.1.4.1.11129.2.4.2';
const LOG_ENTRY = '1.3.6.1.4.1.57264.3.1';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/** A log with a key of its own, as a trusted_root.json names it. */
class Log {
  readonly #privateKey: KeyObject;
  readonly #spki: Buffer;
  readonly id: Buffer;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    this.#spki = publicKey.export({ format: 'der', type: 'spki' });
    this.id = sha256(this.#spki);
  }

  sign(bytes: Buffer): Buffer {
    return sign('sha256', bytes, this.#privateKey);
  }

  trusted(): object {
    return {
      baseUrl: 'https://log.example.com',
      hashAlgorithm: 'SHA2_256',
      publicKey: {
        rawBytes: this.#spki.toString('base64'),
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        validFor: { start: '2020-01-01T00:00:00Z' },
      },
      logId: { keyId: this.id.toString('base64') },
    };
  }
}

/** A sigstore of one's own: an authority, a log of its certificates and a log of signatures, without a network. */
export class PrivateSigstore {
  readonly #authority = makeCertificate({ name: 'Fulcio' });
  readonly #certificates = new Log();
  readonly #signatures = new Log();

  /** Its trusted_root.json. */
  trustedRoot(): string {
    return JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [this.#signatures.trusted()],
      certificateAuthorities: [
        {
          subject: { organization: 'example.com', commonName: 'Fulcio' },
          uri: 'https://fulcio.example.com',
          certChain: { certificates: [{ rawBytes: this.#authority.der.toString('base64') }] },
          validFor: { start: '2020-01-01T00:00:00Z' },
        },
      ],
      ctlogs: [this.#certificates.trusted()],
      timestampAuthorities: [],
    });
  }

  /** What gitsign writes with `rekorMode: offline`, for whom an issuer of identities vouched, seen by the log at a time. */
  sign(
    payload: Buffer,
    {
      email,
      issuer,
      time,
      uri,
      names = [],
      promised = true,
    }: {
      email: string | null;
      issuer: string;
      time: Date;
      uri?: string | undefined;
      names?: readonly Buffer[] | undefined;
      /** False for an entry without the log's promise. */
      promised?: boolean | undefined;
    },
  ): string {
    const leaf = issue(this.#authority, {
      email,
      uri,
      names,
      purposes: [CODE_SIGNING],
      extra: [extension(ISSUER, der(0x0c, Buffer.from(issuer)))],
      logged: (body) => this.#logged(body, time),
    });
    const cms = makeCms(leaf, payload, {
      unsigned: (signature, signed) => [
        attribute(LOG_ENTRY, octets(this.#entry(leaf, signature, signed, time, promised))),
      ],
    });
    return armored('SIGNED MESSAGE', cms);
  }

  /** The extension that proves the log of certificates saw one (RFC 6962 section 3.2). */
  #logged(body: Buffer, time: Date): Buffer {
    const issuerKey = this.#authority.publicKey.export({ format: 'der', type: 'spki' });
    const when = Buffer.alloc(8);
    when.writeBigUInt64BE(BigInt(time.getTime()));
    const seen = Buffer.concat([sha256(issuerKey), number(body.length, 3), body]);
    const signature = this.#certificates.sign(
      Buffer.concat([Buffer.of(0, 0), when, Buffer.of(0, 1), seen, Buffer.of(0, 0)]),
    );
    const stamp = Buffer.concat([
      Buffer.of(0),
      this.#certificates.id,
      when,
      Buffer.of(0, 0, 4, 3),
      number(signature.length, 2),
      signature,
    ]);
    const list = Buffer.concat([number(stamp.length, 2), stamp]);
    return extension(CERTIFICATE_LOG, octets(Buffer.concat([number(list.length, 2), list])));
  }

  /** The log's entry with its promise, as the protobuf that gitsign puts into a signature. */
  #entry(leaf: MadeCertificate, signature: Buffer, signed: Buffer, time: Date, promised: boolean): Buffer {
    const pem = `-----BEGIN CERTIFICATE-----\n${leaf.der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
    const body = JSON.stringify({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: {
        data: { hash: { algorithm: 'sha256', value: sha256(signed).toString('hex') } },
        signature: {
          content: signature.toString('base64'),
          publicKey: { content: Buffer.from(pem).toString('base64') },
        },
      },
    });
    const seconds = Math.floor(time.getTime() / 1000);
    const promise = this.#signatures.sign(
      Buffer.from(
        JSON.stringify({
          body: Buffer.from(body).toString('base64'),
          integratedTime: seconds,
          logID: this.#signatures.id.toString('hex'),
          logIndex: 7,
        }),
      ),
    );
    return Buffer.concat([
      varint(1, 7),
      field(2, field(1, this.#signatures.id)),
      field(3, Buffer.concat([field(1, Buffer.from('hashedrekord')), field(2, Buffer.from('0.0.1'))])),
      varint(4, seconds),
      ...(promised ? [field(5, field(1, promise))] : []),
    ]);
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function number(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function digits(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value % 0x80), ...digits(Math.floor(value / 0x80))];
}

function varint(id: number, value: number): Buffer {
  return Buffer.from([id << 3, ...digits(value)]);
}

function field(id: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(id << 3) | 2, ...digits(value.length)]), value]);
}
