import type { JsonValue } from '../../../contract/index.js';
import { isObject, member, text } from '../values/json.js';
import { PolicyError } from './errors.js';
import type { JsonContext } from './json-context.js';
import { operators } from './operators.js';
import { substitute } from './variables.js';

/** What conditions came to; `condition` is the one that decided, for pointing at the field it names. */
export interface ConditionOutcome {
  holds: boolean;
  message: string;
  condition: JsonValue;
}

/**
 * Evaluates `{any, all}`, a list of such, or the old flat list of conditions (all must hold).
 * Semantics: EvaluateConditions of Kyverno's pkg/engine/variables.
 * @throws what substituting variables throws, PolicyError
 */
export function evaluateConditions(
  conditions: JsonValue | undefined,
  context: JsonContext,
): ConditionOutcome {
  if (conditions === undefined || conditions === null) return { holds: true, message: '', condition: null };
  if (isObject(conditions)) return anyAll(conditions, context);
  if (!Array.isArray(conditions)) throw new PolicyError('conditions must be an object or a list');
  const messages: string[] = [];
  let decided: JsonValue = null;
  for (const item of conditions) {
    const grouped = member(item, 'any') !== undefined || member(item, 'all') !== undefined;
    const outcome = grouped ? anyAll(item, context) : single(item, context);
    if (!outcome.holds) return outcome;
    decided = outcome.condition;
    if (outcome.message !== '') messages.push(outcome.message);
  }
  return { holds: true, message: messages.join(';'), condition: decided };
}

function anyAll(group: JsonValue, context: JsonContext): ConditionOutcome {
  const any = member(group, 'any');
  const all = member(group, 'all');
  const truths: string[] = [];
  const falsehoods: string[] = [];
  let decided: JsonValue = null;
  let anyHolds = true;
  if (Array.isArray(any)) {
    anyHolds = false;
    for (const condition of any) {
      const outcome = single(condition, context);
      (outcome.holds ? truths : falsehoods).push(outcome.message);
      decided = condition;
      if (outcome.holds) {
        anyHolds = true;
        break;
      }
    }
  }
  let allHold = true;
  for (const condition of Array.isArray(all) ? all : []) {
    const outcome = single(condition, context);
    (outcome.holds ? truths : falsehoods).push(outcome.message);
    decided ??= condition;
    if (!outcome.holds) {
      allHold = false;
      decided = condition;
      break;
    }
  }
  const holds = anyHolds && allHold;
  const message = (holds ? truths : falsehoods).filter((part) => part !== '').join('; ');
  return { holds, message, condition: decided };
}

function single(condition: JsonValue, context: JsonContext): ConditionOutcome {
  const name = text(member(condition, 'operator'));
  const operation = operators.get(name.toLowerCase());
  if (operation === undefined) throw new PolicyError(`unknown operator ${name}`);
  const key = substitute(member(condition, 'key') ?? null, context);
  const value = substitute(member(condition, 'value') ?? null, context);
  context.functions.budget.spend(
    1 + (Array.isArray(key) ? key.length : 1) * (Array.isArray(value) ? value.length : 1),
  );
  return { holds: operation(key, value), message: text(member(condition, 'message')), condition };
}
