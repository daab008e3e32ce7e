import type { JsonValue } from '../../../contract/index.js';
import { list, member, text, textMap, texts } from '../values/json.js';
import { hasWildcard, wildcardMatch } from '../values/wildcard.js';

/**
 * True when labels satisfy a LabelSelector whose matchLabels may hold Kyverno's globs.
 * Semantics: pkg/utils/match/labels.go and apimachinery's LabelSelectorAsSelector.
 */
export function selectorMatches(selector: JsonValue, labels: ReadonlyMap<string, string>): boolean {
  for (const [key, wanted] of textMap(member(selector, 'matchLabels'))) {
    const found =
      hasWildcard(key) || hasWildcard(wanted)
        ? [...labels].some(([name, value]) => wildcardMatch(key, name) && wildcardMatch(wanted, value))
        : labels.get(key) === wanted;
    if (!found) return false;
  }
  return list(member(selector, 'matchExpressions')).every((expression) => {
    const actual = labels.get(text(member(expression, 'key')));
    const values = texts(member(expression, 'values'));
    switch (text(member(expression, 'operator'))) {
      case 'In':
        return actual !== undefined && values.includes(actual);
      case 'NotIn':
        return actual === undefined || !values.includes(actual);
      case 'Exists':
        return actual !== undefined;
      case 'DoesNotExist':
        return actual === undefined;
      default:
        return false;
    }
  });
}
