import type { ASTNode } from '@marcbachmann/cel-js';
import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { type CelScope, evaluateCel, parseCel } from '../cel/program.js';
import { CelError, UndeclaredError } from '../cel/values.js';
import { PolicyLimitError } from '../values/budget.js';
import { member, text } from '../values/json.js';
import { parseFieldPath } from './field-path.js';

const LONGEST_MESSAGE = 5_120;

/** What a rule came to. `error`: it could not be evaluated on this value; `unknown`: not at all. */
export type RuleVerdict =
  | { status: 'holds' }
  | { status: 'broken' | 'error'; message: string; place: FieldPath | null }
  | { status: 'unknown'; reason: string };

/** One rule of x-kubernetes-validations, as it is written. */
export class ValidationRule {
  readonly source: string;
  /** True where the rule is asked about new objects too, with an `oldSelf` that is absent. */
  readonly isOldOptional: boolean;
  readonly fieldPath: FieldPath;

  constructor(readonly written: JsonValue) {
    this.source = text(member(written, 'rule')).trim();
    this.isOldOptional = member(written, 'optionalOldSelf') === true;
    this.fieldPath = parseFieldPath(text(member(written, 'fieldPath')));
  }

  /** True where the rule compares with what was: a transition rule. */
  get usesOld(): boolean {
    try {
      return mentions(parseCel(this.source), 'oldSelf');
    } catch (error) {
      // what does not parse is told when it is evaluated
      if (error instanceof CelError) return false;
      throw error;
    }
  }

  evaluate(scope: CelScope): RuleVerdict {
    try {
      const { value, trace } = evaluateCel(this.source, scope);
      if (value === true) return { status: 'holds' };
      if (value !== false) return { status: 'unknown', reason: `${this.#shown()}: must be a bool` };
      const place = trace.element ?? trace.field;
      return { status: 'broken', message: this.#message(scope), place };
    } catch (error) {
      if (error instanceof UndeclaredError || error instanceof PolicyLimitError)
        return { status: 'unknown', reason: `${this.#shown()}: ${error.message}` };
      if (error instanceof RangeError)
        return { status: 'unknown', reason: `${this.#shown()}: nested too deeply` };
      if (!(error instanceof CelError)) throw error;
      return { status: 'error', message: `${error.message} evaluating rule: ${this.#shown()}`, place: null };
    }
  }

  /** What the rule says of itself: its message, else its text. */
  #shown(): string {
    return text(member(this.written, 'message')).trim() || this.source.replace(/\s+/g, ' ').slice(0, 300);
  }

  /** messageExpression, where it gives one line of text; else message; else the rule. */
  #message(scope: CelScope): string {
    const expression = text(member(this.written, 'messageExpression'));
    const plain = text(member(this.written, 'message')).trim() || `failed rule: ${this.#shown()}`;
    let detail = plain;
    if (expression !== '') {
      try {
        const { value } = evaluateCel(expression, scope);
        const line = typeof value === 'string' ? value.trim() : '';
        if (line !== '' && line.length <= LONGEST_MESSAGE && !line.includes('\n')) detail = line;
      } catch (error) {
        // a message that cannot be made must not hide the refusal
        if (!(error instanceof CelError || error instanceof PolicyLimitError || error instanceof RangeError))
          throw error;
      }
    }
    return `${WORDS.get(text(member(this.written, 'reason'))) ?? ''}${detail}`;
  }
}

/** How the API server introduces a refusal, by the rule's `reason`. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['FieldValueForbidden', 'forbidden: '],
  ['FieldValueRequired', 'required value: '],
  ['FieldValueDuplicate', 'duplicate value: '],
]);

/** True where a name occurs in an expression. */
function mentions(node: ASTNode, name: string): boolean {
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const current = pending.pop();
    if (Array.isArray(current)) pending.push(...current);
    else if (isNode(current)) {
      if (current.op === 'id' && current.args === name) return true;
      if (typeof current.args === 'object') pending.push(current.args);
    }
  }
  return false;
}

function isNode(value: unknown): value is { op: string; args: unknown } {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
