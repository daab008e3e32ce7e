import { type CheckResult, emptyResult, type Redactor, type TargetChange } from '../../contract/index.js';
import type { RenderedTarget } from '../../render/index.js';
import type { Check } from '../context.js';
import { type FoundImpact, findingsOf, markObjects } from './findings.js';
import { IMPACT_RULES } from './impacts/registry.js';
import { manifestsOf, type TargetDifference } from './model.js';
import { originsOf } from './origins.js';
import { judgeRendering } from './rendering.js';
import { tellReplacements } from './replacements.js';
import { isSecret, registerSecret } from './semantic/secret-values.js';
import { surroundingsOf } from './surroundings.js';
import { targetChange } from './target-change.js';
import { differenceOf } from './target-difference.js';
import { NOTHING_BESIDE, type Surroundings, World } from './world.js';

/** Everything the diff knows: what each target's objects become, and what follows from it. */
export interface SimulatedDiff {
  targets: TargetDifference[];
  impacts: FoundImpact[];
}

type Simulated = Pick<Parameters<Check>[0], 'config' | 'signal'> & { redactor: Pick<Redactor, 'add'> };

/**
 * Compares the rendered targets of base and result, sorted by name. Every Secret's values are registered with the
 * redactor before anything else is looked at.
 */
export function differencesOf(
  rendered: readonly RenderedTarget[],
  { redactor, signal }: Omit<Simulated, 'config'>,
): TargetDifference[] {
  for (const target of rendered) registerSecrets(target, redactor);
  return rendered
    .map((target) => {
      signal.throwIfAborted();
      return differenceOf(target);
    })
    .sort((a, b) => (a.target.name < b.target.name ? -1 : a.target.name > b.target.name ? 1 : 0));
}

function registerSecrets({ base, result }: RenderedTarget, redactor: Pick<Redactor, 'add'>): void {
  for (const { object } of [...manifestsOf(base), ...manifestsOf(result)]) {
    if (isSecret(object)) registerSecret(object, redactor);
  }
}

/** Runs the impact rules over the differences. */
export function simulateDiff(
  targets: TargetDifference[],
  context: Simulated,
  surroundings: Surroundings = NOTHING_BESIDE,
): SimulatedDiff {
  for (const target of surroundings.beside) registerSecrets(target, context.redactor);
  const world = new World(targets, context.config.config, surroundings);
  for (const target of targets) tellReplacements(target, world);
  const impacts: FoundImpact[] = [];
  for (const target of targets) {
    context.signal.throwIfAborted();
    if (target.result.status === 'failed' || target.result.status === 'unresolved') continue;
    for (const rule of IMPACT_RULES) {
      for (const impact of rule.examine(target, world)) impacts.push({ rule, impact, target });
    }
  }
  markObjects(impacts);
  return { targets, impacts };
}

/** The diff check: what merging does to every target that the change reaches. */
export const diffCheck: Check = async (context) => {
  const result = emptyResult('diff');
  const rendered = await context.rendered.reached();
  const differences = differencesOf(rendered, context);
  const { targets, impacts } = simulateDiff(differences, context, await surroundingsOf(differences, context));
  result.findings.push(...findingsOf(impacts));
  judgeRendering(targets, result);
  const origins = await originsOf(targets, context);
  result.targets = targets.map((target) => targetChange(target, origins));
  result.summary = summaryOf(result, targets);
  return result;
};

function summaryOf(result: CheckResult, targets: readonly TargetDifference[]): string {
  const changes = (result.targets ?? []).filter(({ status }) => status === 'changed');
  if (changes.length === 0) return 'the change reaches no object of any target';
  const counts = new Map<string, number>();
  for (const { action } of changes.flatMap((target: TargetChange) => target.changes)) {
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  const words = (['create', 'update', 'replace', 'delete'] as const).flatMap((action) => {
    const count = counts.get(action) ?? 0;
    return count === 0 ? [] : [`${count} ${PAST[action]}`];
  });
  const noise = targets.reduce((sum, target) => sum + target.noise, 0);
  const places = `${changes.length} target${changes.length === 1 ? '' : 's'}`;
  return `${places}: ${words.join(', ')}${noise > 0 ? ` (${noise} differences of tools' own marks left out)` : ''}`;
}

const PAST = { create: 'created', update: 'changed', replace: 'replaced', delete: 'deleted' };
