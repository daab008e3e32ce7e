import type { ChangeAction, JsonValue, ObjectRef } from '../../contract/index.js';
import type { FieldPath, KubernetesObject, Manifest } from '../../kubernetes/index.js';
import { isRecord } from '../../kubernetes/index.js';
import type { RenderOutcome, Target } from '../../render/index.js';
import type { ChangePath, FieldDifference } from './semantic/path.js';

/** What the change does to one object of one target. */
export interface ObjectDifference {
  action: ChangeAction;
  /** Of the result's object; of the base's where it is deleted. */
  ref: ObjectRef;
  base: Manifest | null;
  result: Manifest | null;
  /** Both sides as they were compared (normalised); null where there is none. Values of Secrets are in them. */
  before: KubernetesObject | null;
  after: KubernetesObject | null;
  /** Empty for creations and deletions. */
  differences: FieldDifference[];
  /** Values must not be shown. */
  secret: boolean;
  /** The object under its former name: a ConfigMap or Secret whose name ends in a hash of its content. */
  renamedFrom: ObjectRef | null;
  /** ruleIds of the impacts found on it. */
  impacts: Set<string>;
}

/** What the change does to one target. */
export interface TargetDifference {
  target: Target;
  base: RenderOutcome;
  result: RenderOutcome;
  touched: boolean;
  objects: ObjectDifference[];
  /** Differences that were left out: tool annotations, checksums, times. */
  noise: number;
}

/** The manifests of one side; none where it is absent or could not be rendered. */
export function manifestsOf(outcome: RenderOutcome): readonly Manifest[] {
  return outcome.status === 'rendered' ? outcome.manifests : [];
}

/** A value inside an object, by plain keys. */
export function at(
  value: JsonValue | undefined | null,
  ...path: readonly (string | number)[]
): JsonValue | undefined {
  let current: JsonValue | undefined | null = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current[step];
    else if (isRecord(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current ?? undefined;
}

/** Annotations of an object that are strings. */
export function annotationsOf(object: KubernetesObject | null): { [key: string]: string } {
  const annotations = at(object, 'metadata', 'annotations');
  if (!isRecord(annotations)) return {};
  return Object.fromEntries(
    Object.entries(annotations).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The place in an object that a change path leads to, as far as it goes. */
export function fieldPathIn(object: KubernetesObject, path: ChangePath): FieldPath {
  const found: (string | number)[] = [];
  let current: JsonValue | undefined = object;
  for (const step of path) {
    if (typeof step === 'string') {
      if (!isRecord(current)) break;
      found.push(step);
      current = Object.hasOwn(current, step) ? current[step] : undefined;
    } else {
      if (!Array.isArray(current)) break;
      const index: number =
        'index' in step
          ? step.index
          : 'keys' in step
            ? current.findIndex((item) => step.keys.every(([key, value]) => (at(item, key) ?? '') === value))
            : 'member' in step
              ? current.indexOf(step.member)
              : -1;
      if (index < 0 || index >= current.length) break;
      found.push(index);
      current = current[index];
    }
  }
  return found;
}
