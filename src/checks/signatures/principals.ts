import type { SignerConfig } from '../../config/index.js';
import { matchesPattern } from './allowed-signers.js';
import type { SignedBy } from './verification.js';

/** Whose signature it is, or why it is nobody's. */
export type Ownership =
  | { verdict: 'valid'; signer: SignerConfig | null; name: string }
  | { verdict: 'identity_mismatch' | 'unknown_key'; signer: string | null; reason: string };

/** Who an object names beside its signature: commits their committer, tags their tagger. */
export type Role = 'committer' | 'tagger';

/** The signers of the configuration, looked up by key and by the committer's e-mail. */
export class Principals {
  readonly #signers: readonly SignerConfig[];
  readonly #byKey = new Map<string, SignerConfig[]>();

  constructor(signers: readonly SignerConfig[]) {
    this.#signers = signers;
    for (const signer of signers) {
      for (const key of signer.keys.map(canonicalKey)) {
        const others = this.#byKey.get(key);
        if (others === undefined) this.#byKey.set(key, [signer]);
        else others.push(signer);
      }
    }
  }

  /** Every key that a signer lists, in canonical form. */
  keys(): ReadonlySet<string> {
    return new Set(this.#byKey.keys());
  }

  get(name: string): SignerConfig | undefined {
    return this.#signers.find((signer) => signer.name === name);
  }

  /**
   * Finds the signer behind a good signature, and binds the committer's e-mail to it. A key is a signer's when the
   * signer lists it, when allowed_signers or a certificate binds it to the e-mail, or (for a key that no signer
   * lists and a signer that lists no key) when the key's own user id has the e-mail. With no signers configured at
   * all every key of the keyring is its own principal, and must itself be bound to the e-mail.
   */
  ownerOf(by: SignedBy, email: string, role: Role = 'committer'): Ownership {
    if (this.#signers.length === 0) return withoutSigners(by, email, role);
    const listing = by.names.flatMap((name) => this.#byKey.get(name) ?? []);
    const owners = listing.length > 0 ? listing : this.#unlisted(by, email);
    const owner = owners.find((signer) => hasEmail(signer, email));
    if (owner !== undefined) return { verdict: 'valid', signer: owner, name: owner.name };
    const [first] = owners;
    if (first !== undefined) {
      return {
        verdict: 'identity_mismatch',
        signer: first.name,
        reason: `the key is ${first.name}'s, but the ${role} is <${email}>, which is no e-mail of ${first.name}`,
      };
    }
    if (by.vouched && by.identities.length > 0 && !by.admits(email)) {
      return { verdict: 'identity_mismatch', signer: null, reason: notBound(by, email, role) };
    }
    return {
      verdict: 'unknown_key',
      signer: null,
      reason: `the key ${by.fingerprint} is in the keyring, but is no signer's`,
    };
  }

  #unlisted(by: SignedBy, email: string): SignerConfig[] {
    if (!by.admits(email)) return [];
    return this.#signers.filter(
      (signer) => hasEmail(signer, email) && (by.vouched || signer.keys.length === 0),
    );
  }
}

/** The form in which keys are compared: upper-case hex for OpenPGP, all else as it stands. */
export function canonicalKey(key: string): string {
  const openpgp = /^openpgp:(?:0x)?([0-9A-Fa-f\s]+)$/.exec(key)?.[1];
  return openpgp === undefined ? key : `openpgp:${openpgp.replace(/\s/g, '').toUpperCase()}`;
}

/** True when an e-mail is the signer's: `*` stands for any characters, ASCII case does not count. */
export function hasEmail(signer: SignerConfig, email: string): boolean {
  const lower = lowerAscii(email);
  return signer.emails.some((pattern) => matchesEmail(lowerAscii(pattern), lower));
}

function matchesEmail(pattern: string, email: string): boolean {
  // Only `*` is a wildcard in e-mails; a question mark is itself (NUL cannot stand in a commit's header).
  return matchesPattern(pattern.replaceAll('?', '\0'), email.replaceAll('?', '\0'));
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withoutSigners(by: SignedBy, email: string, role: Role): Ownership {
  if (by.admits(email)) return { verdict: 'valid', signer: null, name: email };
  return { verdict: 'identity_mismatch', signer: null, reason: notBound(by, email, role) };
}

function notBound(by: SignedBy, email: string, role: Role): string {
  const whose = by.identities.length === 0 ? 'nobody' : by.identities.join(', ');
  return `the key is of ${whose}, the ${role} is <${email}>`;
}
