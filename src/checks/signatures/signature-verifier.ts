import { readArmor } from './armor.js';
import type { Keyring } from './keyring.js';
import { OpenPgpVerifier } from './openpgp-verifier.js';
import { formatOf, hasObjectId, splitCommit, splitTag } from './signed-object.js';
import { verifySshSignature } from './ssh-verifier.js';
import { refuse, type Verification } from './verification.js';
import { verifyX509 } from './x509-verifier.js';

/**
 * Judges the signature of a commit or tag object: which key made it, and whether that key may be believed at `now`.
 * Without I/O: the same bytes, keyring and time give the same verdict.
 */
export class SignatureVerifier {
  readonly #keyring: Keyring;
  readonly #listed: ReadonlySet<string>;
  readonly #now: Date;
  readonly #openpgp: OpenPgpVerifier;

  /** @param listed keys in canonical form that the configuration's signers list */
  constructor(keyring: Keyring, listed: ReadonlySet<string>, now: Date) {
    this.#keyring = keyring;
    this.#listed = listed;
    this.#now = now;
    this.#openpgp = new OpenPgpVerifier(keyring.openpgp, now);
  }

  /**
   * The verdict over a raw object.
   * @param oid the id under which the object is judged; the bytes must be those that have it
   */
  async verify(type: 'commit' | 'tag', oid: string, raw: Buffer): Promise<Verification> {
    if (!hasObjectId(oid, type, raw)) return refuse('malformed', `its bytes are not those of ${oid}`);
    const format = formatOf(oid);
    const object = type === 'commit' ? splitCommit(raw, format) : splitTag(raw, format);
    if (object.problem !== null) return refuse('malformed', object.problem);
    const [signature, ...others] = object.signatures;
    if (signature === undefined) return refuse('unsigned', 'it carries no signature');
    if (others.length > 0) return refuse('multiple_signatures', 'it carries more than one signature');
    const armor = readArmor(signature);
    if ('verdict' in armor) return armor;
    if (armor.label === 'PGP SIGNATURE') return this.#revocable(await this.#pgp(object.payload, armor.body));
    if (armor.label === 'SSH SIGNATURE') return this.#ssh(object.payload, armor.body);
    if (armor.label === 'PGP MESSAGE') {
      return refuse('malformed', 'it carries a message, not a detached signature', 'openpgp');
    }
    if (armor.label === 'SIGNED MESSAGE') return this.#x509(object.payload, armor.body);
    const label = JSON.stringify(armor.label);
    return refuse('unsupported_type', `signatures of type ${label} cannot be judged`);
  }

  #pgp(payload: Buffer, body: Buffer): Promise<Verification> {
    return this.#openpgp.verify(payload, body);
  }

  #ssh(payload: Buffer, body: Buffer): Verification {
    const { allowed, revocations } = this.#keyring;
    return verifySshSignature(payload, body, { allowed, revocations, listed: this.#listed, now: this.#now });
  }

  #x509(payload: Buffer, body: Buffer): Verification {
    const { x509: trust, revocations } = this.#keyring;
    return verifyX509(payload, body, { trust, revocations, listed: this.#listed, now: this.#now });
  }

  /** A key may also be revoked by its fingerprint in the keyring's `revoked` file. */
  #revocable(verification: Verification): Verification {
    if (verification.verdict !== 'valid') return verification;
    const { type, fingerprint, by } = verification;
    return by.names.some((name) => this.#keyring.revocations.hasFingerprint(name))
      ? refuse('revoked_key', 'the key is in the list of revoked keys', type, fingerprint)
      : verification;
  }
}
