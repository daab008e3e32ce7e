import { compileGlobs } from '../../../config/index.js';
import type { JsonValue } from '../../../contract/index.js';
import { describeRef, isRecord, type Manifest, setOwn } from '../../../kubernetes/index.js';
import type { RenderedTarget } from '../../../render/index.js';
import { isCounterpart, type Protection, withoutPlace, wordsOf, wordsOfPaths } from '../counterparts.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import { compareValues } from '../semantic/compare.js';
import { normalise } from '../semantic/normalise.js';
import { type ChangePath, formatChangePath } from '../semantic/path.js';
import { kindKey, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** True when a protected place is changed: the cluster, or a path that the changed objects come from. */
export function isProtected(target: TargetDifference, { clusters, paths }: Protection): boolean {
  if (target.target.cluster !== null && clusters.includes(target.target.cluster)) return true;
  if (paths.length === 0) return false;
  const matches = compileGlobs(paths);
  return (
    matches(target.target.path) ||
    target.objects.some(({ base, result }) =>
      [base?.path, result?.path].some((path) => typeof path === 'string' && matches(path)),
    )
  );
}

/**
 * Changes that reach a protected cluster before the clusters that should have them first. A cluster has a change when
 * the base's rendering of the same target there (their names differ by the place alone) holds each changed field as it
 * will be, holds what is made, and does not hold what is deleted.
 */
export const reachesProtected: ImpactRule = {
  describe: {
    id: 'diff/reaches-protected',
    title: 'The change reaches a protected cluster',
    why: 'A change that goes to all environments at once, or to production first, has been tried nowhere.',
    help: 'Change the earlier clusters first, in a pull request of their own; or let an approving review open it.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.objects.length === 0) return [];
    const place = target.target.cluster ?? target.target.name;
    return world.config.diff.protect.flatMap((protection): Impact[] => {
      if (!isProtected(target, protection)) return [];
      const { after } = protection;
      if (after === undefined || after.length === 0) {
        return [
          {
            object: null,
            message: `${place} is protected, and this change reaches it`,
            help: 'An approving review opens this.',
            detail: [place],
          },
        ];
      }
      const proofs = after.map((earlier) => ({ earlier, lacks: lackOf(target, protection, earlier, world) }));
      const missing = proofs.flatMap(({ earlier, lacks }) => (lacks === null ? [] : [{ earlier, lacks }]));
      if (missing.length === 0) {
        return [
          {
            object: null,
            action: 'inform',
            severity: 'notice',
            message: `${place} gets what ${after.join(', ')} ${after.length === 1 ? 'has' : 'have'} already`,
            help: 'Nothing to do.',
            detail: [place, 'has', ...after],
          },
        ];
      }
      const together = missing.filter(({ lacks }) => lacks === TOGETHER).map(({ earlier }) => earlier);
      const others = missing.filter(({ lacks }) => lacks !== TOGETHER);
      const names = missing.map(({ earlier }) => earlier).join(', ');
      const texts = [
        ...(together.length === 0 ? [] : [`at once with ${together.join(', ')}, which should have it first`]),
        ...others.map(({ earlier, lacks }) => `before ${earlier}: ${lacks}`),
      ];
      return [
        {
          object: null,
          message: `${place} gets this change ${texts.join('; and ')}`,
          help: `Change ${names} first, in a pull request of its own; or let an approving review open this.`,
          detail: [
            place,
            ...missing.map(({ earlier, lacks }) => `${earlier}${lacks === TOGETHER ? ' at once' : ''}`),
          ],
        },
      ];
    });
  },
};

const TOGETHER = 'together';

/** What an earlier cluster lacks of a change, TOGETHER where it gets it by this very change, or null. */
function lackOf(
  target: TargetDifference,
  protection: Protection,
  earlier: string,
  world: World,
): string | null {
  const { clusters } = world.config.diff;
  const words =
    target.target.cluster === null
      ? wordsOfPaths(protection.paths)
      : wordsOf(target.target.cluster, clusters);
  const places = { own: words, other: wordsOf(earlier, clusters) };
  const counterparts = world
    .renderedOf(earlier)
    .filter((other) => isCounterpart(target.target, places.own, other.target, places.other));
  if (counterparts.length === 0) return `${target.target.name} has no counterpart there`;
  let lack: string | null = null;
  for (const counterpart of counterparts) {
    const before = lackOn('base', counterpart, target, places);
    if (before === null) return null;
    lack = lackOn('result', counterpart, target, places) === null ? TOGETHER : (lack ?? before);
  }
  return lack;
}

interface Places {
  own: readonly string[];
  other: readonly string[];
}

/** The first change of a target that one side of its counterpart does not show, in words; null where it shows all. */
function lackOn(
  side: 'base' | 'result',
  counterpart: RenderedTarget | TargetDifference,
  target: TargetDifference,
  places: Places,
): string | null {
  const outcome = counterpart[side];
  if (outcome.status === 'absent') return `${counterpart.target.name} is not there`;
  if (outcome.status !== 'rendered') return `${counterpart.target.name} cannot be rendered`;
  const held = new Map(outcome.manifests.map((manifest) => [identity(manifest, places.other), manifest]));
  const lacks = target.objects.flatMap((object) => {
    const manifest = object.result ?? object.base;
    if (manifest === null) return [];
    const found = held.get(identity(manifest, places.own));
    const what = lackOfObject(object, found ?? null, places);
    return what === null ? [] : [what];
  });
  const [first] = lacks;
  if (first === undefined) return null;
  return `${first}${lacks.length > 1 ? ` (and ${lacks.length - 1} more)` : ''}`;
}

function identity({ ref }: Manifest, words: readonly string[]): string {
  return JSON.stringify([
    kindKey(ref.apiVersion, ref.kind),
    open(ref.namespace, words),
    open(ref.name, words),
  ]);
}

/** A text with place and the hashes of generated names left open: what they hash is compared itself. */
function open(text: string, words: readonly string[]): string {
  return withoutPlace(text.replace(/-[2456789bcdfghkmt]{10}$/, '-'), words);
}

function lackOfObject(object: ObjectDifference, found: Manifest | null, places: Places): string | null {
  const name = describeRef(object.ref);
  if (object.action === 'delete') return found === null ? null : `${name} is still there`;
  if (found === null) return `${name} is not there`;
  const { value, type } = normalise(found.object);
  // Names and namespaces were compared as identities.
  const apart = compareValues(
    anywhere(value, places.other),
    anywhere(object.after ?? {}, places.own),
    type,
  ).filter(({ path }) => !isIdentity(path));
  const wanted = object.action === 'create' ? null : object.differences.map(({ path }) => path);
  const lacking = apart.find(({ path }) => wanted === null || wanted.some((one) => overlap(one, path)));
  return lacking === undefined ? null : `${name} has another ${formatChangePath(lacking.path)} there`;
}

function isIdentity([first, second]: ChangePath): boolean {
  return first === 'metadata' && (second === 'name' || second === 'namespace');
}

/** True when one path leads to the other, or they are the same. */
function overlap(a: ChangePath, b: ChangePath): boolean {
  const length = Math.min(a.length, b.length);
  return JSON.stringify(a.slice(0, length)) === JSON.stringify(b.slice(0, length));
}

/** Fields whose very text says what runs: no word of them stands for a place. */
const LITERAL =
  /^(?:image|tag|newTag|digest|version|targetRevision|revision|branch|semver|commit|chart|ref)$/;

/** A value with the words of its place left open. */
function anywhere(value: JsonValue, words: readonly string[], field = ''): JsonValue {
  if (typeof value === 'string') return LITERAL.test(field) ? value : open(value, words);
  if (Array.isArray(value)) return value.map((item) => anywhere(item, words, field));
  if (!isRecord(value)) return value;
  const result: { [key: string]: JsonValue } = {};
  for (const [key, item] of Object.entries(value)) setOwn(result, key, anywhere(item, words, key));
  return result;
}
