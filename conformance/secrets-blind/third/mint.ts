import { createHmac } from 'node:crypto';
import { b64url, bech32, crcHex, crcTail, Random } from '../random.js';

/** Makes credentials of providers in their true forms, all from one seed. */
export class Mint extends Random {
  awsId(): string {
    return `AKIA${this.upper(16)}`;
  }

  awsSecret(): string {
    return this.base64(30);
  }

  github(kind: 'ghp' | 'gho' | 'ghs' = 'ghp'): string {
    const body = this.alnum(30);
    return `${kind}_${body}${crcTail(body)}`;
  }

  githubFine(): string {
    return `github_pat_11${this.upper(7)}0${this.alnum(12)}_${this.alnum(59)}`;
  }

  gitlab(): string {
    return `glpat-${this.url64(20)}`;
  }

  slackBot(): string {
    return `xoxb-${this.digits(12)}-${this.digits(13)}-${this.alnum(24)}`;
  }

  slackHook(): string {
    return `https://hooks.slack.com/services/T${this.upper(10)}/B${this.upper(10)}/${this.alnum(24)}`;
  }

  discordHook(): string {
    return `https://discord.com/api/webhooks/1${this.digits(18)}/${this.url64(68)}`;
  }

  stripe(kind: 'sk_live' | 'rk_live' = 'sk_live'): string {
    return `${kind}_51${this.alnum(14)}${this.alnum(83)}`;
  }

  stripeHook(): string {
    return `whsec_${this.alnum(32)}`;
  }

  sendgrid(): string {
    return `SG.${this.url64(22)}.${this.url64(43)}`;
  }

  npm(): string {
    const body = this.alnum(30);
    return `npm_${body}${crcTail(body)}`;
  }

  pypi(): string {
    return `pypi-AgEIcHlwaS5vcmcC${this.url64(140)}`;
  }

  google(): string {
    return `AIzaSy${this.url64(32)}${this.alnum(1)}`;
  }

  googleClient(): string {
    return `GOCSPX-${this.alnum(28)}`;
  }

  openai(): string {
    return `sk-proj-${this.url64(74)}T3BlbkFJ${this.url64(73)}A`;
  }

  anthropic(): string {
    return `sk-ant-api03-${this.url64(93)}AA`;
  }

  huggingface(): string {
    return `hf_${this.of('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 34)}`;
  }

  digitalocean(): string {
    return `dop_v1_${this.hex(64)}`;
  }

  telegram(): string {
    return `7${this.digits(9)}:AA${this.alnum(33)}`;
  }

  azureStorage(): string {
    return this.base64(64);
  }

  azureClient(): string {
    return `${this.alnum(3)}8Q~${this.alnum(34)}`;
  }

  vault(): string {
    return `hvs.CAESI${this.url64(86)}`;
  }

  terraformCloud(): string {
    return `${this.alnum(14)}.atlasv1.${this.alnum(67)}`;
  }

  dockerhub(): string {
    return `dckr_pat_${this.url64(26)}${this.alnum(1)}`;
  }

  grafana(): string {
    const body = this.alnum(32);
    return `glsa_${body}_${crcHex(body)}`;
  }

  databricks(): string {
    return `dapi${this.hex(32)}`;
  }

  shopify(): string {
    return `shpat_${this.hex(32)}`;
  }

  newrelic(): string {
    return `NRAK-${this.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 27)}`;
  }

  linear(): string {
    return `lin_api_${this.alnum(40)}`;
  }

  doppler(): string {
    return `dp.st.prd.${this.alnum(43)}`;
  }

  pulumi(): string {
    return `pul-${this.hex(40)}`;
  }

  postman(): string {
    return `PMAK-${this.hex(24)}-${this.hex(34)}`;
  }

  age(): string {
    return bech32('age-secret-key-', this.bytes(32)).toUpperCase();
  }

  ageRecipient(): string {
    return bech32('age', this.bytes(32));
  }

  jwt(claims: object): string {
    const body = `${b64url('{"alg":"HS256","typ":"JWT"}')}.${b64url(JSON.stringify(claims))}`;
    return `${body}.${createHmac('sha256', this.bytes(32)).update(body).digest('base64url')}`;
  }

  /** A token of a service account, as a Secret of it holds: RS256, never expiring. */
  serviceAccount(namespace: string, name: string): string {
    const claims = {
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': namespace,
      'kubernetes.io/serviceaccount/secret.name': `${name}-token`,
      'kubernetes.io/serviceaccount/service-account.name': name,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const head = b64url(JSON.stringify({ alg: 'RS256', kid: this.url64(43) }));
    return `${head}.${b64url(JSON.stringify(claims))}.${b64url(this.bytes(256))}`;
  }

  rsaKey(): string {
    return pem('RSA PRIVATE KEY', this.pkcs1());
  }

  pkcs8Key(): string {
    const algorithm = sequence(Buffer.from('06092a864886f70d0101010500', 'hex'));
    return pem('PRIVATE KEY', sequence(integer(Buffer.of(0)), algorithm, tagged(4, this.pkcs1())));
  }

  ecKey(): string {
    const curve = tagged(0xa0, Buffer.from('06082a8648ce3d030107', 'hex'));
    const point = tagged(0xa1, tagged(3, Buffer.concat([Buffer.of(0, 4), this.bytes(64)])));
    return pem('EC PRIVATE KEY', sequence(integer(Buffer.of(1)), tagged(4, this.bytes(32)), curve, point));
  }

  opensshKey(): string {
    const text = (part: Buffer | string): Buffer => {
      const bytes = Buffer.from(part);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(bytes.length);
      return Buffer.concat([size, bytes]);
    };
    const half = this.bytes(32);
    const publicPart = Buffer.concat([text('ssh-ed25519'), text(half)]);
    const check = this.bytes(4);
    const secret = Buffer.concat([check, check, publicPart, text(Buffer.concat([this.bytes(32), half]))]);
    const note = Buffer.concat([secret, text('deploy@build'), Buffer.of(1, 2, 3, 4)]);
    const head = Buffer.concat([Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text('')]);
    const all = Buffer.concat([head, Buffer.of(0, 0, 0, 1), text(publicPart), text(note)]);
    return pem('OPENSSH PRIVATE KEY', all, 70);
  }

  sshPublic(): string {
    return `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${this.base64(32).slice(0, 43)}`;
  }

  publicKey(): string {
    const algorithm = sequence(Buffer.from('06092a864886f70d0101010500', 'hex'));
    const key = sequence(integer(this.whole(256)), integer(Buffer.of(1, 0, 1)));
    return pem('PUBLIC KEY', sequence(algorithm, tagged(3, Buffer.concat([Buffer.of(0), key]))));
  }

  certificate(): string {
    const version = tagged(0xa0, integer(Buffer.of(2)));
    const body = sequence(version, integer(this.whole(16)), sequence(this.bytes(380)));
    const algorithm = sequence(Buffer.from('06092a864886f70d01010b0500', 'hex'));
    const signature = tagged(3, Buffer.concat([Buffer.of(0), this.bytes(256)]));
    return pem('CERTIFICATE', sequence(body, algorithm, signature));
  }

  /** Ciphertext of a SealedSecret under a key of 4096 bits. */
  sealed(length: number): string {
    return Buffer.concat([Buffer.of(2, 0), this.bytes(512 + length + 16)]).toString('base64');
  }

  /** A value that SOPS has encrypted. */
  sops(length: number, type = 'str'): string {
    return `ENC[AES256_GCM,data:${this.base64(length)},iv:${this.base64(32)},tag:${this.base64(16)},type:${type}]`;
  }

  private whole(size: number): Buffer {
    return Buffer.concat([Buffer.of(0, 0xc5), this.bytes(size - 1)]);
  }

  private pkcs1(): Buffer {
    const sizes = [256, 0, 256, 128, 128, 128, 128, 128];
    const parts = sizes.map((size) => integer(size === 0 ? Buffer.of(1, 0, 1) : this.whole(size)));
    return sequence(integer(Buffer.of(0)), ...parts);
  }
}

function tagged(tag: number, body: Buffer): Buffer {
  const { length } = body;
  if (length < 128) return Buffer.concat([Buffer.of(tag, length), body]);
  if (length < 256) return Buffer.concat([Buffer.of(tag, 0x81, length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 255), body]);
}

function integer(body: Buffer): Buffer {
  return tagged(2, body);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function pem(label: string, der: Buffer, width = 64): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}
