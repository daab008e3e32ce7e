import { createHash } from 'node:crypto';
import type { FieldChange, JsonValue } from '../../../contract/index.js';
import { type FieldDifference, formatChangePath, namesOf } from './path.js';
import { CHANGED } from './secret-values.js';
import { isText, textHunks } from './text-lines.js';

/**
 * The differences of one object as the report carries them. Values of Secrets are masked, texts are told by lines:
 * `data["app.conf"]@12` with the lines that go and come.
 */
export function fieldChanges(differences: readonly FieldDifference[], secret: boolean): FieldChange[] {
  return differences.flatMap((difference) => {
    if (secret && isSecretValue(difference)) return [masked(difference)];
    const path = formatChangePath(difference.path);
    const { from, to } = difference;
    if (isText(from) || isText(to)) {
      const hunks = typeof from === 'string' && typeof to === 'string' ? textHunks(from, to) : null;
      if (hunks !== null && hunks.length > 0) {
        return hunks.map(({ line, removed, added }) => ({
          path: `${path}@${line}`,
          from: removed.length === 0 ? null : removed.join('\n'),
          to: added.length === 0 ? null : added.join('\n'),
        }));
      }
    }
    return [{ path, from: clipped(from), to: clipped(to) }];
  });
}

/** Larger values are told by size and digest: a report of them helps nobody, but an approval must still be bound to them. */
const LARGEST_VALUE = 20_000;

function clipped(value: JsonValue | undefined): JsonValue {
  if (value === undefined) return null;
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= LARGEST_VALUE) return value;
  return `(${text.length} characters, sha256:${createHash('sha256').update(text).digest('hex')})`;
}

const SHOWN_OF_SECRETS = new Set(['apiVersion', 'kind', 'type', 'immutable']);

/** Of a Secret only its type and metadata are shown; annotations may repeat values, and a field may be misspelt. */
function isSecretValue({ path }: FieldDifference): boolean {
  const [first, second] = namesOf(path);
  if (first === 'metadata') return second === undefined || second === 'annotations';
  return first === undefined || !SHOWN_OF_SECRETS.has(first);
}

function masked({ path, from, to }: FieldDifference): FieldChange {
  const mask = (value: JsonValue | undefined): JsonValue => (value === undefined ? null : CHANGED);
  return { path: formatChangePath(path), from: mask(from), to: mask(to) };
}
