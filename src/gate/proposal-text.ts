import { scanText } from '../checks/secrets/index.js';
import { type CheckResult, fingerprint, type Redactor } from '../contract/index.js';

/** Something that people wrote beside the commits, such as a pull request's title and body. */
export interface ProposalText {
  /** `the text of pull request #12` */
  what: string;
  text: string;
  /** How to take a secret out of it; for a text that can be edited there is a word. */
  help?: string;
}

/** The name of a branch, as a text that everybody reads who can see the repository. */
export function branchText(name: string, what = 'the name of the branch'): ProposalText {
  const help = 'push the commits under another name and delete the branch; whoever fetched it keeps the name';
  return { what, text: name, help };
}

/** The secrets check's result with what is found in such texts: they are as public as the change itself. */
export function withProposalTexts(
  result: CheckResult,
  texts: readonly ProposalText[],
  redactor: Redactor,
): CheckResult {
  for (const { what, text, help } of texts) {
    const scanned = scanText(text, { path: what, redactor });
    for (const item of scanned.findings) {
      result.findings.push({
        ...item,
        // No file is the place, so nothing may be annotated there.
        path: null,
        line: null,
        endLine: null,
        column: null,
        message: `${item.message} in ${what}`,
        help: `revoke it first, then ${help ?? 'edit the text; its history and the mails that were sent keep it'}`,
        fingerprint: fingerprint(item.ruleId, what, item.fingerprint),
      });
    }
    result.notVerified.push(...scanned.notVerified.map((item) => ({ ...item, what })));
  }
  return result;
}
