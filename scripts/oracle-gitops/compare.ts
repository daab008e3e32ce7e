import { isDeepStrictEqual } from 'node:util';

export type JsonMap = { [name: string]: unknown };

/** What one side makes of a case: its objects, or why it makes none. */
export type Side = { objects: readonly JsonMap[] } | { refusal: string };

/**
 * How two sides differ, or null where they do not: objects are matched by identity, whatever their order; two refusals
 * are alike whatever they say.
 */
export function differenceOf(ours: Side, theirs: Side): string | null {
  if ('refusal' in ours) {
    return 'refusal' in theirs ? null : `only we refuse: ${ours.refusal.slice(0, 400)}`;
  }
  if ('refusal' in theirs) return `only they refuse: ${theirs.refusal.slice(0, 400)}`;
  const [mine, other] = [byIdentity(ours.objects), byIdentity(theirs.objects)];
  for (const identity of mine.keys()) if (!other.has(identity)) return `only we have ${identity}`;
  for (const [identity, object] of other) {
    const own = mine.get(identity);
    if (own === undefined) return `only they have ${identity}`;
    const at = firstDifference(own, object, '');
    if (at !== null) return `${identity}: ${at}`;
  }
  return null;
}

function byIdentity(objects: readonly JsonMap[]): Map<string, JsonMap> {
  const found = new Map<string, JsonMap>();
  // Argo CD gives objects of the same name in no order.
  const sorted = objects.map((object) => ({ object, text: JSON.stringify(canonical(object)) }));
  sorted.sort((a, b) => (a.text < b.text ? -1 : 1));
  for (const { object } of sorted) {
    const metadata = (object.metadata ?? {}) as JsonMap;
    const identity = [object.apiVersion, object.kind, metadata.namespace ?? '', metadata.name].join(' ');
    let [key, count] = [identity, 1];
    while (found.has(key)) {
      count += 1;
      key = `${identity} (${count})`;
    }
    found.set(key, object);
  }
  return found;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isMap(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, canonical(value[name])]));
}

function firstDifference(ours: unknown, theirs: unknown, path: string): string | null {
  if (isDeepStrictEqual(plain(ours), plain(theirs))) return null;
  if (isMap(ours) && isMap(theirs)) {
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const difference = firstDifference(ours[name], theirs[name], `${path}.${name}`);
      if (difference !== null) return difference;
    }
  }
  return `${path} is ${shown(ours)} and should be ${shown(theirs)}`;
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 300);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
