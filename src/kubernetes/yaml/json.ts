import type { MappingNode, Node, SequenceNode } from './node.js';
import { UnreadableError } from './problem.js';

const WHITESPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

/**
 * Reads a stream of JSON values, one after the other, as Kubernetes' decoder does for a file that starts with `{`.
 * Returns null when it is not strict JSON from start to end: the file is then read as YAML.
 * @throws UnreadableError with code limit when it is nested too deeply
 */
export function composeJson(source: string, maxDepth: number): Node[] | null {
  const scanner = new JsonScanner(source, maxDepth);
  const documents: Node[] = [];
  try {
    scanner.skip();
    while (!scanner.atEnd) {
      documents.push(scanner.value(0));
      scanner.skip();
    }
  } catch (error) {
    if (error instanceof UnreadableError && error.code === 'syntax') return null;
    throw error;
  }
  return documents;
}

class JsonScanner {
  readonly #source: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(source: string, maxDepth: number) {
    this.#source = source;
    this.#maxDepth = maxDepth;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  skip(): void {
    WHITESPACE.lastIndex = this.#at;
    WHITESPACE.exec(this.#source);
    this.#at = WHITESPACE.lastIndex;
  }

  value(depth: number): Node {
    if (depth > this.#maxDepth) {
      throw new UnreadableError('limit', `nested deeper than ${this.#maxDepth} levels`, this.#at);
    }
    const start = this.#at;
    switch (this.#source[start]) {
      case '{':
        return this.#mapping(depth);
      case '[':
        return this.#sequence(depth);
      case '"': {
        const text = this.#string();
        return { kind: 'scalar', start, end: this.#at, text, plain: false, tag: '' };
      }
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default: {
        NUMBER.lastIndex = start;
        const match = NUMBER.exec(this.#source);
        if (match === null) throw this.#unexpected();
        const number = Number(match[0]);
        if (!Number.isFinite(number)) throw this.#unexpected();
        return this.#word(match[0], number === 0 ? 0 : number);
      }
    }
  }

  #word(written: string, literal: boolean | number | null): Node {
    const start = this.#at;
    if (!this.#source.startsWith(written, start)) throw this.#unexpected();
    this.#at = start + written.length;
    return { kind: 'scalar', start, end: this.#at, text: written, plain: true, tag: '', literal };
  }

  #mapping(depth: number): MappingNode {
    const node: MappingNode = { kind: 'mapping', start: this.#at, end: this.#at, tag: '', entries: [] };
    this.#at += 1;
    this.skip();
    if (!this.#takes('}')) {
      do {
        this.skip();
        const start = this.#at;
        const text = this.#string();
        const key: Node = { kind: 'scalar', start, end: this.#at, text, plain: false, tag: '' };
        this.skip();
        this.#expect(':');
        this.skip();
        node.entries.push({ key, value: this.value(depth + 1) });
        this.skip();
      } while (this.#takes(','));
      this.#expect('}');
    }
    node.end = this.#at;
    return node;
  }

  #sequence(depth: number): SequenceNode {
    const node: SequenceNode = { kind: 'sequence', start: this.#at, end: this.#at, tag: '', items: [] };
    this.#at += 1;
    this.skip();
    if (!this.#takes(']')) {
      do {
        this.skip();
        node.items.push(this.value(depth + 1));
        this.skip();
      } while (this.#takes(','));
      this.#expect(']');
    }
    node.end = this.#at;
    return node;
  }

  #string(): string {
    const start = this.#at;
    if (this.#source[start] !== '"') throw this.#unexpected();
    let end = this.#source.indexOf('"', start + 1);
    while (end !== -1 && this.#escaped(start, end)) end = this.#source.indexOf('"', end + 1);
    if (end === -1) throw this.#unexpected();
    this.#at = end + 1;
    try {
      const text: unknown = JSON.parse(this.#source.slice(start, end + 1));
      if (typeof text === 'string') return text;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw this.#unexpected();
  }

  /** True when an odd run of backslashes stands before the quote. */
  #escaped(start: number, quote: number): boolean {
    let at = quote - 1;
    while (at > start && this.#source.charCodeAt(at) === 92) at -= 1;
    return (quote - 1 - at) % 2 === 1;
  }

  #takes(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#unexpected();
  }

  #unexpected(): UnreadableError {
    return new UnreadableError('syntax', 'not JSON', this.#at);
  }
}
