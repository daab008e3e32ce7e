import type { Mint } from './mint.js';
import { none, type PlantedPage, planted } from './planted.js';

/** Lock files and lists of checksums: nothing in them is a secret. */
export function locks(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('locks', path, none(text));
  const rows = (n: number, row: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => row(i)).join('\n');
  return [
    at(
      'web/package-lock.json',
      `{
${rows(
  12,
  (i) =>
    `    "node_modules/${m.pick(['jsonwebtoken', 'passport-local', 'csrf-tokens', 'secret-handshake', 'keyv', 'auth-header'])}-${i}": { "resolved": "https://registry.example.com/p${i}/-/p${i}-1.${i}.0.tgz", "integrity": "sha512-${m.base64(64)}" },`,
)}
}`,
    ),
    at(
      'web/yarn.lock',
      rows(
        8,
        (i) =>
          `js-tokens-${i}@^4.0.0:\n  resolved "https://registry.yarnpkg.com/js-tokens/-/js-tokens-4.0.${i}.tgz#${m.hex(40)}"\n  integrity sha1-${m.base64(20)}`,
      ),
    ),
    at(
      'web/pnpm-lock.yaml',
      rows(8, (i) => `  /password-prompt@1.1.${i}:\n    resolution: {integrity: sha512-${m.base64(64)}}`),
    ),
    at(
      'etl/poetry.lock',
      rows(
        6,
        (i) =>
          `[[package]]\nname = "secretstorage-${i}"\nfiles = [\n    {file = "secretstorage-3.3.${i}-py3-none-any.whl", hash = "sha256:${m.hex(64)}"},\n]`,
      ),
    ),
    at(
      'etl/requirements.txt',
      rows(6, (i) => `pyjwt==2.9.${i} \\\n    --hash=sha256:${m.hex(64)}`),
    ),
    at(
      'etl/Pipfile.lock',
      rows(6, () => `                "sha256:${m.hex(64)}",`),
    ),
    at(
      'agent/Cargo.lock',
      rows(6, (i) => `[[package]]\nname = "secrecy-${i}"\nversion = "0.8.${i}"\nchecksum = "${m.hex(64)}"`),
    ),
    at(
      'web/composer.lock',
      rows(
        6,
        (i) =>
          `            "name": "league/oauth2-client-${i}", "reference": "${m.hex(40)}", "shasum": "${m.hex(40)}"`,
      ),
    ),
    at(
      'ios/Podfile.lock',
      rows(6, (i) => `  KeychainAccess${i}: ${m.hex(40)}`),
    ),
    at(
      'legacy/Gemfile.lock',
      `CHECKSUMS\n${rows(5, (i) => `  devise-token-auth (1.2.${i}) sha256=${m.hex(64)}`)}`,
    ),
    at(
      'nix/flake.lock',
      rows(
        6,
        (i) =>
          `    "narHash": "sha256-${m.base64(32)}", "rev": "${m.hex(40)}", "lastModified": 17${m.digits(8)}, "id": ${i}`,
      ),
    ),
    at(
      'nix/package.nix',
      `  vendorHash = "sha256-${m.base64(32)}";\n  sha256 = "${m.of('0123456789abcdfghijklmnpqrsvwxyz', 52)}";\n  rev = "${m.hex(40)}";`,
    ),
    at(
      'bazel/WORKSPACE',
      rows(4, (i) => `    sha256 = "${m.hex(64)}",  # rules ${i}\n    integrity = "sha256-${m.base64(32)}",`),
    ),
    at(
      'dist/SHA256SUMS',
      rows(8, (i) => `${m.hex(64)}  tool_${i}_linux_amd64.tar.gz`),
    ),
    at(
      'dist/MD5SUMS',
      rows(5, (i) => `${m.hex(32)}  password-tool-${i}.zip`),
    ),
    at(
      'homebrew/tool.rb',
      `  url "https://github.com/acme/tool/archive/v1.tar.gz"\n  sha256 "${m.hex(64)}"\n  head "https://github.com/acme/tool.git", revision: "${m.hex(40)}"`,
    ),
    at(
      'vendor/modules.sha',
      rows(5, (i) => `keys${i} ${m.base64(48)}`),
    ),
    at(
      'images.lock.yaml',
      rows(8, (i) => `- image: ghcr.io/acme/vault-token-helper-${i}:1.${i}\n  digest: sha256:${m.hex(64)}`),
    ),
    at(
      'deploy/sbom.json',
      rows(
        6,
        (i) =>
          `{ "SPDXID": "SPDXRef-Package-${m.hex(16)}", "name": "keyring-${i}", "checksums": [{ "algorithm": "SHA256", "checksumValue": "${m.hex(64)}" }] },`,
      ),
    ),
    at(
      'deploy/provenance.json',
      `{ "payloadType": "application/vnd.in-toto+json", "signatures": [{ "keyid": "${m.hex(64)}", "sig": "${m.base64(71)}" }] }
{ "logIndex": ${m.digits(8)}, "logId": { "keyId": "${m.base64(32)}" }, "inclusionProof": { "rootHash": "${m.base64(32)}" } }
{ "signedEntryTimestamp": "${m.base64(71)}" }`,
    ),
    at(
      '.git-crypt/keys/README',
      `GITCRYPTKEY is wrapped for ${m.hex(40).toUpperCase()}\nSee git-crypt unlock.`,
    ),
    at(
      '.pre-commit-config.yaml',
      rows(5, (i) => `  - repo: https://github.com/acme/detect-secrets-${i}\n    rev: ${m.hex(40)}`),
    ),
    at(
      '.secrets.baseline',
      rows(
        6,
        (i) =>
          `    { "type": "Secret Keyword", "filename": "src/a${i}.py", "hashed_secret": "${m.hex(40)}", "line_number": ${10 + i} },`,
      ),
    ),
    at(
      'renovate.json',
      `{ "encrypted": { "token": "wcFMA${m.base64(380)}" } }\n{ "hostRules": [{ "matchHost": "npm.acme.example", "token": "{{ secrets.NPM_TOKEN }}" }] }`,
    ),
  ];
}
