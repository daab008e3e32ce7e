import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { Node } from './node.js';
import { UnreadableError } from './problem.js';
import { YAML_TAG } from './scalar.js';

type Events = ReturnType<typeof parseEvents>;
type Event = Events[number];
type TagSpan = { tagStart: number; tagEnd: number };

/** The documents of a YAML text as node trees; null for an empty document. */
export interface ComposedText {
  documents: (Node | null)[];
  /** True when a %TAG or %YAML directive was given. */
  directives: boolean;
}

/**
 * Parses YAML into nodes with offsets, aliases resolved to the node they name, nothing expanded.
 * @throws UnreadableError with code syntax or limit
 */
export function composeYaml(source: string, maxDepth: number): ComposedText {
  return new Composer(source, eventsOf(source, maxDepth)).run();
}

function eventsOf(source: string, maxDepth: number): Events {
  try {
    return parseEvents(source, { maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const deep = /depth/i.test(error.reason);
    throw new UnreadableError(
      deep ? 'limit' : 'syntax',
      deep ? `nested deeper than ${maxDepth} levels` : error.reason,
      error.mark?.position ?? 0,
    );
  }
}

class Composer {
  readonly #source: string;
  readonly #events: Events;
  #next = 0;
  #anchors = new Map<string, Node>();
  #handles = new Map<string, string>();

  constructor(source: string, events: Events) {
    this.#source = source;
    this.#events = events;
  }

  run(): ComposedText {
    const documents: (Node | null)[] = [];
    let directives = false;
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      if (event.type !== EVENT_ID.DOCUMENT) throw new UnreadableError('syntax', 'unexpected content', 0);
      this.#anchors = new Map();
      this.#handles = new Map([
        ['!!', YAML_TAG],
        ['!', '!'],
      ]);
      for (const directive of event.directives) {
        directives = true;
        if (directive.kind === 'tag') this.#handles.set(directive.handle, directive.prefix);
      }
      const first = this.#take();
      if (first === undefined || first.type === EVENT_ID.POP) {
        documents.push(null);
        continue;
      }
      documents.push(this.#node(first));
      this.#take();
    }
    return { documents, directives };
  }

  #take(): Event | undefined {
    return this.#events[this.#next++];
  }

  #node(event: Event): Node {
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const node: Node = {
          kind: 'scalar',
          start: event.valueStart === -1 ? this.#lastOffset() : event.valueStart,
          end: event.valueEnd === -1 ? this.#lastOffset() : event.valueEnd,
          text:
            event.valueStart === -1
              ? ''
              : event.fast
                ? this.#source.slice(event.valueStart, event.valueEnd)
                : getScalarValue(this.#source, event),
          plain: event.style === SCALAR_STYLE.PLAIN,
          tag: this.#tag(event),
        };
        this.#offset = node.end;
        this.#anchor(event, node);
        return node;
      }
      case EVENT_ID.ALIAS: {
        const name = this.#source.slice(event.anchorStart, event.anchorEnd);
        const target = this.#anchors.get(name);
        if (target === undefined) {
          throw new UnreadableError('syntax', 'alias of an anchor that is not defined', event.anchorStart);
        }
        this.#offset = event.anchorEnd;
        return { kind: 'alias', start: event.anchorStart - 1, end: event.anchorEnd, target };
      }
      case EVENT_ID.SEQUENCE: {
        const node: Node = {
          kind: 'sequence',
          start: event.start,
          end: event.start,
          tag: this.#tag(event),
          items: [],
        };
        this.#offset = event.start;
        this.#anchor(event, node);
        for (let next = this.#take(); next !== undefined && next.type !== EVENT_ID.POP; next = this.#take()) {
          node.items.push(this.#node(next));
        }
        node.end = this.#offset;
        return node;
      }
      case EVENT_ID.MAPPING: {
        const node: Node = {
          kind: 'mapping',
          start: event.start,
          end: event.start,
          tag: this.#tag(event),
          entries: [],
        };
        this.#offset = event.start;
        this.#anchor(event, node);
        for (let next = this.#take(); next !== undefined && next.type !== EVENT_ID.POP; next = this.#take()) {
          const key = this.#node(next);
          const valueEvent = this.#take();
          if (valueEvent === undefined || valueEvent.type === EVENT_ID.POP) {
            throw new UnreadableError('syntax', 'a key without a value', key.start);
          }
          node.entries.push({ key, value: this.#node(valueEvent) });
        }
        node.end = this.#offset;
        return node;
      }
      default:
        throw new UnreadableError('syntax', 'unexpected document', this.#offset);
    }
  }

  #offset = 0;

  #lastOffset(): number {
    return this.#offset;
  }

  #anchor(event: { anchorStart: number; anchorEnd: number }, node: Node): void {
    if (event.anchorStart !== -1)
      this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), node);
  }

  #tag(event: TagSpan): string {
    if (event.tagStart === -1) return '';
    const written = this.#source.slice(event.tagStart, event.tagEnd);
    if (written === '!') return '!';
    if (written.startsWith('!<')) return written.slice(2, -1);
    const handle = /^!(?:[0-9A-Za-z-]*!)?/.exec(written)?.[0] ?? '!';
    const prefix = this.#handles.get(handle);
    if (prefix === undefined)
      throw new UnreadableError('syntax', 'a tag with an undefined handle', event.tagStart);
    return prefix + written.slice(handle.length);
  }
}
