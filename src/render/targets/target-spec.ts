import type { ClusterConfig, Config } from '../../config/index.js';
import { compileGlobs } from '../../config/index.js';
import type { Target, TargetKind } from '../rendered-change.js';
import type { Plan } from './plan.js';
import type { Side } from './side.js';

/** A target as one side has it, and how to plan it on that side. */
export interface TargetSpec extends Target {
  /** The plan; null when it turns out not to be there. */
  plan(): Promise<Plan | null>;
}

/** A target before it is known which clusters have it. */
export interface Discovered {
  kind: TargetKind;
  /** Name without a cluster. */
  name: string;
  /** Folder or file; the root is '.'. */
  path: string;
  /** A path that cluster globs are matched with: a file inside a folder target. */
  matched: string;
  plan(cluster: ClusterConfig | null): Promise<Plan | null>;
}

/** Assigns targets to the clusters whose paths they lie under: one target for each cluster, or one of none. */
export class ClusterPaths {
  readonly #clusters: readonly { cluster: ClusterConfig; matches: (path: string) => boolean }[];

  constructor(config: Config) {
    this.#clusters = config.diff.clusters
      .filter((cluster) => cluster.paths.length > 0)
      .map((cluster) => ({ cluster, matches: compileGlobs(cluster.paths) }));
  }

  /** The clusters declared for a path. */
  of(path: string): ClusterConfig[] {
    return this.#clusters.filter(({ matches }) => matches(path)).map(({ cluster }) => cluster);
  }

  /** The discovered target once for each of its clusters. */
  specs(found: Discovered): TargetSpec[] {
    const clusters = this.of(found.matched);
    return (clusters.length === 0 ? [null] : clusters).map((cluster) => specFor(found, cluster));
  }
}

/** The target in one cluster, or where none is known. */
export function specFor(found: Discovered, cluster: ClusterConfig | null): TargetSpec {
  return {
    name: cluster === null ? found.name : `${cluster.name}:${found.name}`,
    kind: found.kind,
    path: found.path,
    cluster: cluster?.name ?? null,
    plan: () => found.plan(cluster),
  };
}

/** `diff.targets` of the configuration: a predicate over names, with and without their cluster; `*` is any text. */
export function targetFilter(config: Config): (name: string) => boolean {
  const { targets } = config.diff;
  if (targets === 'auto') return () => true;
  const matchers = targets.map((pattern) => {
    const parts = pattern.split('*');
    return (name: string): boolean => matchesParts(parts, name);
  });
  return (name) => {
    const plain = name.slice(name.indexOf(':') + 1);
    return matchers.some((matches) => matches(name) || matches(plain));
  };
}

function matchesParts(parts: readonly string[], name: string): boolean {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** A folder in a target's name and path: the root is a dot. */
export function folderName(folder: string): string {
  return folder === '' ? '.' : folder;
}

/** Everything of one side that can be rendered. */
export interface Discovery {
  readonly side: Side;
  readonly specs: ReadonlyMap<string, TargetSpec>;
}
