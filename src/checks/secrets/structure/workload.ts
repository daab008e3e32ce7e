import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath, Manifest } from '../../../kubernetes/index.js';
import type { Field } from './field.js';
import { asObject, asText } from './secret-object.js';

/**
 * Values of environment variables and command lines anywhere in an object: found by shape (`env: [{name, value}]`,
 * `args: [...]`), so that pod templates of custom kinds and Helm values count as well.
 */
export function workloadFields(value: JsonValue, object: Manifest['ref'] | null): Field[] {
  const fields: Field[] = [];
  walk(value, [], (node, path) => {
    const base = { object, type: '', binary: null };
    if (Array.isArray(node)) {
      const name = path[path.length - 1];
      if (name === 'args' || name === 'command' || name === 'extraArgs')
        fields.push(...argumentFields(node, path, base));
      return;
    }
    const name = asText(node.name);
    // `string`: parameters of Argo CD's plugins.
    const key = node.value === undefined && typeof node.string === 'string' ? 'string' : 'value';
    const text = asText(node[key]);
    if (name !== null && text !== null && text !== '' && typeof path[path.length - 1] === 'number') {
      fields.push({ ...base, context: 'env', name, value: text, path: [...path, key] });
    }
  });
  return fields;
}

/** `--password=x`, `--password x` and `sh -c` lines (the last are read by the text rules). */
function argumentFields(
  list: readonly JsonValue[],
  path: FieldPath,
  base: Pick<Field, 'object' | 'type' | 'binary'>,
): Field[] {
  const fields: Field[] = [];
  list.forEach((item, index) => {
    if (typeof item !== 'string') return;
    const joined = /^(--?[A-Za-z][\w.-]*)=(.+)$/s.exec(item);
    if (joined !== null) {
      const [, name = '', value = ''] = joined;
      fields.push({ ...base, context: 'argument', name, value, path: [...path, index] });
      return;
    }
    const next = list[index + 1];
    if (/^--?[A-Za-z][\w.-]*$/.test(item) && typeof next === 'string' && !next.startsWith('-')) {
      fields.push({ ...base, context: 'argument', name: item, value: next, path: [...path, index + 1] });
    }
  });
  return fields;
}

/**
 * Calls `visit` for every mapping and list of a document, from the outside in. The path is one list that is added to
 * and cut back on the way: whoever keeps it must copy it.
 */
export function walk(
  value: JsonValue,
  path: FieldPath,
  visit: (node: JsonValue[] | { [key: string]: JsonValue }, path: FieldPath) => void,
): void {
  const at = [...path];
  const step = (inner: JsonValue, key: string | number): void => {
    if (inner === null || typeof inner !== 'object') return;
    at.push(key);
    from(inner);
    at.pop();
  };
  const from = (node: JsonValue): void => {
    if (Array.isArray(node)) {
      visit(node, at);
      node.forEach(step);
      return;
    }
    const object = asObject(node);
    if (object === null) return;
    visit(object, at);
    for (const key of Object.keys(object)) step(object[key] as JsonValue, key);
  };
  from(value);
}
