import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import type { GoUrl } from '../values/go-url.js';
import { emptyObject, isObject, setMember } from '../values/json.js';
import type { QuantityValue } from '../values/quantity.js';
import type { Semver } from '../values/semver.js';
import { listsEqual, unseenEqual } from './typed-collections.js';

/** An evaluation error of CEL: it may be absorbed by `||`, `&&`, `exists` and `all`. */
export class CelError extends Error {}

/** A name or function that the expression's environment does not have, or text that is no expression. */
export class UndeclaredError extends CelError {}

/** Something that is not known offline; as any error it does not count where another side of `||` or `&&` decides. */
export class UnknownValueError extends CelError {
  /** @param what is missing, as findings tell it */
  constructor(readonly what: string) {
    super(`${what} is not known offline`);
  }
}

/** An unsigned integer; maps hold it as the same key as the signed one. */
export class Uint {
  constructor(readonly value: bigint) {}
}

/** A value that may be absent (`?.`, `optional.of`). */
export class Optional {
  constructor(readonly value: CelValue | undefined) {}
}

/** A span of time in nanoseconds. */
export class Duration {
  constructor(readonly nanoseconds: number) {}
}

/** A point in time: milliseconds since the epoch and the nanoseconds beyond. */
export class Timestamp {
  constructor(
    readonly ms: number,
    readonly nanos = 0,
  ) {}
}

/** A type as a value: `type(x) == int`. */
export class TypeValue {
  constructor(readonly name: string) {}
}

/** Values of Kubernetes' and Kyverno's libraries. */
export class QuantityObject {
  constructor(readonly quantity: QuantityValue) {}
}
export class SemverObject {
  constructor(readonly version: Semver) {}
}
export class UrlObject {
  constructor(readonly url: GoUrl) {}
}
/** An IP address as a number of 32 or 128 bits. */
export class IpObject {
  constructor(
    readonly bits: bigint,
    readonly family: 4 | 6,
  ) {}
}
export class CidrObject {
  constructor(
    readonly ip: IpObject,
    readonly prefix: number,
  ) {}
}

/** An object of a library whose methods are its own (authorizer checks, image references, lookups). */
export abstract class Native {
  abstract readonly typeName: string;
  /** @throws CelError for a method that it does not have */
  abstract call(method: string, args: readonly CelValue[]): CelValue;
  /** A field, or undefined. */
  field(_name: string): CelValue | undefined {
    return undefined;
  }
}

export type CelKey = string | bigint | boolean;
export type CelMap = Map<CelKey, CelValue>;
export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint
  | Uint8Array
  | CelValue[]
  | CelMap
  | Optional
  | Duration
  | Timestamp
  | TypeValue
  | QuantityObject
  | SemverObject
  | UrlObject
  | IpObject
  | CidrObject
  | Native;

/** Where lists and maps that came from an object stand in it. */
export type Origins = WeakMap<object, FieldPath>;

/** A JSON value as CEL sees unstructured objects: whole numbers are ints, others doubles. */
export function toCel(value: JsonValue, origins?: Origins, path: FieldPath = []): CelValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) {
    const list = value.map((item, index) =>
      toCel(item, origins, origins === undefined ? path : [...path, index]),
    );
    origins?.set(list, path);
    return list;
  }
  if (!isObject(value)) return value;
  const map: CelMap = new Map();
  for (const [key, item] of Object.entries(value)) {
    map.set(key, toCel(item, origins, origins === undefined ? path : [...path, key]));
  }
  origins?.set(map, path);
  return map;
}

/** A CEL value as JSON. @throws CelError for what has no JSON form */
export function fromCel(value: CelValue): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Uint) return Number(value.value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) {
    const object = emptyObject();
    for (const [key, item] of value) {
      if (item instanceof Optional && item.value === undefined) continue;
      setMember(object, String(key), fromCel(item));
    }
    return object;
  }
  if (value instanceof Optional) return value.value === undefined ? null : fromCel(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  throw new CelError(`${typeOf(value)} has no JSON form`);
}

/** CEL's name of a value's type. */
export function typeOf(value: CelValue): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      break;
  }
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof QuantityObject) return 'kubernetes.Quantity';
  if (value instanceof SemverObject) return 'kubernetes.Semver';
  if (value instanceof UrlObject) return 'kubernetes.URL';
  if (value instanceof IpObject) return 'net.IP';
  if (value instanceof CidrObject) return 'net.CIDR';
  return value.typeName;
}

function numeric(value: CelValue): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Uint ? value.value : null;
}

/** CEL's equality: numbers by value across types; different types are unequal, not an error. */
export function celEquals(a: CelValue, b: CelValue): boolean {
  const [x, y] = [numeric(a), numeric(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of the same value are equal
  if (x !== null && y !== null) return x == y;
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    const inAnyOrder = listsEqual(a, b, celEquals);
    return inAnyOrder ?? a.every((item, index) => celEquals(item, b[index] ?? null));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size || !unseenEqual(a, b)) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !celEquals(value, other)) return false;
    }
    return true;
  }
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Optional && b instanceof Optional) {
    if (a.value === undefined || b.value === undefined) return a.value === b.value;
    return celEquals(a.value, b.value);
  }
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  const order = compare(a, b);
  return order === 0;
}

/** Order of two values of one kind, or null where they have none. */
export function compare(a: CelValue, b: CelValue): number | null {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== null && y !== null) return Number.isNaN(x) || Number.isNaN(y) ? null : x < y ? -1 : x > y ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Duration && b instanceof Duration) return Math.sign(a.nanoseconds - b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Timestamp) return Math.sign(a.ms - b.ms || a.nanos - b.nanos);
  if (a instanceof QuantityObject && b instanceof QuantityObject) {
    return a.quantity.nano < b.quantity.nano ? -1 : a.quantity.nano > b.quantity.nano ? 1 : 0;
  }
  if (a instanceof SemverObject && b instanceof SemverObject) {
    return JSON.stringify(a.version) === JSON.stringify(b.version) ? 0 : null;
  }
  if (a instanceof UrlObject && b instanceof UrlObject) return a.url.source === b.url.source ? 0 : null;
  if (a instanceof IpObject && b instanceof IpObject)
    return a.family === b.family && a.bits === b.bits ? 0 : null;
  if (a instanceof CidrObject && b instanceof CidrObject) {
    return a.prefix === b.prefix && a.ip.family === b.ip.family && a.ip.bits === b.ip.bits ? 0 : null;
  }
  return null;
}

/** A value as a map's key. @throws CelError */
export function asKey(value: CelValue): CelKey {
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (value instanceof Uint) return value.value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  throw new CelError(`unsupported key type: ${typeOf(value)}`);
}
