import { createMessage, enums, SignaturePacket } from 'openpgp';
import { OPENPGP_CONFIG } from './openpgp-config.js';
import { type KeyState, keyStateAt, weakness } from './openpgp-key-state.js';
import { checkNatively } from './openpgp-native.js';
import { PACKET_SIGNATURE, type Packet, packetsOf } from './openpgp-packets.js';
import { type Candidate, fingerprintOf, type OpenPgpRing } from './openpgp-ring.js';
import { saidTwice, subpacketsOf, unknownCritical } from './openpgp-subpackets.js';
import { CLOCK_SKEW_MS, messageOf, type Refusal, refuse, type Verification } from './verification.js';

const WEAK_DIGESTS: ReadonlyMap<number, string> = new Map([
  [enums.hash.md5, 'MD5'],
  [enums.hash.sha1, 'SHA-1'],
  [enums.hash.ripemd, 'RIPEMD-160'],
]);
const WEAK_KEYS: ReadonlyMap<number, string> = new Map([[enums.publicKey.dsa, 'DSA']]);
/** Versions that gpg or openpgp.js know and the gate does not take: 3 hashes too little, 5 is LibrePGP's own. */
const KNOWN_VERSIONS: ReadonlySet<number> = new Set([3, 5]);

/**
 * Verifies detached OpenPGP signatures over raw bytes against a ring, by the state of its keys at `now`. Holds the
 * states it has worked out, so that a thousand commits of one key pay for it once.
 */
export class OpenPgpVerifier {
  readonly #ring: OpenPgpRing;
  readonly #now: Date;
  readonly #states = new Map<Candidate, Promise<KeyState>>();

  constructor(ring: OpenPgpRing, now: Date) {
    this.#ring = ring;
    this.#now = now;
  }

  /** The state of a key at the verifier's `now`. */
  state(candidate: Candidate): Promise<KeyState> {
    let state = this.#states.get(candidate);
    if (state === undefined) {
      state = keyStateAt(candidate, this.#now);
      this.#states.set(candidate, state);
    }
    return state;
  }

  /** The verdict over one decoded armor. */
  async verify(payload: Buffer, armor: Buffer): Promise<Verification> {
    const packet = onlySignature(armor);
    if ('verdict' in packet) return packet;
    const signature = parse(packet.body);
    if ('verdict' in signature) return signature;
    const issuer = issuerOf(signature);
    const claimed = issuer === null || issuer.length < 40 ? null : `openpgp:${issuer}`;
    const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'openpgp', claimed);
    if (signature.signatureType !== enums.signature.binary) {
      return no('unsupported_type', 'the signature is not one over the exact bytes of a document');
    }
    const weak = weakDigest(signature);
    if (weak !== null) return no('weak_algorithm', weak);
    if (issuer === null) return no('unknown_key', 'the signature does not name the key that made it');
    // Two keys may share a 64-bit id, or claim one subkey: the signature is good if it is good by any of them.
    let verification: Verification = no('unknown_key', `the key ${issuer} is not in the keyring`);
    for (const candidate of this.#ring.find(issuer)) {
      verification = await this.#judge(payload, signature, candidate);
      if (verification.verdict === 'valid') break;
    }
    return verification;
  }

  async #judge(payload: Buffer, signature: SignaturePacket, candidate: Candidate): Promise<Verification> {
    const { key, part } = candidate;
    const fingerprint = `openpgp:${fingerprintOf(key)}`;
    const no = (verdict: Refusal['verdict'], reason: string) =>
      refuse(verdict, reason, 'openpgp', fingerprint);
    const weak = weakness(part.getAlgorithmInfo());
    if (weak !== null) return no('weak_algorithm', weak);
    const created = signature.created as Date;
    const expiry = signature.signatureNeverExpires
      ? Number.POSITIVE_INFINITY
      : created.getTime() + Number(signature.signatureExpirationTime) * 1000;
    const broken =
      (await checkNatively(signature, part.keyPacket, payload)) ??
      (await checkByLibrary(signature, part.keyPacket, payload, created));
    if (broken !== '') return no('bad_signature', `the signature does not hold: ${broken}`);
    if (created.getTime() < part.getCreationTime().getTime()) {
      return no('bad_signature', 'the signature is older than its key');
    }
    const { refusal, expires, emails } = await this.state(candidate);
    if (refusal !== null) return no(refusal.verdict, refusal.reason);
    if (created.getTime() > this.#now.getTime() + CLOCK_SKEW_MS) {
      return no('future_dated', `the signature is dated ${created.toISOString()}, which is in the future`);
    }
    if (expiry <= this.#now.getTime()) {
      return no('expired_signature', `the signature expired on ${new Date(expiry).toISOString()}`);
    }
    return {
      verdict: 'valid',
      type: 'openpgp',
      fingerprint,
      reason: 'good',
      by: {
        type: 'openpgp',
        fingerprint,
        names: [fingerprint, `openpgp:${candidate.fingerprint}`],
        identities: key.getUserIDs(),
        admits: (email) => emails.has(email.toLowerCase()),
        vouched: false,
        touched: null,
        expires,
      },
    };
  }
}

/** The only packet that may stand in the armor: one signature. */
function onlySignature(armor: Buffer): Packet | Refusal {
  let only: Packet | null = null;
  try {
    for (const packet of packetsOf(armor)) {
      if (packet.tag !== PACKET_SIGNATURE) {
        return refuse('malformed', 'the armor holds something other than a signature', 'openpgp');
      }
      if (only !== null) {
        return refuse('multiple_signatures', 'the armor holds more than one signature', 'openpgp');
      }
      only = packet;
    }
  } catch (error) {
    return refuse('malformed', `the signature cannot be read: ${messageOf(error)}`, 'openpgp');
  }
  return only ?? refuse('malformed', 'the armor is empty', 'openpgp');
}

function parse(body: Buffer): SignaturePacket | Refusal {
  const [version] = body;
  if (version === undefined) return refuse('malformed', 'the signature packet is empty', 'openpgp');
  if (KNOWN_VERSIONS.has(version)) {
    return refuse('unsupported_type', `OpenPGP signatures of version ${version} are not accepted`, 'openpgp');
  }
  try {
    const signature = new SignaturePacket();
    signature.read(body);
    const subpackets = subpacketsOf(body);
    const twice = saidTwice(subpackets);
    if (twice !== null)
      return refuse('malformed', `the signature can be read in two ways: ${twice}`, 'openpgp');
    const critical = unknownCritical(subpackets);
    return critical === null
      ? signature
      : refuse('bad_signature', `the signature has an unknown critical subpacket (${critical})`, 'openpgp');
  } catch (error) {
    return refuse('malformed', `the signature cannot be read: ${messageOf(error)}`, 'openpgp');
  }
}

/**
 * Why the signature does not hold by openpgp.js, or '' when it does. Asked `at` the time when it was made, at which it
 * had not expired; what is wrong with its times is told by itself.
 */
async function checkByLibrary(
  signature: SignaturePacket,
  key: Candidate['part']['keyPacket'],
  payload: Buffer,
  at: Date,
): Promise<string> {
  try {
    const message = await createMessage({ binary: payload });
    const data = message.packets[0] as object;
    await signature.verify(key, enums.signature.binary, data, at, true, OPENPGP_CONFIG);
    return '';
  } catch (error) {
    return messageOf(error);
  }
}

/** The issuer's full fingerprint; its key id where the signature names no more; null where it names nothing. */
function issuerOf(signature: SignaturePacket): string | null {
  if (signature.issuerFingerprint !== null) {
    return Buffer.from(signature.issuerFingerprint).toString('hex').toUpperCase();
  }
  const id = signature.issuerKeyID.toHex().toUpperCase();
  // All zeros is the wildcard of hidden recipients, and nobody's id.
  return /^0*$/.test(id) ? null : id;
}

function weakDigest(signature: SignaturePacket): string | null {
  const digest = WEAK_DIGESTS.get(Number(signature.hashAlgorithm));
  if (digest !== undefined) return `its digest is ${digest}, which can be forged`;
  const key = WEAK_KEYS.get(Number(signature.publicKeyAlgorithm));
  return key === undefined ? null : `${key} keys are too weak`;
}
