import type { JsonValue } from '../../../contract/index.js';
import type { Budget } from '../values/budget.js';

/** An expression that does not parse, calls what is not there, or is given what it cannot take. */
export class JmesPathError extends Error {}

/** A member that is not there; Kyverno tells it from null: an expression as a whole fails, `||` and others recover. */
export class NotFoundError extends JmesPathError {
  constructor(key: string) {
    super(`Unknown key "${key}" in path`);
  }
}

/** An expression that a function is given with `&`. */
export class ExpressionReference {
  constructor(readonly apply: (value: JsonValue) => JsonValue) {}
}

export type Argument = JsonValue | ExpressionReference;

/** What a function may use besides its arguments. */
export interface FunctionContext {
  now: Date;
  budget: Budget;
}
