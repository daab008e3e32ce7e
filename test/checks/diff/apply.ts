import type { FieldDifference, PathStep } from '../../../src/checks/diff/semantic/path.js';
import type { JsonValue } from '../../../src/contract/index.js';

type Record = { [key: string]: JsonValue };

/** Applies differences to a copy of the value they were found on. Written apart from the comparison, as its oracle. */
export function applyDifferences(value: JsonValue, differences: readonly FieldDifference[]): JsonValue {
  let result = structuredClone(value);
  // Removals of ordered lists go from the end, so that indexes still hold; orders come last.
  const rank = ({ path, to }: FieldDifference): number => {
    const last = path.at(-1);
    if (typeof last === 'object' && 'order' in last) return 2;
    return to === undefined ? 1 : 0;
  };
  const indexOf = ({ path }: FieldDifference): number => {
    const last = path.at(-1);
    return typeof last === 'object' && 'index' in last ? last.index : 0;
  };
  const sorted = [...differences].sort(
    (a, b) => rank(a) - rank(b) || (a.to === undefined ? indexOf(b) - indexOf(a) : indexOf(a) - indexOf(b)),
  );
  for (const difference of sorted) result = applyAt(result, difference.path, difference);
  return result;
}

function applyAt(value: JsonValue, path: readonly PathStep[], difference: FieldDifference): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return difference.to ?? null;
  if (typeof step === 'string') {
    const record = { ...(value as Record) };
    if (rest.length === 0 && difference.to === undefined) delete record[step];
    else {
      const next =
        rest.length === 0 ? (difference.to ?? null) : applyAt(record[step] ?? null, rest, difference);
      Object.defineProperty(record, step, {
        value: next,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return record;
  }
  const list = [...(value as JsonValue[])];
  if ('order' in step) {
    const order = difference.to as JsonValue[];
    // Lists of custom kinds may be keyed by something else than a name.
    const label = ({ name, key, id }: Record): JsonValue =>
      [name, key, id].find((one) => typeof one === 'string' && order.includes(one)) ?? '';
    const place = (item: JsonValue): number => order.indexOf(label(item as Record));
    // Items that are new keep their place after the ordered ones.
    return list.sort(
      (a, b) => (place(a) === -1 ? order.length : place(a)) - (place(b) === -1 ? order.length : place(b)),
    );
  }
  if ('member' in step) {
    if (difference.to === undefined) return list.filter((item) => item !== step.member);
    return [...list, difference.to];
  }
  const index =
    'index' in step
      ? step.index
      : list.findIndex((item) =>
          step.keys.every(
            ([key, wanted]) => ((item as Record)[key] ?? (key === 'protocol' ? 'TCP' : '')) === wanted,
          ),
        );
  if (rest.length > 0) {
    list[index] = applyAt(list[index] ?? null, rest, difference);
  } else if (difference.to === undefined) list.splice(index, 1);
  else if ('index' in step && difference.from === undefined) list.splice(index, 0, difference.to);
  else if (index === -1) list.push(difference.to);
  else list[index] = difference.to;
  return list;
}
