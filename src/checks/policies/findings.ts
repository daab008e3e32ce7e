import { type Excerpt, type Finding, finding, fingerprint, type Suppression } from '../../contract/index.js';
import { describeRef, type Position } from '../../kubernetes/index.js';
import type { PlacedViolation } from './ratchet.js';
import { namedPath, type Violation } from './violation.js';

/** One root cause: the same rule broken at the same place, in however many targets and objects. */
interface Cause {
  first: Violation;
  position: Position | null;
  all: PlacedViolation[];
  accepted: Suppression | null;
}

/** Findings, and which of them the object broke before with another value, image, command or identity. */
export interface PolicyFindings {
  findings: Finding[];
  reopened: Set<string>;
}

/**
 * One finding for each root cause: violations of one rule that stem from one line of one file, or from the same field of
 * objects of one kind and name where the file is not known.
 * @param acceptedBy what accepts a violation: an annotation or a PolicyException of the base
 */
export function toFindings(
  violations: readonly PlacedViolation[],
  acceptedBy: (placed: PlacedViolation) => Suppression | null = () => null,
): PolicyFindings {
  const causes = new Map<string, Cause>();
  for (const placed of violations) {
    const { violation } = placed;
    const position =
      violation.field === null ? violation.manifest.locate([]) : violation.manifest.locate(violation.field);
    const accepted = acceptedBy(placed);
    const key = causeKey(placed, position, accepted);
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { first: violation, position, all: [placed], accepted });
    else cause.all.push(placed);
  }
  const made = [...causes.values()].map((cause) => ({ cause, item: findingOf(cause) }));
  const reopened = made.filter(({ cause }) => cause.all.some((placed) => placed.reopened));
  return {
    findings: made.map(({ item }) => item),
    reopened: new Set(reopened.map(({ item }) => item.fingerprint)),
  };
}

function causeKey(
  { violation, isNew, reopened }: PlacedViolation,
  position: Position | null,
  accepted: Suppression | null,
): string {
  const { manifest, field, ruleId } = violation;
  const path = field === null ? '' : namedPath(manifest.object, field);
  const place =
    manifest.path === null || position === null
      ? [manifest.ref.kind, manifest.ref.name, path]
      : [manifest.path, String(position.line), String(position.column)];
  return JSON.stringify([ruleId, isNew, reopened, violation.action, accepted, ...place]);
}

function findingOf({ first, position, all, accepted }: Cause): Finding {
  const { manifest, field, ruleId } = first;
  const targets = sorted(all.map(({ unit }) => unit.target));
  const clusters = sorted(all.map(({ unit }) => unit.cluster));
  const objects = new Set(all.map(({ violation }) => describeRef(violation.manifest.ref)));
  const path = field === null ? '' : namedPath(manifest.object, field).replace(/^\./, '');
  const others = objects.size > 1 ? ` and ${objects.size - 1} more` : '';
  const at = path === '' ? '' : ` at ${path}`;
  // what was accepted was the old value: the new one may be accepted too, by somebody who has seen it
  const again = accepted !== null && first.action === 'fix' && all.some(({ reopened }) => reopened);
  return finding({
    check: 'policies',
    ruleId,
    action: again ? 'approve' : first.action,
    severity: again ? 'warning' : first.severity,
    suppressed: again ? null : accepted,
    message: `${first.message.replace(/\.$/, '')} (${describeRef(manifest.ref)}${others}${at})`,
    help: again
      ? `${first.help.replace(/\.$/, '')}; ${accepted.by} covers this rule here, but not this new value: an approving review accepts it.`
      : first.help,
    path: manifest.path,
    line: position?.line ?? null,
    endLine: position?.endLine ?? null,
    column: position?.column ?? null,
    object: manifest.ref,
    targets,
    clusters,
    new: all.some(({ isNew }) => isNew),
    fingerprint: fingerprint(
      ruleId,
      manifest.path,
      manifest.ref.kind,
      manifest.ref.namespace,
      manifest.ref.name,
      path,
    ),
  });
}

function sorted(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))].sort();
}

/** The lines that findings point at, for people; secrets in them are masked by the gate. */
export function excerptsOf(
  findings: readonly Finding[],
  lineOf: (path: string, line: number) => string | null,
): Map<string, Excerpt> {
  const excerpts = new Map<string, Excerpt>();
  for (const { path, line, fingerprint: id } of findings) {
    if (path === null || line === null) continue;
    const text = lineOf(path, line);
    if (text !== null) excerpts.set(id, { line, text: text.slice(0, 300) });
  }
  return excerpts;
}
