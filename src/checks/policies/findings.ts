import { type Excerpt, type Finding, finding, fingerprint, type Suppression } from '../../contract/index.js';
import { describeRef, type Position } from '../../kubernetes/index.js';
import type { PlacedViolation } from './ratchet.js';
import type { SourcePlace } from './sources.js';
import { namedPath, type Violation } from './violation.js';

/** One root cause: the same rule broken at the same place, in however many targets and objects. */
interface Cause {
  first: Violation;
  path: string | null;
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
 * @param sources where fields come from that the object's own manifest does not have (patches)
 */
export function toFindings(
  violations: readonly PlacedViolation[],
  acceptedBy: (placed: PlacedViolation) => Suppression | null = () => null,
  sources: ReadonlyMap<PlacedViolation, SourcePlace> = new Map(),
): PolicyFindings {
  const causes = new Map<string, Cause>();
  for (const placed of violations) {
    const { violation } = placed;
    const source = sources.get(placed);
    const position = source?.position ?? violation.manifest.locate(violation.field ?? []);
    const path = source?.path ?? violation.manifest.path;
    const accepted = acceptedBy(placed);
    const key = causeKey(placed, path, position, accepted);
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { first: violation, path, position, all: [placed], accepted });
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
  source: string | null,
  position: Position | null,
  accepted: Suppression | null,
): string {
  const { manifest, field, ruleId } = violation;
  const path = field === null ? '' : namedPath(manifest.object, field);
  const place =
    source === null || position === null
      ? [manifest.ref.kind, manifest.ref.name, path]
      : [source, String(position.line), String(position.column)];
  return JSON.stringify([ruleId, isNew, reopened, violation.action, accepted, ...place]);
}

function findingOf({ first, path: source, position, all, accepted }: Cause): Finding {
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
    path: source,
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
