import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { CLOCK_SKEW_MS } from './verification.js';
import { type Certificate, readCertificate } from './x509-certificate.js';
import { isAbout, isListOf, type RevocationList, type Revoked, readRevocationList } from './x509-list.js';
import { x509Parts } from './x509-pem.js';

/** A list of the keyring, with the authority that made it. */
interface AuthorityList extends RevocationList {
  authority: Certificate;
}

/** What the lists of an authority say of one of its certificates. */
export type Standing =
  | { is: 'revoked'; revoked: Revoked }
  /** `newest` is the end of the newest list about it; null where there is none. */
  | { is: 'good' | 'unknown'; newest: Date | null };

/** What X.509 signatures are judged by: sigstore's root, the authorities of S/MIME certificates, and their lists. */
export class X509Trust {
  /** True when an authority without a current list certifies nobody. */
  listsNeeded = false;
  #sigstore: TrustMaterial | null = null;
  readonly #authorities: Certificate[] = [];
  readonly #unsettled: { path: string; list: RevocationList }[] = [];
  readonly #lists: AuthorityList[] = [];

  get sigstore(): TrustMaterial | null {
    return this.#sigstore;
  }

  get authorities(): readonly Certificate[] {
    return this.#authorities;
  }

  get empty(): boolean {
    return this.#sigstore === null && this.#authorities.length === 0;
  }

  /** Takes sigstore's trusted_root.json. @throws Error for what is none, and for a second one */
  addTrustedRoot(bytes: Buffer): void {
    if (this.#sigstore !== null) throw new Error('the keyring has a trusted_root.json already');
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (json === null || typeof json !== 'object' || !('mediaType' in json)) {
      throw new Error("it is not sigstore's trusted_root.json");
    }
    this.#sigstore = toTrustMaterial(TrustedRoot.fromJSON(json));
  }

  /**
   * Takes certificates of authorities and lists of what they revoked, PEM or one in DER.
   * @param der what a file in DER is
   * @throws Error for what is neither, and for a certificate that is none of an authority
   */
  addFile(path: string, bytes: Buffer, der: 'certificate' | 'list'): void {
    const parts = x509Parts(bytes, der);
    for (const part of parts) {
      if (part.kind === 'list') {
        this.#unsettled.push({ path, list: readRevocationList(part.der) });
        continue;
      }
      const certificate = readCertificate(part.der);
      if (!certificate.x509.ca) throw new Error(`${certificate.x509.subject} is not an authority`);
      this.#authorities.push(certificate);
    }
  }

  /**
   * Finds the authority of each list, when all files are read.
   * @returns the paths of lists that no authority of the keyring made: a list that anybody could have written says
   *   nothing, and must not stand for one that does
   */
  settle(): string[] {
    const strange: string[] = [];
    for (const { path, list } of this.#unsettled.splice(0)) {
      const authority = this.#authorities.find((one) => isListOf(list, one));
      if (authority === undefined) strange.push(path);
      else this.#lists.push({ ...list, authority });
    }
    return strange;
  }

  /**
   * What the lists say of a certificate at `now`. Whatever list about it names it revokes it, be the list old or of a
   * time to come, but for one that a newer list of the same scope has replaced (a certificate on hold may be let go).
   * It is good by a list that is current, and unknown with none.
   */
  standingOf(certificate: Certificate, issuer: Certificate, now: Date): Standing {
    const newest = new Map<string, AuthorityList>();
    for (const list of this.#lists) {
      if (!isSameAuthority(list.authority, issuer) || !isAbout(list, certificate)) continue;
      const scope = JSON.stringify([list.scope.of, list.scope.points?.map((point) => point.toString('hex'))]);
      const known = newest.get(scope);
      if (known === undefined || known.thisUpdate < list.thisUpdate) newest.set(scope, list);
    }
    const lists = [...newest.values()];
    const serial = certificate.serial.toString('hex');
    for (const { revoked } of lists) {
      const found = revoked.get(serial);
      if (found !== undefined) return { is: 'revoked', revoked: found };
    }
    const end =
      lists.length === 0 ? null : new Date(Math.max(...lists.map((list) => Number(list.nextUpdate))));
    const soon = Number(now) + CLOCK_SKEW_MS;
    const current = lists.some((list) => Number(list.thisUpdate) <= soon && now < list.nextUpdate);
    return { is: current ? 'good' : 'unknown', newest: end };
  }
}

/** Authorities are one when name and key are: an authority may have several certificates. */
function isSameAuthority(one: Certificate, other: Certificate): boolean {
  return one.subject.equals(other.subject) && one.x509.publicKey.equals(other.x509.publicKey);
}
