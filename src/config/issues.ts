import { z } from 'zod';
import type { JsonValue } from '../contract/index.js';
import type { ConfigDocument, SettingPath } from './document.js';
import { nearest } from './nearest.js';
import { type ConfigProblem, oneLine, quoted } from './problem.js';

/** What a schema allows, as far as suggestions need it: taken from the generated JSON Schema. */
interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

type Issue = z.core.$ZodIssue;

/**
 * Checks a document against a schema. Gives the schema's output, or every problem with its place, what was expected
 * and the nearest valid key or value.
 */
export function checkAgainst<Schema extends z.ZodType>(
  schema: Schema,
  document: ConfigDocument,
  value: JsonValue = document.value,
): { output: z.output<Schema> } | { problems: ConfigProblem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { output: result.data };
  const shape = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  return { problems: result.error.issues.flatMap((issue) => describe(issue, [], document, value, shape)) };
}

function describe(
  issue: Issue,
  above: SettingPath,
  document: ConfigDocument,
  root: JsonValue,
  shape: Shape,
): ConfigProblem[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  const at = (setting: SettingPath, what: 'key' | 'value', message: string): ConfigProblem => ({
    path: document.path,
    ...document.locate(setting, what),
    message,
  });
  const name = settingName(path);
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        at([...path, key], 'key', `unknown key ${quoted(key)} ${inside(path)}${hint(key, path, shape)}`),
      );
    case 'invalid_type':
      if (value === undefined) return [at(path, 'key', `${name} is missing`)];
      return [
        at(
          path,
          'value',
          `${name} must be ${TYPES.get(issue.expected)}, not ${typed(value)}${advice(issue.expected, value)}`,
        ),
      ];
    case 'invalid_value':
      if (value === undefined) return [at(path, 'key', `${name} is missing; it is ${choices(issue.values)}`)];
      return [
        at(
          path,
          'value',
          `${name} must be ${choices(issue.values)}, not ${typed(value)}${meant(value, issue.values)}`,
        ),
      ];
    case 'invalid_union': {
      const closest = issue.errors.find((branch) => !branch.some(isOfAnotherType));
      if (closest !== undefined) {
        return closest.flatMap((inner) => describe(inner, path, document, root, shape));
      }
      const ways = issue.errors
        .map((branch) => branch.filter(isOfAnotherType).map(expectation).join(' and '))
        .join(', or ');
      return [at(path, 'value', `${name} must be ${ways}, not ${typed(value)}`)];
    }
    case 'invalid_format':
      return [at(path, 'value', `${name} must be a day as YYYY-MM-DD, not ${typed(value)}`)];
    case 'too_small':
      return [
        at(
          path,
          'value',
          issue.origin === 'number' || issue.origin === 'int'
            ? `${name} must be at least ${issue.minimum}`
            : `${name} must not be empty`,
        ),
      ];
    case 'too_big':
      return [at(path, 'value', `${name} must be at most ${issue.maximum}`)];
    default:
      return [at(path, 'value', `${name}: ${oneLine(issue.message)}`)];
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map of keys'],
  ['record', 'a map of keys'],
]);

/** `signatures.signers[0].emails`, for people. */
export function settingName(path: SettingPath): string {
  let name = '';
  for (const key of path) {
    if (typeof key === 'number') name += `[${key}]`;
    else name += name === '' ? key : `.${key}`;
  }
  return name === '' ? 'the file' : quoted(name);
}

/** The value at a path of a document, or undefined where there is none. */
export function valueAt(root: JsonValue, path: SettingPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key];
    else if (isObject(value) && typeof key === 'string')
      value = Object.hasOwn(value, key) ? value[key] : undefined;
    else return undefined;
  }
  return value;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typed(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of keys';
  return typeof value === 'string' ? `the text ${quoted(value)}` : `\`${value}\``;
}

/** What to write instead, for the slips that YAML invites. */
function advice(expected: string, value: JsonValue): string {
  if (value === null) return '; write a value or take the key out';
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return '; put it in quotes';
  }
  if (expected === 'array' && typeof value === 'string') return `; write [${oneLine(value, 60)}]`;
  if (expected === 'boolean' && typeof value === 'string') {
    if (/^(yes|on)$/i.test(value)) return '; write true';
    if (/^(no|off)$/i.test(value)) return '; write false';
  }
  return '';
}

function choices(values: readonly unknown[]): string {
  const written = values.map((value) => `\`${String(value)}\``);
  return written.length === 1 ? written.join('') : `one of ${written.join(', ')}`;
}

function meant(value: JsonValue, values: readonly unknown[]): string {
  const near = typeof value === 'string' ? nearest(value, values.map(String)) : null;
  return near === null ? '' : `; did you mean \`${near}\`?`;
}

type TypeIssue = Extract<Issue, { code: 'invalid_type' | 'invalid_value' }>;

function isOfAnotherType(issue: Issue): issue is TypeIssue {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function expectation(issue: TypeIssue): string {
  return issue.code === 'invalid_value' ? choices(issue.values) : String(TYPES.get(issue.expected));
}

function inside(path: SettingPath): string {
  return path.length === 0 ? 'at the top level' : `in ${settingName(path)}`;
}

/** The nearest valid key here, else where a key of that name belongs, else the keys that are valid here. */
function hint(key: string, path: SettingPath, shape: Shape): string {
  const keys = keysAt(shape, path);
  const near = nearest(key, keys);
  if (near !== null) return `; did you mean \`${near}\`?`;
  const home = Object.entries(propertiesOf(shape)).find(([, section]) =>
    Object.hasOwn(propertiesOf(section), key),
  );
  if (home !== undefined && home[0] !== path[0]) return `; it belongs in \`${home[0]}\``;
  return `; the keys here are ${keys.map((one) => `\`${one}\``).join(', ')}`;
}

function propertiesOf(shape: Shape): Record<string, Shape> {
  return shape.properties ?? {};
}

function keysAt(shape: Shape, path: SettingPath): string[] {
  let shapes: Shape[] = [shape];
  for (const key of path) {
    shapes = shapes
      .flatMap((one) => [one, ...(one.anyOf ?? [])])
      .map((one) => (typeof key === 'number' ? one.items : propertiesOf(one)[key]))
      .filter((one) => one !== undefined);
  }
  return shapes
    .flatMap((one) => [one, ...(one.anyOf ?? [])])
    .flatMap((one) => Object.keys(propertiesOf(one)));
}
