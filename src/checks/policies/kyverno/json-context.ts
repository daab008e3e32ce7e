import type { JsonValue } from '../../../contract/index.js';
import { type RootScope, search } from '../jmespath/interpreter.js';
import { type FunctionContext, NotFoundError } from '../jmespath/language.js';
import { emptyObject, isObject, setMember } from '../values/json.js';
import { MissingDataError } from './errors.js';

/** A value, or how to get it at first use. */
type Entry = { value: JsonValue } | { load: () => JsonValue; loading: boolean };

/**
 * What a policy's expressions see: `request`, `images`, `element` and the entries of `context`, each loaded when it is
 * first named. Layers are stacked for foreach and dropped by leaving them.
 */
export class JsonContext implements RootScope {
  readonly #entries = new Map<string, Entry>();
  #withheld: { names: RegExp; what: string } | null = null;

  constructor(
    readonly functions: FunctionContext,
    readonly parent: JsonContext | null = null,
  ) {}

  /** A layer on top of this one. */
  layer(): JsonContext {
    return new JsonContext(this.functions, this);
  }

  /** Expressions that name some part of `request` which nobody knows have no value, not even where they have another for its want. */
  withhold(names: RegExp, what: string): void {
    this.#withheld = { names, what };
  }

  private get withheld(): { names: RegExp; what: string } | null {
    return this.#withheld ?? this.parent?.withheld ?? null;
  }

  set(name: string, value: JsonValue): void {
    this.#entries.set(name, { value });
  }

  /** An entry whose value is made at its first use; while it is made, its name means what lies below. */
  defer(name: string, load: () => JsonValue): void {
    this.#entries.set(name, { load, loading: false });
  }

  /** Sets a value at a dotted name (`request.object.metadata.name`), merging with what is there. */
  merge(name: string, value: JsonValue): void {
    const [first = '', ...rest] = splitName(name);
    if (rest.length === 0) {
      this.set(first, value);
      return;
    }
    let current: JsonValue | null;
    try {
      current = this.get(first);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      current = null;
    }
    this.set(first, merged(current, rest, value));
  }

  has(name: string): boolean {
    return this.#entries.has(name) || (this.parent?.has(name) ?? false);
  }

  get(name: string): JsonValue {
    const entry = this.#entries.get(name);
    if (entry === undefined || ('load' in entry && entry.loading)) {
      if (this.parent !== null) return this.parent.get(name);
      throw new NotFoundError(name);
    }
    if ('value' in entry) return entry.value;
    entry.loading = true;
    try {
      const value = entry.load();
      this.#entries.set(name, { value });
      return value;
    } finally {
      entry.loading = false;
    }
  }

  whole(): JsonValue {
    const all = this.parent?.whole() ?? emptyObject();
    const copy = emptyObject();
    if (isObject(all)) for (const [key, value] of Object.entries(all)) setMember(copy, key, value);
    for (const [name, entry] of this.#entries) if ('value' in entry) setMember(copy, name, entry.value);
    return copy;
  }

  /** Evaluates a JMESPath expression. @throws NotFoundError, JmesPathError, MissingDataError, PolicyLimitError */
  query(expression: string): JsonValue {
    const withheld = this.withheld;
    if (withheld?.names.test(expression) === true) throw new MissingDataError(withheld.what);
    return search(expression.trim(), this, this.functions);
  }
}

/** Splits at dots outside of double quotes. */
function splitName(name: string): string[] {
  const parts: string[] = [];
  for (const match of name.matchAll(/"([^"]*)"|([^."]+)/g)) parts.push(match[1] ?? match[2] ?? '');
  return parts;
}

function merged(current: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = emptyObject();
  if (isObject(current)) for (const [name, item] of Object.entries(current)) setMember(copy, name, item);
  const below = Object.hasOwn(copy, key) ? (copy[key] ?? null) : null;
  setMember(copy, key, merged(below, rest, value));
  return copy;
}
