import { enums, type Key, readKey, SignaturePacket, type Subkey } from 'openpgp';
import { LIMITS } from '../../contract/index.js';
import { crc24 } from './armor.js';
import {
  PACKET_PUBLIC_KEY,
  PACKET_SECRET_KEY,
  PACKET_SIGNATURE,
  type Packet,
  packetsOf,
} from './openpgp-packets.js';
import { mergeKeys, revokeKeyBy } from './openpgp-revocation.js';
import { type KeyringProblem, messageOf } from './verification.js';

/** A primary key or subkey that may have made a signature, with the key it belongs to. */
export interface Candidate {
  key: Key;
  part: Key | Subkey;
  /** 40 (v4) or 64 (v6) upper-case hex digits. */
  fingerprint: string;
}

/** Public keys by the fingerprints and key ids of all their parts. */
export class OpenPgpRing {
  readonly #keys = new Map<string, Key>();
  readonly #parts = new Map<string, Candidate[]>();
  readonly #revocations: { what: string; signature: SignaturePacket }[] = [];

  /** Adds a key; a key that is there already is merged with it, so that a revocation in any file counts. */
  async add(key: Key): Promise<void> {
    const fingerprint = fingerprintOf(key);
    const known = this.#keys.get(fingerprint);
    this.#keys.set(fingerprint, known === undefined ? key : await mergeKeys(known, key));
    this.#parts.clear();
  }

  /** Adds a revocation that stands by itself, as `gpg --gen-revoke` writes it; `settle` finds its key. */
  addRevocation(what: string, signature: SignaturePacket): void {
    this.#revocations.push({ what, signature });
  }

  /**
   * Gives the revocations that stand by themselves to their keys, when all files are read.
   * @returns a problem for each that is none of a key of the ring: what it was meant to revoke might be signed with
   */
  async settle(): Promise<KeyringProblem[]> {
    const problems: KeyringProblem[] = [];
    for (const { what, signature } of this.#revocations.splice(0)) {
      const id = signature.issuerKeyID.toHex();
      const keys = [...this.#keys.values()].filter((key) => key.getKeyID().toHex() === id);
      let done = false;
      for (const key of keys) done = (await revokeKeyBy(key, signature)) || done;
      const reason =
        keys.length === 0 ? `is a revocation of a key that is not there (${id})` : 'does not hold';
      if (!done) problems.push({ what, reason: `${reason}: it revokes nothing`, closes: true });
    }
    return problems;
  }

  /** Every key, in the order in which they came. */
  keys(): readonly Key[] {
    return [...this.#keys.values()];
  }

  /** The parts whose full fingerprint or 64-bit key id this is (upper-case hex). */
  find(id: string): readonly Candidate[] {
    if (this.#parts.size === 0) this.#index();
    return this.#parts.get(id) ?? [];
  }

  #index(): void {
    for (const key of this.#keys.values()) {
      for (const part of key.getKeys()) {
        const candidate = { key, part, fingerprint: fingerprintOf(part) };
        for (const id of [candidate.fingerprint, part.getKeyID().toHex().toUpperCase()]) {
          const others = this.#parts.get(id);
          if (others === undefined) this.#parts.set(id, [candidate]);
          else others.push(candidate);
        }
      }
    }
  }
}

/** The fingerprint of a key or subkey, in the upper-case hex that gpg shows. */
export function fingerprintOf(part: Key | Subkey): string {
  return part.getFingerprint().toUpperCase();
}

/**
 * Reads a file of OpenPGP keys into the ring: armored (any number of blocks, with text between them) or binary (as
 * `gpg --export` writes it). Each key is read by itself, so that one that cannot be read is named and hides no other;
 * openpgp.js reads only the first of several blocks and drops what it does not know.
 */
export async function readOpenPgpFile(
  path: string,
  bytes: Buffer,
  ring: OpenPgpRing,
): Promise<KeyringProblem[]> {
  const problems: KeyringProblem[] = [];
  const problem = (part: string, reason: string) => {
    problems.push({ what: part === '' ? path : `${path}, ${part}`, reason, closes: true });
  };
  const blocks = splitBlocks(bytes, (line) =>
    problem(`line ${line}`, 'an armored block that cannot be read'),
  );
  if (blocks === null) {
    problem('', 'not OpenPGP keys (a keybox? write it with: gpg --export KEY...)');
    return problems;
  }
  if (blocks.length === 0 && problems.length === 0) {
    problem('', 'holds no OpenPGP key (take the colon off that gpg puts in front of a revocation)');
  }
  for (const block of blocks) {
    const keys = splitKeys(block.bytes, (signature) => {
      ring.addRevocation(block.name === '' ? path : `${path}, ${block.name}`, signature);
    });
    if (typeof keys === 'string') {
      problem(block.name, keys);
      continue;
    }
    const read = await Promise.allSettled(keys.map((binaryKey) => readKey({ binaryKey })));
    for (const [index, outcome] of read.entries()) {
      const name = `${block.name === '' ? '' : `${block.name}, `}key ${index + 1}`;
      if (outcome.status === 'fulfilled') await ring.add(outcome.value);
      else problem(name, `cannot be read: ${messageOf(outcome.reason)}`);
    }
  }
  return problems;
}

interface Block {
  /** '' for a binary file. */
  name: string;
  bytes: Buffer;
}

const BEGIN = '-----BEGIN PGP ';

/** The binary content of each block of a file; null when it is neither armored nor binary OpenPGP. */
function splitBlocks(bytes: Buffer, broken: (line: number) => void): Block[] | null {
  if (bytes.length === 0) return [];
  if ((bytes.readUInt8(0) & 0x80) !== 0 && !bytes.includes(BEGIN)) return [{ name: '', bytes }];
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .map((line) => line.trimEnd());
  const blocks: Block[] = [];
  let began: number | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(BEGIN)) {
      if (began !== null) broken(began + 1);
      began = index;
    } else if (began !== null && line.startsWith('-----END PGP ')) {
      const body = decodeBlock(lines.slice(began, index + 1));
      if (body === null) broken(began + 1);
      else blocks.push({ name: `line ${began + 1}`, bytes: body });
      began = null;
    }
  }
  if (began !== null) broken(began + 1);
  return blocks.length === 0 && !bytes.includes(BEGIN) ? null : blocks;
}

/** Key blocks may be far larger than a signature, and are the base's own; the same rules without that limit. */
function decodeBlock(lines: readonly string[]): Buffer | null {
  const label = lines[0]?.slice(BEGIN.length);
  if (label !== 'PUBLIC KEY BLOCK-----' || lines.at(-1) !== `-----END PGP ${label}`) return null;
  const blank = lines.indexOf('');
  if (blank === -1) return null;
  const body = lines.slice(blank + 1, -1).filter((line) => line !== '');
  const checksum = body.at(-1)?.startsWith('=') === true ? body.pop() : undefined;
  const text = body.join('');
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length === 0 || decoded.toString('base64') !== text) return null;
  return checksum === undefined || checksum.slice(1) === crc24(decoded) ? decoded : null;
}

/** The packets of each key of a stream, its revocations apart; a sentence when it is not a stream of public keys. */
function splitKeys(bytes: Buffer, revocation: (signature: SignaturePacket) => void): Buffer[] | string {
  if (bytes.length > LIMITS.keyringBytes) return `larger than ${LIMITS.keyringBytes} bytes`;
  const starts: number[] = [];
  try {
    for (const packet of packetsOf(bytes)) {
      if (packet.tag === PACKET_SECRET_KEY) return 'holds a private key: take it out, and replace the key';
      if (packet.tag === PACKET_PUBLIC_KEY) starts.push(packet.start);
      else if (starts.length === 0) {
        const signature = revocationIn(packet);
        if (signature === null) return 'holds something other than public keys';
        revocation(signature);
      }
    }
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? bytes.length));
}

/** The revocation of a key that a packet is, or null. */
function revocationIn({ tag, body }: Packet): SignaturePacket | null {
  if (tag !== PACKET_SIGNATURE) return null;
  const signature = new SignaturePacket();
  signature.read(body);
  return signature.signatureType === enums.signature.keyRevocation ? signature : null;
}
