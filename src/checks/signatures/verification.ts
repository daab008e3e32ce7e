import type { SignatureType, SignatureVerdict } from '../../contract/index.js';

/**
 * How far ahead of the gate's own clock a signature or a key may be dated before it counts as of the future, in
 * milliseconds. git and gpg accept any future date; machines that sign are rarely off by more than a few minutes.
 */
export const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** The key behind a signature that is good, and all that the keyring itself says of its owner. */
export interface SignedBy {
  type: SignatureType;
  /** `openpgp:<40 HEX>` (the primary key's), `ssh:SHA256:<base64>` or `x509:<sha256 hex>`. */
  fingerprint: string;
  /** Every name under which a signer of the configuration may list the key (primary, subkey, issuer and identity). */
  names: readonly string[];
  /** Identities the keyring binds to the key, for people: user ids, principals. */
  identities: readonly string[];
  /** True when the keyring itself (a user id, an allowed_signers line, a certificate) binds the key to the e-mail. */
  admits(email: string): boolean;
  /**
   * True when `admits` is a statement of whoever keeps the keyring or of an authority (allowed_signers, a
   * certificate), false when it is the key owner's own claim (an OpenPGP user id).
   */
  vouched: boolean;
  /** For keys that live in a security key: whether it was touched; null for all others. */
  touched: boolean | null;
  /** When the key stops being valid, or null. */
  expires: Date | null;
}

/** What a signature is worth before anybody asks who may sign what. `by` is set only when the verdict is `valid`. */
export type Verification =
  | { verdict: 'valid'; type: SignatureType; fingerprint: string; reason: string; by: SignedBy }
  | {
      verdict: Exclude<SignatureVerdict, 'valid'>;
      type: SignatureType | null;
      /** The key that made or claims to have made it, where that is known. */
      fingerprint: string | null;
      /** One clause for people, without a full stop. */
      reason: string;
      /**
       * Where an authority's list of revoked certificates is to be had, when it is that which is missing: a URL, or ''
       * where nothing tells.
       */
      list?: string;
    };

/** A verification that ends with a refusal. */
export type Refusal = Exclude<Verification, { verdict: 'valid' }>;

/** Makes a refusal. */
export function refuse(
  verdict: Refusal['verdict'],
  reason: string,
  type: SignatureType | null = null,
  fingerprint: string | null = null,
): Refusal {
  return { verdict, type, fingerprint, reason };
}

/** A file of the keyring, or a part of one, that could not be read; a check with such a problem is closed. */
export interface KeyringProblem {
  /** Path, with the place in the file where that is known (`keys/team.asc, key 3`). */
  what: string;
  reason: string;
  closes: boolean;
}

/** The message of an error, for a reason that names what a library said. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The day of a date, for people. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
