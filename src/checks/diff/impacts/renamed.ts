import type { JsonValue, ObjectRef } from '../../../contract/index.js';
import { describeRef, isRecord, type KubernetesObject } from '../../../kubernetes/index.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import { kindKey, type World } from '../world.js';
import { lossOf } from './data-loss.js';
import type { Impact, ImpactRule } from './impact.js';
import { movedTo } from './removal.js';

function contentOf(object: ObjectDifference): string {
  return bareContent(object.ref, object.before ?? object.after ?? {});
}

/** Kind and content of a normalised object without its name and namespace, keys in one order. */
export function bareContent(ref: ObjectRef, side: KubernetesObject): string {
  const metadata = isRecord(side.metadata) ? side.metadata : {};
  const { name: _name, namespace: _namespace, ...rest } = metadata;
  return JSON.stringify([kindKey(ref.apiVersion, ref.kind), ordered({ ...side, metadata: rest })]);
}

/** True for an object with nothing but its kind, name and labels. */
function isBare({ after }: ObjectDifference): boolean {
  return Object.keys(after ?? {}).every((key) => BARE.has(key));
}
const BARE = new Set(['apiVersion', 'kind', 'metadata']);

function ordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, ordered(item)]);
}

/** Objects that go and come again: under another name, in another namespace, or by another deployment. */
export const renamed: ImpactRule = {
  describe: {
    id: 'diff/renamed',
    title: 'An object is renamed, or moved to another namespace or deployment',
    why: 'For the cluster another name is a deletion and a creation: the new object starts from nothing, and what still uses the old name does not find it. Where another deployment takes it over, the order of the two decides whether it is away in between.',
    help: 'Nothing to do where that is meant.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const again = [...twinsOf(target)].map(([former, object]) => ({
      object,
      message: `${describeRef(former.ref)} becomes ${describeRef(object.ref)}: it is deleted and made anew`,
      help: 'Nothing to do where that is meant.',
      detail: [former.ref.name],
    }));
    return [...again, ...handedOver(target, world)];
  },
};

/** Objects that go from a target, and those of the same content that come with it under another name or namespace. */
export function twinsOf(target: TargetDifference): Map<ObjectDifference, ObjectDifference> {
  const twins = new Map<ObjectDifference, ObjectDifference>();
  const gone = target.objects.filter(({ action }) => action === 'delete');
  const made = target.objects.filter(({ action }) => action === 'create');
  if (gone.length === 0 || made.length === 0) return twins;
  const free = new Map<string, ObjectDifference[]>();
  for (const object of gone) {
    const content = contentOf(object);
    const list = free.get(content);
    if (list === undefined) free.set(content, [object]);
    else list.push(object);
  }
  for (const object of made) {
    const alike = free.get(contentOf(object)) ?? [];
    // Two that say nothing but their names are not one: a bare Namespace is like any other.
    const at = alike.findIndex(({ ref }) => !isBare(object) || ref.name === object.ref.name);
    const [former] = at < 0 ? [] : alike.splice(at, 1);
    if (former !== undefined) twins.set(former, object);
  }
  return twins;
}

/** Objects that another deployment takes over, where no data hangs on who comes first. */
function handedOver(target: TargetDifference, world: World): Impact[] {
  return target.objects.flatMap((object): Impact[] => {
    const elsewhere = movedTo(object, target, world);
    if (elsewhere === null || lossOf(object, true) !== null) return [];
    return [
      {
        object,
        message: `${describeRef(object.ref)} goes from ${target.target.name} to ${elsewhere.target.name}, and stays`,
        help: 'Nothing to do where that is meant. If the former prunes it before the latter applies it, it is away in between.',
        detail: ['moved'],
        // One move of a folder takes many objects along.
        edit: ['moved', target.target.name, elsewhere.target.name],
      },
    ];
  });
}
