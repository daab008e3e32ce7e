import type { FieldChange, JsonValue } from '../contract/index.js';
import { clip, visible } from './visible.js';

/** A field's value in one line. Null means the field was absent. */
export function fieldValue(value: JsonValue, max = 80): string {
  if (value === null) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return clip(visible(text), max);
}

/** `spec.replicas 3 → 0`; added and removed fields say so. */
export function fieldChange(field: FieldChange, max = 80): string {
  const path = clip(visible(field.path), 160);
  if (field.from === null) return `${path} added: ${fieldValue(field.to, max)}`;
  if (field.to === null) return `${path} removed: ${fieldValue(field.from, max)}`;
  return `${path} ${fieldValue(field.from, max)} → ${fieldValue(field.to, max)}`;
}
