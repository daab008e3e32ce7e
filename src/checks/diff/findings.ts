import { type Finding, type FindingInput, finding, fingerprint } from '../../contract/index.js';
import { type Manifest, objectKey, type Position } from '../../kubernetes/index.js';
import type { Impact, ImpactRule } from './impacts/impact.js';
import { isDeployed } from './impacts/removal.js';
import type { ObjectDifference, TargetDifference } from './model.js';

/** An impact with the target it was found in. */
export interface FoundImpact {
  rule: ImpactRule;
  impact: Impact;
  target: TargetDifference;
}

interface Group {
  key: string;
  members: FoundImpact[];
}

/**
 * One finding a root cause: the same impact of the same kind, name and source in many
 * targets is one, with all its targets and clusters. Order of targets and objects does not matter.
 */
export function findingsOf(found: readonly FoundImpact[]): Finding[] {
  const groups = new Map<string, Group>();
  for (const one of found) {
    const key = causeOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, members: [one] });
    else group.members.push(one);
  }
  return [...groups.values()].map(findingOf);
}

function manifestOf({ object, manifest }: Impact): Manifest | null {
  return manifest ?? object?.result ?? object?.base ?? null;
}

function causeOf({ rule, impact }: FoundImpact): string {
  if (impact.edit !== undefined)
    return JSON.stringify([rule.describe.id, impact.action ?? '', 'edit', ...impact.edit]);
  const manifest = manifestOf(impact);
  const { ref } = manifest ?? { ref: null };
  // Namespace and version are left out: overlays give the same source other ones.
  const shared = impact.cause;
  const who =
    ref === null ? [] : [ref.kind, ...(shared === undefined ? [ref.name] : []), manifest?.path ?? ''];
  if (shared !== undefined) return JSON.stringify([rule.describe.id, impact.action ?? '', ...who, ...shared]);
  return JSON.stringify([rule.describe.id, impact.action ?? rule.describe.action, ...who, ...impact.detail]);
}

function findingOf(group: Group): Finding {
  const members = [...group.members].sort((a, b) => compareText(orderOf(a), orderOf(b)));
  const [first] = members;
  if (first === undefined) throw new Error('a group without members');
  const { rule, impact } = first;
  const manifest = manifestOf(impact);
  const more = othersOf(members);
  const place = placeOf(impact, manifest);
  const input: FindingInput = {
    check: 'diff',
    ruleId: rule.describe.id,
    action: impact.action ?? rule.describe.action,
    severity: impact.severity ?? rule.describe.severity,
    confidence: impact.confidence ?? 'certain',
    message: `${clipped(impact.message)}${more}`,
    help: clipped(impact.help),
    path: manifest?.path ?? null,
    line: place?.line ?? null,
    endLine: place?.endLine ?? null,
    column: place?.column ?? null,
    object: manifest?.ref ?? null,
    targets: unique(members.map(({ target }) => target.target.name)),
    clusters: unique(members.flatMap(({ target }) => target.target.cluster ?? [])),
    fingerprint: fingerprint(rule.describe.id, group.key, ...objectsOf(members)),
  };
  return finding(input);
}

/**
 * The objects of a finding, where they are several: the message names the first few, and an approval must not hold for
 * one that takes the place of another.
 */
function objectsOf(members: readonly FoundImpact[]): string[] {
  const keys = unique(members.map(({ impact }) => keyOf(manifestOf(impact))));
  return keys.length > 1 ? keys : [];
}

/** The objects besides the first: by name where there are several names, else by namespace. */
function othersOf(members: readonly FoundImpact[]): string {
  const refs = members.flatMap(({ impact }) => manifestOf(impact)?.ref ?? []);
  const others = unique(refs.map(({ name }) => name)).filter((name) => name !== refs[0]?.name);
  if (others.length > 0) {
    const shown = others.slice(0, MOST_NAMES).join(', ');
    return ` (and ${others.length} more: ${shown}${others.length > MOST_NAMES ? ', …' : ''})`;
  }
  const namespaces = unique(refs.map(({ namespace }) => namespace).filter((name) => name !== ''));
  if (namespaces.length < 2) return '';
  return ` (and in ${namespaces.length - 1} more namespace${namespaces.length > 2 ? 's' : ''})`;
}

/** A field of the result's manifest. What is deleted has no line in the tree that is proposed. */
function placeOf(impact: Impact, manifest: Manifest | null): Position | null {
  if (manifest === null || impact.object?.action === 'delete') return null;
  const position = manifest.locate(impact.field ?? []);
  return position === null ? null : { ...position, endLine: Math.min(position.endLine, position.line + 20) };
}

/** Names that one message holds beside the first. */
const MOST_NAMES = 10;

/** Names come from the change and may be as long as it likes. */
function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
const LONGEST = 1_000;

/** What is deployed goes before the folder that it is deployed from, which may know no namespace. */
function orderOf({ target, impact }: FoundImpact): string {
  const plain = isDeployed(target) ? 0 : 1;
  return JSON.stringify([plain, keyOf(manifestOf(impact)), target.target.name, impact.message]);
}

function keyOf(manifest: Manifest | null): string {
  return manifest === null ? '' : objectKey(manifest.ref);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Marks the objects that impacts were found on. */
export function markObjects(found: readonly FoundImpact[]): void {
  for (const { rule, impact } of found) {
    const object: ObjectDifference | null = impact.object;
    object?.impacts.add(rule.describe.id);
  }
}
