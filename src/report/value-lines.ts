import { stringify } from 'yaml';
import type { FieldChange, JsonValue } from '../contract/index.js';
import { clip, visible } from './visible.js';

const MOST_CHARACTERS = 400;

/** A value as people write it: one line for what is simple, lines of YAML for maps and lists. */
export function valueLines(value: JsonValue): string[] {
  if (value === null) return [];
  if (value === '') return ['""'];
  if (typeof value === 'string') return [shown(value)];
  if (typeof value !== 'object') return [JSON.stringify(value)];
  const empty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
  if (empty) return [Array.isArray(value) ? '[]' : '{}'];
  return yamlLines(value);
}

/** The fields of a new object as one would write them. */
export function createdLines(fields: readonly FieldChange[]): string[] {
  return fields.flatMap(({ path, to }) => {
    // Texts are told by lines: `data["a.conf"]@1`.
    if (typeof to !== 'object' || to === null) return [`${shown(path)}: ${valueLines(to).join(' ')}`];
    const lines = valueLines(to);
    return lines.length === 1 && /^[[{]/.test(lines[0] ?? '')
      ? [`${shown(path)}: ${lines[0]}`]
      : [`${shown(path)}:`, ...lines.map((line) => `  ${line}`)];
  });
}

function yamlLines(value: JsonValue): string[] {
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return text.replace(/\n$/, '').split('\n').map(shown);
}

function shown(line: string): string {
  return clip(visible(line), MOST_CHARACTERS);
}
