import type { JsonValue, Redactor } from '../../../contract/index.js';
import { isRecord, type KubernetesObject, setOwn } from '../../../kubernetes/index.js';

/** All that is ever shown of a Secret's value. */
export const CHANGED = '(changed)';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** True for core Secrets, whatever version is written. */
export function isSecret(object: KubernetesObject): boolean {
  return (
    object.kind === 'Secret' && typeof object.apiVersion === 'string' && !object.apiVersion.includes('/')
  );
}

/**
 * Registers every value of a Secret with the redactor: data decoded (and as written), stringData, and the copies in
 * kubectl's last-applied annotation.
 */
export function registerSecret(object: KubernetesObject, redactor: Pick<Redactor, 'add'>): void {
  register(object, redactor);
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
  const applied = annotations[LAST_APPLIED];
  if (typeof applied !== 'string') return;
  const copy = parseJson(applied);
  if (isRecord(copy)) register(copy, redactor);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const PLAIN_FIELDS = new Set(['metadata', 'status']);

function register(object: { [key: string]: JsonValue }, redactor: Pick<Redactor, 'add'>): void {
  for (const [field, map] of Object.entries(object)) {
    // A misspelt field (`dataString`) holds secrets too.
    if (PLAIN_FIELDS.has(field) || !isRecord(map)) continue;
    for (const value of Object.values(map)) {
      if (typeof value !== 'string') continue;
      redactor.add(value);
      if (field !== 'stringData' && isBase64(value)) redactor.add(Buffer.from(value, 'base64'));
    }
  }
}

function isBase64(value: string): boolean {
  // blanks at the end apart: matched by two parts of one expression they would be tried in every way
  return /^[A-Za-z0-9+/\s]*={0,2}$/.test(value.trimEnd());
}

/**
 * The Secret as the API server stores it: stringData written over data, values as base64 without white space. The
 * values are still there: they are compared, and masked when shown.
 */
export function storedSecret(object: KubernetesObject): KubernetesObject {
  const data: { [key: string]: JsonValue } = {};
  if (isRecord(object.data)) {
    for (const [key, value] of Object.entries(object.data)) {
      setOwn(data, key, typeof value === 'string' ? value.replace(/\s/g, '') : value);
    }
  }
  if (isRecord(object.stringData)) {
    for (const [key, value] of Object.entries(object.stringData)) {
      setOwn(data, key, typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value);
    }
  }
  const stored: KubernetesObject = Object.fromEntries(
    Object.entries(object).filter(
      ([key, value]) => !((key === 'data' || key === 'stringData') && isRecord(value)),
    ),
  );
  if (Object.keys(data).length > 0) stored.data = data;
  return stored;
}
