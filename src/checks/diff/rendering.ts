import { type CheckResult, finding, fingerprint, type RuleDescription } from '../../contract/index.js';
import type { TargetDifference } from './model.js';

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

/** Says of every target that could not be rendered on a side what follows from it. */
export function judgeRendering(targets: readonly TargetDifference[], result: CheckResult): void {
  for (const target of targets) {
    if (target.result.status === 'failed') judgeFailure(target, target.result.reason, result);
    else if (target.result.status === 'unresolved') judgeUnresolved(target, target.result.reason, result);
    else if (target.base.status === 'failed' || target.base.status === 'unresolved') {
      // What was not known before is compared with nothing: its objects are told as created.
      result.debt.delta -= 1;
    }
  }
}

function judgeFailure(target: TargetDifference, reason: string, result: CheckResult): void {
  const { name, path, cluster } = target.target;
  if (target.base.status === 'failed') {
    if (target.touched) {
      result.notVerified.push({
        what: name,
        reason: `it cannot be rendered, before the change neither: ${oneLine(reason)}`,
        closes: true,
      });
    } else result.debt.count += 1;
    return;
  }
  if (!target.touched) {
    // The same input cannot render otherwise: the renderer itself gave way.
    result.notVerified.push({
      what: name,
      reason: `it could not be rendered: ${oneLine(reason)}`,
      closes: true,
    });
    return;
  }
  result.findings.push(
    finding({
      check: 'diff',
      ruleId: RENDER_FAILED.id,
      action: RENDER_FAILED.action,
      severity: RENDER_FAILED.severity,
      message: `${name} ${target.base.status === 'absent' ? 'cannot be rendered' : 'can no longer be rendered'}: ${oneLine(reason)}`,
      help: `Run \`gitops-gate render ${name}\` on the branch, and mend what it says.`,
      path,
      targets: [name],
      clusters: cluster === null ? [] : [cluster],
      fingerprint: fingerprint(RENDER_FAILED.id, name),
    }),
  );
}

function judgeUnresolved(target: TargetDifference, reason: string, result: CheckResult): void {
  const { name, path, cluster } = target.target;
  if (!target.touched && target.base.status === 'unresolved') {
    result.debt.count += 1;
    return;
  }
  result.findings.push(
    finding({
      check: 'diff',
      ruleId: NOT_RENDERED.id,
      action: NOT_RENDERED.action,
      severity: NOT_RENDERED.severity,
      message: `${name} cannot be rendered here: ${oneLine(reason)}`,
      help: 'Vendor what is missing, allow its source (diff.remotes), or let an approving review accept it unseen.',
      path,
      targets: [name],
      clusters: cluster === null ? [] : [cluster],
      fingerprint: fingerprint(NOT_RENDERED.id, name, oneLine(reason)),
    }),
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
