import type { JsonValue } from '../../../contract/index.js';
import { formatDuration, parseDuration } from '../values/duration.js';
import { formatQuantity, parseQuantity, type QuantityValue, quantityToNumber } from '../values/quantity.js';
import { Args, type JmesFunction } from './arguments.js';

/** Numbers, quantities and durations that Kyverno's arithmetic takes. */
type Operand =
  | { kind: 'scalar'; value: number }
  | { kind: 'quantity'; value: QuantityValue }
  | { kind: 'duration'; value: number };

const NANO = 1_000_000_000n;

function operand(args: Args, value: JsonValue): Operand {
  if (typeof value === 'number') return { kind: 'scalar', value };
  if (typeof value === 'string') {
    const quantity = parseQuantity(value);
    if (quantity !== null) return { kind: 'quantity', value: quantity };
    const duration = parseDuration(value);
    if (duration !== null) return { kind: 'duration', value: duration };
  }
  return args.error('invalid operand');
}

function mismatch(args: Args): never {
  return args.error('types mismatch');
}

function sum(args: Args, a: Operand, b: Operand, sign: 1 | -1): JsonValue {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.value + sign * b.value;
  if (a.kind === 'duration' && b.kind === 'duration') return formatDuration(a.value + sign * b.value);
  if (a.kind === 'quantity' && b.kind === 'quantity') {
    return formatQuantity({ nano: a.value.nano + BigInt(sign) * b.value.nano, format: a.value.format });
  }
  return mismatch(args);
}

/** A float as a fraction of whole numbers. */
function fraction(value: number): { numerator: bigint; denominator: bigint } {
  const scaled = parseQuantity(value.toFixed(9));
  return { numerator: scaled?.nano ?? 0n, denominator: NANO };
}

function multiply(args: Args, a: Operand, b: Operand): JsonValue {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.value * b.value;
  if (a.kind === 'scalar') return b.kind === 'scalar' ? a.value * b.value : multiply(args, b, a);
  if (b.kind !== 'scalar') return mismatch(args);
  if (a.kind === 'duration') return formatDuration(Math.trunc(a.value * b.value));
  const factor = fraction(b.value);
  return formatQuantity({
    nano: (a.value.nano * factor.numerator) / factor.denominator,
    format: a.value.format,
  });
}

function divide(args: Args, a: Operand, b: Operand): JsonValue {
  const zero = b.kind === 'quantity' ? b.value.nano === 0n : b.value === 0;
  if (a.kind === 'scalar' && b.kind !== 'scalar') return mismatch(args);
  if (zero) return args.error('Zero divisor passed');
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.value / b.value;
  if (a.kind === 'quantity' && b.kind === 'quantity')
    return quantityToNumber(a.value) / quantityToNumber(b.value);
  if (a.kind === 'duration' && b.kind === 'duration') return a.value / b.value;
  if (b.kind !== 'scalar') return mismatch(args);
  if (a.kind === 'duration') return formatDuration(Math.trunc(a.value / b.value));
  if (a.kind !== 'quantity') return mismatch(args);
  const factor = fraction(b.value);
  const nano = (a.value.nano * factor.denominator) / factor.numerator;
  const whole = a.value.nano % NANO === 0n && Number.isInteger(b.value);
  return formatQuantity({ nano: whole ? (nano / NANO) * NANO : nano, format: a.value.format });
}

function modulo(args: Args, a: Operand, b: Operand): JsonValue {
  if (a.kind === 'duration' && b.kind === 'duration') {
    return b.value === 0 ? args.error('Zero divisor passed') : formatDuration(a.value % b.value);
  }
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    if (!Number.isInteger(a.value) || !Number.isInteger(b.value))
      return args.error('Non-integer argument(s)');
    return b.value === 0 ? args.error('Zero divisor passed') : a.value % b.value;
  }
  if (a.kind === 'quantity' && b.kind === 'quantity') {
    if (a.value.nano % NANO !== 0n || b.value.nano % NANO !== 0n)
      return args.error('Non-integer argument(s)');
    if (b.value.nano === 0n) return args.error('Zero divisor passed');
    return formatQuantity({ nano: a.value.nano % b.value.nano, format: a.value.format });
  }
  return mismatch(args);
}

function binary(name: string, compute: (args: Args, a: Operand, b: Operand) => JsonValue): JmesFunction {
  return (list) => {
    const args = new Args(name, list, 2);
    return compute(args, operand(args, args.any(0)), operand(args, args.any(1)));
  };
}

/** Kyverno's arithmetic on numbers, quantities and durations (pkg/engine/jmespath/arithmetic.go). */
export const arithmeticFunctions: Readonly<Record<string, JmesFunction>> = {
  add: binary('add', (args, a, b) => sum(args, a, b, 1)),
  subtract: binary('subtract', (args, a, b) => sum(args, a, b, -1)),
  multiply: binary('multiply', multiply),
  divide: binary('divide', divide),
  modulo: binary('modulo', modulo),
  sum: (list, { budget }) => {
    const args = new Args('sum', list, 1);
    const items = args.array(0);
    budget.spend(items.length);
    const [first, ...rest] = items;
    if (first === undefined) return args.error('at least one element in the array is required');
    return rest.reduce<JsonValue>(
      (total, item) => sum(args, operand(args, total), operand(args, item), 1),
      first,
    );
  },
  round: (list) => {
    const args = new Args('round', list, 2);
    const digits = args.number(1);
    if (!Number.isInteger(digits)) return args.error('Non-integer argument(s)');
    if (digits < 0 || digits > 15) return args.error('argument out of bounds');
    const shift = 10 ** digits;
    const value = args.number(0) * shift;
    return (Math.sign(value) * Math.round(Math.abs(value))) / shift;
  },
};
