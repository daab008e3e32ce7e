import { LIMITS } from '../../contract/index.js';
import { type ObjectFormat, objectId } from '../../git/index.js';

/** An object taken apart as git does before it verifies: what was signed, and the signatures that were on it. */
export interface SignedObject {
  /** The bytes that the signature covers. */
  payload: Buffer;
  /** The signature of each header (commit) or the armor at the end (tag) that counts in this object format. */
  signatures: readonly Buffer[];
  /** Why no signature on this object can be trusted, whatever it says; null for a well-formed object. */
  problem: string | null;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const SIGNATURE_HEADERS: Readonly<Record<ObjectFormat, string>> = {
  sha1: 'gpgsig',
  sha256: 'gpgsig-sha256',
};
/** Header lines that say who and when. */
const PEOPLE = ['author', 'committer', 'tagger'];
/** As git writes a person (ident.c, fmt_ident): one address, one time. */
const PERSON = /^[a-z]+ [^<>\0]*<[^<>\0]*> \d{1,15} [+-]\d{1,6}$/;
const ONCE = ['tree', 'author', 'committer', 'encoding', 'object', 'type', 'tag', 'tagger'];

/** The object format that an id belongs to; git signs for each with a header of its own. */
export function formatOf(oid: string): ObjectFormat {
  return oid.length === 64 ? 'sha256' : 'sha1';
}

/** True when the bytes are those of the object with this id, as `git hash-object` computes it. */
export function hasObjectId(oid: string, type: 'commit' | 'tag', raw: Uint8Array): boolean {
  return objectId(formatOf(oid), type, raw) === oid;
}

/**
 * Takes a commit apart as git's `parse_buffer_signed_by_header` (commit.c) does: every header whose name starts with
 * `gpgsig` is stripped with its continuation lines, and the value of the one for this object format is the
 * signature. Stricter than git in what it calls a problem: headers that git strips but nobody knows (anything could
 * be put in them without breaking the signature), headers that must stand once standing twice, people written otherwise
 * than git writes them and NULs, so that no two readers can disagree on who committed.
 */
export function splitCommit(raw: Buffer, format: ObjectFormat): SignedObject {
  if (raw.length > LIMITS.commitBytes) return tooLarge(raw);
  const payload: Buffer[] = [];
  const signatures: Buffer[][] = [];
  const seen = new Map<string, number>();
  let problem: string | null = null;
  let odd: string | null = null;
  let into: 'payload' | 'signature' | 'nowhere' = 'payload';
  let kept = 0;
  let at = 0;
  while (at < raw.length && raw[at] !== NEWLINE) {
    const next = lineEnd(raw, at);
    if (raw[at] !== SPACE) {
      const name = headerName(raw, at, next);
      into = 'payload';
      if (ONCE.includes(name)) seen.set(name, (seen.get(name) ?? 0) + 1);
      if (PEOPLE.includes(name) && !PERSON.test(raw.toString('latin1', at, next).replace(/\n$/, ''))) {
        odd ??= `its ${name} is not written as git writes one`;
      }
      if (name.startsWith('gpgsig')) {
        const counts = name === SIGNATURE_HEADERS[format] && raw[at + name.length] === SPACE;
        into = counts ? 'signature' : 'nowhere';
        if (counts) signatures.push([]);
        else if (!isOtherFormat(name, format)) problem ??= unknownHeader(name);
      }
    }
    if (into !== 'payload') {
      payload.push(raw.subarray(kept, at));
      kept = next;
    }
    if (into === 'signature') {
      const start = raw[at] === SPACE ? at + 1 : at + SIGNATURE_HEADERS[format].length + 1;
      signatures.at(-1)?.push(raw.subarray(start, next));
    }
    at = next;
  }
  payload.push(raw.subarray(kept));
  // Some programs end a header at a NUL, and would read another one than git does.
  if (raw.subarray(0, at).includes(0)) odd ??= 'its header holds a NUL';
  return {
    payload: Buffer.concat(payload),
    signatures: signatures.map((lines) => Buffer.concat(lines)),
    problem: problem ?? repeated(seen) ?? odd,
  };
}

/**
 * Takes a tag object apart as git's `parse_signature` (gpg-interface.c) does: the signature is the armor at the end,
 * the payload all before it, without the headers that hold a signature for the other object format.
 */
export function splitTag(raw: Buffer, format: ObjectFormat): SignedObject {
  if (raw.length > LIMITS.commitBytes) return tooLarge(raw);
  const starts: number[] = [];
  for (let at = 0; at < raw.length; at = lineEnd(raw, at)) if (beginsSignature(raw, at)) starts.push(at);
  const last = starts.at(-1) ?? raw.length;
  const inner = splitCommit(raw.subarray(0, last), format);
  const signatures = starts.map((start, index) => raw.subarray(start, starts[index + 1] ?? raw.length));
  const problem = inner.signatures.length > 0 ? unknownHeader(SIGNATURE_HEADERS[format]) : inner.problem;
  return { payload: inner.payload, signatures, problem };
}

function tooLarge(raw: Buffer): SignedObject {
  const problem = `the object is larger than ${LIMITS.commitBytes} bytes`;
  return { payload: raw, signatures: [], problem };
}

function lineEnd(raw: Buffer, at: number): number {
  const newline = raw.indexOf(NEWLINE, at);
  return newline === -1 ? raw.length : newline + 1;
}

/** The header's name; names are short, so that a line of megabytes costs nothing here. */
function headerName(raw: Buffer, at: number, next: number): string {
  const head = raw.toString('latin1', at, Math.min(next, at + 32));
  return head.replace(/[ \n].*$/s, '');
}

function isOtherFormat(name: string, format: ObjectFormat): boolean {
  return name === SIGNATURE_HEADERS[format === 'sha1' ? 'sha256' : 'sha1'];
}

function unknownHeader(name: string): string {
  return `the header ${JSON.stringify(name)} is in no signature and has no place here`;
}

function repeated(seen: ReadonlyMap<string, number>): string | null {
  for (const [name, times] of seen) if (times > 1) return `it has ${times} ${name} headers`;
  return null;
}

/** git's `get_format_by_sig`: the armors it looks for at the start of a line. */
const ARMORS = [
  '-----BEGIN PGP SIGNATURE-----',
  '-----BEGIN PGP MESSAGE-----',
  '-----BEGIN SSH SIGNATURE-----',
  '-----BEGIN SIGNED MESSAGE-----',
];

function beginsSignature(raw: Buffer, at: number): boolean {
  const head = raw.toString('latin1', at, at + 32);
  return ARMORS.some((armor) => head.startsWith(armor));
}
