import type { RenderedTarget, Target } from '../../render/index.js';
import type { CheckContext } from '../context.js';
import { isCounterpart, wordsOf, wordsOfPaths } from './counterparts.js';
import { crossesNamespaces } from './impacts/flux-controllers.js';
import { isProtected } from './impacts/reaches-protected.js';
import { pinnedCommit } from './impacts/source-revision.js';
import { sameRepository, sourcesOf } from './impacts/sources.js';
import { newHosts } from './impacts/traffic-routes.js';
import { manifestTexts } from './manifest-texts.js';
import type { TargetDifference } from './model.js';
import { unheardOf } from './unheard-of.js';
import type { Surroundings } from './world.js';

/** Targets beside the reached ones that are rendered for one change. */
const MOST_BESIDE = 60;
/** Commits that are looked for. */
const MOST_COMMITS = 50;

type Asked = Pick<CheckContext, 'config' | 'rendered' | 'repositoryUrls' | 'isGoverned' | 'signal'> &
  Partial<Pick<CheckContext, 'change'>>;

/**
 * What rules have to know beside the targets that the change reaches: the same targets of earlier clusters
 * (`diff.protect`), the Flux controllers of a cluster whose namespaces are crossed, who else has a host that is taken,
 * and whether pinned commits of this repository are governed. Rendered only where a rule will ask.
 */
export async function surroundingsOf(
  targets: readonly TargetDifference[],
  context: Asked,
): Promise<Surroundings> {
  return {
    repositoryUrls: context.repositoryUrls ?? [],
    pinned: await pinnedCommits(targets, context),
    beside: await targetsBeside(targets, context),
    unheardOf: await unheardOf(targets, context),
  };
}

async function pinnedCommits(
  targets: readonly TargetDifference[],
  { config, repositoryUrls = [], isGoverned }: Asked,
): Promise<ReadonlyMap<string, boolean | null>> {
  const answers = new Map<string, boolean | null>();
  if (isGoverned === undefined) return answers;
  const own = [...config.config.repositories, ...repositoryUrls];
  for (const { objects } of targets) {
    for (const { result } of objects) {
      for (const source of result === null ? [] : sourcesOf(result.object)) {
        const commit = pinnedCommit(source);
        if (commit === null || answers.has(commit) || answers.size >= MOST_COMMITS) continue;
        if (own.some((url) => sameRepository(url, source.url))) answers.set(commit, await isGoverned(commit));
      }
    }
  }
  return answers;
}

async function targetsBeside(
  targets: readonly TargetDifference[],
  context: Asked,
): Promise<readonly RenderedTarget[]> {
  const { rendered } = context;
  if (rendered.also === undefined) return [];
  const wanted = new Set<string>();
  const reached = new Set(targets.map(({ target }) => target.name));
  let every: readonly Target[] | null = null;
  const all = async (): Promise<readonly Target[]> => {
    every ??= (await rendered.targets()).filter(({ name }) => !reached.has(name));
    return every;
  };
  const want = (found: readonly Target[]): void => {
    for (const { name } of found) if (wanted.size < MOST_BESIDE) wanted.add(name);
  };
  for (const target of targets) {
    context.signal.throwIfAborted();
    if (target.objects.length === 0) continue;
    if (isEarlierAsked(target, context)) want(earlierOf(target, await all(), context));
    if (target.target.cluster !== null && crossesNamespaces(target)) {
      want(
        (await all()).filter(({ cluster, name, path }) => {
          return (
            cluster === target.target.cluster &&
            /(?:^|\/)(?:flux-system|flux)(?:\/|$)/.test(`${path}/${name}`)
          );
        }),
      );
    }
  }
  want(await ownersOfHosts(targets, all, context));
  return wanted.size === 0 ? [] : rendered.also([...wanted]);
}

function isEarlierAsked(target: TargetDifference, { config }: Asked): boolean {
  return config.config.diff.protect.some(
    (protection) => (protection.after?.length ?? 0) > 0 && isProtected(target, protection),
  );
}

function earlierOf(target: TargetDifference, all: readonly Target[], { config }: Asked): Target[] {
  const { protect, clusters } = config.config.diff;
  return protect
    .filter((protection) => isProtected(target, protection))
    .flatMap((protection) => {
      const words =
        target.target.cluster === null
          ? wordsOfPaths(protection.paths)
          : wordsOf(target.target.cluster, clusters);
      return (protection.after ?? []).flatMap((earlier) =>
        all.filter(
          (other) =>
            other.cluster === earlier &&
            isCounterpart(target.target, words, other, wordsOf(earlier, clusters)),
        ),
      );
    });
}

/** Targets of the same clusters that read a file which names a host that the change takes anew. */
async function ownersOfHosts(
  targets: readonly TargetDifference[],
  all: () => Promise<readonly Target[]>,
  { change, rendered, signal }: Asked,
): Promise<Target[]> {
  const hosts = new Map<string, Set<string>>();
  for (const target of targets) {
    if (target.target.cluster === null) continue;
    for (const host of newHosts(target)) {
      const clusters = hosts.get(host) ?? new Set();
      hosts.set(host, clusters.add(target.target.cluster));
    }
  }
  if (hosts.size === 0 || change === undefined) return [];
  const tree = change.result ?? change.head.tree;
  const others = new Set((await all()).map(({ name }) => name));
  const found: Target[] = [];
  for await (const { path, text } of manifestTexts(tree, signal)) {
    for (const [host, clusters] of hosts) {
      if (!text.includes(host)) continue;
      for (const target of await rendered.targetsReading(path)) {
        if (others.has(target.name) && target.cluster !== null && clusters.has(target.cluster))
          found.push(target);
      }
    }
  }
  return found;
}
