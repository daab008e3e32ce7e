import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** DER put together by hand, so that certificates and signatures can be made in every way, good and bad. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length < 0x80 ? 0 : body.length < 0x100 ? 1 : 2;
  const length = Buffer.alloc(1 + size);
  if (size === 0) length[0] = body.length;
  else {
    length[0] = 0x80 | size;
    length.writeUIntBE(body.length, 1, size);
  }
  return Buffer.concat([Buffer.of(tag), length, body]);
}
export const seq = (...parts: Buffer[]) => der(0x30, ...parts);
export const set = (...parts: Buffer[]) => der(0x31, ...parts);
export const octets = (bytes: Buffer) => der(0x04, bytes);
export const int = (value: number) => der(0x02, Buffer.of(value));
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const digits = [number & 0x7f];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left % 128));
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}
export const name = (text: string) => seq(set(seq(oid('2.5.4.3'), der(0x0c, Buffer.from(text)))));
export const time = (date: string) => der(0x18, Buffer.from(`${date.replace(/-/g, '')}000000Z`));

export const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
export const RSA_SHA256 = '1.2.840.113549.1.1.11';
export const ED25519 = '1.3.101.112';
export const SHA256 = '2.16.840.1.101.3.4.2.1';

export interface MadeCertificate {
  der: Buffer;
  name: string;
  serial: number;
  privateKey: KeyObject;
  publicKey: KeyObject;
  algorithm: string;
  pem: string;
  fingerprint: string;
}

export interface CertificateParts {
  name?: string;
  issuer?: MadeCertificate | null;
  ca?: boolean;
  from?: string;
  to?: string;
  email?: string | null;
  uri?: string;
  /** Alternative names of other kinds, encoded. */
  names?: readonly Buffer[];
  /** Bits of KeyUsage, as the one byte that holds them; null for none. */
  usage?: number | null;
  purposes?: readonly string[] | null;
  extra?: readonly Buffer[];
  serial?: number;
  kind?: 'ec' | 'k1' | 'rsa' | 'rsa1024' | 'ed25519' | 'ed448' | 'dsa' | 'pss';
  /** Authorities that may stand below. */
  pathLength?: number;
  /** The subject as it is encoded, in place of a common name. */
  subject?: Buffer;
  /** OID that the certificate claims to be signed by. */
  claims?: string;
  /** One more extension, made over the body of the certificate without it, as logs of certificates sign it. */
  logged?: (body: Buffer) => Buffer;
  /** A certificate of version 1, which has no extensions. */
  v1?: boolean;
}

export const extension = (id: string, value: Buffer, critical = false) =>
  critical ? seq(oid(id), der(0x01, Buffer.of(0xff)), octets(value)) : seq(oid(id), octets(value));

/** A certificate, of its own authority where no issuer is given. */
export function makeCertificate(parts: CertificateParts = {}): MadeCertificate {
  const { name: subject = 'Test CA', issuer = null, ca = issuer === null, kind = 'ec', serial = 1 } = parts;
  const {
    from = '2020-01-01',
    to = '2040-01-01',
    email = null,
    usage = ca ? 0x04 : 0x80,
    purposes = null,
    extra = [],
  } = parts;
  const { publicKey, privateKey } = keysOf(kind);
  const algorithm =
    kind.startsWith('rsa') || kind === 'pss' ? RSA_SHA256 : kind.startsWith('ed') ? ED25519 : ECDSA_SHA256;
  const signing = issuer ?? { privateKey, algorithm, name: subject };
  const names = [
    ...(email === null ? [] : [der(0x81, Buffer.from(email))]),
    ...(parts.uri === undefined ? [] : [der(0x86, Buffer.from(parts.uri))]),
    ...(parts.names ?? []),
  ];
  const extensions = [
    extension(
      '2.5.29.19',
      ca
        ? seq(der(0x01, Buffer.of(0xff)), ...(parts.pathLength === undefined ? [] : [int(parts.pathLength)]))
        : seq(),
      true,
    ),
    ...(usage === null ? [] : [extension('2.5.29.15', der(0x03, Buffer.of(0, usage)), true)]),
    ...(purposes === null ? [] : [extension('2.5.29.37', seq(...purposes.map(oid)))]),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', seq(...names))]),
    extension('2.5.29.14', octets(Buffer.from([serial, 1, 2, 3]))),
    ...extra,
  ];
  const claimed = seq(oid(parts.claims ?? signing.algorithm));
  const bodyWith = (...more: Buffer[]) =>
    seq(
      ...(parts.v1 === true ? [] : [der(0xa0, int(2))]),
      int(serial),
      claimed,
      name(signing.name),
      seq(time(from), time(to)),
      parts.subject ?? name(subject),
      publicKey.export({ format: 'der', type: 'spki' }),
      ...(parts.v1 === true ? [] : [der(0xa3, seq(...extensions, ...more))]),
    );
  const body = parts.logged === undefined ? bodyWith() : bodyWith(parts.logged(bodyWith()));
  const signature = signBy(signing.privateKey, body);
  const encoded = seq(body, claimed, der(0x03, Buffer.of(0), signature));
  return {
    der: encoded,
    name: subject,
    serial,
    privateKey,
    publicKey,
    algorithm,
    pem: `-----BEGIN CERTIFICATE-----\n${encoded.toString('base64')}\n-----END CERTIFICATE-----\n`,
    fingerprint: createHash('sha256').update(encoded).digest('hex'),
  };
}

function keysOf(kind: CertificateParts['kind']) {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'ed448') return generateKeyPairSync('ed448');
  if (kind === 'dsa') return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
  if (kind === 'pss') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (kind === 'rsa1024') return generateKeyPairSync('rsa', { modulusLength: 1024 });
  return generateKeyPairSync('ec', { namedCurve: kind === 'k1' ? 'secp256k1' : 'P-256' });
}

/** Ed25519 takes no digest of its own. */
function signBy(key: KeyObject, data: Buffer): Buffer {
  return sign(String(key.asymmetricKeyType).startsWith('ed') ? null : 'sha256', data, key);
}

export interface ListParts {
  from?: string;
  /** Both times as they are encoded, in place of dates. */
  times?: readonly Buffer[];
  /** Null for a list that does not say when the next one comes. */
  to?: string | null;
  /** Serial numbers, with the extensions of their entries. */
  revoked?: readonly (number | readonly [number, ...Buffer[]])[];
  extensions?: readonly Buffer[];
  /** Name that the list claims to be of. */
  issuer?: string;
  algorithm?: string;
  /** OID within what is signed, where it is another. */
  inner?: string;
}

/** A list of revoked certificates in DER. */
export function makeList(authority: MadeCertificate, parts: ListParts = {}): Buffer {
  const { from = '2026-11-20', to = '2026-11-30', revoked = [], extensions = [] } = parts;
  const { algorithm = authority.algorithm, inner = algorithm } = parts;
  const entries = revoked.map((entry) => {
    const [serial, ...more] = typeof entry === 'number' ? [entry] : entry;
    return seq(int(serial), time('2026-11-01'), ...(more.length === 0 ? [] : [seq(...more)]));
  });
  const body = seq(
    ...(extensions.length === 0 ? [] : [int(1)]),
    seq(oid(inner)),
    name(parts.issuer ?? authority.name),
    ...(parts.times ?? [time(from), ...(to === null ? [] : [time(to)])]),
    ...(entries.length === 0 ? [] : [seq(...entries)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, seq(...extensions))]),
  );
  return seq(body, seq(oid(algorithm)), der(0x03, Buffer.of(0), signBy(authority.privateKey, body)));
}

export const pemOf = (label: string, bytes: Buffer) =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

export interface CmsParts {
  certificates?: readonly MadeCertificate[];
  digest?: string;
  algorithm?: string;
  /** Attributes that are signed; the usual two where not given. */
  attributes?: readonly Buffer[];
  /** Attributes that are not signed, or what makes them of the signature and of what it is over. */
  unsigned?: readonly Buffer[] | ((signature: Buffer, signed: Buffer) => readonly Buffer[]);
  signers?: number;
  /** The signer named by its key id. */
  byKeyId?: boolean;
  content?: readonly Buffer[];
  /** Parameters of the signature algorithm, and how it is made. */
  parameters?: readonly Buffer[];
  signBy?: (key: KeyObject, data: Buffer) => Buffer;
  contentType?: string;
}

export const attribute = (id: string, ...values: Buffer[]) => seq(oid(id), set(...values));
export const contentType = attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1'));
export const messageDigest = (payload: Buffer) =>
  attribute('1.2.840.113549.1.9.4', octets(createHash('sha256').update(payload).digest()));

/** The binary CMS of a detached signature over a payload. */
export function makeCms(signer: MadeCertificate, payload: Buffer, parts: CmsParts = {}): Buffer {
  const { certificates = [signer], digest = SHA256, algorithm = signer.algorithm, signers = 1 } = parts;
  const attributes = Buffer.concat(parts.attributes ?? [contentType, messageDigest(payload)]);
  const signature = (parts.signBy ?? signBy)(signer.privateKey, der(0x31, attributes));
  const { unsigned } = parts;
  const more = typeof unsigned === 'function' ? unsigned(signature, der(0x31, attributes)) : unsigned;
  const info = seq(
    int(parts.byKeyId === true ? 3 : 1),
    parts.byKeyId === true
      ? der(0x80, Buffer.from([signer.serial, 1, 2, 3]))
      : seq(name(issuerOf(signer)), int(signer.serial)),
    seq(oid(digest)),
    der(0xa0, attributes),
    seq(oid(algorithm), ...(parts.parameters ?? [])),
    octets(signature),
    ...(more === undefined ? [] : [der(0xa1, ...more)]),
  );
  const signed = seq(
    int(1),
    set(seq(oid(digest))),
    seq(oid(parts.contentType ?? '1.2.840.113549.1.7.1'), ...(parts.content ?? [])),
    der(0xa0, ...certificates.map((certificate) => certificate.der)),
    set(...Array.from({ length: signers }, () => info)),
  );
  return seq(oid('1.2.840.113549.1.7.2'), der(0xa0, signed));
}

const issuers = new WeakMap<MadeCertificate, string>();

/** A certificate by this issuer, remembered so that a CMS can name it. */
export function issue(issuer: MadeCertificate, parts: CertificateParts = {}): MadeCertificate {
  const made = makeCertificate({
    name: 'Alice',
    email: 'alice@example.com',
    ca: false,
    serial: 7,
    ...parts,
    issuer,
  });
  issuers.set(made, issuer.name);
  return made;
}

function issuerOf(certificate: MadeCertificate): string {
  return issuers.get(certificate) ?? certificate.name;
}
