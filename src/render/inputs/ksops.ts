import { createHash } from 'node:crypto';
import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { type InputSet, Unresolved } from './input-set.js';
import { field, isMap, type JsonMap, strings, text } from './json-shape.js';
import type { TreeView } from './tree-view.js';

/** True for a KSOPS generator (viaduct-ai/kustomize-sops): it decrypts the Secrets in its files. */
export function isKsops(document: JsonValue): document is JsonMap {
  return (
    isMap(document) &&
    text(document, 'kind') === 'ksops' &&
    (text(document, 'apiVersion') ?? '').startsWith('viaduct.ai/')
  );
}

/** Adds the files that a KSOPS generator decrypts. @throws Unresolved for the forms that the gate does not know */
export function addKsopsFiles(files: InputSet, folder: string, generator: JsonMap): void {
  if (field(generator, 'secretFrom') !== undefined) {
    throw new Unresolved(
      'a KSOPS generator makes Secrets of encrypted files (secretFrom), which the gate does not know',
    );
  }
  for (const path of strings(generator, 'files')) {
    if (files.add(folder, path).kind !== 'file')
      throw new Unresolved(`a KSOPS generator reads ${path}, which does not exist`);
  }
}

/**
 * What stands for a KSOPS generator where nothing is decrypted: kustomize's own generators of the same Secrets, each
 * value a token made of its ciphertext. So a value that is encrypted anew is seen to change, and none is known.
 */
export async function ksopsStandIns(view: TreeView, folder: string, generator: JsonMap): Promise<JsonMap[]> {
  const standIns: JsonMap[] = [];
  for (const path of strings(generator, 'files')) {
    const real = view.resolve(folder, path);
    if (real.kind !== 'file') throw new Unresolved(`a KSOPS generator reads ${path}, which does not exist`);
    const { documents, problems } = loadYaml(await view.read(real.path), real.path);
    const fatal = problems.find((problem) => problem.fatal);
    if (fatal !== undefined) throw new Unresolved(`${real.path}:${fatal.line}: ${fatal.message}`);
    for (const { value } of documents) {
      if (!isMap(value) || text(value, 'kind') !== 'Secret') {
        throw new Unresolved(`${real.path} is decrypted by KSOPS and is no Secret`);
      }
      standIns.push(secretGenerator(value));
    }
  }
  return standIns;
}

function secretGenerator(secret: JsonMap): JsonMap {
  const literals: string[] = [];
  for (const name of ['data', 'stringData']) {
    const values = field(secret, name);
    if (!isMap(values)) continue;
    for (const [key, value] of Object.entries(values)) {
      const digest = createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
      literals.push(`${key}=unknown-${digest}`);
    }
  }
  const metadata: JsonMap = { name: text(secret, 'metadata', 'name') ?? '' };
  const namespace = text(secret, 'metadata', 'namespace');
  if (namespace !== null) metadata.namespace = namespace;
  const options: JsonMap = { disableNameSuffixHash: true };
  for (const name of ['labels', 'annotations']) {
    const own = field(secret, 'metadata', name);
    if (isMap(own)) options[name] = own;
  }
  const type = text(secret, 'type');
  return {
    apiVersion: 'builtin',
    kind: 'SecretGenerator',
    metadata,
    literals,
    options,
    ...(type === null ? {} : { type }),
  };
}
