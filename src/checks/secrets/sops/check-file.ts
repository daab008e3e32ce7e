import type { FieldPath } from '../../../kubernetes/index.js';
import { kindOfName } from '../key-name.js';
import { isReadable, isReference } from '../placeholder.js';
import { quoteName, type SecretFinding, shellWord } from '../secret-finding.js';
import { asText } from '../structure/secret-object.js';
import type { CreationRule } from './creation-rules.js';
import { type EncryptedFile, isEncryptedValue, type Leaf, parseEncrypted } from './encrypted-file.js';
import { recipientsOf, selectorsOf, selects, withoutKey } from './selector.js';

/** Builds a finding about an encrypted file; `at` is where it is shown. */
export function sopsFinding(
  rule: string,
  file: EncryptedFile,
  at: FieldPath,
  message: string,
  help: string,
  options: {
    value?: string;
    action?: SecretFinding['action'];
    confidence?: SecretFinding['confidence'];
  } = {},
): SecretFinding {
  const position = file.locate(at);
  return {
    rule,
    action: options.action ?? 'fix',
    confidence: options.confidence ?? 'certain',
    message,
    help,
    line: position?.line ?? 1,
    endLine: position?.endLine ?? 1,
    column: null,
    value: options.value ?? null,
    token: false,
    object: null,
    place: at.map(String),
  };
}

/** A leaf's name for messages: `stringData.password`. */
export function leafName(path: FieldPath): string {
  return quoteName(path.join('.'));
}

/**
 * What a file that SOPS encrypted says of itself, without its keys: every leaf that its selector takes is encrypted
 * and well formed, the MAC can be one, somebody can decrypt it, and these are who the creation rule names.
 */
export function checkEncrypted(
  file: EncryptedFile,
  path: string,
  rule: CreationRule | null,
): SecretFinding[] {
  return [...plainLeaves(file, path, rule), ...badMetadata(file, path), ...otherRecipients(file, path, rule)];
}

function plainLeaves(file: EncryptedFile, path: string, rule: CreationRule | null): SecretFinding[] {
  const wanted = selects(file.metadata);
  // Whoever writes the file writes its selector as well: the rule of the repository says what it should be.
  const ruled = rule === null ? null : selects(rule.selector);
  const findings: SecretFinding[] = [];
  const left: Leaf[] = [];
  for (const leaf of file.leaves) {
    const cipher = /^ENC\[/.test(leaf.value);
    const data = cipher ? parseEncrypted(leaf.value)?.data : undefined;
    if (data !== undefined && isReadable(data)) {
      findings.push(plainLeaf(file, { ...leaf, value: data.toString('latin1') }, path));
    } else if (cipher && !isEncryptedValue(leaf.value)) {
      const message = `the encrypted value of ${leafName(leaf.path)} is malformed: it will not decrypt`;
      findings.push(sopsFinding('sops-malformed', file, leaf.path, message, restore(path)));
    } else if (!cipher && wanted?.(leaf.path) === true && !leaf.empty && !leaf.comment) {
      findings.push(plainLeaf(file, leaf, path));
    } else if (!cipher && ruled?.(leaf.path) === true && !leaf.empty && !leaf.comment) {
      if (namesSecret(leaf)) findings.push(plainLeaf(file, leaf, path, 'the creation rule of .sops.yaml'));
      else if (!isManifest(file)) left.push(leaf);
    }
  }
  return left.length === 0 ? findings : [...findings, otherSelector(file, left, path)];
}

/** A value whose name says that it is a secret: whatever the file says, the rule wants it encrypted for that. */
function namesSecret({ path, value }: Leaf): boolean {
  const name = path.findLast((part) => typeof part === 'string');
  return typeof name === 'string' && kindOfName(name) !== null && !isReference(value);
}

/** An object of Kubernetes: a rule without a selector does not mean its kind and its name. */
function isManifest(file: EncryptedFile): boolean {
  return ['apiVersion', 'kind'].every((key) => file.leaves.some(({ path }) => path[0] === key));
}

/** The file leaves more in clear than its rule would: older than the rule, or made to look encrypted. */
function otherSelector(file: EncryptedFile, left: readonly Leaf[], path: string): SecretFinding {
  const [first] = left as [Leaf, ...Leaf[]];
  const more = left.length === 1 ? '' : ` and ${left.length - 1} more`;
  const message = `the file's own selector leaves ${leafName(first.path)}${more} in clear, which the creation rule of .sops.yaml encrypts`;
  const help = `\`sops -d -i ${shellWord(path)} && sops -e -i ${shellWord(path)}\` encrypts it by the rule; an approving review accepts it as it is`;
  return sopsFinding('sops-selector', file, ['sops'], message, help, { action: 'approve' });
}

function plainLeaf(file: EncryptedFile, leaf: Leaf, path: string, taker = 'its selector'): SecretFinding {
  const message = `plaintext ${leafName(leaf.path)} in a file that SOPS encrypts: ${taker} takes this value`;
  const help = `rotate it, then \`sops -e -i ${shellWord(path)}\` on the plain file (sops edit ${shellWord(path)} for one value)`;
  return sopsFinding('sops-plaintext', file, leaf.path, message, help, { value: leaf.value });
}

function restore(path: string): string {
  return `take the file from the last commit that decrypts and change it with \`sops edit ${shellWord(path)}\``;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
/** SHA-512 in upper-case hex, encrypted: as many bytes as characters. */
const MAC_LENGTH = 128;

function badMetadata(file: EncryptedFile, path: string): SecretFinding[] {
  const { metadata } = file;
  const findings: SecretFinding[] = [];
  const bad = (field: string, what: string): void => {
    const at: FieldPath = ['sops', field];
    findings.push(
      sopsFinding('sops-malformed', file, at, `SOPS metadata: ${what}: it will not decrypt`, restore(path)),
    );
  };
  const mac = asText(metadata.mac);
  const parts = mac === null ? null : parseEncrypted(mac);
  if (mac === null || mac === '') bad('mac', 'there is no MAC');
  else if (parts === null || parts.type !== 'str' || parts.data.length !== MAC_LENGTH)
    bad('mac', 'the MAC is malformed');
  if (!RFC3339.test(asText(metadata.lastmodified) ?? '')) bad('lastmodified', 'lastmodified is no time');
  if (recipientsOf(metadata).length === 0) bad('age', 'nobody can decrypt it');
  // Examples of the flattened forms leave the long block out, and nothing leaks by that.
  const keyless = file.format === 'dotenv' || file.format === 'ini' ? [] : withoutKey(metadata);
  if (keyless.length > 0) bad('age', `there is no data key for ${keyless.join(', ')}`);
  const selectors = selectorsOf(metadata);
  if (selectors.length > 1)
    bad(selectors[1] as string, `${selectors.join(' and ')}, of which a file has at most one`);
  return findings;
}

function otherRecipients(file: EncryptedFile, path: string, rule: CreationRule | null): SecretFinding[] {
  if (rule === null || rule.recipients.length === 0) return [];
  const has = recipientsOf(file.metadata);
  const missing = rule.recipients.filter((id) => !has.includes(id));
  const extra = has.filter((id) => !rule.recipients.includes(id));
  if (missing.length === 0 && extra.length === 0) return [];
  const parts = [
    missing.length === 0 ? '' : `lacks ${missing.join(', ')}`,
    extra.length === 0 ? '' : `has ${extra.join(', ')}`,
  ].filter((part) => part !== '');
  const message = `recipients differ from the creation rule: the file ${parts.join(' and ')}`;
  // Somebody extra can read it; somebody missing only means a key that is not rolled out.
  return [
    sopsFinding('sops-recipients', file, ['sops'], message, `\`sops updatekeys ${shellWord(path)}\``, {
      action: extra.length > 0 ? 'approve' : 'inform',
    }),
  ];
}
