import type { JsonValue } from '../../../contract/index.js';
import { describeRef, isRecord } from '../../../kubernetes/index.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import { kindKey } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** Kind and content of an object without its name and namespace, keys in one order. */
function contentOf(object: ObjectDifference): string {
  const side = object.before ?? object.after ?? {};
  const metadata = isRecord(side.metadata) ? side.metadata : {};
  const { name: _name, namespace: _namespace, ...rest } = metadata;
  return JSON.stringify([
    kindKey(object.ref.apiVersion, object.ref.kind),
    ordered({ ...side, metadata: rest }),
  ]);
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

/** An object that goes and one that comes with the same content under another name or in another namespace. */
export const renamed: ImpactRule = {
  describe: {
    id: 'diff/renamed',
    title: 'An object is renamed or moved to another namespace',
    why: 'For the cluster that is a deletion and a creation: the new one starts from nothing, and what still uses the old name does not find it.',
    help: 'Nothing to do where that is meant.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference): Impact[] {
    const gone = target.objects.filter(({ action }) => action === 'delete');
    const made = target.objects.filter(({ action }) => action === 'create');
    if (gone.length === 0 || made.length === 0) return [];
    const free = new Map<string, ObjectDifference[]>();
    for (const object of gone) {
      const content = contentOf(object);
      const list = free.get(content);
      if (list === undefined) free.set(content, [object]);
      else list.push(object);
    }
    return made.flatMap((object): Impact[] => {
      const alike = free.get(contentOf(object)) ?? [];
      // Two that say nothing but their names are not one: a bare Namespace is like any other.
      const at = alike.findIndex(({ ref }) => !isBare(object) || ref.name === object.ref.name);
      const [former] = at < 0 ? [] : alike.splice(at, 1);
      if (former === undefined) return [];
      return [
        {
          object,
          message: `${describeRef(former.ref)} becomes ${describeRef(object.ref)}: it is deleted and made anew`,
          help: 'Nothing to do where that is meant.',
          detail: [former.ref.name],
        },
      ];
    });
  },
};
