import type { JsonValue } from '../../../contract/index.js';
import { goJson } from '../jmespath/standard.js';
import { emptyObject, isObject, setMember, sizeOf } from '../values/json.js';
import { PolicyError } from './errors.js';
import type { JsonContext } from './json-context.js';

/** `$(./../field)`, a reference to another field of the policy. */
const REFERENCE = /(^|[^\\])\$\([./]/;

/**
 * The next `{{ expression }}` that holds no other: the innermost are substituted first, so that what they give may be
 * part of an expression. An expression may hold one level of single braces (a multi-select hash).
 * Semantics: RegexVariables of Kyverno's pkg/engine/variables/regex.
 */
function findVariable(source: string, from: number): { start: number; end: number } | null {
  let start = source.indexOf('{{', from);
  while (start >= 0) {
    const escaped = start > 0 && source[start - 1] === '\\';
    const end = escaped ? null : endOfVariable(source, start + 2);
    if (end !== null) return { start, end };
    start = source.indexOf('{{', start + 1);
  }
  return null;
}

function endOfVariable(source: string, from: number): number | null {
  let depth = 0;
  for (let index = from; index < source.length; index += 1) {
    const character = source[index];
    if (character === '{') {
      if (depth === 1) return null;
      depth = 1;
    } else if (character === '}') {
      if (depth === 1) depth = 0;
      else return source[index + 1] === '}' ? index + 2 : null;
    }
  }
  return null;
}

/**
 * Replaces every `{{ expression }}` in the strings and keys of a document. A string that is one variable becomes the
 * value itself; elsewhere values are written as text (JSON for what is no string).
 * @throws what the expressions throw
 */
export function substitute(document: JsonValue, context: JsonContext): JsonValue {
  return isPlain(document) ? document : substituteAll(document, context);
}

/** Parts of policies that hold no variables; policies are not changed once they are loaded. */
const plainParts = new WeakMap<object, boolean>();

function isPlain(document: JsonValue): boolean {
  if (typeof document === 'string') return !document.includes('{{') && !REFERENCE.test(document);
  if (typeof document !== 'object' || document === null) return true;
  let plain = plainParts.get(document);
  if (plain === undefined) {
    plain = Array.isArray(document)
      ? document.every(isPlain)
      : Object.entries(document).every(([key, value]) => !key.includes('{{') && isPlain(value));
    plainParts.set(document, plain);
  }
  return plain;
}

function substituteAll(document: JsonValue, context: JsonContext): JsonValue {
  context.functions.budget.spend();
  if (typeof document === 'string') return substituteText(document, context);
  if (Array.isArray(document)) return document.map((item) => substitute(item, context));
  if (!isObject(document)) return document;
  const result = emptyObject();
  for (const [key, value] of Object.entries(document)) {
    const name = key.includes('{{') ? substituteText(key, context) : key;
    if (typeof name !== 'string') throw new PolicyError(`the key ${key} does not resolve to a string`);
    setMember(result, name, substitute(value, context));
  }
  return result;
}

function substituteText(source: string, context: JsonContext): JsonValue {
  if (REFERENCE.test(source))
    throw new PolicyError(`references to other fields are not evaluated: ${source}`);
  if (!source.includes('{{')) return source;
  let value = source;
  let from = 0;
  let rounds = 0;
  for (;;) {
    const found = findVariable(value, from);
    if (found === null) break;
    rounds += 1;
    if (rounds > 1_000) throw new PolicyError('more than 1,000 variables in one string');
    const expression = expressionOf(value.slice(found.start + 2, found.end - 2));
    const result = evaluateVariable(expression.text, context);
    if (found.start === 0 && found.end === value.length) return result;
    let text = typeof result === 'string' ? result : goJson(result);
    context.functions.budget.spend(sizeOf(result) + (value.length >> 3));
    if (value.length + text.length > 10_000_000) throw new PolicyError('a string grew beyond 10 MB');
    if (expression.shallow) text = text.replaceAll('{{', '\\{{');
    value = value.slice(0, found.start) + text + value.slice(found.end);
    // what was substituted may complete an enclosing variable or hold new ones
    from = expression.shallow ? found.start + text.length : 0;
  }
  return value.replaceAll('\\{{', '{{');
}

function expressionOf(source: string): { text: string; shallow: boolean } {
  const trimmed = source.trim();
  return trimmed.startsWith('-')
    ? { text: trimmed.slice(1).trim(), shallow: true }
    : { text: trimmed, shallow: false };
}

function evaluateVariable(expression: string, context: JsonContext): JsonValue {
  let text = expression;
  if (context.query('request.operation') === 'DELETE') {
    text = text.replaceAll('request.object', 'request.oldObject');
  }
  return context.query(text);
}
