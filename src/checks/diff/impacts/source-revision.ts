import { describeRef } from '../../../kubernetes/index.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { type Source, sameRepository, shownUrl, sourcesOf } from './sources.js';

const COMMIT = /^(?:sha256:)?[0-9a-f]{40,64}$/;
const EXACT = /^v?\d+(?:\.\d+){1,3}(?:[-+][0-9A-Za-z.+-]+)?$/;
const WHOLE = /^v?\d+\.\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?$/;
const DEFAULT_BRANCHES = new Set(['', 'HEAD', 'main', 'master']);

/** Sources that an object did not have before, or had at another revision. */
function newSources(object: ObjectDifference): Source[] {
  if (object.result === null) return [];
  const former = new Set(object.base === null ? [] : sourcesOf(object.base.object).map(keyOf));
  return sourcesOf(object.result.object).filter((source) => !former.has(keyOf(source)));
}

function keyOf(source: Source): string {
  return JSON.stringify([source.url, source.revision, source.type, source.named]);
}

function isOwn(source: Source, world: World): boolean {
  return source.type === 'git' && world.isOwnUrl(source.url, sameRepository);
}

/** This very repository, at a revision that the gate does not hold. */
export const sourceUngoverned: ImpactRule = {
  describe: {
    id: 'diff/source-ungoverned',
    title: 'A deployment takes this repository at a revision that nobody guards',
    why: 'Whoever can push to that branch or move that tag deploys past the gate and past review.',
    help: 'Name a governed branch (configuration: branches), or let an approving review open it.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const governed = world.config.branches;
    return target.objects.flatMap((object) =>
      newSources(object)
        .filter((source) => {
          if (!isOwn(source, world)) return false;
          const { revision, named } = source;
          // What a governed branch holds has been through the gate.
          if (world.surroundings.pinned.get(revision) === true) return false;
          if (named !== null && named !== 'branch') return true;
          if (governed === undefined) return !DEFAULT_BRANCHES.has(revision);
          return revision !== '' && revision !== 'HEAD' && !governed.includes(revision);
        })
        .map((source) => ({
          object,
          field: source.path,
          message: `${describeRef(object.ref)} takes this repository at ${source.revision || 'no revision'}, ${whyNot(source, world)}`,
          help: `Name a governed branch${governed === undefined ? '' : ` (${governed.join(', ')})`}, or let an approving review open this.`,
          detail: [source.url, source.revision],
        })),
    );
  },
};

/** A full commit id that a source of this repository pins, or null. */
export function pinnedCommit(source: Source): string | null {
  return source.type === 'git' &&
    (source.named === null || source.named === 'commit') &&
    PINNED.test(source.revision)
    ? source.revision
    : null;
}
const PINNED = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function whyNot(source: Source, world: World): string {
  if (pinnedCommit(source) === null) return 'which is no governed branch';
  return world.surroundings.pinned.get(source.revision) === false
    ? 'a commit that no governed branch reaches'
    : 'a commit of which this clone cannot say whether a governed branch reaches it';
}

function isFloating({ revision, type, named }: Source): boolean {
  if (named === 'commit' || COMMIT.test(revision)) return false;
  if (named === 'range' || named === 'branch') return true;
  // Helm takes `1.2` for the range `1.2.x`, and such tags of artifacts are moved with each release.
  return !(type === 'git' ? EXACT : WHOLE).test(revision);
}

/** Sources in production whose content changes without a commit here. */
export const floatingRevision: ImpactRule = {
  describe: {
    id: 'diff/floating-revision',
    title: 'Production follows a revision that moves',
    why: 'What is deployed changes without any change in this repository: no review, no gate, and no way back by revert.',
    help: 'Pin an exact version, tag or commit.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (!world.isProduction(target)) return [];
    return target.objects.flatMap((object) =>
      newSources(object)
        .filter((source) => isFloating(source) && !isOwn(source, world))
        .map((source) => ({
          object,
          field: source.path,
          message: `${describeRef(object.ref)} follows ${shownUrl(source.url)} at ${source.revision || 'whatever is newest'}, which moves`,
          help: 'Pin an exact version, tag or commit; or let an approving review open this.',
          detail: [source.url, source.revision],
        })),
    );
  },
};
