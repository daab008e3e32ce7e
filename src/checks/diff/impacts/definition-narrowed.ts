import type { JsonValue } from '../../../contract/index.js';
import { describeRef, isRecord, type KubernetesObject } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, textOf } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** Fields named in one message. */
const MOST_FIELDS = 3;
/** Fields of one definition that are looked at. */
const MOST_PATHS = 50_000;

/** Definitions under which objects that are there lose a version, or fields. */
export const definitionNarrowed: ImpactRule = {
  describe: {
    id: 'diff/definition-narrowed',
    title: 'A CustomResourceDefinition drops a version, fields, or how it converts',
    why: 'Whoever uses the version is refused; fields that the schema no longer knows are dropped from each object at its next write, and no revert brings them back.',
    help: 'Bring the objects to the new form first; if that is done, an approving review opens it.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object): Impact[] => {
      const { base, result, ref } = object;
      if (base === null || result === null) return [];
      if (kindKey(ref.apiVersion, ref.kind) !== 'apiextensions.k8s.io/CustomResourceDefinition') return [];
      return narrowed(base.object, result.object).map(({ says, field, told }) => ({
        object,
        field,
        ...(told ? { action: 'inform' as const, severity: 'warning' as const } : {}),
        message: `${describeRef(ref)} ${says}`,
        help: 'Are the objects of its kind brought to the new form? Then an approving review opens this.',
        detail: [says],
      }));
    });
  },
};

interface Narrowing {
  says: string;
  field: readonly string[];
  /** Only told: whether any object has such a field is not known. */
  told?: true;
}

function narrowed(before: KubernetesObject, after: KubernetesObject): Narrowing[] {
  const found: Narrowing[] = [];
  const versions = ['spec', 'versions'];
  const served = servedVersions(after);
  const gone = [...servedVersions(before)].filter((name) => !served.has(name));
  if (gone.length > 0) found.push({ says: `no longer serves ${gone.join(', ')}`, field: versions });
  const strategy = (side: KubernetesObject): string =>
    textOf(at(side, 'spec', 'conversion', 'strategy')) || 'None';
  const webhook = (side: KubernetesObject): string =>
    JSON.stringify(at(side, 'spec', 'conversion', 'webhook', 'clientConfig', 'service') ?? null);
  if (
    strategy(before) === 'Webhook' &&
    (strategy(after) !== 'Webhook' || webhook(before) !== webhook(after))
  ) {
    found.push({
      says:
        strategy(after) === 'Webhook'
          ? 'is converted by another service'
          : 'is no longer converted: fields that versions name differently are lost',
      field: ['spec', 'conversion'],
    });
  }
  if (
    at(before, 'spec', 'preserveUnknownFields') === true &&
    at(after, 'spec', 'preserveUnknownFields') !== true
  ) {
    found.push({ says: 'no longer keeps fields that it does not know', field: ['spec'] });
  }
  const schemas = new Map(
    recordsOf(at(after, ...versions)).map((version) => [textOf(version.name), at(version, 'schema')]),
  );
  for (const version of recordsOf(at(before, ...versions))) {
    const name = textOf(version.name);
    const schema = schemas.get(name);
    if (schema === undefined) continue;
    const lost = lostFields(at(version, 'schema', 'openAPIV3Schema'), at(schema, 'openAPIV3Schema'));
    if (lost.length === 0) continue;
    const more = lost.length > MOST_FIELDS ? ` and ${lost.length - MOST_FIELDS} more` : '';
    found.push({
      says: `${name} drops ${lost.slice(0, MOST_FIELDS).join(', ')}${more}`,
      field: versions,
      told: true,
    });
  }
  return found;
}

/** Versions that a definition serves. */
export function servedVersions(definition: KubernetesObject): Set<string> {
  return new Set(
    recordsOf(at(definition, 'spec', 'versions'))
      .filter((version) => version.served !== false)
      .map((version) => textOf(version.name)),
  );
}

/** Fields that a schema knew and does not any more; the field alone, not what lies under it. */
function lostFields(before: JsonValue | undefined, after: JsonValue | undefined): string[] {
  const lost: string[] = [];
  let left = MOST_PATHS;
  const walk = (old: JsonValue | undefined, now: JsonValue | undefined, path: string): void => {
    if (!isRecord(old) || !isRecord(now) || now['x-kubernetes-preserve-unknown-fields'] === true) return;
    if (isRecord(old.properties)) {
      const known = isRecord(now.properties) ? now.properties : {};
      // A map of anything has room for what was named before.
      const open = isRecord(now.additionalProperties) || now.additionalProperties === true;
      for (const [key, value] of Object.entries(old.properties)) {
        left -= 1;
        if (left < 0) return;
        if (Object.hasOwn(known, key)) walk(value, known[key], `${path}.${key}`);
        else if (!open) lost.push(`${path}.${key}`.slice(1));
      }
    }
    if (isRecord(old.items)) walk(old.items, now.items, `${path}[]`);
    if (isRecord(old.additionalProperties))
      walk(old.additionalProperties, now.additionalProperties, `${path}.*`);
  };
  walk(before, after, '');
  return lost;
}
