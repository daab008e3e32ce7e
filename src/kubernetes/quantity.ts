import type { JsonValue } from '../contract/index.js';

/** An exact quantity: numerator over denominator, both integers. */
export interface Quantity {
  numerator: bigint;
  denominator: bigint;
}

const BINARY = new Map(
  ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 10n * BigInt(index + 1)]),
);
const DECIMAL = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,4})|([KMGTPE]i|[numkMGTPE]))?$/;
const LONGEST = 64;

/**
 * Parses a Kubernetes quantity (`500m`, `1.5Gi`, `2e3`, 4). Null when it is none.
 * Source: k8s.io/apimachinery pkg/api/resource/quantity.go.
 */
export function parseQuantity(value: JsonValue | undefined): Quantity | null {
  if (!isQuantity(value)) return null;
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = FORM.exec(String(value)) ?? [];
  let numerator = BigInt(`${whole}${fraction}`);
  let denominator = 10n ** BigInt(fraction.length);
  const binary = BINARY.get(suffix);
  if (binary !== undefined) numerator *= 2n ** binary;
  else {
    const power = exponent === undefined ? (DECIMAL.get(suffix) ?? 0) : Number(exponent.slice(1));
    if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominator *= 10n ** BigInt(-power);
  }
  return { numerator: sign === '-' ? -numerator : numerator, denominator };
}

/** True for what parseQuantity reads. */
export function isQuantity(value: JsonValue | undefined): boolean {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > LONGEST) return false;
  const match = FORM.exec(text);
  return match !== null && ((match[2] ?? '') !== '' || (match[3] ?? '') !== '');
}

/** Negative, zero or positive as for Array.sort. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** True when both are quantities of the same amount: `1000m` and `1`. */
export function sameQuantity(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  return left !== null && right !== null && compareQuantities(left, right) === 0;
}
