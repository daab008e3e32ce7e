import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { type CelScope, evaluateCel } from '../cel/program.js';
import { CelError, UnknownValueError } from '../cel/values.js';
import { MissingDataError } from '../kyverno/errors.js';
import { PolicyLimitError } from '../values/budget.js';
import { list, member, text } from '../values/json.js';

/** What a list of validations came to: all hold, one refuses, or one could not be evaluated. */
export type Verdict =
  | { status: 'pass' }
  | { status: 'fail'; message: string; path: FieldPath | null }
  | { status: 'error'; message: string; missing: string | null; limit: boolean };

/** What evaluating threw as a verdict; what is no policy's fault is thrown on. */
export function errorVerdict(error: unknown): Verdict {
  if (error instanceof MissingDataError)
    return { status: 'error', message: error.message, missing: error.what, limit: false };
  if (error instanceof PolicyLimitError)
    return { status: 'error', message: error.message, missing: null, limit: true };
  if (error instanceof UnknownValueError)
    return { status: 'error', message: error.message, missing: error.what, limit: false };
  if (error instanceof CelError)
    return { status: 'error', message: error.message, missing: null, limit: false };
  if (error instanceof RangeError)
    return { status: 'error', message: 'nested too deeply', missing: null, limit: true };
  throw error;
}

/** True when every match condition holds; null with the verdict where one could not be evaluated and none refuses. */
export function conditionsHold(conditions: JsonValue | undefined, scope: CelScope): boolean | Verdict {
  let failure: Verdict | null = null;
  for (const condition of list(conditions)) {
    try {
      const { value } = evaluateCel(text(member(condition, 'expression')), scope);
      if (value === false) return false;
      if (value !== true) throw new CelError('a match condition must be a bool');
    } catch (error) {
      failure ??= errorVerdict(error);
    }
  }
  return failure ?? true;
}

/** Evaluates validations in order; the first that refuses or fails decides. */
export function validate(validations: readonly JsonValue[], scope: CelScope, fallback: string): Verdict {
  for (const validation of validations) {
    const source = text(member(validation, 'expression'));
    try {
      const { value, trace } = evaluateCel(source, scope);
      if (value === true) continue;
      if (value !== false) throw new CelError('a validation must be a bool');
      return {
        status: 'fail',
        message: messageOf(validation, scope, fallback, source),
        path: trace.element ?? trace.field,
      };
    } catch (error) {
      return errorVerdict(error);
    }
  }
  return { status: 'pass' };
}

function messageOf(validation: JsonValue, scope: CelScope, fallback: string, source: string): string {
  const plain =
    text(member(validation, 'message')).trim() || fallback || `failed expression: ${source.trim()}`;
  const expression = text(member(validation, 'messageExpression'));
  if (expression === '') return plain;
  try {
    const { value } = evaluateCel(expression, scope);
    return typeof value === 'string' && value.trim() !== '' && !value.includes('\n') ? value : plain;
  } catch (error) {
    // a message that cannot be made must not hide the refusal
    if (error instanceof Error) return plain;
    throw error;
  }
}
