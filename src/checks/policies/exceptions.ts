import type { Exception } from '../../config/index.js';
import { type Finding, finding, fingerprint } from '../../contract/index.js';
import { pathMatches } from './path-glob.js';
import { wildcardMatch } from './values/wildcard.js';

/**
 * Marks findings that an exception of the base accepts, and tells of exceptions on policies that have expired. An
 * exception counts until the end of its day.
 */
export function applyExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  now: Date,
): Finding[] {
  const today = now.toISOString().slice(0, 10);
  const valid = exceptions.filter(({ until }) => until >= today);
  const marked = findings.map((item) => {
    const found = valid.find((exception) => accepts(exception, item));
    if (found === undefined) return item;
    return { ...item, suppressed: { by: 'exceptions', reason: found.reason, until: found.until } };
  });
  const expired = exceptions
    .filter(({ until, rule }) => until < today && rule.startsWith('policies/'))
    .filter((exception) => findings.some((item) => accepts(exception, item)))
    .map((exception) => expiredFinding(exception));
  return [...marked, ...expired];
}

function expiredFinding({ rule, reason, until, object, path }: Exception): Finding {
  return finding({
    check: 'policies',
    ruleId: 'policies/exception-unused',
    action: 'inform',
    message: `the exception for ${rule}${object === undefined ? '' : ` on ${object}`} ended on ${until} (${reason})`,
    help: 'Remove it from the exceptions file, or renew it with a new end date.',
    fingerprint: fingerprint('policies/exception-unused', rule, object ?? '', path ?? '', until),
  });
}

/** True where an exception means a finding: by rule, path, object and cluster, each where it names one. */
export function accepts(exception: Exception, item: Finding): boolean {
  if (!wildcardMatch(exception.rule, item.ruleId)) return false;
  if (exception.path !== undefined && (item.path === null || !pathMatches(exception.path, item.path)))
    return false;
  if (exception.object !== undefined && !objectMatches(exception.object, item)) return false;
  const { cluster } = exception;
  return (
    cluster === undefined ||
    (item.clusters.length > 0 && item.clusters.every((name) => wildcardMatch(cluster, name)))
  );
}

function objectMatches(pattern: string, { object }: Finding): boolean {
  if (object === null) return false;
  const { kind, namespace, name } = object;
  return wildcardMatch(pattern, `${kind}/${name}`) || wildcardMatch(pattern, `${kind}/${namespace}/${name}`);
}
