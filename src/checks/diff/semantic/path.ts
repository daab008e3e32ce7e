import type { JsonValue } from '../../../contract/index.js';

/**
 * One step into an object: a key of a map, an index of an atomic list, the keys of an item in a keyed list, a value
 * of a set, or the order of a keyed list's items.
 */
export type PathStep =
  | string
  | { index: number }
  | { keys: readonly (readonly [string, JsonValue])[] }
  | { member: JsonValue }
  | { order: true };

export type ChangePath = readonly PathStep[];

/** One difference. `from` is undefined where the field was absent, `to` where it is gone. */
export interface FieldDifference {
  path: ChangePath;
  from: JsonValue | undefined;
  to: JsonValue | undefined;
}

/**
 * A path as people write it: `spec.template.spec.containers[name=app].image`, `spec.rules[0].verbs`,
 * `metadata.annotations["example.com/a"]`, `metadata.finalizers[=x]`, `spec.initContainers[order]`.
 */
export function formatChangePath(path: ChangePath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'string') {
      if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`;
      else text += `[${JSON.stringify(step)}]`;
    } else if ('index' in step) text += `[${step.index}]`;
    else if ('keys' in step)
      text += `[${step.keys.map(([key, value]) => `${key}=${shown(value)}`).join(',')}]`;
    else if ('member' in step) text += `[=${shown(step.member)}]`;
    else text += '[order]';
  }
  return text;
}

function shown(value: JsonValue): string {
  return typeof value === 'string' && /^[^\s,\]="]+$/.test(value) ? value : JSON.stringify(value);
}

/** The names along a path, without indexes and keys: `spec.template.spec.containers.image`. For rules to match on. */
export function namesOf(path: ChangePath): string[] {
  return path.filter((step): step is string => typeof step === 'string');
}

/** True when the names of the path start with these, or lead to them: a change of all of spec touches each field. */
export function startsWithNames(path: ChangePath, ...names: readonly string[]): boolean {
  const found = namesOf(path);
  return names.every((name, index) => index >= found.length || found[index] === name);
}
