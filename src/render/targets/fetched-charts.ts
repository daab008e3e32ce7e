import type { RemoteDependency } from '../inputs/chart.js';
import { archiveTraits } from '../remotes/chart-archive.js';
import type { FetchedChart, RemoteChart } from '../remotes/remote-charts.js';
import type { RenderNote } from '../rendered-change.js';
import { steady } from '../run/random-values.js';
import { planKey, type SideOutcome } from './plan.js';

/** Dependencies as they were brought. */
export interface FetchedDependencies {
  /** Packed charts by where `helm dependency build` would put them. */
  archives: ReadonlyMap<string, Buffer>;
  digest: string;
  outsideSchema: boolean;
  notes: readonly RenderNote[];
}

/** Brings what a chart depends on. @throws Unresolved */
export async function fetchDependencies(
  dependencies: readonly RemoteDependency[],
): Promise<FetchedDependencies> {
  const archives = new Map<string, Buffer>();
  const digests: string[] = [];
  const notes: RenderNote[] = [];
  let outsideSchema = false;
  for (const { chart, name, folder } of dependencies) {
    const fetched = await chart.fetch();
    const traits = archiveTraits(fetched.archive);
    outsideSchema ||= traits.outsideSchema;
    if (traits.lookup) notes.push(lookupNote(name));
    notes.push(...movingChart(chart, fetched));
    archives.set(`${folder}/${name}-${fetched.digest.slice(0, 16)}.tgz`, fetched.archive);
    digests.push(fetched.digest);
  }
  return { archives, digest: planKey(...digests), outsideSchema, notes };
}

/** Says of a chart that is named by a range or a moving tag which version was rendered. */
export function movingChart(chart: RemoteChart, { version }: FetchedChart): RenderNote[] {
  if (!chart.floating) return [];
  const text = `the chart ${chart.shown} is not one version (now ${version})`;
  return [{ kind: 'moves', about: chart.shown, text }];
}

/** Says of a chart that it asks the cluster, of which nothing is known here. */
export function lookupNote(chart: string): RenderNote {
  const text = `the chart ${chart} calls lookup: it is rendered as on an empty cluster`;
  return { kind: 'lookup', about: chart, text };
}

/** The result of some work, done when first asked. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work();
    return result;
  };
}

/** Renders twice: what differs was random, and is masked on both sides. */
export async function twice(run: () => Promise<SideOutcome>): Promise<SideOutcome> {
  const first = await run();
  if (first.status !== 'rendered') return first;
  const second = await run();
  return second.status === 'rendered' ? { ...first, objects: steady(first.objects, second.objects) } : second;
}
