import { type Outline, thingsOf } from './outline.js';
import { clip } from './visible.js';
import { count } from './words.js';

/** What a reader should know beside the findings: one sentence each, commands between backticks. */
export function notesOf({ verdict, unverifiedBefore, suppressed }: Outline): string[] {
  const { report, unconfigured } = verdict;
  const notes: string[] = [];
  if (suppressed.length > 0) {
    notes.push(`${count(suppressed.length, 'finding')} suppressed by what the base accepts.`);
  }
  const [first] = unverifiedBefore;
  if (first !== undefined) {
    // Untouched by the change, or of a check that only reports: the report does not say which.
    const what =
      report.head === null ? 'could not be judged' : 'could not be verified, which does not close the gate';
    notes.push(
      `${count(thingsOf(unverifiedBefore), 'thing')} ${what}; the first: ${clip(first.what, 200)}: ${clip(first.reason, 300)}.`,
    );
  }
  const rendered = report.diff.targets.some(({ status }) => status === 'changed' || status === 'unchanged');
  if (report.inputs.sandbox === 'none' && rendered) {
    notes.push('Rendered without a sandbox; `gitops-gate doctor` says what is missing for one.');
  }
  if (unconfigured && report.head !== null) {
    notes.push(
      'No configuration in the base: secrets and diff enforce, policies and signatures only report. `gitops-gate init` writes one.',
    );
  }
  return notes;
}
