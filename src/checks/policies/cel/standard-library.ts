import { parseDuration } from '../values/duration.js';
import { parseGoTime, RFC3339 } from '../values/go-time.js';
import { RegexError, regexFind, regexFindAll, regexMatches } from '../values/regex.js';
import { instanceAt, intAt, overload, stringAt } from './arguments.js';
import { formatValue } from './format.js';
import type { CelContext, CelFunction, Library } from './language.js';
import { CelError, type CelValue, Duration, Optional, Timestamp, TypeValue, typeOf, Uint } from './values.js';

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);

function checkedInt(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw new CelError('integer overflow');
  return value;
}

function toInt(args: readonly CelValue[]): bigint {
  const [value] = args;
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return checkedInt(value.value);
  if (typeof value === 'number' && Number.isFinite(value)) return checkedInt(BigInt(Math.trunc(value)));
  if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value))
    return checkedInt(BigInt(value.replace(/^\+/, '')));
  if (value instanceof Timestamp) return BigInt(Math.floor(value.ms / 1000));
  if (value instanceof Duration) return BigInt(Math.trunc(value.nanoseconds));
  if (typeof value === 'string') throw new CelError('cannot convert the string to int');
  return overload('int', args);
}

function toUint(args: readonly CelValue[]): Uint {
  const [value] = args;
  if (value instanceof Uint) return value;
  const whole = toInt(args);
  if (whole < 0n) throw new CelError('unsigned integer overflow');
  return new Uint(whole);
}

function toDouble(args: readonly CelValue[]): number {
  const [value] = args;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (
    typeof value === 'string' &&
    /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^[+-]?Inf(inity)?$|^NaN$/.test(value)
  ) {
    return Number(value.replace(/Inf$/, 'Infinity'));
  }
  if (typeof value === 'string') throw new CelError('cannot convert the string to double');
  return overload('double', args);
}

function toBool(args: readonly CelValue[]): boolean {
  const [value] = args;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'True' || value === 'TRUE' || value === 't' || value === '1') return true;
  if (value === 'false' || value === 'False' || value === 'FALSE' || value === 'f' || value === '0')
    return false;
  if (typeof value === 'string') throw new CelError('cannot convert the string to bool');
  return overload('bool', args);
}

function toBytes(args: readonly CelValue[]): Uint8Array {
  const [value] = args;
  if (value instanceof Uint8Array) return value;
  return Buffer.from(stringAt('bytes', args, 0), 'utf8');
}

function toDuration(args: readonly CelValue[]): Duration {
  const [value] = args;
  if (value instanceof Duration) return value;
  const parsed = parseDuration(stringAt('duration', args, 0));
  if (parsed === null) throw new CelError('not a duration');
  return new Duration(parsed);
}

function toTimestamp(args: readonly CelValue[]): Timestamp {
  const [value] = args;
  if (value instanceof Timestamp) return value;
  if (typeof value === 'bigint') return new Timestamp(Number(value) * 1000);
  const parsed = parseGoTime(RFC3339, stringAt('timestamp', args, 0));
  if (parsed === null) throw new CelError('not a timestamp');
  return new Timestamp(parsed.ms, parsed.nanos);
}

function size(args: readonly CelValue[]): bigint {
  const [value] = args;
  if (typeof value === 'string') return BigInt([...value].length);
  if (Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length);
  return value instanceof Map ? BigInt(value.size) : overload('size', args);
}

/** Regular expressions of RE2, in linear time; an expression that is none is an error of the evaluation. */
function regex<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof RegexError) throw new CelError(error.message);
    throw error;
  }
}

function matches(args: readonly CelValue[], { budget }: CelContext): boolean {
  return regex(() => regexMatches(stringAt('matches', args, 1), stringAt('matches', args, 0), budget));
}

/** Offset in minutes of a time zone argument: `+02:00` or UTC; names of zones are not known offline. */
function zone(args: readonly CelValue[]): number {
  const name = args[1] === undefined ? 'UTC' : stringAt('timezone', args, 1);
  if (name === 'UTC' || name === 'Z' || name === '') return 0;
  const match = /^([+-]?)(\d{2}):(\d{2})$/.exec(name);
  if (match === null) throw new CelError(`time zone ${name} is not an offset`);
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function dateField(read: (date: Date) => number): CelFunction {
  return (args) => {
    const time = instanceAt('timestamp', args, 0, Timestamp);
    return BigInt(read(new Date(time.ms + zone(args) * 60_000)));
  };
}

/** Fields that durations have too, as totals. */
function clockField(read: (date: Date) => number, unit: number): CelFunction {
  return (args, context) => {
    const [value] = args;
    if (value instanceof Duration) return BigInt(Math.trunc(value.nanoseconds / unit));
    return dateField(read)(args, context);
  };
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
}

const globals: Record<string, CelFunction> = {
  size,
  int: toInt,
  uint: toUint,
  double: toDouble,
  bool: toBool,
  bytes: toBytes,
  string: ([value = null]) => (typeof value === 'string' ? value : formatValue(value)),
  duration: toDuration,
  timestamp: toTimestamp,
  type: ([value = null]) => new TypeValue(typeOf(value)),
  dyn: ([value = null]) => value,
  matches,
  'optional.of': ([value = null]) => new Optional(value),
  'optional.none': () => new Optional(undefined),
  'optional.ofNonZeroValue': ([value = null]) => new Optional(isZero(value) ? undefined : value),
};

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return value instanceof Uint && value.value === 0n;
}

const methods: Record<string, CelFunction> = {
  size,
  matches,
  contains: (args) => stringAt('contains', args, 0).includes(stringAt('contains', args, 1)),
  startsWith: (args) => stringAt('startsWith', args, 0).startsWith(stringAt('startsWith', args, 1)),
  endsWith: (args) => stringAt('endsWith', args, 0).endsWith(stringAt('endsWith', args, 1)),
  find: (args, { budget }) =>
    regex(() => regexFind(stringAt('find', args, 1), stringAt('find', args, 0), budget) ?? ''),
  findAll: (args, { budget }) => {
    const limit = args.length > 2 ? intAt('findAll', args, 2) : -1;
    return regex(() =>
      regexFindAll(stringAt('findAll', args, 1), stringAt('findAll', args, 0), limit, budget),
    );
  },
  // Kyverno lets orValue be called on what is no optional: the value stands for itself
  orValue: ([value = null, fallback = null]) =>
    value instanceof Optional ? (value.value ?? fallback) : value,
  or: ([value = null, fallback = null]) =>
    value instanceof Optional && value.value === undefined ? fallback : value,
  hasValue: (args) => instanceAt('hasValue', args, 0, Optional).value !== undefined,
  value: (args) => {
    const { value } = instanceAt('value', args, 0, Optional);
    if (value === undefined) throw new CelError('optional.none() dereference');
    return value;
  },
  getFullYear: dateField((date) => date.getUTCFullYear()),
  getMonth: dateField((date) => date.getUTCMonth()),
  getDate: dateField((date) => date.getUTCDate()),
  getDayOfMonth: dateField((date) => date.getUTCDate() - 1),
  getDayOfWeek: dateField((date) => date.getUTCDay()),
  getDayOfYear: dateField(dayOfYear),
  getHours: clockField((date) => date.getUTCHours(), 3600e9),
  getMinutes: clockField((date) => date.getUTCMinutes(), 60e9),
  getSeconds: clockField((date) => date.getUTCSeconds(), 1e9),
  getMilliseconds: clockField((date) => date.getUTCMilliseconds(), 1e6),
};

/** The functions of the CEL specification, optionals and Kubernetes' regex library. */
export const standardLibrary: Library = {
  globals: new Map(Object.entries(globals)),
  methods: new Map(Object.entries(methods)),
};
