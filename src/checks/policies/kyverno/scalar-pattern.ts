import type { JsonValue } from '../../../contract/index.js';
import { parseDuration } from '../values/duration.js';
import { isObject } from '../values/json.js';
import { compareQuantities, parseQuantity } from '../values/quantity.js';
import { wildcardMatch } from '../values/wildcard.js';

export type Operator = '' | '>=' | '<=' | '>' | '<' | '!' | '-' | '!-';

const NUMBER = '[-|+]?\\d+(?:\\.\\d+)?[A-Za-z]*';
const IN_RANGE = new RegExp(`^(${NUMBER})-(${NUMBER})$`);
const NOT_IN_RANGE = new RegExp(`^(${NUMBER})!-(${NUMBER})$`);

/** The operator that a string pattern starts with (or that a range is). */
export function operatorOf(pattern: string): Operator {
  if (pattern.length < 2) return '';
  if (pattern.startsWith('>=')) return '>=';
  if (pattern.startsWith('<=')) return '<=';
  if (pattern.startsWith('>')) return '>';
  if (pattern.startsWith('<')) return '<';
  if (pattern.startsWith('!')) return '!';
  if (pattern.length > 200) return '';
  if (NOT_IN_RANGE.test(pattern)) return '!-';
  return IN_RANGE.test(pattern) ? '-' : '';
}

/**
 * True when a scalar satisfies a pattern's leaf: `?*`, `!x`, `a | b`, `>=1 & <5`, `10-20`, quantities and durations.
 * Semantics: Kyverno's pkg/engine/pattern.
 */
export function scalarMatches(value: JsonValue, pattern: JsonValue): boolean {
  if (pattern === null) return isZero(value);
  if (typeof pattern === 'boolean') return value === pattern;
  if (typeof pattern === 'number') return numberMatches(value, pattern);
  if (typeof pattern === 'string') return stringMatches(value, pattern);
  return isObject(pattern) && isObject(value);
}

function isZero(value: JsonValue): boolean {
  return value === null || value === 0 || value === '' || value === false;
}

function numberMatches(value: JsonValue, pattern: number): boolean {
  if (typeof value === 'number') return value === pattern;
  if (typeof value !== 'string') return false;
  const shape = Number.isInteger(pattern) ? /^[+-]?\d+$/ : /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
  return shape.test(value) && Number(value) === pattern;
}

function stringMatches(value: JsonValue, pattern: string): boolean {
  if (value === pattern) return true;
  return pattern.split('|').some((alternative) =>
    trimSpaces(alternative)
      .split('&')
      .every((condition) => conditionMatches(value, trimSpaces(condition))),
  );
}

function trimSpaces(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '');
}

function conditionMatches(value: JsonValue, pattern: string): boolean {
  const operator = operatorOf(pattern);
  if (operator === '-') {
    const match = IN_RANGE.exec(pattern);
    return (
      match !== null && conditionMatches(value, `>= ${match[1]}`) && conditionMatches(value, `<= ${match[2]}`)
    );
  }
  if (operator === '!-') {
    const match = NOT_IN_RANGE.exec(pattern);
    return (
      match !== null && (conditionMatches(value, `< ${match[1]}`) || conditionMatches(value, `> ${match[2]}`))
    );
  }
  return operandMatches(value, pattern.slice(operator.length).trim(), operator);
}

function operandMatches(value: JsonValue, operand: string, operator: Operator): boolean {
  const comparable = asText(value);
  if (comparable !== null) {
    const duration = parseDuration(operand);
    const actual = duration === null ? null : parseDuration(comparable);
    if (duration !== null && actual !== null) return holds(operator, Math.sign(actual - duration));
    const quantity = parseQuantity(operand);
    const amount = quantity === null ? null : parseQuantity(comparable);
    if (quantity !== null && amount !== null) return holds(operator, compareQuantities(amount, quantity));
  }
  if (operator !== '' && operator !== '!') return false;
  if (value === null || typeof value === 'object') return false;
  const matched = wildcardMatch(operand, typeof value === 'number' ? numberText(value) : String(value));
  return operator === '!' ? !matched : matched;
}

/** A number as globs see it: a whole one in digits, another as Go's format 'E' has it (`2.25E+00`). */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return value.toExponential().replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => {
    return `E${sign}${digits.padStart(2, '0')}`;
  });
}

/** A number or string as text; null counts as 0; others have none. */
function asText(value: JsonValue): string | null {
  if (value === null) return '0';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return null;
  return Number.isInteger(value) ? String(value) : value.toFixed(6);
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '!':
      return order !== 0;
    default:
      return order === 0;
  }
}
