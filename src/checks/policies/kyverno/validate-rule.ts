import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { CelError } from '../cel/values.js';
import { JmesPathError, NotFoundError } from '../jmespath/language.js';
import type { RuleStatus } from '../result.js';
import { PolicyLimitError } from '../values/budget.js';
import { isObject, type JsonObject, list, member, text } from '../values/json.js';
import { RegexError } from '../values/regex.js';
import { writtenName } from './autogen.js';
import { fieldOfCondition, pathOfPart } from './blame.js';
import { evaluateConditions } from './conditions.js';
import { addContextEntries } from './context-entries.js';
import type { PolicyEnvironment } from './environment.js';
import { MissingDataError, PolicyError } from './errors.js';
import type { JsonContext } from './json-context.js';
import { matchPattern, printPath } from './pattern.js';
import { substitute } from './variables.js';

/** What a rule came to; `path` is the field that decided. */
export interface Outcome {
  status: RuleStatus;
  message: string;
  path: FieldPath | null;
  missing: string | null;
}

/** Where in the object a validation stands: the whole, or an element of a foreach. */
interface Scope {
  context: JsonContext;
  /** What patterns are compared with; null where an element is no object: then the whole is. */
  element: JsonValue | null;
  elementPath: FieldPath | null;
  nesting: number;
}

function outcome(status: RuleStatus, message: string, path: FieldPath | null = null): Outcome {
  return { status, message, path, missing: null };
}

/** Turns what evaluating threw into an outcome; what is no policy's fault is thrown on. */
export function errorOutcome(what: string, error: unknown): Outcome {
  if (error instanceof MissingDataError) {
    return { status: 'error', message: `${what}: ${error.message}`, path: null, missing: error.what };
  }
  const known = [PolicyLimitError, JmesPathError, PolicyError, CelError];
  if (known.some((type) => error instanceof type) && error instanceof Error)
    return outcome('error', `${what}: ${error.message}`);
  if (error instanceof RangeError) return outcome('error', `${what}: nested too deeply`);
  if (error instanceof RegexError) return outcome('error', `${what}: ${error.message}`);
  throw error;
}

/** Evaluates the `validate` block of a rule whose match, context and preconditions hold. */
export class RuleValidator {
  readonly #validate: JsonObject;

  constructor(
    rule: JsonObject,
    readonly environment: PolicyEnvironment,
  ) {
    const validate = member(rule, 'validate');
    this.#validate = isObject(validate) ? validate : {};
    this.name = text(member(rule, 'name'));
  }

  readonly name: string;

  /** Null where the rule has nothing to say (a deletion that only patterns would judge). */
  run(context: JsonContext): Outcome | null {
    return this.block(this.#validate, { context, element: null, elementPath: null, nesting: 0 });
  }

  private block(block: JsonObject, scope: Scope): Outcome | null {
    const deny = member(block, 'deny');
    if (deny !== undefined) return this.deny(deny, scope);
    const pattern = member(block, 'pattern');
    const anyPattern = member(block, 'anyPattern');
    if (pattern !== undefined || anyPattern !== undefined) return this.patterns(pattern, anyPattern, scope);
    const foreach = member(block, 'foreach');
    if (foreach !== undefined) return this.foreach(list(foreach), scope);
    return outcome('error', 'the rule has neither pattern, deny, foreach, podSecurity nor cel');
  }

  private deny(deny: JsonValue, scope: Scope): Outcome {
    try {
      const result = evaluateConditions(member(deny, 'conditions'), scope.context);
      if (!result.holds) return outcome('pass', `validation rule '${this.name}' passed.`);
      const path = fieldOfCondition(result.condition, this.environment.request.resource, scope.elementPath);
      return outcome('fail', this.message(scope, result.message), path);
    } catch (error) {
      return errorOutcome('failed to check deny conditions', error);
    }
  }

  private message(scope: Scope, detail = ''): string {
    const message = [text(member(this.#validate, 'message')), detail]
      .filter((part) => part !== '')
      .join('; ');
    if (message === '') return `validation error: rule ${this.name} failed`;
    try {
      const resolved = substitute(message, scope.context);
      return typeof resolved === 'string' ? resolved : JSON.stringify(resolved);
    } catch (error) {
      // a message that cannot be resolved must not hide the finding
      if (error instanceof Error) return message;
      throw error;
    }
  }

  private patterns(
    pattern: JsonValue | undefined,
    anyPattern: JsonValue | undefined,
    scope: Scope,
  ): Outcome | null {
    const { request, budget } = this.environment;
    const subject = scope.element ?? request.object;
    if (subject === null) return null;
    const base = scope.element === null ? [] : (scope.elementPath ?? []);
    try {
      if (pattern !== undefined) {
        const result = matchPattern(subject, substitute(pattern, scope.context), budget);
        if (result.status === 'pass') return outcome('pass', `validation rule '${this.name}' passed.`);
        const path = [...base, ...result.path];
        if (result.status === 'skip') return outcome('skip', result.message, path);
        return outcome('fail', this.failure(scope, path), path);
      }
      return this.anyOf(list(substitute(anyPattern ?? null, scope.context)), subject, base, scope);
    } catch (error) {
      return errorOutcome('variable substitution failed', error);
    }
  }

  private failure(scope: Scope, path: FieldPath): string {
    const at = `rule ${this.name} failed at path ${printPath(path)}`;
    if (text(member(this.#validate, 'message')) === '') return `validation error: ${at}`;
    const message = this.message(scope);
    return `validation error: ${message.endsWith('.') ? message : `${message}.`} ${at}`;
  }

  private anyOf(patterns: readonly JsonValue[], subject: JsonValue, base: FieldPath, scope: Scope): Outcome {
    const failures: string[] = [];
    let deepest: FieldPath | null = null;
    let skipped: string | null = null;
    for (const [index, pattern] of patterns.entries()) {
      const result = matchPattern(subject, pattern, this.environment.budget);
      if (result.status === 'pass')
        return outcome('pass', `validation rule '${this.name}' anyPattern[${index}] passed.`);
      if (result.status === 'skip') {
        skipped ??= result.message;
        continue;
      }
      const path = [...base, ...result.path];
      failures.push(`rule ${this.name}[${index}] failed at path ${printPath(path)}`);
      if (deepest === null || path.length > deepest.length) deepest = path;
    }
    if (failures.length > 0) {
      const message = text(member(this.#validate, 'message')) === '' ? '' : `${this.message(scope)} `;
      return outcome('fail', `validation error: ${message}${failures.join(' ')}`, deepest);
    }
    return skipped === null ? outcome('pass', this.message(scope)) : outcome('skip', skipped);
  }

  private foreach(blocks: readonly JsonValue[], scope: Scope): Outcome | null {
    let applied = 0;
    let failed: Outcome | null = null;
    for (const block of blocks) {
      if (!isObject(block)) continue;
      let elements: readonly JsonValue[];
      try {
        const found = scope.context.query(text(member(block, 'list')));
        elements = Array.isArray(found) ? found : [found];
      } catch (error) {
        // an optional field that is not there has no elements
        if (!(error instanceof NotFoundError)) failed = errorOutcome('failed to evaluate list', error);
        continue;
      }
      const result = this.elements(block, elements, scope);
      if (result.outcome !== null) return result.outcome;
      applied += result.applied;
    }
    if (applied > 0) return outcome('pass', 'rule passed');
    return failed ?? (scope.nesting === 0 ? outcome('skip', 'rule skipped: no element to judge') : null);
  }

  private elements(
    block: JsonObject,
    elements: readonly JsonValue[],
    scope: Scope,
  ): { outcome: Outcome | null; applied: number } {
    let applied = 0;
    for (const [index, element] of elements.entries()) {
      if (element === null) continue;
      this.environment.budget.spend(10);
      const result = this.element(block, element, index, scope);
      if (result === null || result.status === 'skip') continue;
      if (
        result.status === 'error' &&
        result.missing === null &&
        result.message.startsWith('failed to evaluate preconditions')
      ) {
        continue;
      }
      if (result.status !== 'pass') {
        return { outcome: { ...result, message: result.message }, applied };
      }
      applied += 1;
    }
    return { outcome: null, applied };
  }

  private element(block: JsonObject, element: JsonValue, index: number, scope: Scope): Outcome | null {
    const scoped = member(block, 'elementScope');
    if (scoped === true && !isObject(element))
      return outcome('error', 'elementScope needs elements that are objects');
    const layer = scope.context.layer();
    layer.set('element', element);
    layer.set(`element${scope.nesting}`, element);
    layer.set('elementIndex', index);
    layer.set(`elementIndex${scope.nesting}`, index);
    for (const [name, values] of this.environment.declaredEach(writtenName(this.name)))
      layer.merge(name, values[index] ?? null);
    const elementPath = pathOfPart(this.environment.request.resource, element) ?? scope.elementPath;
    let context: JsonContext;
    try {
      context = addContextEntries(member(block, 'context'), layer, this.environment);
    } catch (error) {
      return errorOutcome('failed to load context', error);
    }
    try {
      const conditions = evaluateConditions(member(block, 'preconditions'), context);
      if (!conditions.holds) return outcome('skip', 'preconditions not met');
    } catch (error) {
      return errorOutcome('failed to evaluate preconditions', error);
    }
    const inScope = scoped === false || !isObject(element) ? scope.element : element;
    return this.block(block, { context, element: inScope, elementPath, nesting: scope.nesting + 1 });
  }
}
