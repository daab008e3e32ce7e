import { type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { GenerationFailed } from './appset-templates.js';
import { stringMap } from './kinds.js';

/** A label's key: a name, with a domain in front of it or not (apimachinery validation IsQualifiedName). */
const LABEL_KEY =
  /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** @throws GenerationFailed for a selector that Argo CD would not take (applicationset/utils LabelSelectorAsSelector) */
export function checkSelector(selector: JsonMap): void {
  const expressions = list(selector, 'matchExpressions');
  const keys = [
    ...stringMap(selector, 'matchLabels').keys(),
    ...expressions.map((expression) => text(expression, 'key') ?? ''),
  ];
  if (keys.some((key) => !LABEL_KEY.test(key)))
    throw new GenerationFailed('a selector has a key that is none');
  for (const expression of expressions) {
    const operator = text(expression, 'operator') ?? '';
    if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) {
      throw new GenerationFailed('a selector has an operator that does not exist');
    }
    if (operator.endsWith('In') !== strings(expression, 'values').length > 0) {
      throw new GenerationFailed(`a selector's ${operator} has too few or too many values`);
    }
  }
}

/** A label selector over flat values (Argo CD's own, which allows any characters in values). */
export function matchesSelector(selector: JsonMap, values: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of stringMap(selector, 'matchLabels')) if (values.get(key) !== value) return false;
  return list(selector, 'matchExpressions').every((expression) => {
    const value = values.get(text(expression, 'key') ?? '');
    const wanted = strings(expression, 'values');
    switch (text(expression, 'operator')) {
      case 'In':
        return value !== undefined && wanted.includes(value);
      case 'NotIn':
        return value === undefined || !wanted.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        throw new GenerationFailed('a selector has an operator that does not exist');
    }
  });
}
