import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath, OpenApiSchema } from '../../../kubernetes/index.js';
import { type ListType, typedList, withUnseen } from '../cel/typed-collections.js';
import {
  CelError,
  type CelMap,
  type CelValue,
  Duration,
  Native,
  type Origins,
  Timestamp,
} from '../cel/values.js';
import type { Budget } from '../values/budget.js';
import { parseDuration } from '../values/duration.js';
import { parseGoTime, RFC3339 } from '../values/go-time.js';
import { emptyObject, isObject, member, setMember, text, texts } from '../values/json.js';
import { escapedName } from './property-name.js';

const STRING: OpenApiSchema = { type: 'string' };
const META: OpenApiSchema = {
  type: 'object',
  properties: { name: STRING, generateName: STRING },
};

/** True where expressions can see values of a schema: not where it says no type, or its items say none. */
export function isSeen(schema: JsonValue | undefined): boolean {
  if (!isObject(schema)) return false;
  if (member(schema, 'x-kubernetes-int-or-string') === true) return true;
  switch (text(member(schema, 'type'))) {
    case 'array':
      return isSeen(member(schema, 'items'));
    case 'object': {
      const additional = member(schema, 'additionalProperties');
      return isObject(additional) ? isSeen(additional) : true;
    }
    case 'string':
    case 'boolean':
    case 'number':
    case 'integer':
      return true;
    default:
      return false;
  }
}

/**
 * Values of custom objects as validation rules see them: typed by the schema, properties by their escaped names, what has no
 * type not at all. A value of another type than its schema's is what it is; the schema refuses it elsewhere.
 * Source: k8s.io/apiserver pkg/cel/common/{schemas,valuesunstructured}.go.
 */
export class TypedValues {
  readonly #known = new Map<object, CelValue>();

  /** @param origins told where lists and maps stand in the object; null for an object that is not judged */
  constructor(
    readonly origins: Origins | null,
    readonly budget: Budget,
  ) {}

  /**
   * @param isRoot true for a whole object: type, name and generateName are seen whatever the schema says
   * @throws PolicyLimitError
   */
  of(value: JsonValue, schema: OpenApiSchema, path: FieldPath, isRoot: boolean): CelValue {
    if (typeof value !== 'object' || value === null) return scalar(value, schema);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    this.budget.spend(1 + path.length);
    const made = Array.isArray(value)
      ? this.#list(value, schema, path)
      : this.#map(value, schema, path, isRoot);
    this.#known.set(value, made);
    if (typeof made === 'object' && made !== null) this.origins?.set(made, path);
    return made;
  }

  #list(items: readonly JsonValue[], schema: OpenApiSchema, path: FieldPath): CelValue {
    const own = member(schema, 'items');
    const itemSchema = isObject(own) ? own : {};
    const embedded = member(itemSchema, 'x-kubernetes-embedded-resource') === true;
    const made = items.map((item, index) => this.of(item, itemSchema, [...path, index], embedded));
    const type = listType(schema);
    return type === null ? made : typedList(made, type);
  }

  #map(value: { [key: string]: JsonValue }, schema: OpenApiSchema, path: FieldPath, isRoot: boolean): CelMap {
    const map: CelMap = new Map();
    const additional = member(schema, 'additionalProperties');
    const embedded = member(schema, 'x-kubernetes-embedded-resource') === true;
    if (isObject(additional) && !isRoot && !embedded) {
      const root = member(additional, 'x-kubernetes-embedded-resource') === true;
      for (const [key, item] of Object.entries(value))
        map.set(key, this.of(item, additional, [...path, key], root));
      return map;
    }
    const properties = propertiesOf(schema, isRoot || embedded);
    const fields = emptyObject();
    for (const [key, item] of Object.entries(value)) {
      if (item === null) continue;
      const property = member(properties, key);
      const name = escapedName(key);
      if (isObject(property) && isSeen(property) && name !== null) {
        const root = member(property, 'x-kubernetes-embedded-resource') === true;
        map.set(name, this.of(item, property, [...path, key], root));
      } else setMember(fields, key, item);
    }
    return withUnseen(map, fields);
  }
}

/** The properties that expressions know; of whole objects always those that every object has. */
function propertiesOf(schema: OpenApiSchema, isRoot: boolean): OpenApiSchema {
  const own = member(schema, 'properties');
  const properties = isObject(own) ? own : {};
  if (!isRoot) return properties;
  const declared = member(member(properties, 'metadata'), 'properties');
  const isComplete = isObject(member(declared, 'name')) && isObject(member(declared, 'generateName'));
  return {
    ...properties,
    apiVersion: STRING,
    kind: STRING,
    metadata: isComplete ? (member(properties, 'metadata') ?? META) : META,
  };
}

function listType(schema: OpenApiSchema): ListType | null {
  switch (text(member(schema, 'x-kubernetes-list-type'))) {
    case 'set':
      return { set: true };
    case 'map':
      return {
        keys: texts(member(schema, 'x-kubernetes-list-map-keys')).map((key) => escapedName(key) ?? key),
      };
    default:
      return null;
  }
}

function scalar(value: null | boolean | number | string, schema: OpenApiSchema): CelValue {
  if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) && text(member(schema, 'type')) !== 'number';
    return isWhole ? BigInt(value) : value;
  }
  if (typeof value !== 'string' || member(schema, 'x-kubernetes-int-or-string') === true) return value;
  switch (text(member(schema, 'format'))) {
    case 'duration':
      return durationOf(value);
    case 'date':
      return timeOf(`${value}T00:00:00Z`);
    case 'date-time':
      return timeOf(value);
    case 'byte':
      return new Uint8Array(Buffer.from(value, 'base64'));
    default:
      return value;
  }
}

/** Text that is not of its format: whatever is asked of it is an error. */
class Unreadable extends Native {
  constructor(readonly typeName: string) {
    super();
  }

  override call(): CelValue {
    throw new CelError(`the text is no ${this.typeName}`);
  }
}

function timeOf(value: string): CelValue {
  const parsed = parseGoTime(RFC3339, value.toUpperCase());
  return parsed === null ? new Unreadable('time') : new Timestamp(parsed.ms, parsed.nanos);
}

const WORDS: readonly (readonly [unit: RegExp, nanoseconds: number])[] = [
  [/^(?:ns|nano.*)$/i, 1],
  [/^(?:us|µs|micro.*)$/i, 1e3],
  [/^(?:ms|milli.*)$/i, 1e6],
  [/^(?:s|sec.*)$/i, 1e9],
  [/^(?:m|min.*)$/i, 60e9],
  [/^(?:h|hr|hour.*)$/i, 3600e9],
  [/^(?:d|day.*)$/i, 86_400e9],
  [/^(?:w|wk|week.*)$/i, 604_800e9],
];

/** Go's form, and whole numbers with units that are written out (`3 days`). */
function durationOf(value: string): CelValue {
  const plain = parseDuration(value);
  if (plain !== null) return new Duration(plain);
  let total: number | null = null;
  for (const [, count = '', unit = ''] of value.slice(0, 200).matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    const known = WORDS.find(([pattern]) => pattern.test(unit));
    if (known !== undefined) total = (total ?? 0) + Number(count) * known[1];
  }
  return total === null ? new Unreadable('duration') : new Duration(total);
}
