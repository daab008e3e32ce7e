import { type Exception, exceptionsFor, isExpired } from '../../config/index.js';
import { type Finding, finding, fingerprint, type Suppression } from '../../contract/index.js';
import { describeRef, type Manifest } from '../../kubernetes/index.js';
import { memberAt } from './values/json.js';
import type { Violation } from './violation.js';

/**
 * The annotation with which an object accepts rules for itself, one a line:
 * `disallow-host-path until 2027-01-31: reads the logs of the node`.
 */
export const IGNORE_ANNOTATION = 'gitops-gate/ignore';

/** Bounds on what is read: an annotation is an attacker's text. */
const MOST_LINES = 50;
const LONGEST = 20_000;
const LINE = /^([A-Za-z0-9*._/-]{1,200}) until (\d{4}-\d{2}-\d{2}): (\S.{0,500})$/;

/** What one line of the annotation accepts. */
interface Ignore {
  rule: string;
  until: string;
  reason: string;
}

/** What an object's annotation says; lines that say nothing stand in `unclear`, by their number from 1. */
export function ignoresOf({ object }: Manifest): {
  written: boolean;
  ignores: Ignore[];
  unclear: number[];
} {
  const value = memberAt(object, 'metadata', 'annotations', IGNORE_ANNOTATION);
  if (value === undefined) return { written: false, ignores: [], unclear: [] };
  if (typeof value !== 'string' || value.length > LONGEST)
    return { written: true, ignores: [], unclear: [1] };
  const ignores: Ignore[] = [];
  const unclear: number[] = [];
  value.split('\n').forEach((written, index) => {
    const line = written.trim();
    if (line === '') return;
    const [, name = '', until = '', reason = ''] = LINE.exec(line) ?? [];
    if (name === '' || index >= MOST_LINES || !isDay(until)) unclear.push(index + 1);
    else ignores.push({ rule: name, until, reason });
  });
  return { written: true, ignores, unclear };
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The exceptions of the configuration's form that a line stands for: a policy, or one rule of it. */
function exceptionsOf({ rule, until, reason }: Ignore): Exception[] {
  const id = rule.startsWith('policies/') ? rule : `policies/${rule}`;
  return [id, `${id}/*`].map((one) => ({ rule: one, until, reason }));
}

function accepts(ignore: Ignore, ruleId: string, now: Date): boolean {
  const about = { ruleId, path: null, object: null, clusters: [] };
  return exceptionsFor(exceptionsOf(ignore), about, now).length > 0;
}

/**
 * What accepts a violation by an object's own annotation, or null. An annotation counts from the object as it stands in
 * the base, with the meaning that an exception of the configuration has: it no longer counts on its day.
 * @param trusted the object in the base; null where it has none
 */
export function ignoredBy(violation: Violation, trusted: Manifest | null, now: Date): Suppression | null {
  if (trusted === null) return null;
  const found = ignoresOf(trusted).ignores.find((ignore) => accepts(ignore, violation.ruleId, now));
  if (found === undefined) return null;
  const by = `${IGNORE_ANNOTATION} of ${describeRef(trusted.ref)}`;
  return { by, reason: found.reason, until: found.until };
}

/**
 * What is to be said of an object's annotation: a line that the base does not have asks for an approval; one that has
 * expired, accepts nothing or is not understood is told.
 * @param trusted the object in the base; null where it has none
 * @param violations those of the object, whether accepted or not
 */
export function annotationFindings(
  manifest: Manifest,
  trusted: Manifest | null,
  violations: readonly Violation[],
  now: Date,
): Finding[] {
  const { written, ignores, unclear } = ignoresOf(manifest);
  if (!written) return [];
  const known = new Set((trusted === null ? [] : ignoresOf(trusted).ignores).map(lineOf));
  const findings = ignores.flatMap((ignore) => {
    if (!known.has(lineOf(ignore))) return [newIgnore(manifest, ignore)];
    if (isExpired(ignore, now)) return [unused(manifest, ignore.rule, `ended on ${ignore.until}`)];
    const used = violations.some(({ ruleId }) => accepts(ignore, ruleId, now));
    return used ? [] : [unused(manifest, ignore.rule, 'accepts nothing: the object does not break the rule')];
  });
  for (const line of unclear) {
    findings.push(unused(manifest, `line ${line}`, 'is not understood and accepts nothing'));
  }
  return findings;
}

function lineOf({ rule, until, reason }: Ignore): string {
  return JSON.stringify([rule, until, reason]);
}

function placeOf(manifest: Manifest): Pick<Finding, 'path' | 'line' | 'endLine' | 'column'> {
  const position =
    manifest.locate(['metadata', 'annotations', IGNORE_ANNOTATION]) ?? manifest.locate(['metadata']);
  return {
    path: manifest.path,
    line: position?.line ?? null,
    endLine: position?.endLine ?? null,
    column: position?.column ?? null,
  };
}

function newIgnore(manifest: Manifest, ignore: Ignore): Finding {
  const { kind, namespace, name } = manifest.ref;
  return finding({
    check: 'policies',
    ruleId: 'policies/ignore-annotation',
    action: 'approve',
    severity: 'warning',
    message: `${describeRef(manifest.ref)} asks not to be held to ${ignore.rule} until ${ignore.until}: ${ignore.reason}`,
    help: 'An approving review accepts it; it counts once it is merged. What it means to hide in this very change is still judged.',
    ...placeOf(manifest),
    object: manifest.ref,
    fingerprint: fingerprint('policies/ignore-annotation', kind, namespace, name, lineOf(ignore)),
  });
}

function unused(manifest: Manifest, rule: string, why: string): Finding {
  const { kind, namespace, name } = manifest.ref;
  return finding({
    check: 'policies',
    ruleId: 'policies/exception-unused',
    action: 'inform',
    message: `${IGNORE_ANNOTATION} of ${describeRef(manifest.ref)}: ${rule} ${why}`,
    help: `Take it out of the annotation, or renew it: \`RULE until YYYY-MM-DD: reason\`.`,
    ...placeOf(manifest),
    object: manifest.ref,
    new: false,
    fingerprint: fingerprint('policies/exception-unused', kind, namespace, name, rule, why),
  });
}
