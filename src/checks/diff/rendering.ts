import {
  type CheckResult,
  type Finding,
  finding,
  fingerprint,
  type RuleDescription,
} from '../../contract/index.js';
import type { TargetDifference } from './model.js';
import { judgeNotes } from './render-notes.js';

export const RENDER_FAILED: RuleDescription = {
  id: 'diff/render-failed',
  title: 'The change breaks the rendering of a target',
  why: 'What cannot be rendered cannot be deployed: everything behind it waits, and nobody has seen what it would do.',
  help: 'Run `gitops-gate render TARGET` on the branch, and mend what it says.',
  action: 'fix',
  severity: 'error',
};

export const NOT_RENDERED: RuleDescription = {
  id: 'diff/not-rendered',
  title: 'What the change does to a target cannot be known here',
  why: 'The target takes something that no offline renderer has (a chart that cannot be fetched, a plugin): what reaches the cluster was judged by nobody.',
  help: 'Vendor what is missing, allow its source (diff.remotes), or let an approving review accept it unseen.',
  action: 'approve',
  severity: 'warning',
};

/** A cause for which targets cannot be rendered, with all of them. */
interface Cause {
  rule: RuleDescription;
  key: string;
  targets: TargetDifference[];
}

/**
 * Says of every target that could not be rendered on a side what follows from it, and what the others took for granted. Targets that fail for the same
 * reason are one finding.
 */
export function judgeRendering(targets: readonly TargetDifference[], result: CheckResult): void {
  const causes = new Map<string, Cause>();
  for (const target of targets) {
    const rule = judgeTarget(target, result);
    if (rule === null || target.result.status === 'rendered' || target.result.status === 'absent') continue;
    const key = JSON.stringify([rule.id, causeOf(target, target.result.reason)]);
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { rule, key, targets: [target] });
    else cause.targets.push(target);
  }
  for (const cause of causes.values()) result.findings.push(findingOf(cause));
  judgeNotes(targets, result);
}

/** The rule that a target breaks, or null; what asks for no finding is counted or put down as not verified. */
function judgeTarget(target: TargetDifference, result: CheckResult): RuleDescription | null {
  const { base, touched } = target;
  const { name } = target.target;
  const notVerified = (reason: string): null => {
    result.notVerified.push({ what: name, reason, closes: true });
    return null;
  };
  if (target.result.status === 'failed') {
    const reason = oneLine(target.result.reason);
    // A limit of the gate's own, or a tool that is missing: whether it fails in the cluster, nobody knows.
    if (target.result.unknown === true && (touched || base.status !== 'failed'))
      return notVerified(`it could not be rendered: ${reason}`);
    if (base.status !== 'failed') {
      // The same input cannot render otherwise: where nothing was touched, the renderer itself gave way.
      return touched ? RENDER_FAILED : notVerified(`it could not be rendered: ${reason}`);
    }
    if (touched) return notVerified(`it cannot be rendered, before the change neither: ${reason}`);
    result.debt.count += 1;
    return null;
  }
  if (target.result.status === 'unresolved') {
    if (touched || base.status !== 'unresolved') return NOT_RENDERED;
    result.debt.count += 1;
    return null;
  }
  // What was not known before is compared with nothing: its objects are told as created.
  if (base.status === 'failed' || base.status === 'unresolved') result.debt.delta -= 1;
  return null;
}

function findingOf({ rule, key, targets }: Cause): Finding {
  const sorted = [...targets].sort((a, b) => (a.target.name < b.target.name ? -1 : 1));
  const names = sorted.map(({ target }) => target.name);
  const [leader] = sorted;
  const [first = ''] = names;
  const path = leader?.target.path ?? null;
  const outcome = leader?.result;
  const reason =
    outcome?.status === 'failed' || outcome?.status === 'unresolved' ? oneLine(outcome.reason) : '';
  const many = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const failed = rule === RENDER_FAILED;
  const isNew = targets.every(({ base }) => base.status === 'absent');
  return finding({
    check: 'diff',
    ruleId: rule.id,
    action: rule.action,
    severity: rule.severity,
    message: `${first}${many} ${failed ? (isNew ? 'cannot be rendered' : 'can no longer be rendered') : 'cannot be rendered here'}: ${reason}`,
    help: failed
      ? `Run \`gitops-gate render ${first}\` on the branch, and mend what it says.`
      : 'Vendor what is missing, allow its source (diff.remotes), or let an approving review accept it unseen.',
    path,
    targets: names,
    clusters: [...new Set(targets.flatMap(({ target }) => target.cluster ?? []))].sort(),
    fingerprint: fingerprint(rule.id, key),
  });
}

/** The reason without the target's own name and path, so that one cause reads alike for all. */
function causeOf({ target, result }: TargetDifference, reason: string): string {
  // What is not in the repository is named alike by all who lack it, also by its own folder; many charts may lack one.
  if (result.status === 'unresolved')
    return oneLine(reason).replace(/^the chart \S+ depends on /, 'depends on ');
  return [target.name, target.path].reduce(
    (text, own) => (own.length > 2 ? text.replaceAll(own, '') : text),
    oneLine(reason),
  );
}

/** The first telling line of a tool's words, bounded. */
function oneLine(text: string): string {
  const line =
    text
      .split('\n')
      .map((one) => one.trim())
      .find((one) => one !== '') ?? '';
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
