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
  old.forEach((rule, index) => {
    const next = counterpart(rule, index, old, now);
    if (next === null) {
      const message = `${nameOf(rule)} is gone: files it covered may be committed in clear`;
      findings.push(weakened(message, `gone ${index}`));
      return;
    }
    for (const { what, place } of differences(rule, next))
      findings.push(weakened(`${nameOf(rule)} ${what}`, `${place} ${index}`));
  });
  return findings;
}

function nameOf(rule: CreationRule): string {
  return rule.pathRegex === null ? 'the rule for all files' : `the rule ${quoteName(rule.pathRegex)}`;
}

/** What a rule does less strictly than another one, or otherwise, as what follows `the rule x`. */
function differences(rule: CreationRule, next: CreationRule): { what: string; place: string }[] {
  const found: { what: string; place: string }[] = [];
  const added = next.recipients.filter((id) => !rule.recipients.includes(id));
  if (added.length > 0) found.push({ what: `lets ${added.join(', ')} decrypt`, place: 'recipient' });
  for (const selector of new Set([...Object.keys(rule.selector), ...Object.keys(next.selector)])) {
    if (JSON.stringify(rule.selector[selector] ?? null) === JSON.stringify(next.selector[selector] ?? null))
      continue;
    found.push({ what: `changes ${selector}, which decides what is encrypted and sealed`, place: selector });
  }
  return found;
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

/** Which rule takes a path, before a change and after it. */
export interface Governed {
  path: string;
  before: CreationRule | null;
  after: CreationRule | null;
}

/**
 * Files that come under another rule though theirs stands as it was: one was put before it (the first that takes a file
 * wins), or a `.sops.yaml` in a folder between. One finding for all files that come under the same one.
 */
export function compareGoverned(governed: readonly Governed[]): SecretFinding[] {
  const found = new Map<string, { first: string; more: number; what: string }>();
  for (const { path, before, after } of governed) {
    if (before === null) continue;
    const [difference] = after === null ? [{ what: 'is not reached' }] : differences(before, after);
    if (difference === undefined) continue;
    const rule = after === null ? 'no rule takes it any more' : `${nameOf(after)} ${difference.what}`;
    const what = `${nameOf(before)} is no longer reached: ${rule}`;
    const known = found.get(what);
    if (known === undefined) found.set(what, { first: path, more: 0, what });
    else known.more++;
  }
  return [...found.values()].map(({ first, more, what }) =>
    weakened(`for ${quoteName(first)}${more === 0 ? '' : ` and ${more} more`} ${what}`, `governed ${what}`),
  );
}

/** Paths that a rule would take, made of its expression: for files that are still to come. */
export function probesOf(rules: readonly CreationRule[]): string[] {
  const probes = rules.map(({ pathRegex }) =>
    (pathRegex ?? '')
      .slice(0, 1_000)
      .replace(/\(\?[a-z:]{1,8}|[\^$()]/g, '')
      .replace(/\|[^/]*/g, '')
      .replace(/(?:\.|\[[^\][]{0,200}\]|\\[wdsS])[*+?]?/g, (part) => (part === '.' ? 'x' : 'probe'))
      .replace(/\\\/|\/{2,}/g, '/')
      .replace(/\\x|\\probe/g, '.')
      .replace(/\\/g, ''),
  );
  return [...probes, 'probe.yaml'].filter((path) => path !== '' && !path.startsWith('/'));
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
