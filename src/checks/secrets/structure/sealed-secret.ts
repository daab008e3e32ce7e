import type { FieldPath, Manifest } from '../../../kubernetes/index.js';
import { isSealedCiphertext } from '../placeholder.js';
import { objectName, quoteName, type SecretFinding, shellWord } from '../secret-finding.js';
import type { Field } from './field.js';
import { asObject, asText, decodeData, secretFields } from './secret-object.js';

/** How far a SealedSecret may be moved (bitnami-labs/sealed-secrets, annotations of the template). */
export type Scope = 'strict' | 'namespace-wide' | 'cluster-wide';

/** The scope that template.metadata (or the object's own metadata) states. */
export function scopeOf(manifest: Manifest): Scope {
  const template = asObject(asObject(manifest.object.spec)?.template);
  for (const metadata of [asObject(template?.metadata), asObject(manifest.object.metadata)]) {
    const annotations = asObject(metadata?.annotations);
    if (asText(annotations?.['sealedsecrets.bitnami.com/cluster-wide']) === 'true') return 'cluster-wide';
    if (asText(annotations?.['sealedsecrets.bitnami.com/namespace-wide']) === 'true') return 'namespace-wide';
  }
  return 'strict';
}

/** `encryptedData` by key. */
export function ciphertexts(manifest: Manifest): Map<string, string> {
  const found = new Map<string, string>();
  const spec = asObject(manifest.object.spec);
  for (const [key, value] of Object.entries(asObject(spec?.encryptedData) ?? {})) {
    const text = asText(value);
    if (text !== null) found.set(key, text);
  }
  return found;
}

/** Values of the template, which stay in clear in git: judged as those of a Secret. */
export function templateFields(manifest: Manifest): Field[] {
  const template = asObject(asObject(manifest.object.spec)?.template);
  if (template === null) return [];
  const type = template.type ?? 'Opaque';
  // `stringData` is no field of it, but whoever writes one writes a secret there.
  return ['data', 'stringData'].flatMap((section) =>
    secretFields({ ...manifest, object: { type, stringData: template[section] ?? null } }).map((field) => ({
      ...field,
      path: ['spec', 'template', section, field.name],
      where: `${quoteName(field.name)} in the template, which is not encrypted,`,
    })),
  );
}

/** What is to be ciphertext, with its path: `encryptedData`, and the one blob of the first version, `data`. */
function sealedTexts(manifest: Manifest): { key: string; at: FieldPath; text: string }[] {
  const data = asText(asObject(manifest.object.spec)?.data);
  return [
    ...[...ciphertexts(manifest)].map(([key, text]) => ({ key, at: ['spec', 'encryptedData', key], text })),
    ...(data === null ? [] : [{ key: 'data', at: ['spec', 'data'], text: data }]),
  ];
}

/** A template's expression and nothing else: the value is elsewhere. */
function isTemplated(text: string): boolean {
  const rest = text.replace(/\{\{[^{}]{0,2000}\}\}|\$\{[^{}]{1,200}\}|__TEMPLATE__|^<[^<>]{1,200}>$/g, '');
  return rest !== text && (rest.trim() === '' || isSealedCiphertext(rest));
}

/** What shows of the ciphertext without the key: that it is none, or that it cannot be one. */
export function sealedFindings(manifest: Manifest, path: string): SecretFinding[] {
  const findings: SecretFinding[] = [];
  for (const { key, at, text } of sealedTexts(manifest)) {
    if (isSealedCiphertext(text) || text.trim() === '' || isTemplated(text.trim())) continue;
    const plain = decodeData(text);
    const readable = plain.binary === null && text.length < 364;
    const where = `${quoteName(key)} of ${objectName(manifest.ref)}`;
    const position = manifest.locate(at);
    findings.push({
      rule: readable ? 'sealed-secret-plaintext' : 'sealed-secret-malformed',
      action: 'fix',
      confidence: readable ? 'likely' : 'certain',
      message: readable
        ? `plaintext in ${at[1]}: ${where}`
        : `no SealedSecret ciphertext in ${where}: the controller cannot decrypt it`,
      help: `${readable ? 'rotate it, then ' : ''}seal the Secret anew: \`kubeseal -f secret.yaml -w ${shellWord(path)}\``,
      line: position?.line ?? 1,
      endLine: position?.endLine ?? 1,
      column: null,
      value: readable ? plain.text : null,
      token: false,
      object: manifest.ref,
      place: [manifest.ref.namespace, manifest.ref.name, ...at.slice(1).map(String)],
    });
  }
  return findings;
}

/**
 * What a change does to SealedSecrets: a strict one that was renamed or moved with its ciphertext cannot be
 * decrypted (its name and namespace are the OAEP label, pkg/crypto/crypto.go); a scope that widens lets it be used
 * elsewhere.
 */
export function compareSealed(
  before: readonly Manifest[],
  after: readonly Manifest[],
  path: string,
): SecretFinding[] {
  const owners = new Map<string, Manifest>();
  for (const manifest of before)
    for (const text of ciphertexts(manifest).values()) owners.set(text, manifest);
  const findings: SecretFinding[] = [];
  for (const manifest of after) {
    const from = [...ciphertexts(manifest).values()]
      .map((text) => owners.get(text))
      .find((owner) => owner !== undefined);
    if (from === undefined) continue;
    const scope = scopeOf(from);
    const renamed = from.ref.name !== manifest.ref.name;
    const moved = from.ref.namespace !== manifest.ref.namespace;
    if ((scope === 'strict' && (renamed || moved)) || (scope === 'namespace-wide' && moved)) {
      findings.push(
        about(
          manifest,
          'sealed-secret-moved',
          'fix',
          `${objectName(manifest.ref)} carries the ciphertext of ${objectName(from.ref)}, sealed ${scope}: it will not decrypt`,
          `seal it for its new place: \`kubeseal -f secret.yaml -w ${shellWord(path)}\``,
        ),
      );
    }
    if (rank(scopeOf(manifest)) > rank(scope)) {
      findings.push(
        about(
          manifest,
          'sealed-secret-scope',
          'approve',
          `${objectName(manifest.ref)} widens its scope from ${scope} to ${scopeOf(manifest)}: it can be decrypted elsewhere`,
          'an approving review opens this; not meant? take the scope annotation out again',
        ),
      );
    }
  }
  return findings;
}

function rank(scope: Scope): number {
  return scope === 'strict' ? 0 : scope === 'namespace-wide' ? 1 : 2;
}

function about(
  manifest: Manifest,
  rule: string,
  action: SecretFinding['action'],
  message: string,
  help: string,
): SecretFinding {
  const position = manifest.locate(['metadata', 'name']);
  return {
    rule,
    action,
    confidence: 'certain',
    message,
    help,
    line: position?.line ?? 1,
    endLine: position?.endLine ?? 1,
    column: null,
    value: null,
    token: false,
    object: manifest.ref,
    place: [manifest.ref.namespace, manifest.ref.name],
  };
}
