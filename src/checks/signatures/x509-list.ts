import {
  bitsOf,
  childrenOf,
  DER_INTEGER,
  DER_SEQUENCE,
  DER_TIME,
  DER_UTC_TIME,
  type DerElement,
  DerError,
  expect,
  readDer,
  timeOf,
} from './der.js';
import { type Certificate, extensionsOf, mayBeUsedFor, USAGE_CRL_SIGN } from './x509-certificate.js';
import { holdsX509, readAlgorithm, weakKey } from './x509-signature.js';

/** An authority's list of the certificates that it has revoked (RFC 5280 section 5), its signature not yet checked. */
export interface RevocationList {
  /** The name of the authority, encoded. */
  issuer: Buffer;
  thisUpdate: Date;
  /** From then on a newer list is to be had. */
  nextUpdate: Date;
  /** By serial number (hex of its encoding): since when and why. */
  revoked: ReadonlyMap<string, Revoked>;
  /** The certificates that it is about; a list that does not say is about all of its authority. */
  scope: ListScope;
  signed: Buffer;
  algorithm: ReturnType<typeof readAlgorithm>;
  signature: Buffer;
}

export interface Revoked {
  since: Date;
  /** For people: ` (its key was compromised)`, or ''. */
  why: string;
}

export interface ListScope {
  of: 'all' | 'people' | 'authorities';
  /** Names of the distribution point (GeneralName, encoded); null for a list that is no part of a larger one. */
  points: readonly Buffer[] | null;
}

const REASON = '2.5.29.21';
const DISTRIBUTION_POINT = '2.5.29.28';
const DISTRIBUTION_POINTS = '2.5.29.31';
/** Entries of one list; those of the largest public authorities have fewer. */
const MAX_ENTRIES = 1_000_000;
const REASONS: ReadonlyMap<number, string> = new Map([
  [1, 'its key was compromised'],
  [2, 'its authority was compromised'],
  [3, 'its owner has changed'],
  [4, 'superseded by another'],
  [5, 'no longer used'],
  [6, 'on hold'],
  [9, 'a privilege was withdrawn'],
]);

/**
 * Reads a list in DER.
 * @throws DerError for what is none, and for lists of a kind that cannot be judged by themselves: additions to
 *   another list, lists for several authorities or of some reasons only, and those with a condition that is not known
 */
export function readRevocationList(der: Buffer): RevocationList {
  const [body, algorithm, signature] = childrenOf(readDer(der));
  const fields = childrenOf(body);
  // Only a list of version 2, which has extensions, says its version.
  if (fields[0]?.tag === DER_INTEGER) fields.shift();
  const [inner, issuer, thisUpdate, ...rest] = fields;
  if (!expect(inner, DER_SEQUENCE).bytes.equals(expect(algorithm, DER_SEQUENCE).bytes)) {
    throw new DerError('a list that names two algorithms');
  }
  const next = rest.find(({ tag }) => tag === DER_TIME || tag === DER_UTC_TIME);
  if (next === undefined) throw new DerError('a list that does not say when the next one comes');
  return {
    issuer: expect(issuer, DER_SEQUENCE).bytes,
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: timeOf(next),
    revoked: entriesOf(rest.find(({ tag }) => tag === DER_SEQUENCE)),
    scope: scopeOf(extensionsOf(rest.find(({ tag }) => tag === 0xa0))),
    signed: expect(body, DER_SEQUENCE).bytes,
    algorithm: readAlgorithm(algorithm),
    signature: bitsOf(signature),
  };
}

/** True when this authority made the list: its name, a key that may sign lists, and a signature that holds. */
export function isListOf(list: RevocationList, authority: Certificate): boolean {
  const { publicKey } = authority.x509;
  return (
    list.issuer.equals(authority.subject) &&
    mayBeUsedFor(authority, USAGE_CRL_SIGN) &&
    weakKey(publicKey) === null &&
    holdsX509(list.algorithm, publicKey, list.signed, list.signature)
  );
}

/** True when a certificate of the list's authority is one that the list is about. */
export function isAbout({ scope }: RevocationList, certificate: Certificate): boolean {
  const { ca } = certificate.x509;
  if ((scope.of === 'people' && ca) || (scope.of === 'authorities' && !ca)) return false;
  const { points } = scope;
  if (points === null) return true;
  const own = distributionPoints(certificate);
  return own.some((name) => points.some((point) => point.equals(name)));
}

/** The names of the places where an authority says that the list about a certificate is to be had, encoded. */
export function distributionPoints({ extensions }: Certificate): Buffer[] {
  const extension = extensions.get(DISTRIBUTION_POINTS);
  if (extension === undefined) return [];
  return childrenOf(readDer(extension.value)).flatMap((point) => {
    const name = childrenOf(point).find(({ tag }) => tag === 0xa0);
    return name === undefined ? [] : fullNames(name);
  });
}

/** The full names of a DistributionPointName; none of one that is relative to its authority. */
function fullNames(name: DerElement): Buffer[] {
  return childrenOf(name, 0xa0)
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((names) => childrenOf(names, 0xa0).map(({ bytes }) => bytes));
}

function entriesOf(list: DerElement | undefined): Map<string, Revoked> {
  const revoked = new Map<string, Revoked>();
  if (list === undefined) return revoked;
  for (const entry of childrenOf(list, DER_SEQUENCE, MAX_ENTRIES)) {
    const [serial, since, more] = childrenOf(entry);
    const extensions = extensionsOf(more === undefined ? undefined : { ...more, content: more.bytes });
    const reason = extensions.get(REASON);
    const why = reason === undefined ? undefined : REASONS.get(Number(readDer(reason.value).content[0]));
    for (const [oid, { critical }] of extensions) {
      if (critical && oid !== REASON)
        throw new DerError(`an entry with a condition that is not known (${oid})`);
    }
    revoked.set(expect(serial, DER_INTEGER).content.toString('hex'), {
      since: timeOf(since),
      why: why === undefined ? '' : ` (${why})`,
    });
  }
  return revoked;
}

function scopeOf(extensions: Certificate['extensions']): ListScope {
  for (const [oid, { critical }] of extensions) {
    if (critical && oid !== DISTRIBUTION_POINT) {
      throw new DerError(`a list with a condition that is not known (${oid})`);
    }
  }
  const point = extensions.get(DISTRIBUTION_POINT);
  let of: ListScope['of'] = 'all';
  let points: Buffer[] | null = null;
  for (const field of point === undefined ? [] : childrenOf(readDer(point.value))) {
    if (field.tag === 0xa0) points = fullNames(field);
    else if (field.tag === 0x81 && isTrue(field)) of = 'people';
    else if (field.tag === 0x82 && isTrue(field)) of = 'authorities';
    else throw new DerError('a list that is a part of one in a way that is not known');
  }
  if (points?.length === 0) throw new DerError('a list of a place without a full name');
  return { of, points };
}

function isTrue({ content }: DerElement): boolean {
  return content.length === 1 && content[0] === 0xff;
}
