import { parseAllDocuments } from 'yaml';
import type { JsonValue } from '../../contract/index.js';
import type { FileChange } from '../../git/index.js';
import { loadYaml } from '../../kubernetes/index.js';

/** One step of a pattern: a key, an index, or any of either. */
type Step = string | number | typeof ANY;
const ANY = Symbol('any');
type Path = readonly (string | number)[];

/**
 * A predicate over field paths for patterns such as `spec.template.spec.containers[*].image`: keys with dots between,
 * `[*]` for any item, `[0]` for one, `['a.b/c']` for a key with dots in it, `*` for any key. A pattern also allows
 * all that lies below it.
 */
export function compileFields(patterns: readonly string[]): (path: Path) => boolean {
  const compiled = patterns.map(stepsOf).filter((steps) => steps !== null);
  return (path) =>
    compiled.some(
      (steps) =>
        steps.length <= path.length && steps.every((step, index) => step === ANY || step === path[index]),
    );
}

const STEP = /(?:^|\.)([^.[\]'"]+)|\[(\*|\d{1,9})\]|\['([^']+)'\]|\["([^"]+)"\]/y;

/** The steps of a pattern; a pattern that cannot be read whole allows nothing, lest a part of it allow too much. */
function stepsOf(pattern: string): Step[] | null {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < pattern.length) {
    const step = STEP.exec(pattern);
    if (step === null) return null;
    const [, key, index, ...quoted] = step;
    if (key === '*' || index === '*') steps.push(ANY);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(String(key ?? quoted.find((text) => text !== undefined)));
  }
  return steps.length === 0 ? null : steps;
}

/**
 * Why a change of one file is more than the allowed fields, or null when it is not. Judged on the parsed documents:
 * both sides must be plain YAML or JSON files (in a script a comment is not always one) that every reader reads alike, with the same documents in the same order.
 */
export function fieldTrespass(
  change: FileChange,
  before: Buffer,
  after: Buffer,
  allowed: (path: Path) => boolean,
): string | null {
  if (!/\.(?:ya?ml|json)$/i.test(change.path)) return 'the file is neither YAML nor JSON by its name';
  const old = loadYaml(before, change.path);
  const young = loadYaml(after, change.path);
  if (old.problems.length > 0 || young.problems.length > 0) return 'the file cannot be read without doubt';
  // Helm and Flux read the text before anything reads it as YAML, its comments too.
  if (templateParts(before).join('\n') !== templateParts(after).join('\n')) {
    return 'it changes what is put in by a template (in double braces, or in braces behind a dollar)';
  }
  const values = ({ documents }: typeof old) => documents.map(({ value }) => value);
  return (
    trespassBetween(values(old), values(young), allowed) ??
    trespassBetween(newerReading(before), newerReading(after), allowed)
  );
}

function trespassBetween(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  allowed: (path: Path) => boolean,
): string | null {
  if (before.length !== after.length) return 'it adds or removes documents';
  for (const [index, value] of after.entries()) {
    const path = differing(before[index], value, [], allowed);
    if (path !== null) return path === '' ? 'it replaces a document' : `it changes ${path}`;
  }
  return null;
}

/**
 * The documents as YAML 1.2 reads them, which kustomize does in part: `yes` is text to it, `010` is ten. Nothing that
 * either reading tells apart may change. The bytes have been read before, within the limits.
 */
function newerReading(bytes: Buffer): JsonValue[] {
  return parseAllDocuments(bytes.toString('utf8'), { version: '1.2', merge: true, uniqueKeys: false })
    .map((document) => document.toJS({ maxAliasCount: -1 }) as JsonValue)
    .filter((value) => value !== null);
}

/** Every `{{ }}` and `${ }` of a text, in order; one that is not closed goes to the end. */
function templateParts(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  const opening = /\{\{|\$\{/g;
  const parts: string[] = [];
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    const close = text.indexOf(open[0] === '{{' ? '}}' : '}', opening.lastIndex);
    const end = close === -1 ? text.length : close + 1;
    parts.push(text.slice(open.index, end));
    opening.lastIndex = end;
  }
  return parts;
}

/** The first path that differs and is not allowed, as text; null when all that differs is allowed. */
function differing(
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  path: Path,
  allowed: (path: Path) => boolean,
): string | null {
  if (a === b) return null;
  if (path.length > 0 && allowed(path)) return null;
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    for (const [index, item] of b.entries()) {
      const found = differing(a[index], item, [...path, index], allowed);
      if (found !== null) return found;
    }
    return null;
  }
  if (isMap(a) && isMap(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = differing(own(a, key), own(b, key), [...path, key], allowed);
      if (found !== null) return found;
    }
    return null;
  }
  return textOf(path);
}

function isMap(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function own(map: { [key: string]: JsonValue }, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function textOf(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (/^[A-Za-z0-9_-]+$/.test(step)) return index === 0 ? step : `.${step}`;
      return `[${JSON.stringify(step)}]`;
    })
    .join('');
}
