import type { JsonValue } from '../contract/index.js';
import { isRecord } from './identity.js';

/** True when every label of the map selector is there with its value; an empty selector matches all. */
export function matchesLabels(
  selector: { [key: string]: JsonValue },
  labels: { [key: string]: JsonValue },
): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

/**
 * Evaluates a LabelSelector (matchLabels and matchExpressions with In, NotIn, Exists, DoesNotExist). An empty selector
 * matches everything; an operator that does not exist matches nothing.
 * Source: k8s.io/apimachinery pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector.
 */
export function matchesSelector(
  selector: JsonValue | undefined,
  labels: { [key: string]: JsonValue },
): boolean {
  if (!isRecord(selector)) return false;
  const wanted = selector.matchLabels;
  if (isRecord(wanted) && !matchesLabels(wanted, labels)) return false;
  const expressions = selector.matchExpressions;
  return (
    !Array.isArray(expressions) || expressions.every((expression) => matchesExpression(expression, labels))
  );
}

function matchesExpression(expression: JsonValue, labels: { [key: string]: JsonValue }): boolean {
  if (!isRecord(expression) || typeof expression.key !== 'string') return false;
  const key = expression.key;
  const values = Array.isArray(expression.values) ? expression.values : [];
  const there = Object.hasOwn(labels, key);
  const value = labels[key];
  switch (expression.operator) {
    case 'In':
      return there && values.some((wanted) => wanted === value);
    case 'NotIn':
      return !there || !values.some((wanted) => wanted === value);
    case 'Exists':
      return there;
    case 'DoesNotExist':
      return !there;
    default:
      return false;
  }
}
