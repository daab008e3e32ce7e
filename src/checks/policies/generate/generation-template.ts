import { parseAllDocuments } from 'yaml';
import type { JsonValue } from '../../../contract/index.js';
import { LIMITS } from '../../../contract/index.js';
import { type CelScope, evaluateCel } from '../cel/program.js';
import { CelError, fromCel } from '../cel/values.js';
import { emptyObject, isObject, type JsonObject, member, setMember, sizeOf, text } from '../values/json.js';

/**
 * The objects that the template of a GeneratingPolicy (`generate[].template`) makes: YAML documents, in which `(( ... ))` stands for
 * a CEL expression where `interpolate: cel` says so. Semantics: Kyverno's pkg/cel/policies/gpol/template.
 * @throws CelError, PolicyLimitError, MissingDataError
 */
export function renderTemplate(template: JsonValue, scope: CelScope): JsonObject[] {
  const source = text(member(template, 'value'));
  if (source.length > LIMITS.manifestBytes) throw new CelError('the template is too long');
  const documents = parseAllDocuments(source, { version: '1.1' });
  const objects: JsonObject[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [problem] = document.errors;
    if (problem !== undefined) throw new CelError(`the template does not parse: ${problem.message}`);
    const value = document.toJS({ maxAliasCount: 100 }) as JsonValue;
    if (value === null) continue;
    scope.context.budget.spend(sizeOf(value));
    const rendered = text(member(template, 'interpolate')) === 'cel' ? filled(value, scope) : value;
    if (!isObject(rendered)) throw new CelError('a document of the template is no object');
    objects.push(rendered);
  }
  return objects;
}

function filled(value: JsonValue, scope: CelScope): JsonValue {
  if (typeof value === 'string') return filledText(value, scope);
  if (Array.isArray(value)) return value.map((item) => filled(item, scope));
  if (!isObject(value)) return value;
  const result = emptyObject();
  for (const [key, item] of Object.entries(value)) {
    if (/(?<!\\)\(\(/.test(key)) throw new CelError(`placeholders are not supported in keys: ${key}`);
    setMember(result, key, filled(item, scope));
  }
  return result;
}

/** One placeholder alone is any value; among other text it is text. */
function filledText(source: string, scope: CelScope): JsonValue {
  const parts = partsOf(source);
  const [first] = parts;
  if (parts.length === 1 && typeof first === 'object')
    return fromCel(evaluateCel(first.expression, scope).value);
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = fromCel(evaluateCel(part.expression, scope).value);
      if (typeof value === 'object') throw new CelError(`(( ${part.expression} )) is no scalar`);
      return String(value);
    })
    .join('');
}

type Part = string | { expression: string };

function partsOf(source: string): Part[] {
  const parts: Part[] = [];
  let plain = '';
  let at = 0;
  while (at < source.length) {
    if (source.startsWith('\\((', at)) {
      plain += '((';
      at += 3;
    } else if (source.startsWith('((', at)) {
      const end = endOfPlaceholder(source, at + 2);
      const expression = source.slice(at + 2, end).trim();
      if (expression === '') throw new CelError('an empty placeholder in the template');
      if (plain !== '') parts.push(plain);
      parts.push({ expression });
      plain = '';
      at = end + 2;
    } else {
      plain += source.charAt(at);
      at += 1;
    }
  }
  if (plain !== '' || parts.length === 0) parts.push(plain);
  return parts;
}

/** Where `))` closes a placeholder; parentheses and texts of the expression are its own. */
function endOfPlaceholder(source: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') {
      if (depth === 0 && source.charAt(at + 1) === ')') return at;
      depth -= 1;
      if (depth < 0) break;
    }
  }
  throw new CelError('a placeholder of the template is not closed');
}
