import { parse as parseYaml } from 'yaml';
import type { JsonValue } from '../../../contract/index.js';
import { NotFoundError } from '../jmespath/language.js';
import { evaluateConditions } from '../kyverno/conditions.js';
import { addContextEntries } from '../kyverno/context-entries.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import type { JsonContext } from '../kyverno/json-context.js';
import { requestVariable } from '../kyverno/request.js';
import { errorOutcome, type Outcome } from '../kyverno/validate-rule.js';
import { substitute } from '../kyverno/variables.js';
import { deepEqual, isObject, type JsonObject, list, member, text } from '../values/json.js';
import { applyJsonPatch, PatchError } from './json-patch.js';
import { strategicMerge } from './strategic-merge.js';

/** What a mutating rule came to, with the object as it leaves it. */
export type MutateOutcome = Outcome & { patched: JsonObject | null };

function outcome(
  status: Outcome['status'],
  message: string,
  patched: JsonObject | null = null,
): MutateOutcome {
  return { status, message, path: null, missing: null, patched };
}

/** Evaluates a `mutate` rule; rules on other objects (`targets`) are told, not run. Semantics: Kyverno's pkg/engine/mutate. */
export function mutateRule(
  rule: JsonObject,
  context: JsonContext,
  environment: PolicyEnvironment,
): MutateOutcome | null {
  const mutate = member(rule, 'mutate');
  const { object } = environment.request;
  if (object === null || !isObject(mutate)) return null;
  if (member(mutate, 'targets') !== undefined)
    return outcome('skip', 'what is changed in other objects is not made offline');
  try {
    const foreach = list(member(mutate, 'foreach')).filter(isObject);
    const patched =
      foreach.length > 0
        ? eachElement(foreach, object, context, environment, 0)
        : patchOnce(mutate, object, context);
    if (patched === null) return outcome('skip', 'the patch does not mean the object');
    if (deepEqual(patched, object)) return outcome('skip', 'no patches applied');
    return outcome('pass', 'mutated', patched);
  } catch (error) {
    if (error instanceof PatchError) return outcome('error', error.message);
    return { ...errorOutcome('mutation failed', error), patched: null };
  }
}

function patchOnce(block: JsonObject, object: JsonObject, context: JsonContext): JsonObject | null {
  const json = member(block, 'patchesJson6902');
  if (typeof json === 'string' && json !== '') {
    const resolved = substitute(json, context);
    const parsed =
      typeof resolved === 'string' ? (parseYaml(resolved, { maxAliasCount: 100 }) as JsonValue) : resolved;
    return applyJsonPatch(object, list(parsed));
  }
  const patch = member(block, 'patchStrategicMerge');
  if (patch === undefined)
    throw new PatchError('the rule has neither patchStrategicMerge nor patchesJson6902');
  return strategicMerge(object, substitute(patch, context), context.functions.budget, 'first');
}

function eachElement(
  blocks: readonly JsonObject[],
  object: JsonObject,
  context: JsonContext,
  environment: PolicyEnvironment,
  nesting: number,
): JsonObject | null {
  let current = object;
  let applied = false;
  for (const block of blocks) {
    const elements = elementsOf(block, context);
    const order =
      text(member(block, 'order')) === 'Descending' || member(block, 'patchStrategicMerge') !== undefined;
    const indexes = [...elements.keys()];
    if (order && text(member(block, 'order')) !== 'Ascending') indexes.reverse();
    for (const index of indexes) {
      const element = elements[index] ?? null;
      if (element === null) continue;
      const layer = context.layer();
      layer.set('request', { ...(requestVariable(environment.request) as JsonObject), object: current });
      layer.set('element', element);
      layer.set(`element${nesting}`, element);
      layer.set('elementIndex', index);
      layer.set(`elementIndex${nesting}`, index);
      const top = addContextEntries(member(block, 'context'), layer, environment);
      if (!evaluateConditions(member(block, 'preconditions'), top).holds) continue;
      const inner = list(member(block, 'foreach')).filter(isObject);
      const patched =
        inner.length > 0
          ? eachElement(inner, current, top, environment, nesting + 1)
          : patchOnce(block, current, top);
      if (patched === null) continue;
      current = patched;
      applied = true;
    }
  }
  return applied ? current : null;
}

function elementsOf(block: JsonObject, context: JsonContext): readonly JsonValue[] {
  try {
    const found = context.query(text(member(block, 'list')));
    return Array.isArray(found) ? found : found === null ? [] : [found];
  } catch (error) {
    // an optional field that is not there has no elements
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}
