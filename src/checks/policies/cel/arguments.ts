import { CelError, type CelMap, type CelValue, Optional, typeOf, Uint } from './values.js';

/** Readers of a function's arguments, with CEL's error for what it does not take. */
export function overload(name: string, args: readonly CelValue[]): never {
  throw new CelError(`no such overload: ${name}(${args.map(typeOf).join(', ')})`);
}

export function stringAt(name: string, args: readonly CelValue[], index: number): string {
  const value = args[index];
  return typeof value === 'string' ? value : overload(name, args);
}

/** A whole number small enough to be an index. */
export function intAt(name: string, args: readonly CelValue[], index: number): number {
  const value = args[index];
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint ? Number(value.value) : overload(name, args);
}

export function listAt(name: string, args: readonly CelValue[], index: number): CelValue[] {
  const value = args[index];
  return Array.isArray(value) ? value : overload(name, args);
}

export function mapAt(name: string, args: readonly CelValue[], index: number): CelMap {
  const value = args[index];
  return value instanceof Map ? value : overload(name, args);
}

export function boolAt(name: string, args: readonly CelValue[], index: number): boolean {
  const value = args[index];
  return typeof value === 'boolean' ? value : overload(name, args);
}

/** The receiver or argument as an instance of a class. */
export function instanceAt<T extends object>(
  name: string,
  args: readonly CelValue[],
  index: number,
  type: new (...rest: never[]) => T,
): T {
  const value = args[index];
  return value instanceof type ? value : overload(name, args);
}

/** An optional with a value, or without for undefined. */
export function optional(value: CelValue | undefined): Optional {
  return new Optional(value);
}
