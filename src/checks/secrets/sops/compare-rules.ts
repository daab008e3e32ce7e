import type { SecretFinding } from '../secret-finding.js';
import { quoteName } from '../secret-finding.js';
import { type CreationRule, readCreationRules } from './creation-rules.js';

/**
 * How a change of `.sops.yaml` weakens it: a rule gone or narrowed, values taken out of the encryption, recipients
 * that may read more. Meant or not, somebody entitled should say so.
 */
export function compareRules(before: Buffer | null, after: Buffer | null, path: string): SecretFinding[] {
  if (before === null) return [];
  const old = readCreationRules(before, path);
  const now = after === null ? [] : readCreationRules(after, path);
  const findings: SecretFinding[] = [];
  const tell = (message: string, place: string): void => {
    findings.push(weakened(message, place));
  };
  old.forEach((rule, index) => {
    const name = rule.pathRegex === null ? 'the rule for all files' : `the rule ${quoteName(rule.pathRegex)}`;
    const next = counterpart(rule, index, old, now);
    if (next === null) {
      tell(`${name} is gone: files it covered may be committed in clear`, `gone ${index}`);
      return;
    }
    const added = next.recipients.filter((id) => !rule.recipients.includes(id));
    if (added.length > 0) tell(`${name} lets ${added.join(', ')} decrypt`, `recipient ${index}`);
    for (const selector of new Set([...Object.keys(rule.selector), ...Object.keys(next.selector)])) {
      if (JSON.stringify(rule.selector[selector] ?? null) === JSON.stringify(next.selector[selector] ?? null))
        continue;
      tell(`${name} changes ${selector}, which decides what is encrypted and sealed`, `${selector} ${index}`);
    }
  });
  return findings;
}

/** The rule that took the other's place: the same expression, or the same position in a list of equal length. */
function counterpart(
  rule: CreationRule,
  index: number,
  old: readonly CreationRule[],
  now: readonly CreationRule[],
): CreationRule | null {
  const same = now.find((item) => item.pathRegex === rule.pathRegex);
  return same ?? (old.length === now.length && now[index]?.pathRegex === null ? (now[index] ?? null) : null);
}

function weakened(message: string, place: string): SecretFinding {
  return {
    rule: 'sops-config-weakened',
    action: 'approve',
    confidence: 'certain',
    message,
    help: 'an approving review opens this; not meant? restore the rule in .sops.yaml',
    line: 1,
    endLine: 1,
    column: null,
    value: null,
    token: false,
    object: null,
    place: [place],
  };
}
