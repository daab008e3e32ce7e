import type { JsonValue } from '../../../contract/index.js';
import { isObject, type JsonObject } from '../values/json.js';
import { type Argument, ExpressionReference, type FunctionContext, JmesPathError } from './language.js';

/** A function of JMESPath. @throws JmesPathError for arguments that it does not take. */
export type JmesFunction = (args: readonly Argument[], context: FunctionContext) => JsonValue;

/** Reads a function's arguments by position, with the errors of Kyverno's own functions. */
export class Args {
  constructor(
    readonly name: string,
    readonly items: readonly Argument[],
    least: number,
    most = least,
  ) {
    if (items.length < least || items.length > most) {
      throw new JmesPathError(`JMESPath function '${name}': ${items.length} arguments, ${least} expected`);
    }
  }

  any(index: number): JsonValue {
    const item = this.items[index];
    if (item === undefined || item instanceof ExpressionReference) return this.fail(index, 'any value');
    return item;
  }

  string(index: number): string {
    const item = this.any(index);
    return typeof item === 'string' ? item : this.fail(index, 'String');
  }

  /** A string, or a number or boolean as text. */
  textual(index: number): string {
    const item = this.any(index);
    return typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean'
      ? String(item)
      : this.fail(index, 'String or Real');
  }

  number(index: number): number {
    const item = this.any(index);
    return typeof item === 'number' ? item : this.fail(index, 'Number');
  }

  array(index: number): readonly JsonValue[] {
    const item = this.any(index);
    return Array.isArray(item) ? item : this.fail(index, 'Array');
  }

  object(index: number): JsonObject {
    const item = this.any(index);
    return isObject(item) ? item : this.fail(index, 'Object');
  }

  expression(index: number): ExpressionReference {
    const item = this.items[index];
    return item instanceof ExpressionReference ? item : this.fail(index, 'Expression');
  }

  fail(index: number, wanted: string): never {
    throw new JmesPathError(
      `JMESPath function '${this.name}': argument #${index + 1} is not of type ${wanted}`,
    );
  }

  error(message: string): never {
    throw new JmesPathError(`JMESPath function '${this.name}': ${message}`);
  }
}
