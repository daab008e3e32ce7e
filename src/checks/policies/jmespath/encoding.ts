import { createHash, X509Certificate } from 'node:crypto';
import type { JsonValue } from '../../../contract/index.js';
import { Args, type JmesFunction } from './arguments.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function hash(algorithm: 'sha256' | 'sha1' | 'md5'): JmesFunction {
  return (list, { budget }) => {
    const text = new Args(algorithm, list, 1).string(0);
    budget.spend(text.length >> 3);
    return createHash(algorithm).update(text, 'utf8').digest('hex');
  };
}

/** Names and values of a distinguished name in the shape of Go's pkix.Name. */
function distinguishedName(text: string): JsonValue {
  const parts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const key = line.slice(0, equals);
    parts.set(key, [...(parts.get(key) ?? []), line.slice(equals + 1)]);
  }
  const all = (key: string): JsonValue => parts.get(key) ?? null;
  return {
    CommonName: parts.get('CN')?.at(-1) ?? '',
    Country: all('C'),
    Locality: all('L'),
    Organization: all('O'),
    OrganizationalUnit: all('OU'),
    PostalCode: all('postalCode'),
    Province: all('ST'),
    SerialNumber: parts.get('serialNumber')?.at(-1) ?? '',
    StreetAddress: all('street'),
  };
}

function decodeCertificate(args: Args, pem: string): JsonValue {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    return args.error(error instanceof Error ? error.message : 'not a certificate');
  }
  const key = certificate.publicKey;
  const jwk = key.asymmetricKeyType === 'rsa' ? key.export({ format: 'jwk' }) : null;
  const modulus =
    jwk?.n === undefined ? null : BigInt(`0x${Buffer.from(jwk.n, 'base64url').toString('hex')}`).toString();
  const alternatives = (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  const named = (prefix: string): JsonValue => {
    const found = alternatives
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    return found.length === 0 ? null : found;
  };
  return {
    DNSNames: named('DNS:'),
    EmailAddresses: named('email:'),
    IPAddresses: named('IP Address:'),
    IsCA: certificate.ca,
    Issuer: distinguishedName(certificate.issuer),
    NotAfter: new Date(certificate.validTo).toISOString().replace('.000Z', 'Z'),
    NotBefore: new Date(certificate.validFrom).toISOString().replace('.000Z', 'Z'),
    PublicKey:
      jwk === null
        ? null
        : { E: Number.parseInt(Buffer.from(jwk.e ?? '', 'base64url').toString('hex'), 16), N: modulus },
    SerialNumber: BigInt(`0x${certificate.serialNumber}`).toString(),
    Subject: distinguishedName(certificate.subject),
    Version: 3,
  };
}

/** Kyverno's functions on encodings, hashes and certificates. */
export const encodingFunctions: Readonly<Record<string, JmesFunction>> = {
  base64_decode: (list, { budget }) => {
    const args = new Args('base64_decode', list, 1);
    const text = args.string(0).replace(/[\r\n]/g, '');
    budget.spend(text.length >> 3);
    if (!BASE64.test(text)) return args.error('illegal base64 data');
    return Buffer.from(text, 'base64').toString('utf8');
  },
  base64_encode: (list, { budget }) => {
    const text = new Args('base64_encode', list, 1).string(0);
    budget.spend(text.length >> 3);
    return Buffer.from(text, 'utf8').toString('base64');
  },
  sha256: hash('sha256'),
  sha1: hash('sha1'),
  md5: hash('md5'),
  x509_decode: (list, { budget }) => {
    budget.spend(5_000);
    const args = new Args('x509_decode', list, 1);
    const pem = args.string(0);
    return pem.includes('-----BEGIN')
      ? decodeCertificate(args, pem)
      : args.error('failed to decode PEM block');
  },
};
