import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { type Certificate, readCertificate } from './x509-certificate.js';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** What X.509 signatures are judged by: sigstore's root and the authorities of S/MIME certificates. */
export class X509Trust {
  #sigstore: TrustMaterial | null = null;
  readonly #authorities: Certificate[] = [];

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

  /** Takes certificates of authorities, PEM or one in DER. @throws Error for what is none, or none of an authority */
  addAuthorities(bytes: Buffer): void {
    const blocks = [...bytes.toString('latin1').matchAll(PEM)].map((block) =>
      Buffer.from(String(block[1]), 'base64'),
    );
    for (const der of blocks.length > 0 ? blocks : [bytes]) {
      const certificate = readCertificate(der);
      if (!certificate.x509.ca) throw new Error(`${certificate.x509.subject} is not an authority`);
      this.#authorities.push(certificate);
    }
  }
}
