import type { FieldPath } from '../../../kubernetes/index.js';
import type { Budget } from '../values/budget.js';
import type { CelValue } from './values.js';

/** What functions may use besides their arguments. */
export interface CelContext {
  budget: Budget;
  now: Date;
}

export type CelFunction = (args: readonly CelValue[], context: CelContext) => CelValue;

/** Functions by name: global ones (with their namespace, `sets.contains`), and methods, whose receiver is the first argument. */
export interface Library {
  globals: ReadonlyMap<string, CelFunction>;
  methods: ReadonlyMap<string, CelFunction>;
}

/** A name that an expression may use: a value, or how to get it at first use. */
export type Binding = { value: CelValue } | { load: () => CelValue };

/** Names in scope, innermost first. */
export interface Scope {
  name: string;
  value: CelValue;
  next: Scope | null;
}

/** What an evaluation may tell of where it decided: the last element that a quantifier refused, the last field read. */
export interface Trace {
  element: FieldPath | null;
  field: FieldPath | null;
}
