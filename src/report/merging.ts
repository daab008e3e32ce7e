import type { ChangeAction, ObjectChange, ObjectRef, TargetChange } from '../contract/index.js';
import { count } from './words.js';

/** What merging does to clusters that all get exactly the same: one row of the table. */
export interface MergingRow {
  /** Clusters, or target names where the cluster is not known. */
  clusters: string[];
  /**
   * For each of these clusters its target, without its name before it, or how many they are; what is the same for all
   * once, none where the cluster is not known.
   */
  targets: string[];
  counts: Record<ChangeAction, number>;
  /** What follows from the changes: rules of the diff, each once for an object. */
  impacts: number;
  /** Changed targets of one of these clusters that nobody applies yet: suspended, or not synchronised by themselves. */
  waiting: number;
  /** Targets of these clusters that could not be rendered. */
  unknown: number;
}

/** Object changes that the same targets get. */
export interface SameChange {
  targets: string[];
  clusters: string[];
  changes: TargetChange['changes'];
}

/**
 * Rows of the table of clusters, the ones that lose most first; clusters with equal changes share a row. `waiting`
 * names the targets that nobody applies yet.
 */
export function mergingRows(
  targets: readonly TargetChange[],
  waiting: ReadonlySet<string> = new Set(),
): MergingRow[] {
  const perCluster = new Map<string, TargetChange[]>();
  for (const target of withoutFolders(targets)) {
    if (target.status === 'unchanged') continue;
    const name = target.cluster ?? target.name;
    const list = perCluster.get(name);
    if (list === undefined) perCluster.set(name, [target]);
    else list.push(target);
  }
  const rows = new Map<string, MergingRow>();
  for (const [name, list] of perCluster) {
    const row = rowOf(name, list, waiting);
    const key = JSON.stringify([row.waiting, list.map((target) => [target.status, bare(target.changes)])]);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else {
      known.clusters.push(name);
      known.targets = [...new Set([...known.targets, ...row.targets])];
      // what follows may be told of one cluster alone
      known.impacts = Math.max(known.impacts, row.impacts);
    }
  }
  const weight = ({ counts }: MergingRow) =>
    counts.delete * 1e6 + counts.replace * 1e6 + counts.update + counts.create;
  return [...rows.values()].sort((a, b) => weight(b) - weight(a));
}

function rowOf(name: string, targets: readonly TargetChange[], waiting: ReadonlySet<string>): MergingRow {
  const counts = { create: 0, update: 0, delete: 0, replace: 0 };
  for (const target of targets) for (const change of target.changes) counts[change.action] += 1;
  return {
    clusters: [name],
    targets: targets.every(({ cluster }) => cluster === null) ? [] : [targetNames(targets)],
    counts,
    impacts: impactsOf(targets),
    waiting: targets.filter((target) => waiting.has(target.name)).length,
    unknown: targets.filter((target) => target.status !== 'changed').length,
  };
}

function targetNames(targets: readonly TargetChange[]): string {
  const [only] = targets;
  return targets.length === 1 && only !== undefined ? plainName(only) : count(targets.length, 'target');
}

/** The name of a target without its cluster: `flux/flux-system/apps`. */
function plainName({ name, cluster }: TargetChange): string {
  const prefix = `${cluster}:`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function impactsOf(targets: readonly TargetChange[]): number {
  const pairs = targets.flatMap(({ changes }) =>
    changes.flatMap(({ object, impacts }) => impacts.map((rule) => JSON.stringify([object, rule]))),
  );
  return new Set(pairs).size;
}

/** One object's change, with all the targets that get it. */
interface Told {
  change: ObjectChange;
  targets: TargetChange[];
}

/**
 * Object changes of all targets, each once however many targets get it; those that the same targets get stand
 * together, in the order in which they are met.
 */
export function sameChanges(targets: readonly TargetChange[]): SameChange[] {
  const groups = new Map<string, SameChange>();
  for (const told of toldChanges(targets)) {
    // What deploys stands before the folders that it deploys.
    const ordered = [...told.targets.filter((target) => !isPlain(target)), ...told.targets.filter(isPlain)];
    const names = ordered.map(({ name }) => name);
    const key = JSON.stringify(names);
    const group = groups.get(key);
    if (group === undefined) {
      const clusters = [...new Set(told.targets.flatMap(({ cluster }) => cluster ?? []))];
      groups.set(key, { targets: names, clusters, changes: [told.change] });
    } else group.changes.push(told.change);
  }
  return [...groups.values()];
}

/** Asked for by the headline, the table and the list of a report alike. */
const toldOf = new WeakMap<readonly TargetChange[], readonly Told[]>();

function toldChanges(targets: readonly TargetChange[]): readonly Told[] {
  const told = toldOf.get(targets) ?? findTold(targets);
  toldOf.set(targets, told);
  return told;
}

function findTold(targets: readonly TargetChange[]): Told[] {
  const all = new Map<string, Told>();
  for (const target of targets) {
    const seen = new Map<string, number>();
    for (const change of target.changes) {
      const content = bare([change]);
      // Two objects of one identity in one target stay two.
      const ordinal = seen.get(content) ?? 0;
      seen.set(content, ordinal + 1);
      const key = `${ordinal} ${content}`;
      const known = all.get(key);
      if (known === undefined) all.set(key, { change, targets: [target] });
      else {
        known.change = joined(known.change, change);
        known.targets.push(target);
      }
    }
  }
  return withoutPlain([...all.values()]);
}

/**
 * A folder and what deploys it change alike, but for the namespace that the deployer gives, and for what it patches in
 * objects that are new: they are told once, as deployed.
 */
function withoutPlain(all: readonly Told[]): Told[] {
  const spaced = byKey(
    all.filter(({ change }) => change.object.namespace !== ''),
    alike,
  );
  const deployed = byKey(
    all.filter(({ change, targets }) => isMade(change) && !targets.every(isPlain)),
    madeFrom,
  );
  const gone = new Map<Told, Told>();
  for (const told of all) {
    const { namespace } = told.change.object;
    let other = namespace === '' ? spaced.get(alike(told))?.[0] : undefined;
    if (other === undefined && isMade(told.change) && told.targets.every(isPlain)) {
      const candidates = deployed.get(madeFrom(told)) ?? [];
      other = candidates.find(({ change }) => namespace === '' || namespace === change.object.namespace);
    }
    for (let next = other; next !== undefined; next = gone.get(next)) other = next;
    if (other === undefined) continue;
    gone.set(told, other);
    other.targets = [...told.targets, ...other.targets];
  }
  return all.filter((told) => !gone.has(told));
}

function byKey(all: readonly Told[], keyOf: (told: Told) => string): Map<string, Told[]> {
  const map = new Map<string, Told[]>();
  for (const told of all) {
    const key = keyOf(told);
    const list = map.get(key);
    if (list === undefined) map.set(key, [told]);
    else list.push(told);
  }
  return map;
}

/** What a folder's change has in common with the deployed one: all but the namespace. */
function alike({ change }: Told): string {
  const { object, source } = change;
  return JSON.stringify([bare([{ ...change, object: { ...object, namespace: '' } }]), source?.path ?? null]);
}

/** An object that is new, and of which it is known where it is written. */
function isMade({ action, source }: ObjectChange): boolean {
  return action === 'create' && source !== null;
}

function madeFrom({ change: { object, source } }: Told): string {
  return JSON.stringify([object.apiVersion, object.kind, object.name, source]);
}

/** True for a folder or chart of no known cluster, that something else may deploy. */
function isPlain({ kind, cluster }: TargetChange): boolean {
  return cluster === null && !/^(?:argocd|flux|helmrelease)$/.test(kind);
}

/** What changes, without what follows from it (which may be told of one cluster alone) and the file it comes from. */
function bare(changes: readonly ObjectChange[]): string {
  return changes.map(({ action, object, fields }) => contentOf(action, object, fields)).join();
}

function contentOf(action: ChangeAction, object: ObjectRef | null, fields: ObjectChange['fields']): string {
  return `${JSON.stringify([action, object])}${textOf(fields)}`;
}

/** The fields of a change as text, made once: they are compared in many ways, and may be large. */
const texts = new WeakMap<ObjectChange['fields'], string>();

function textOf(fields: ObjectChange['fields']): string {
  let text = texts.get(fields);
  if (text === undefined) {
    text = JSON.stringify(fields);
    texts.set(fields, text);
  }
  return text;
}

/** The same change of an object in two targets. */
function joined(one: ObjectChange, other: ObjectChange): ObjectChange {
  return { ...one, impacts: [...new Set([...one.impacts, ...other.impacts])].sort() };
}

/** Folders of no known cluster all of whose changes are told of what deploys them. */
function toldAsDeployed(targets: readonly TargetChange[]): ReadonlySet<TargetChange> {
  const alone = new Set<TargetChange>();
  for (const told of toldChanges(targets)) {
    if (told.targets.every(isPlain)) for (const target of told.targets) alone.add(target);
  }
  return new Set(
    targets.filter((target) => isPlain(target) && target.changes.length > 0 && !alone.has(target)),
  );
}

/** The targets without the folders whose changes are told of what deploys them: for counting. */
export function withoutFolders(targets: readonly TargetChange[]): TargetChange[] {
  const plain = toldAsDeployed(targets);
  return targets.filter((target) => !plain.has(target));
}

/**
 * Objects to which the very same is done (a version in the labels of a whole chart), together, in the order in which
 * they are met; what they become is to be told once.
 */
export function alikeIn(changes: readonly ObjectChange[]): [ObjectChange, ...ObjectChange[]][] {
  const groups = new Map<string, [ObjectChange, ...ObjectChange[]]>();
  for (const change of changes) {
    const key = contentOf(change.action, null, change.fields);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

/** What loses something counts most, then what has a finding. */
export function weightOf(changes: readonly ObjectChange[]): number {
  if (changes.some(({ action }) => action === 'delete' || action === 'replace')) return 2;
  return changes.some(({ impacts }) => impacts.length > 0) ? 1 : 0;
}

/** The same groups and objects, what weighs most first: what does not fit is left out from the end. */
export function byWeight(groups: readonly SameChange[]): SameChange[] {
  return groups
    .map((group) => ({
      ...group,
      changes: [...group.changes].sort((a, b) => weightOf([b]) - weightOf([a])),
    }))
    .sort((a, b) => weightOf(b.changes) - weightOf(a.changes));
}

/** Distinct clusters (or targets without one) that the merge changes. */
export function changedClusters(targets: readonly TargetChange[]): string[] {
  const names = targets
    .filter((target) => target.status === 'changed')
    .map((target) => target.cluster ?? target.name);
  return [...new Set(names)];
}
