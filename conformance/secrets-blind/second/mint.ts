import { b64, b64url, crcTail, Random } from '../random.js';
import { title, WORDS } from './words.js';

/** Passwords in human style and documents with an inner structure, all from the seed. */
export class Mint extends Random {
  word(): string {
    return this.pick(WORDS);
  }

  /** A password as people make them up: a word or two, a number, a mark. */
  human(): string {
    const mark = () => this.pick(['!', '#', '?', '@', '*', '!!', '$']);
    const year = () => String(1978 + this.below(49));
    const kinds = [
      () => `${title(this.word())}${year()}${mark()}`,
      () => `${title(this.word())}${mark()}${title(this.word())}${this.digits(2)}`,
      () => `${this.word()}${this.digits(4)}${mark()}`,
      () => `${title(this.word())}_${title(this.word())}_${year()}`,
      () => `${this.leet(title(this.word()) + title(this.word()))}${this.digits(2)}${mark()}`,
      () => `${this.word()}.${this.word()}${this.digits(3)}${mark()}`,
    ];
    return this.pick(kinds)();
  }

  private leet(word: string): string {
    return word.replace(/[aeio]/g, (char) => ({ a: '@', e: '3', i: '1', o: '0' })[char] ?? char);
  }

  /** Four or five words, as diceware gives them. */
  passphrase(by = '-'): string {
    return Array.from({ length: 4 + this.below(2) }, () => this.word()).join(by);
  }

  /** A password that a manager made: letters, digits and marks, none that needs quoting in YAML, shell or JSON. */
  made(length = 20): string {
    const body = this.of('abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789_.+-^~', length - 4);
    return `${this.of('abcdefghjkmnpqrstuvwxyz', 1)}${body}${this.digits(1)}${this.of('QRSTVWXZ', 1)}x`;
  }

  /** GitHub's personal access token: thirty characters and their CRC-32 in base 62. */
  github(): string {
    const body = this.alnum(30);
    return `ghp_${body}${crcTail(body)}`;
  }

  /** A signed JSON Web Token of random bytes under a real header and the claims given. */
  jwt(
    claims: object,
    header: { alg: string; typ?: string; kid?: string } = { alg: 'HS256', typ: 'JWT' },
  ): string {
    const lengths = new Map([
      ['HS256', 32],
      ['EdDSA', 64],
    ]);
    const signature = lengths.get(header.alg) ?? 256;
    return `${b64url(JSON.stringify(header))}.${b64url(JSON.stringify(claims))}.${b64url(this.bytes(signature))}`;
  }

  /** The token of a Kubernetes service account. */
  serviceAccountToken(namespace: string, name: string): string {
    return this.jwt(
      {
        iss: 'kubernetes/serviceaccount',
        'kubernetes.io/serviceaccount/namespace': namespace,
        'kubernetes.io/serviceaccount/secret.name': `${name}-token-${this.hex(5)}`,
        'kubernetes.io/serviceaccount/service-account.uid': this.uuid(),
        sub: `system:serviceaccount:${namespace}:${name}`,
      },
      { alg: 'RS256', kid: this.url64(43) },
    );
  }

  /** `.dockerconfigjson` in clear, for one registry. */
  dockerConfig(registry: string, user: string, password: string): string {
    return JSON.stringify({
      auths: { [registry]: { username: user, password, auth: b64(`${user}:${password}`) } },
    });
  }

  /** A SealedSecret's ciphertext: length of the RSA part, RSA part, AES part. */
  sealed(plain = 24): string {
    return Buffer.concat([Buffer.from([2, 0]), this.bytes(512 + plain + 16)]).toString('base64');
  }

  /** A value that SOPS encrypted. */
  sops(length = 16, type = 'str'): string {
    return `ENC[AES256_GCM,data:${this.base64(length)},iv:${this.base64(32)},tag:${this.base64(16)},type:${type}]`;
  }
}
