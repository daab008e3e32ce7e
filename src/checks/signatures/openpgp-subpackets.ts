/** One subpacket of a signature (RFC 9580 section 5.2.3.7). */
export interface Subpacket {
  type: number;
  critical: boolean;
}

const CREATED = 2;
const EXPIRES = 3;
const KEY_EXPIRES = 9;
const ISSUER = 16;
const NOTATION = 20;
const POLICY = 26;
const KEY_FLAGS = 27;
const ISSUER_FINGERPRINT = 33;
/**
 * What may be marked critical in a signature over a document. Of the rest gpg and openpgp.js know different ones, and
 * none has a meaning for a document; critical notations are judged by their names, elsewhere.
 */
const CRITICAL: ReadonlySet<number> = new Set([
  CREATED,
  EXPIRES,
  ISSUER,
  NOTATION,
  POLICY,
  ISSUER_FINGERPRINT,
]);
/** What is said once: of two gpg takes the first, openpgp.js the last. */
const ONCE: ReadonlyMap<number, string> = new Map([
  [CREATED, 'when it was made'],
  [EXPIRES, 'when it ends'],
  [KEY_EXPIRES, 'when the key ends'],
  [ISSUER, 'who made it'],
  [KEY_FLAGS, 'what the key is for'],
  [ISSUER_FINGERPRINT, 'who made it'],
]);

/** The subpackets of a signature of version 4 or 6 that are signed, and those that are not. */
export interface SubpacketAreas {
  hashed: readonly Subpacket[];
  unhashed: readonly Subpacket[];
}

/**
 * Takes the two areas of a signature packet's body apart.
 * @param body the packet's body, or only as much of it as is signed, which has no second area
 * @throws RangeError where a length does not fit or a subpacket has no type: openpgp.js reads on, gpg does not
 */
export function subpacketsOf(body: Buffer): SubpacketAreas {
  const size = body[0] === 6 ? 4 : 2;
  const hashed = areaAt(body, 4, size);
  const unhashed = hashed.end === body.length ? [] : areaAt(body, hashed.end, size).subpackets;
  return { hashed: hashed.subpackets, unhashed };
}

/** What a signature says twice, or null. */
export function saidTwice({ hashed }: SubpacketAreas): string | null {
  const seen = new Set<number>();
  for (const { type } of hashed) {
    const what = ONCE.get(type);
    if (what !== undefined && seen.has(type)) return `it says twice ${what}`;
    seen.add(type);
  }
  return null;
}

/** The type of a critical subpacket that is not understood, wherever it stands, or null. */
export function unknownCritical({ hashed, unhashed }: SubpacketAreas): number | null {
  return [...hashed, ...unhashed].find(({ type, critical }) => critical && !CRITICAL.has(type))?.type ?? null;
}

function areaAt(body: Buffer, start: number, size: number): { subpackets: Subpacket[]; end: number } {
  let at = start + size;
  const end = at + uint(body, start, size);
  if (end > body.length) throw new RangeError('a length that does not fit');
  const subpackets: Subpacket[] = [];
  while (at < end) {
    const first = uint(body, at, 1);
    const [length, header] =
      first < 192
        ? [first, 1]
        : first < 255
          ? [((first - 192) << 8) + uint(body, at + 1, 1) + 192, 2]
          : [uint(body, at + 1, 4), 5];
    const next = at + header + length;
    if (length === 0 || next > end) throw new RangeError('a length that does not fit');
    const tag = uint(body, at + header, 1);
    subpackets.push({ type: tag & 0x7f, critical: (tag & 0x80) !== 0 });
    at = next;
  }
  return { subpackets, end };
}

function uint(bytes: Buffer, at: number, size: number): number {
  if (at + size > bytes.length) throw new RangeError('a length that does not fit');
  return bytes.readUIntBE(at, size);
}
