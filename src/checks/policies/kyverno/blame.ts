import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { type Expression, parseExpression } from '../jmespath/interpreter.js';
import { JmesPathError } from '../jmespath/language.js';
import { isObject, member } from '../values/json.js';

/** The path of a part of an object by identity, or null; the parts that expressions give are the object's own. */
export function pathOfPart(root: JsonValue, part: JsonValue): FieldPath | null {
  if (typeof part !== 'object' || part === null) return null;
  if (root === part) return [];
  const stack: { value: JsonValue; path: FieldPath }[] = [{ value: root, path: [] }];
  for (let steps = 0; steps < 100_000; steps += 1) {
    const current = stack.pop();
    if (current === undefined) return null;
    const entries: [string | number, JsonValue][] = Array.isArray(current.value)
      ? current.value.map((item, index) => [index, item])
      : isObject(current.value)
        ? Object.entries(current.value)
        : [];
    for (const [key, value] of entries) {
      if (typeof value !== 'object' || value === null) continue;
      const path = [...current.path, key];
      if (value === part) return path;
      stack.push({ value, path });
    }
  }
  return null;
}

/**
 * The field that a condition looks at: the longest plain path below `request.object` or `element` that its key (else
 * its value) names. Null where it names none.
 */
export function fieldOfCondition(
  condition: JsonValue,
  resource: JsonValue,
  element: FieldPath | null,
): FieldPath | null {
  for (const side of ['key', 'value']) {
    const source = member(condition, side);
    if (typeof source !== 'string') continue;
    for (const match of source.matchAll(/\{\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}/g)) {
      const found = longestPath(match[1] ?? '', element);
      if (found !== null) return existing(resource, found);
    }
  }
  return element;
}

function longestPath(source: string, element: FieldPath | null): FieldPath | null {
  let parsed: Expression;
  try {
    parsed = parseExpression(source.trim());
  } catch (error) {
    if (error instanceof JmesPathError) return null;
    throw error;
  }
  let longest: FieldPath | null = null;
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const path = plainPath(node as Expression, element);
    if (path !== null && path.length > (longest?.length ?? -1)) longest = path;
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) child.forEach(visit);
      else visit(child);
    }
  };
  visit(parsed);
  return longest;
}

function plainPath(node: Expression, element: FieldPath | null): FieldPath | null {
  const chain = namesOf(node);
  if (chain === null) return null;
  if (chain[0] === 'request' && chain[1] === 'object') return chain.slice(2);
  return chain[0] === 'element' && element !== null ? [...element, ...chain.slice(1)] : null;
}

function namesOf(node: Expression): (string | number)[] | null {
  if (node.type === 'Field') return [node.name];
  if (node.type === 'Index') return [node.value];
  if (node.type !== 'Subexpression' && node.type !== 'IndexExpression') return null;
  const left = namesOf(node.left);
  const right = namesOf(node.right);
  if (left === null) return null;
  return right === null ? left : [...left, ...right];
}

/** The path as far as the object has it, and the first key beyond. */
function existing(resource: JsonValue, path: FieldPath): FieldPath {
  let current: JsonValue | undefined = resource;
  for (const [index, key] of path.entries()) {
    const next: JsonValue | undefined =
      Array.isArray(current) && typeof key === 'number' ? current[key] : member(current, String(key));
    if (next === undefined) return path.slice(0, index + 1);
    current = next;
  }
  return path;
}
