import { quoteName, type SecretFinding, shellWord } from '../secret-finding.js';
import { asText } from '../structure/secret-object.js';
import { leafName, sopsFinding } from './check-file.js';
import { type EncryptedFile, isEncryptedValue, type Leaf } from './encrypted-file.js';
import { recipientsOf } from './selector.js';

/**
 * What a change does to an encrypted file that shows without its keys (getsops/sops sops.go: the MAC is over all
 * values, the path of a value is part of its seal).
 */
export function compareEncrypted(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  return [
    ...moved(before, after, path),
    ...staleMac(before, after, path),
    ...savedInClear(before, after, path),
    ...removedRecipients(before, after, path),
  ];
}

function byPath(file: EncryptedFile): Map<string, Leaf> {
  return new Map(file.leaves.map((leaf) => [leaf.path.join('\n'), leaf]));
}

/** Elements of a path that are sealed: keys, not list indexes. */
function sealedPath(leaf: Leaf): string {
  return leaf.path.filter((part) => typeof part === 'string').join(':');
}

/** The same ciphertext under another path: it was copied or renamed by hand and cannot decrypt. */
function moved(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  const old = new Map<string, string>();
  for (const leaf of before.leaves) if (isEncryptedValue(leaf.value)) old.set(leaf.value, sealedPath(leaf));
  const stay = new Set(before.leaves.map(sealedPath));
  return after.leaves.flatMap((leaf) => {
    const from = old.get(leaf.value);
    if (from === undefined || from === sealedPath(leaf) || (stay.has(sealedPath(leaf)) && from === ''))
      return [];
    const message = `the ciphertext of ${quoteName(from.replaceAll(':', '.'))} was put under ${leafName(leaf.path)}: its path is part of the seal, it will not decrypt`;
    return [
      sopsFinding('sops-moved', after, leaf.path, message, `set it with \`sops edit ${shellWord(path)}\``),
    ];
  });
}

/** Values changed by hand: SOPS makes a new MAC at each save. */
function staleMac(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  const mac = asText(after.metadata.mac);
  if (mac === null || mac !== asText(before.metadata.mac)) return [];
  const onlyEncrypted = String(after.metadata.mac_only_encrypted ?? 'false') === 'true';
  const old = byPath(before);
  const now = byPath(after);
  const counts = (leaf: Leaf): boolean => !onlyEncrypted || leaf.value.startsWith('ENC[');
  const changed = after.leaves.find(
    (leaf) => counts(leaf) && old.get(leaf.path.join('\n'))?.value !== leaf.value,
  );
  const gone = before.leaves.find((leaf) => counts(leaf) && !now.has(leaf.path.join('\n')));
  const leaf = changed ?? gone;
  if (leaf === undefined) return [];
  const message = `${leafName(leaf.path)} changed but the MAC did not: SOPS refuses to decrypt the file`;
  const help = `make the change with \`sops edit ${shellWord(path)}\` (or \`sops set\`)`;
  return [sopsFinding('sops-mac', after, changed === undefined ? ['sops', 'mac'] : leaf.path, message, help)];
}

/** Encrypted before and in clear now, whatever the file's selector says today. */
function savedInClear(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  const old = byPath(before);
  return after.leaves.flatMap((leaf) => {
    const was = old.get(leaf.path.join('\n'));
    if (was === undefined || !was.value.startsWith('ENC[') || leaf.value.startsWith('ENC[') || leaf.empty)
      return [];
    const message = `plaintext ${leafName(leaf.path)}: it was encrypted before this change`;
    const help = `rotate it and set it with \`sops edit ${shellWord(path)}\``;
    return [sopsFinding('sops-plaintext', after, leaf.path, message, help, { value: leaf.value })];
  });
}

/** Somebody may read what only others could, and no creation rule says that it is meant. */
export function addedRecipients(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  const old = new Set(recipientsOf(before.metadata));
  const added = recipientsOf(after.metadata).filter((id) => !old.has(id));
  if (added.length === 0 || old.size === 0) return [];
  const message = `lets ${added.join(', ')} decrypt the file, and no creation rule of .sops.yaml says who may`;
  const help = `an approving review opens this; not meant? \`sops rotate -i\` ${shellWord(path)} without them`;
  return [sopsFinding('sops-recipients', after, ['sops'], message, help, { action: 'approve' })];
}

/** Somebody was taken off, but the data key is the old one: values that did not change were sealed with it. */
function removedRecipients(before: EncryptedFile, after: EncryptedFile, path: string): SecretFinding[] {
  const now = new Set(recipientsOf(after.metadata));
  const removed = recipientsOf(before.metadata).filter((id) => !now.has(id));
  if (removed.length === 0) return [];
  const old = byPath(before);
  const same = after.leaves.some(
    (leaf) => isEncryptedValue(leaf.value) && old.get(leaf.path.join('\n'))?.value === leaf.value,
  );
  if (!same) return [];
  const message = `removed ${removed.join(', ')} but the data key was not turned: who had it reads on`;
  const help = `\`sops rotate -i ${shellWord(path)}\`, and change the secrets that they have seen`;
  return [sopsFinding('sops-data-key', after, ['sops'], message, help)];
}
