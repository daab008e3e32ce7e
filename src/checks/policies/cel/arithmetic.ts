import { joinedLists } from './typed-collections.js';
import { CelError, type CelValue, Duration, Timestamp, typeOf, Uint } from './values.js';

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;
const LONGEST = 10_000_000;

function int(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw new CelError('integer overflow');
  return value;
}

function uint(value: bigint): Uint {
  if (value > MAX_UINT || value < 0n) throw new CelError('unsigned integer overflow');
  return new Uint(value);
}

function overload(op: string, left: CelValue, right: CelValue): never {
  throw new CelError(`no such overload: ${typeOf(left)} ${op} ${typeOf(right)}`);
}

/** `-x`. @throws CelError */
export function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  if (value instanceof Duration) return new Duration(-value.nanoseconds);
  throw new CelError(`no such overload: -${typeOf(value)}`);
}

/** `+ - * / %` of CEL: both sides of one type, checked for overflow. @throws CelError */
export function arithmetic(op: string, left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return int(integers(op, left, right));
  if (left instanceof Uint && right instanceof Uint) return uint(integers(op, left.value, right.value));
  if (typeof left === 'number' && typeof right === 'number') return doubles(op, left, right);
  // values that came from JSON as whole numbers are ints though they stand for doubles
  if (typeof left === 'number' && typeof right === 'bigint') return doubles(op, left, Number(right));
  if (typeof left === 'bigint' && typeof right === 'number') return doubles(op, Number(left), right);
  if (op === '+') return sum(left, right);
  if (op === '-') return difference(left, right);
  return overload(op, left, right);
}

function integers(op: string, a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0n) throw new CelError(op === '/' ? 'division by zero' : 'modulus by zero');
      return op === '/' ? a / b : a % b;
  }
}

function doubles(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return overload(op, a, b);
  }
}

function sum(left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length + right.length > LONGEST) throw new CelError('string longer than 10 MB');
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) return joinedLists(left, right) ?? [...left, ...right];
  if (left instanceof Uint8Array && right instanceof Uint8Array) return new Uint8Array([...left, ...right]);
  if (left instanceof Duration && right instanceof Duration)
    return new Duration(left.nanoseconds + right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Duration) return shift(left, right.nanoseconds);
  if (left instanceof Duration && right instanceof Timestamp) return shift(right, left.nanoseconds);
  return overload('+', left, right);
}

function difference(left: CelValue, right: CelValue): CelValue {
  if (left instanceof Duration && right instanceof Duration)
    return new Duration(left.nanoseconds - right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Duration) return shift(left, -right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Timestamp) {
    return new Duration((left.ms - right.ms) * 1e6 + (left.nanos - right.nanos));
  }
  return overload('-', left, right);
}

function shift(time: Timestamp, nanoseconds: number): Timestamp {
  const total = time.nanos + nanoseconds;
  const ms = Math.floor(total / 1e6);
  return new Timestamp(time.ms + ms, total - ms * 1e6);
}
