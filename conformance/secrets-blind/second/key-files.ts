import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import {
  certificate,
  dsaKey,
  ecKey,
  ecPublicKey,
  ed25519Key,
  opensshKey,
  pem,
  pgpKey,
  pkcs8Key,
  publicKey,
  puttyKey,
  rsaKey,
  sshPublicKey,
} from './pem.js';
import { none, noneAtAll, type PlantedPage, plant, planted, under } from './planted.js';

/** Key files: private ones, and public ones beside them. */
export function keyFiles(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('keys', path, `${text}\n`);
  return [
    at('pki/root/ca.key', plant(rsaKey(m, 4096))),
    at('pki/root/ca.crt', noneAtAll(certificate(m))),
    at(
      'pki/server/bundle.pem',
      `${noneAtAll(certificate(m))}\n${plant(pkcs8Key(m))}\n${noneAtAll(certificate(m))}`,
    ),
    at('pki/client/client-key.pem', plant(ecKey(m))),
    at('pki/client/ed25519.pem', plant(ed25519Key(m))),
    at('pki/client/client.pub.pem', noneAtAll(publicKey(m))),
    at('pki/old/dsa.pem', plant(dsaKey(m))),
    at('pki/old/request.csr', noneAtAll(certificate(m, 'CERTIFICATE REQUEST'))),
    at('pki/old/crl.pem', noneAtAll(certificate(m, 'X509 CRL'))),
    at('pki/dh/dhparam.pem', noneAtAll(pem('DH PARAMETERS', m.bytes(268)))),
    at('pki/cosign/cosign.pub', noneAtAll(ecPublicKey(m))),
    at('ssh/deploy_rsa', plant(opensshKey(m))),
    at('ssh/deploy_rsa.pub', none(`${sshPublicKey(m)} deploy@acme`)),
    at('ssh/jump.ppk', plant(puttyKey(m))),
    at(
      'ssh/authorized_keys',
      none(
        `command="/usr/bin/rrsync /srv",no-pty ${sshPublicKey(m)} backup@nas\necdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAAB${m.base64(60)} ops@laptop\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${m.base64(255)} ci@acme`,
      ),
    ),
    at(
      'ssh/known_hosts',
      none(
        `github.com ${sshPublicKey(m)}\n|1|${m.base64(20)}|${m.base64(20)} ${sshPublicKey(m)}\n[git.acme.example]:2222 ${sshPublicKey(m)}`,
      ),
    ),
    at('gpg/release.asc', plant(pgpKey(m))),
    at('gpg/release.pub.asc', noneAtAll(pgpKey(m).replaceAll('PRIVATE', 'PUBLIC'))),
    at(
      'gpg/SHA256SUMS.asc',
      `${none(`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${m.hex(64)}  tool-linux-amd64\n${m.hex(64)}  tool-darwin-arm64`)}\n${noneAtAll(`-----BEGIN PGP SIGNATURE-----\n\n${m.base64(260)}\n=${m.alnum(4)}\n-----END PGP SIGNATURE-----`)}`,
    ),
    at(
      'pki/jwk/private.jwk.json',
      `{"kty":"EC","crv":"P-256","x":"${m.url64(43)}","y":"${m.url64(43)}","d":"${plant(m.url64(43))}","kid":"sig-1"}`,
    ),
    at(
      'pki/jwk/jwks.json',
      none(
        `{"keys":[\n{"kty":"EC","crv":"P-256","x":"${m.url64(43)}","y":"${m.url64(43)}","kid":"sig-1"},\n{"kty":"RSA","n":"${m.url64(342)}","e":"AQAB","x5t":"${m.url64(27)}","kid":"${m.uuid()}"}]}`,
      ),
    ),
    at(
      'pki/inline/key.env',
      `TLS_KEY="${plant(ecKey(m).replaceAll('\n', '\\n'))}"
TLS_CERT="${certificate(m).replaceAll('\n', '\\n')}" §F
TLS_KEY_B64=${plant(b64(ed25519Key(m)))}
TLS_KEY_FILE=/etc/tls/tls.key §F`,
    ),
    at(
      'pki/inline/cloud-init.yaml',
      `#cloud-config
write_files:
  - path: /etc/ssh/ssh_host_rsa_key
    permissions: '0600'
    content: |
      ${under(plant(rsaKey(m)), '      ')}
  - path: /etc/ssh/ssh_host_rsa_key.pub
    content: ssh-rsa ${m.base64(279)} §F
ssh_authorized_keys:
  - ${sshPublicKey(m)} ops §F
users:
  - name: ops
    plain_text_passwd: ${plant(m.human())}
    lock_passwd: false §F
chpasswd:
  list: |
    root:${plant(m.human())}
  expire: false §F`,
    ),
    at(
      'wireguard/wg0.conf',
      `[Interface]
PrivateKey = ${plant(m.base64(32))}
ListenPort = 51820
[Peer]
PublicKey = ${m.base64(32)} §F`,
    ),
    at(
      'dns/update.key',
      `key "ddns." {
  algorithm hmac-sha256; §F
  secret "${plant(m.base64(32))}";
};`,
    ),
    at(
      'dns/zone.db',
      none(`_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@acme.example"
mail._domainkey IN TXT "v=DKIM1; k=rsa; p=${m.base64(294)}"
@ IN DNSKEY 257 3 13 ${m.base64(64)}
@ IN DS 12345 13 2 ${m.hex(64).toUpperCase()}
_443._tcp IN TLSA 3 1 1 ${m.hex(64)}
@ IN TXT "google-site-verification=${m.url64(43)}"`),
    ),
    at(
      'openvpn/ta.key',
      plant(
        `-----BEGIN OpenVPN Static key V1-----\n${Array.from({ length: 16 }, () => m.hex(32)).join('\n')}\n-----END OpenVPN Static key V1-----`,
      ),
    ),
    at('openvpn/auth.txt', `vpn-ops §?\n${plant(m.human())}`),
    at(
      'eth/keystore.txt',
      `mnemonic=${plant(Array.from({ length: 12 }, () => m.word()).join(' '))}\nETH_PRIVATE_KEY=0x${plant(m.hex(64))}\nCONTRACT_ADDRESS=0x${m.hex(40)} §F\nTX_HASH=0x${m.hex(64)} §F`,
    ),
  ];
}
