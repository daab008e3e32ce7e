import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import type { Budget } from '../values/budget.js';
import { emptyObject, isObject, type JsonObject, member, setMember } from '../values/json.js';
import { hasWildcard, wildcardMatch } from '../values/wildcard.js';
import { type Anchor, parseAnchor } from './anchor.js';
import { scalarMatches } from './scalar-pattern.js';

/** How an object stands to a pattern. `skip`: a condition of the pattern says that it is not meant. */
export type PatternOutcome =
  | { status: 'pass' }
  | { status: 'fail' | 'skip' | 'error'; message: string; path: FieldPath };

/** Kinds of failure that travel up through maps and lists. */
type Failure = { kind: 'condition' | 'negation' | 'plain'; message: string; path: FieldPath };

/**
 * Compares an object with a pattern, anchors included. Semantics: MatchPattern of Kyverno's pkg/engine/validate.
 * @throws PolicyLimitError
 */
export function matchPattern(resource: JsonValue, pattern: JsonValue, budget: Budget): PatternOutcome {
  const matcher = new PatternMatcher(budget);
  const failure = matcher.element(resource, pattern, []);
  if (failure === null) return { status: 'pass' };
  const { message, path } = failure;
  if (failure.kind === 'condition') return { status: 'skip', message, path };
  if (failure.kind === 'negation') return { status: 'fail', message, path };
  return { status: matcher.anchorsMissing() ? 'error' : 'fail', message, path };
}

/**
 * Patterns written for labels and annotations may hold globs in their keys; each stands for the first key it fits. A value
 * that is no text is none that the API server takes: it satisfies no glob that demands a key, and is found by one that
 * forbids it. Semantics, but for the last: pkg/engine/wildcards.
 */
function expandMetadata(pattern: JsonObject, resource: JsonObject): JsonObject {
  const metadata = Object.keys(pattern).find((key) => (parseAnchor(key)?.key ?? key) === 'metadata');
  if (metadata === undefined) return pattern;
  const patternMetadata = pattern[metadata];
  const resourceMetadata = member(resource, 'metadata');
  if (!isObject(patternMetadata) || !isObject(resourceMetadata)) return pattern;
  const expanded = emptyObject();
  for (const [key, value] of Object.entries(patternMetadata)) {
    const name = parseAnchor(key)?.key ?? key;
    const actual = member(resourceMetadata, name);
    const fits = (name === 'labels' || name === 'annotations') && isObject(value) && isObject(actual);
    setMember(expanded, key, fits ? expandKeys(value, actual) : value);
  }
  const copy = emptyObject();
  for (const [key, value] of Object.entries(pattern))
    setMember(copy, key, key === metadata ? expanded : value);
  return copy;
}

function expandKeys(pattern: JsonObject, actual: JsonObject): JsonObject {
  const result = emptyObject();
  for (const [key, value] of Object.entries(pattern)) {
    const anchor = parseAnchor(key);
    const name = anchor?.key ?? key;
    const found = hasWildcard(name)
      ? Object.keys(actual).find(
          (candidate) =>
            (anchor?.modifier === 'X' || typeof actual[candidate] === 'string') &&
            wildcardMatch(name, candidate),
        )
      : undefined;
    const resolved = found ?? name;
    setMember(result, anchor === null ? resolved : `${anchor.modifier}(${resolved})`, value);
  }
  return result;
}

/** The order in which a pattern's keys are judged. */
interface KeyOrder {
  anchored: readonly string[];
  others: readonly string[];
}

/** Patterns are parts of policies, which are not changed once they are loaded. */
const orders = new WeakMap<JsonObject, KeyOrder>();
const anchoredParts = new WeakMap<object, boolean>();

/** Anchors first; then keys with anchors below them, in reverse order, as Kyverno's list of them has it. */
function orderOf(pattern: JsonObject): KeyOrder {
  let order = orders.get(pattern);
  if (order === undefined) {
    const anchored: string[] = [];
    const front: string[] = [];
    const back: string[] = [];
    for (const key of Object.keys(pattern).sort()) {
      const anchor = parseAnchor(key);
      if (anchor !== null && ['', '^', '=', 'X'].includes(anchor.modifier)) anchored.push(key);
      else if (anchor?.modifier === '<' || hasAnchors(pattern[key] ?? null)) front.unshift(key);
      else back.push(key);
    }
    order = { anchored, others: [...front, ...back] };
    orders.set(pattern, order);
  }
  return order;
}

function hasAnchors(pattern: JsonValue): boolean {
  if (typeof pattern !== 'object' || pattern === null) return false;
  let found = anchoredParts.get(pattern);
  if (found === undefined) {
    found = Array.isArray(pattern)
      ? pattern.some(hasAnchors)
      : Object.entries(pattern).some(([key, value]) => {
          const anchor = parseAnchor(key);
          return (anchor !== null && anchor.modifier !== '+') || hasAnchors(value);
        });
    anchoredParts.set(pattern, found);
  }
  return found;
}

class PatternMatcher {
  readonly #anchors = new Map<string, boolean>();

  constructor(readonly budget: Budget) {}

  anchorsMissing(): boolean {
    return [...this.#anchors].some(([key, found]) => !found && parseAnchor(key)?.modifier !== 'X');
  }

  element(resource: JsonValue | undefined, pattern: JsonValue, path: FieldPath): Failure | null {
    this.budget.spend();
    const actual = resource ?? null;
    if (isObject(pattern)) {
      if (!isObject(actual))
        return plain(path, `${printPath(path)} is ${typeName(actual)} and must be an object`);
      this.note(pattern, actual);
      return this.map(actual, expandMetadata(pattern, actual), path);
    }
    if (Array.isArray(pattern)) {
      if (!Array.isArray(actual)) return plain(path, `${printPath(path)} must be a list`);
      return this.array(actual, pattern, path);
    }
    if (Array.isArray(actual)) {
      const index = actual.findIndex((item) => !scalarMatches(item, pattern));
      return index < 0 ? null : mismatch([...path, index], pattern);
    }
    return scalarMatches(actual, pattern) ? null : mismatch(path, pattern);
  }

  private note(pattern: JsonObject, resource: JsonObject): void {
    for (const key of Object.keys(pattern)) {
      const anchor = parseAnchor(key);
      if (anchor === null || !['', '^', 'X'].includes(anchor.modifier)) continue;
      if (this.#anchors.get(key) !== true) this.#anchors.set(key, member(resource, anchor.key) !== undefined);
    }
  }

  private map(resource: JsonObject, pattern: JsonObject, path: FieldPath): Failure | null {
    const { anchored, others } = orderOf(pattern);
    let skipped: Failure | null = null;
    for (const key of anchored) {
      const failure = this.member(resource, key, pattern[key] ?? null, path);
      if (failure === null) continue;
      if (failure.kind === 'condition') skipped ??= failure;
      else if (skipped === null) return failure;
    }
    if (skipped !== null) return { ...skipped, path };
    for (const key of others) {
      const failure = this.member(resource, key, pattern[key] ?? null, path);
      if (failure !== null) return failure;
    }
    return null;
  }

  private member(resource: JsonObject, key: string, pattern: JsonValue, path: FieldPath): Failure | null {
    const anchor = parseAnchor(key);
    if (anchor === null || anchor.modifier === '+') return this.required(resource, key, pattern, path);
    const value = member(resource, anchor.key);
    const at = [...path, anchor.key];
    switch (anchor.modifier) {
      case 'X':
        return value === undefined
          ? null
          : { kind: 'negation', message: `${printPath(at)} is not allowed`, path: at };
      case '=':
        return value === undefined ? null : this.element(value, pattern, at);
      case '^':
        return value === undefined ? null : this.existence(value, pattern, at);
      default:
        return this.condition(anchor, value, pattern, at);
    }
  }

  private required(resource: JsonObject, key: string, pattern: JsonValue, path: FieldPath): Failure | null {
    const value = member(resource, key);
    const at = [...path, key];
    if (pattern !== '*') return this.element(value, pattern, at);
    return value === undefined || value === null ? plain(at, `${printPath(at)} is missing`) : null;
  }

  private condition(
    anchor: Anchor,
    value: JsonValue | undefined,
    pattern: JsonValue,
    path: FieldPath,
  ): Failure | null {
    if (value === undefined) {
      return anchor.modifier === '<'
        ? null
        : { kind: 'condition', message: `${printPath(path)} is not there`, path };
    }
    const failure = this.element(value, pattern, path);
    return failure === null ? null : { kind: 'condition', message: failure.message, path: failure.path };
  }

  private existence(value: JsonValue, pattern: JsonValue, path: FieldPath): Failure | null {
    if (!Array.isArray(value)) return plain(path, `${printPath(path)} must be a list`);
    if (!Array.isArray(pattern)) return plain(path, 'an existence anchor needs a list as its pattern');
    for (const wanted of pattern) {
      if (!isObject(wanted)) return plain(path, 'an existence anchor needs objects in its list');
      const found = value.some((item, index) => this.element(item, wanted, [...path, index]) === null);
      if (!found) return plain(path, `no item of ${printPath(path)} is as demanded`);
    }
    return null;
  }

  private array(
    resource: readonly JsonValue[],
    pattern: readonly JsonValue[],
    path: FieldPath,
  ): Failure | null {
    const first = pattern[0];
    if (first === undefined) return plain(path, 'the pattern is an empty list');
    if (isObject(first)) {
      return this.every(
        resource.map((item) => [item, first]),
        path,
      );
    }
    if (!Array.isArray(first)) return this.element([...resource], first, path);
    if (resource.length < pattern.length) return plain(path, `${printPath(path)} has too few items`);
    return this.every(
      pattern.map((item, index) => [resource[index] ?? null, item]),
      path,
    );
  }

  /** Items that a condition passes over do not count, unless all of them are. */
  private every(pairs: readonly (readonly [JsonValue, JsonValue])[], path: FieldPath): Failure | null {
    let applied = 0;
    let skipped: Failure | null = null;
    for (const [index, [item, pattern]] of pairs.entries()) {
      const failure = this.element(item, pattern, [...path, index]);
      if (failure === null) applied += 1;
      else if (failure.kind === 'condition') skipped ??= failure;
      else return failure;
    }
    return applied === 0 && skipped !== null ? { ...skipped, path } : null;
  }
}

function plain(path: FieldPath, message: string): Failure {
  return { kind: 'plain', message, path };
}

function mismatch(path: FieldPath, pattern: JsonValue): Failure {
  return plain(path, `${printPath(path)} does not match ${JSON.stringify(pattern)}`);
}

function typeName(value: JsonValue): string {
  return value === null ? 'missing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** A field path as Kyverno prints it: `/spec/containers/0/image/`. */
export function printPath(path: FieldPath): string {
  return path.length === 0 ? '/' : `/${path.join('/')}/`;
}
