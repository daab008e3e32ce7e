import { stringify } from 'yaml';
import { type JsonValue, Redactor } from '../contract/index.js';
import type { KubernetesObject, Manifest } from '../kubernetes/index.js';

const MASK = '(not shown)';
/** kubectl keeps a copy of the whole object, Secrets included, in this annotation. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Rendered objects as people may see them: the values of Secrets are masked where they stand, and wherever else in
 * the output the same values stand.
 */
export function shownObjects(manifests: readonly Manifest[]): KubernetesObject[] {
  const redactor = new Redactor();
  const masked = manifests.map(({ object }) =>
    object.kind === 'Secret' ? maskSecret(object, redactor) : object,
  );
  return masked.map((object) => redactor.redactDeep(object));
}

/** Objects as one YAML stream, read back by kubectl as what they were. */
export function yamlStream(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${stringify(object, { version: '1.1', lineWidth: 0 })}`).join('');
}

function maskSecret(secret: KubernetesObject, redactor: Redactor): KubernetesObject {
  const shown: KubernetesObject = { ...secret };
  for (const key of ['data', 'stringData']) {
    const values = secret[key];
    if (!isMap(values)) continue;
    for (const value of Object.values(values)) register(value, key === 'data', redactor);
    shown[key] = Object.fromEntries(Object.keys(values).map((name) => [name, MASK]));
  }
  if (isMap(secret.metadata) && isMap(secret.metadata.annotations)) {
    const annotations = { ...secret.metadata.annotations };
    if (Object.hasOwn(annotations, LAST_APPLIED)) annotations[LAST_APPLIED] = MASK;
    shown.metadata = { ...secret.metadata, annotations };
  }
  return shown;
}

function register(value: JsonValue, encoded: boolean, redactor: Redactor): void {
  if (typeof value !== 'string') return;
  redactor.add(value);
  if (encoded) redactor.add(Buffer.from(value, 'base64'));
}

function isMap(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
