import type { JsonValue } from '../../contract/index.js';
import type { MappingNode, Node, ScalarNode } from './node.js';
import { type ProblemCode, UnreadableError } from './problem.js';
import { resolvePlain, resolveTagged, YAML_TAG } from './scalar.js';

type Note = (code: ProblemCode, message: string, offset: number) => void;

/** Bounds of one document. */
export interface ValueLimits {
  depth: number;
  nodes: number;
}

const KNOWN_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'binary', 'timestamp', 'merge'].map(
    (name) => YAML_TAG + name,
  ),
);

/** Assigns as an own property whatever the key is: `__proto__` is a key like any other. */
export function setOwn(target: { [key: string]: JsonValue }, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

/**
 * Turns a node tree into JSON as sigs.k8s.io/yaml does over go.yaml.in/yaml/v2: merges take effect where they stand
 * (later entries win), keys become strings, aliases are copied. `note` hears what other readers would read otherwise.
 * @throws UnreadableError for what kubectl refuses, and when the limits are exceeded before it is expanded
 */
export function jsonOf(node: Node, limits: ValueLimits, note: Note): JsonValue {
  return new Evaluator(limits, note).value(node, 0);
}

class Evaluator {
  readonly #limits: ValueLimits;
  readonly #note: Note;
  readonly #open = new Set<Node>();
  #decoded = 0;
  #aliased = 0;
  #aliasDepth = 0;

  constructor(limits: ValueLimits, note: Note) {
    this.#limits = limits;
    this.#note = note;
  }

  value(node: Node, depth: number): JsonValue {
    this.#count(node, depth);
    switch (node.kind) {
      case 'scalar':
        return this.#scalar(node);
      case 'sequence':
        this.#knownTag(node.tag, node.start);
        return node.items.map((item) => this.value(item, depth + 1));
      case 'mapping': {
        this.#knownTag(node.tag, node.start);
        const target: { [key: string]: JsonValue } = {};
        this.#fill(node, target, new Set(), depth);
        return target;
      }
      case 'alias':
        return this.#through(node.target, node.start, (target) => this.value(target, depth));
    }
  }

  #through<T>(target: Node, offset: number, then: (target: Node) => T): T {
    if (this.#open.has(target))
      throw new UnreadableError('syntax', 'an anchor whose value contains itself', offset);
    this.#open.add(target);
    this.#aliasDepth += 1;
    try {
      return then(target);
    } finally {
      this.#aliasDepth -= 1;
      this.#open.delete(target);
    }
  }

  #count(node: Node, depth: number): void {
    if (depth > this.#limits.depth) {
      throw new UnreadableError('limit', `nested deeper than ${this.#limits.depth} levels`, node.start);
    }
    this.#decoded += 1;
    if (this.#aliasDepth > 0) this.#aliased += 1;
    if (this.#decoded > this.#limits.nodes) {
      throw new UnreadableError('limit', `more than ${this.#limits.nodes} nodes in one document`, node.start);
    }
    // kubectl's own bound against alias bombs (go.yaml.in/yaml/v2 decode.go, allowedAliasRatio).
    if (
      this.#aliased > 100 &&
      this.#decoded > 1000 &&
      this.#aliased / this.#decoded > allowedAliasRatio(this.#decoded)
    ) {
      throw new UnreadableError('limit', 'document contains excessive aliasing', node.start);
    }
  }

  #scalar(node: ScalarNode): JsonValue {
    if (node.literal !== undefined) {
      this.#exact(node.literal, node);
      return node.literal;
    }
    if (node.tag === '') {
      if (!node.plain) return node.text;
      const resolved = resolvePlain(node.text);
      if (!resolved.exact) this.#exact(resolved.value, node);
      return this.#json(resolved.value, node);
    }
    this.#knownTag(node.tag, node.start);
    const resolved = resolveTagged(node.text, node.tag, node.start);
    if (!resolved.exact) this.#exact(resolved.value, node);
    return this.#json(resolved.value, node);
  }

  #exact(value: unknown, node: Node): void {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.#note(
        'precision',
        'an integer beyond 2^53 is rounded by many readers: quote it or make it smaller',
        node.start,
      );
    }
  }

  #json(value: string | number | boolean | null, node: Node): JsonValue {
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value))
      throw new UnreadableError('syntax', 'NaN and infinity have no JSON form', node.start);
    return value;
  }

  #knownTag(tag: string, offset: number): void {
    if (tag !== '' && tag !== '!' && !KNOWN_TAGS.has(tag)) {
      this.#note('ambiguous', 'a tag that kubectl ignores and other readers refuse or obey', offset);
    }
  }

  /** Fills in one mapping. `written` holds the keys set so far and whether a merge set them. */
  #fill(node: MappingNode, target: { [key: string]: JsonValue }, written: Set<string>, depth: number): void {
    const own = new Set<string>();
    for (const { key, value } of node.entries) {
      if (isMergeKey(key)) {
        this.#merge(value, target, written, own, depth);
        continue;
      }
      const name = this.#key(key, depth);
      if (own.has(name)) {
        this.#note(
          'duplicate-key',
          `key ${JSON.stringify(name)} is given twice: kubectl takes the last`,
          key.start,
        );
      }
      own.add(name);
      written.add(name);
      setOwn(target, name, this.value(value, depth + 1));
    }
  }

  #merge(
    node: Node,
    target: { [key: string]: JsonValue },
    written: Set<string>,
    own: ReadonlySet<string>,
    depth: number,
  ): void {
    const sources = node.kind === 'sequence' ? [...node.items].reverse() : [node];
    const brought = new Set<string>();
    for (const source of sources) {
      const mapping = source.kind === 'alias' ? source.target : source;
      if (mapping.kind !== 'mapping') {
        throw new UnreadableError('syntax', 'a merge takes a map or a list of maps', source.start);
      }
      this.#count(source, depth);
      const part: { [key: string]: JsonValue } = {};
      if (source.kind === 'alias') {
        this.#through(mapping, source.start, () => this.#fill(mapping, part, brought, depth));
      } else this.#fill(mapping, part, brought, depth);
      for (const [key, value] of Object.entries(part)) {
        setOwn(target, key, value);
        written.add(key);
      }
    }
    for (const key of brought) {
      if (own.has(key)) {
        this.#note(
          'ambiguous',
          `key ${JSON.stringify(key)} stands before a merge that sets it too: kubectl takes the merged value, others the written one; put \`<<\` first`,
          node.start,
        );
      }
    }
  }

  #key(node: Node, depth: number): string {
    this.#count(node, depth);
    const key = node.kind === 'alias' ? node.target : node;
    if (key.kind !== 'scalar')
      throw new UnreadableError('syntax', 'a map key that is not a scalar', node.start);
    if (key.literal !== undefined) return String(key.literal);
    if (key.tag === '' && !key.plain) return key.text;
    const { value, integer } =
      key.tag === '' ? resolvePlain(key.text) : resolveTagged(key.text, key.tag, key.start);
    if (value === null) throw new UnreadableError('syntax', 'a map key that is null', node.start);
    if (typeof value === 'number' && !integer) {
      this.#note(
        'ambiguous',
        'a map key that is a fraction is written differently by each reader',
        node.start,
      );
    }
    return String(value);
  }
}

function isMergeKey(key: Node): boolean {
  return (
    key.kind === 'scalar' &&
    key.text === '<<' &&
    key.literal === undefined &&
    ((key.plain && key.tag === '') || key.tag === `${YAML_TAG}merge`)
  );
}

function allowedAliasRatio(decoded: number): number {
  const low = 400_000;
  const high = 4_000_000;
  if (decoded <= low) return 0.99;
  return decoded >= high ? 0.1 : 0.99 - 0.89 * ((decoded - low) / (high - low));
}
