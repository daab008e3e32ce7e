import type { ClusterConfig, Config } from '../../config/index.js';
import { literalPrefix } from '../../config/index.js';
import type { Target } from '../../render/index.js';

/** A rule of `diff.protect`. */
export type Protection = Config['diff']['protect'][number];

/** Stands for what names an environment, so that `apps/prod` and `apps/staging` read alike. */
const PLACE = '\u0001';

/**
 * The words by which a cluster is told from others: its name, and the values of its labels that are words (a label
 * `tier: "1"` would make any two versions alike).
 */
export function wordsOf(cluster: string | null, clusters: readonly ClusterConfig[]): string[] {
  if (cluster === null) return [];
  const labels = Object.values(clusters.find(({ name }) => name === cluster)?.labels ?? {});
  return [...new Set([cluster, ...labels])].filter((word) => /^[a-z][a-z-]*[a-z][a-z0-9-]*$/i.test(word));
}

/** The words of a place that is protected by its path: the literal segments of the globs. */
export function wordsOfPaths(paths: readonly string[]): string[] {
  const segments = paths.flatMap((path) => literalPrefix(path).split('/'));
  return [...new Set(segments)].filter((word) => /^[a-z][a-z0-9-]*$/i.test(word));
}

/** A text with the words of its environment left open, longest first; words count only where they stand alone. */
export function withoutPlace(text: string, words: readonly string[]): string {
  let open = text;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const escaped = word.replace(/[^a-z0-9]/gi, '\\$&');
    open = open.replace(new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`, 'gi'), PLACE);
  }
  return open;
}

/** The name of a target without its cluster: `flux/flux-system/apps`. */
export function plainName({ name, cluster }: Pick<Target, 'name' | 'cluster'>): string {
  const prefix = `${cluster}:`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** True when a target is to an earlier cluster what the other is to its own: their names differ by the place alone. */
export function isCounterpart(
  target: Target,
  words: readonly string[],
  other: Target,
  otherWords: readonly string[],
): boolean {
  return (
    target.kind === other.kind &&
    withoutPlace(plainName(target), words) === withoutPlace(plainName(other), otherWords)
  );
}
