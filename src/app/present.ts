import type { CheckReport, Verdict } from '../contract/index.js';
import { annotationsOf, type CheckRunOutput } from '../github/index.js';
import { headline, MARKDOWN_LIMIT, visible, writeMarkdown } from '../report/index.js';

/** A verdict on one pull request (or merge group) of the commit. */
export interface Judged {
  /** `#12` or the name of the merge group; shown when a commit has several. */
  label: string;
  verdict: Verdict;
  /** What else the reader must know, one sentence each: approvals that could not be counted. */
  notes?: readonly string[];
}

/** The run that branch protection requires: green only when every verdict on the commit is. */
export function requiredOutput(judged: readonly Judged[]): CheckRunOutput {
  const worst = judged.find((one) => one.verdict.report.conclusion !== 'success') ?? judged[0];
  if (!worst) throw new Error('a check run without a verdict');
  const success = worst.verdict.report.conclusion === 'success';
  const share = Math.floor(MARKDOWN_LIMIT / judged.length) - 100;
  const summary =
    judged.length === 1
      ? withNotes(worst, MARKDOWN_LIMIT)
      : judged.map((one) => `# ${visible(one.label)}\n\n${withNotes(one, share)}`).join('\n\n');
  return {
    conclusion: success ? 'success' : 'failure',
    title:
      judged.length > 1 && !success ? `${worst.label}: ${headline(worst.verdict)}` : headline(worst.verdict),
    summary,
    annotations: annotationsOf(judged.flatMap((one) => checkOf(one.verdict, 'gate')?.findings ?? [])),
  };
}

/** The report, and below it the notes. */
function withNotes({ verdict, notes = [] }: Judged, limit: number): string {
  const below = notes.map((note) => `\n> ${visible(note)}\n`).join('');
  return `${writeMarkdown(verdict, limit - below.length)}${below}`;
}

/** The run of one check. */
export function checkOutput(judged: readonly Judged[], name: string): CheckRunOutput {
  const found = judged.flatMap((one) => {
    const check = checkOf(one.verdict, name);
    return check ? [{ ...one, check }] : [];
  });
  const worst = found.find((one) => one.check.conclusion !== 'success') ?? found[0];
  if (!worst) {
    const summary = 'The check did not report: the verdict is not complete.';
    return { conclusion: 'failure', title: 'Not verified', summary, annotations: [] };
  }
  return {
    conclusion: worst.check.conclusion === 'success' ? 'success' : 'failure',
    title: worst.check.summary,
    summary: writeMarkdown(only(worst.verdict, worst.check)),
    annotations: annotationsOf(found.flatMap((one) => one.check.findings)),
  };
}

/** A failed run for what went wrong inside the gate; the id finds it in the log. */
export function failureOutput(title: string, id: string, way: string): CheckRunOutput {
  return {
    conclusion: 'failure',
    title,
    summary: `## ⚫ ${title}\n\nThe gate could not judge this change, so it stays closed. ${way}\n\nThe operator finds the cause in the log by the id \`${id}\`.\n`,
    annotations: [],
  };
}

function checkOf(verdict: Verdict, name: string): CheckReport | undefined {
  return verdict.report.checks.find((check) => check.name === name);
}

function only(verdict: Verdict, check: CheckReport): Verdict {
  const { report } = verdict;
  return {
    ...verdict,
    report: {
      ...report,
      conclusion: check.conclusion,
      checks: [check],
      signatures: check.name === 'signatures' ? report.signatures : { commits: [] },
      diff: check.name === 'diff' ? report.diff : { targets: [] },
    },
  };
}
