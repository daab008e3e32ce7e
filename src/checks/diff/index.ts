import type { RuleDescription } from '../../contract/index.js';
import { IMPACT_RULES } from './impacts/registry.js';
import { NOTE_RULES } from './render-notes.js';
import { NOT_RENDERED, RENDER_FAILED } from './rendering.js';

export { diffCheck, type SimulatedDiff, simulateDiff } from './diff-check.js';
export type { ObjectDifference, TargetDifference } from './model.js';
export { textHunks } from './semantic/text-lines.js';

/** Every rule of the diff, for `explain` and the documentation. */
export function describeRules(): RuleDescription[] {
  return [RENDER_FAILED, NOT_RENDERED, ...NOTE_RULES, ...IMPACT_RULES.map(({ describe }) => describe)];
}
