import type { Finding, ObjectRef } from '../contract/index.js';
import { matchesGlob } from './glob.js';
import type { Exception } from './schema.js';
import { matchesText } from './wildcard.js';

/** True from the first moment (UTC) of the day that the exception names: on that day it no longer counts. */
export function isExpired(exception: Pick<Exception, 'until'>, now: Date): boolean {
  return now.toISOString().slice(0, 10) >= exception.until;
}

/** What a finding is matched by. */
type Matched = Pick<Finding, 'ruleId' | 'path' | 'object' | 'clusters'>;

/** True when rule, path and object of an exception are those of a finding; the cluster is `exceptionsFor`'s. */
export function describesException(exception: Exception, finding: Matched): boolean {
  if (finding.ruleId.startsWith('gate/')) return false;
  if (!matchesText(exception.rule, finding.ruleId)) return false;
  if (exception.path !== undefined && (finding.path === null || !matchesGlob(exception.path, finding.path))) {
    return false;
  }
  return (
    exception.object === undefined || (finding.object !== null && isObject(exception.object, finding.object))
  );
}

/**
 * The exceptions that together hide a finding; empty when they do not hide all of it. An exception for one cluster
 * hides nothing of a finding that reaches another, unless others name the rest. Expired ones never count, and nothing
 * hides the gate's own findings.
 */
export function exceptionsFor<E extends Exception>(
  exceptions: readonly E[],
  finding: Matched,
  now: Date,
): E[] {
  const matching = exceptions.filter((one) => !isExpired(one, now) && describesException(one, finding));
  const everywhere = matching.find((one) => one.cluster === undefined);
  if (everywhere !== undefined) return [everywhere];
  if (finding.clusters.length === 0) return [];
  const used: E[] = [];
  for (const cluster of finding.clusters) {
    const found = matching.find((one) => one.cluster === cluster);
    if (found === undefined) return [];
    if (!used.includes(found)) used.push(found);
  }
  return used;
}

/** `kind/name` matches an object of any namespace, `kind/namespace/name` of that one; `*` stands for any characters. */
function isObject(pattern: string, object: ObjectRef): boolean {
  const parts = pattern.split('/');
  const whole = [object.kind, object.namespace, object.name];
  const stated = parts.length === 3 ? whole : [object.kind, object.name];
  return (
    parts.length === stated.length && parts.every((part, index) => matchesText(part, stated[index] as string))
  );
}
