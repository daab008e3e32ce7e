import type { ChangeAction, ObjectChange, ObjectRef, TargetChange } from '../contract/index.js';

/** What merging does to clusters that all get exactly the same: one row of the table. */
export interface MergingRow {
  /** Clusters, or target names where the cluster is not known. */
  clusters: string[];
  counts: Record<ChangeAction, number>;
  /** What follows from the changes: rules of the diff, each once for an object. */
  impacts: number;
  /** Targets of these clusters that could not be rendered. */
  unknown: number;
}

/** The same set of object changes, and every target that gets it. */
export interface SameChange {
  targets: string[];
  clusters: string[];
  changes: TargetChange['changes'];
}

/** Rows of the table of clusters, the ones that lose most first; clusters with equal changes share a row. */
export function mergingRows(targets: readonly TargetChange[]): MergingRow[] {
  const perCluster = new Map<string, TargetChange[]>();
  const plain = toldAsDeployed(targets);
  for (const target of targets) {
    if (target.status === 'unchanged' || plain.has(target)) continue;
    const name = target.cluster ?? target.name;
    const list = perCluster.get(name);
    if (list === undefined) perCluster.set(name, [target]);
    else list.push(target);
  }
  const rows = new Map<string, MergingRow>();
  for (const [name, list] of perCluster) {
    const key = JSON.stringify(list.map((target) => [target.status, bare(target.changes)]));
    const row = rows.get(key);
    if (row === undefined) rows.set(key, rowOf(name, list));
    else {
      row.clusters.push(name);
      // what follows may be told of one cluster alone
      row.impacts = Math.max(row.impacts, impactsOf(list));
    }
  }
  const weight = ({ counts }: MergingRow) =>
    counts.delete * 1e6 + counts.replace * 1e6 + counts.update + counts.create;
  return [...rows.values()].sort((a, b) => weight(b) - weight(a));
}

function rowOf(name: string, targets: readonly TargetChange[]): MergingRow {
  const counts = { create: 0, update: 0, delete: 0, replace: 0 };
  for (const target of targets) for (const change of target.changes) counts[change.action] += 1;
  const unknown = targets.filter((target) => target.status !== 'changed').length;
  return { clusters: [name], counts, impacts: impactsOf(targets), unknown };
}

function impactsOf(targets: readonly TargetChange[]): number {
  const pairs = targets.flatMap(({ changes }) =>
    changes.flatMap(({ object, impacts }) => impacts.map((rule) => JSON.stringify([object, rule]))),
  );
  return new Set(pairs).size;
}

/** Object changes of all targets, the same change in many targets once. */
export function sameChanges(targets: readonly TargetChange[]): SameChange[] {
  const groups = new Map<string, SameChange>();
  for (const target of targets) {
    if (target.changes.length === 0) continue;
    const key = bare(target.changes);
    const known = groups.get(key);
    const group = known ?? { targets: [], clusters: [], changes: target.changes };
    if (known !== undefined) known.changes = known.changes.map((one, at) => joined(one, target.changes[at]));
    group.targets.push(target.name);
    if (target.cluster !== null && !group.clusters.includes(target.cluster))
      group.clusters.push(target.cluster);
    groups.set(key, group);
  }
  return withoutPlain([...groups.values()]);
}

/**
 * A folder and what deploys it change alike, but for the namespaces that the deployer gives: they are told once, as
 * deployed.
 */
function withoutPlain(groups: readonly SameChange[]): SameChange[] {
  const deployed = new Map<string, SameChange[]>();
  for (const group of groups) {
    if (group.changes.every(({ object }) => object.namespace === '')) continue;
    const key = spaceless(group);
    deployed.set(key, [...(deployed.get(key) ?? []), group]);
  }
  return groups.filter((group) => {
    const other = deployed
      .get(spaceless(group))
      ?.find(
        (one) =>
          one !== group &&
          group.changes.some(({ object }) => object.namespace === '') &&
          group.changes.every(({ object }, at) => isPlainOf(object, one.changes[at]?.object)),
      );
    if (other === undefined) return true;
    other.targets.unshift(...group.targets);
    other.clusters = [...new Set([...other.clusters, ...group.clusters])];
    return false;
  });
}

function isPlainOf(object: ObjectRef, other: ObjectRef | undefined): boolean {
  return object.namespace === '' || object.namespace === other?.namespace;
}

function spaceless({ changes }: SameChange): string {
  return bare(changes.map((change) => ({ ...change, object: { ...change.object, namespace: '' } })));
}

/** What changes, without what follows from it (which may be told of one cluster alone) and the file it comes from. */
function bare(changes: readonly ObjectChange[]): string {
  return JSON.stringify(changes.map(({ action, object, fields }) => [action, object, fields]));
}

/** The same change of an object in two targets. */
function joined(one: ObjectChange, other: ObjectChange | undefined): ObjectChange {
  if (other === undefined) return one;
  return { ...one, impacts: [...new Set([...one.impacts, ...other.impacts])].sort() };
}

/** Folders of no known cluster whose change is told of what deploys them. */
function toldAsDeployed(targets: readonly TargetChange[]): ReadonlySet<TargetChange> {
  const groups = new Map(sameChanges(targets).flatMap((group) => group.targets.map((name) => [name, group])));
  const isDeployed = (kind: string): boolean => /^(?:argocd|flux|helmrelease)$/.test(kind);
  const kinds = new Map(targets.map(({ name, kind }) => [name, kind]));
  return new Set(
    targets.filter(({ name, kind, cluster }) => {
      const together = groups.get(name)?.targets ?? [];
      return (
        cluster === null && !isDeployed(kind) && together.some((other) => isDeployed(kinds.get(other) ?? ''))
      );
    }),
  );
}

/** Distinct clusters (or targets without one) that the merge changes. */
export function changedClusters(targets: readonly TargetChange[]): string[] {
  const names = targets
    .filter((target) => target.status === 'changed')
    .map((target) => target.cluster ?? target.name);
  return [...new Set(names)];
}
