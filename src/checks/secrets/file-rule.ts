import { isTestPath } from './file-kind.js';
import { actionOf, helpFor, type SecretFinding } from './secret-finding.js';

/**
 * A rule that a file breaks by being there: one of `.gitleaks.toml` with a path and no expression (gitleaks
 * detect/detect.go, detectRule: "path only rule").
 */
export interface FileRule {
  id: string;
  description: string;
  /** Without keywords every file is looked at; with them those that have one, in whatever case. */
  keywords: readonly string[];
  /** Says whether a path is one of the rule's and on none of its allow-lists. */
  path: (path: string) => boolean;
}

/** A finding for each rule that a file breaks. */
export function fileRuleFindings(rules: readonly FileRule[], path: string, bytes: Buffer): SecretFinding[] {
  return rules
    .filter((rule) => rule.path(path) && hasKeyword(rule, bytes))
    .map(({ id, description }) => {
      const confidence = isTestPath(path) ? 'guess' : 'likely';
      return {
        rule: id,
        action: actionOf(confidence),
        confidence,
        message: description === '' ? `a file that the rule ${id} takes` : `${description}: the file itself`,
        help: helpFor('replace what the file holds', path),
        line: 1,
        endLine: 1,
        column: null,
        value: null,
        token: false,
        object: null,
        place: ['file'],
      };
    });
}

function hasKeyword({ keywords }: FileRule, bytes: Buffer): boolean {
  if (keywords.length === 0) return true;
  const text = bytes.toString('latin1').toLowerCase();
  return keywords.some((word) => text.includes(Buffer.from(word.toLowerCase(), 'utf8').toString('latin1')));
}
