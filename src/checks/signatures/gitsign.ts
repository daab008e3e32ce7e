import { createHash } from 'node:crypto';
import { type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import type { Cms } from './cms.js';
import { childrenOf, expect, oidOf } from './der.js';
import { bytesField, numberField, readMessage } from './protobuf.js';
import { CLOCK_SKEW_MS, messageOf, type Refusal, refuse, type Verification } from './verification.js';
import type { Certificate } from './x509-certificate.js';

type Bundle = Parameters<typeof toSignedEntity>[0];
type LogEntry = Bundle['verificationMaterial']['tlogEntries'][number];

/** gitsign's attribute that holds the entry of the transparency log (gitsign, internal/rekor/oid). */
const LOG_ENTRY = '1.3.6.1.4.1.57264.3.1';
/** The kind of alternative name that Fulcio gives to users who have no e-mail (fulcio's docs/oid-info.md). */
const USERNAME = '1.3.6.1.4.1.57264.1.7';
const OTHER_NAME = 0xa0;
const UTF8_STRING = 0x0c;

/**
 * Judges a gitsign signature that holds: the certificate must be Fulcio's and have been valid when the transparency
 * log saw it, by proofs that the signature itself carries and the keyring's trusted_root.json; nothing is fetched. A
 * commit made in gitsign's default mode carries no such proof and can only be verified online.
 * @param listed the `x509:<issuer>#<identity>` that signers list. Fulcio certifies anybody with an e-mail, so a
 *   certificate of it counts only for an identity that a signer lists.
 */
export function judgeGitsign(
  cms: Cms,
  issuer: string,
  trust: TrustMaterial | null,
  listed: ReadonlySet<string>,
  now: Date,
): Verification {
  const fingerprint = `x509:${cms.signer.fingerprint}`;
  const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'x509', fingerprint);
  const identities = [...cms.signer.emails, ...cms.signer.uris, ...usernamesOf(cms.signer)];
  if (trust === null) return no('unknown_key', 'the keyring has no trusted_root.json to verify gitsign by');
  const attribute = cms.unsigned.get(LOG_ENTRY);
  if (attribute === undefined) {
    return no(
      'not_verifiable_offline',
      'it carries no proof of the transparency log (gitsign.rekorMode is online)',
    );
  }
  try {
    const entry = logEntryOf(attribute.content, cms);
    const integrated = Number(entry.integratedTime) * 1000;
    if (integrated > now.getTime() + CLOCK_SKEW_MS) {
      return no('future_dated', 'the transparency log saw it in the future');
    }
    new Verifier(trust).verify(toSignedEntity(bundleOf(cms, entry), cms.signedAttributes));
  } catch (error) {
    // Whatever the library says about what the signature brought along, it is not verified.
    return no('bad_signature', `gitsign's proof does not hold: ${messageOf(error)}`);
  }
  const names = identities.map((identity) => `x509:${issuer}#${identity}`);
  if (!names.some((name) => listed.has(name))) {
    return no('unknown_key', `${names.join(', ')} is no signer's`);
  }
  return {
    verdict: 'valid',
    type: 'x509',
    fingerprint,
    reason: 'good',
    by: {
      type: 'x509',
      fingerprint,
      names,
      identities,
      admits: (email) => cms.signer.emails.includes(email),
      vouched: true,
      touched: null,
      expires: null,
    },
  };
}

function usernamesOf({ names }: Certificate): string[] {
  return names
    .filter(({ tag }) => tag === OTHER_NAME)
    .map((name) => childrenOf(name, OTHER_NAME))
    .filter(([id]) => oidOf(id) === USERNAME)
    .map(([, value]) => expect(childrenOf(value, 0xa0)[0], UTF8_STRING).content.toString('utf8'));
}

/**
 * The log entry out of its protobuf (sigstore_rekor.proto), with the body that gitsign leaves out put together again
 * from the certificate and signature, in the canonical JSON that the log hashed.
 */
function logEntryOf(bytes: Buffer, cms: Cms): LogEntry {
  const message = readMessage(bytes);
  const kind = readMessage(bytesField(message, 3));
  const promise = bytesField(readMessage(bytesField(message, 5)), 1);
  const proof = message.has(6) ? readMessage(bytesField(message, 6)) : null;
  return {
    logIndex: numberField(message, 1),
    logId: { keyId: bytesField(readMessage(bytesField(message, 2)), 1) },
    kindVersion: { kind: bytesField(kind, 1).toString(), version: bytesField(kind, 2).toString() },
    integratedTime: numberField(message, 4),
    inclusionPromise: promise.length === 0 ? undefined : { signedEntryTimestamp: promise },
    inclusionProof:
      proof === null
        ? undefined
        : {
            logIndex: numberField(proof, 1),
            rootHash: bytesField(proof, 2),
            treeSize: numberField(proof, 3),
            hashes: (proof.get(4) ?? []).filter((hash) => Buffer.isBuffer(hash)),
            checkpoint: { envelope: bytesField(readMessage(bytesField(proof, 5)), 1).toString() },
          },
    canonicalizedBody: canonicalBody(cms),
  } as LogEntry;
}

function canonicalBody(cms: Cms): Buffer {
  return Buffer.from(
    JSON.stringify({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: {
        data: { hash: { algorithm: 'sha256', value: sha256Hex(cms.signedAttributes) } },
        signature: {
          content: cms.signature.toString('base64'),
          publicKey: { content: Buffer.from(pemOf(cms.signer)).toString('base64') },
        },
      },
    }),
  );
}

/** PEM as Go's encoding/pem writes it, which is what the log's entry holds. */
function pemOf({ der }: Certificate): string {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}

function sha256Hex(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function bundleOf(cms: Cms, entry: LogEntry): Bundle {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
    verificationMaterial: {
      content: {
        $case: 'x509CertificateChain',
        x509CertificateChain: { certificates: [{ rawBytes: cms.signer.der }] },
      },
      tlogEntries: [entry],
      timestampVerificationData: undefined,
    },
    content: {
      $case: 'messageSignature',
      messageSignature: {
        messageDigest: { algorithm: 1, digest: createHash('sha256').update(cms.signedAttributes).digest() },
        signature: cms.signature,
      },
    },
  } as Bundle;
}
