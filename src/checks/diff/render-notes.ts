import {
  type CheckResult,
  type Finding,
  finding,
  fingerprint,
  type RuleDescription,
} from '../../contract/index.js';
import type { RenderNote, RenderOutcome } from '../../render/index.js';
import type { TargetDifference } from './model.js';

const MOVING_BASE: RuleDescription = {
  id: 'diff/moving-base',
  title: 'A target is built of something that moves',
  why: 'A branch, a range of versions or an address without a version gives something else tomorrow: what is deployed changes without a review.',
  help: 'Name a commit, a tag that is a version, or one version.',
  action: 'approve',
  severity: 'warning',
};

const LOOKUP_EMPTY: RuleDescription = {
  id: 'diff/lookup-empty',
  title: 'A chart asks the cluster what it holds',
  why: '`lookup` finds nothing here: the chart is rendered as on an empty cluster, and may give something else where its objects exist.',
  help: 'Look at what the template does with the answer; values that it would generate are often best given.',
  action: 'inform',
  severity: 'notice',
};

const NOT_APPLIED: RuleDescription = {
  id: 'diff/not-applied',
  title: 'Nothing is applied until somebody lets it',
  why: 'The target is suspended, or not synchronised by itself: what the change does to it waits, and comes together with whatever else waits.',
  help: 'Resume it (`flux resume`), or synchronise it (`argocd app sync`), when the change is to take effect.',
  action: 'inform',
  severity: 'notice',
};

/** Rules about what a render took for granted. */
export const NOTE_RULES: readonly RuleDescription[] = [MOVING_BASE, LOOKUP_EMPTY, NOT_APPLIED];

const RULE_OF: Readonly<Record<RenderNote['kind'], RuleDescription>> = {
  moves: MOVING_BASE,
  lookup: LOOKUP_EMPTY,
  paused: NOT_APPLIED,
};

/** Tells what the result's renders took for granted: one finding for each thing, with all its targets. */
export function judgeNotes(targets: readonly TargetDifference[], result: CheckResult): void {
  const told = new Map<string, { note: RenderNote; targets: TargetDifference[] }>();
  for (const target of targets) {
    for (const note of notesOf(target.result)) {
      if (!counts(note, target)) continue;
      const key = JSON.stringify([note.kind, note.about]);
      const known = told.get(key);
      if (known === undefined) told.set(key, { note, targets: [target] });
      else known.targets.push(target);
    }
  }
  for (const [key, { note, targets: all }] of told) result.findings.push(findingOf(key, note, all));
}

/** What moves counts where it is new; the rest where the change does something to the target. */
function counts(note: RenderNote, { base, objects }: TargetDifference): boolean {
  if (note.kind !== 'moves') return objects.length > 0;
  return !notesOf(base).some((known) => known.kind === 'moves' && known.about === note.about);
}

function notesOf(outcome: RenderOutcome): readonly RenderNote[] {
  return outcome.status === 'rendered' ? (outcome.notes ?? []) : [];
}

function findingOf(key: string, note: RenderNote, targets: readonly TargetDifference[]): Finding {
  const rule = RULE_OF[note.kind];
  const sorted = [...targets].sort((a, b) => (a.target.name < b.target.name ? -1 : 1));
  const names = sorted.map(({ target }) => target.name);
  const many = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return finding({
    check: 'diff',
    ruleId: rule.id,
    action: rule.action,
    severity: rule.severity,
    message: `${names[0] ?? ''}${many}: ${note.text}`,
    help: rule.help,
    path: sorted[0]?.target.path ?? null,
    targets: names,
    clusters: [...new Set(targets.flatMap(({ target }) => target.cluster ?? []))].sort(),
    fingerprint: fingerprint(rule.id, key),
  });
}
