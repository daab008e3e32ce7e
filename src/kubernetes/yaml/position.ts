import type { FieldPath, Position } from '../manifest.js';
import type { MappingNode, Node } from './node.js';

/** 0-based offsets at which lines start. */
export class LineTable {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** 0-based line and column (in UTF-16 units) of an offset. */
  at(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.#starts[low] ?? 0) };
  }
}

/** A place in the node tree: the key it stands under (null for items and the root) and the value. */
export interface Place {
  key: Node | null;
  value: Node;
}

/** Follows a path as far as it leads; `complete` says whether that was the end. */
export function follow(root: Node, path: FieldPath): { place: Place; complete: boolean } {
  let place: Place = { key: null, value: root };
  for (const step of path) {
    const value = place.value.kind === 'alias' ? place.value.target : place.value;
    const next =
      value.kind === 'mapping'
        ? entryOf(value, String(step), 0)
        : value.kind === 'sequence' && typeof step === 'number'
          ? itemOf(value.items[step])
          : null;
    if (next === null) return { place, complete: false };
    place = next;
  }
  return { place, complete: true };
}

function itemOf(node: Node | undefined): Place | null {
  return node === undefined ? null : { key: null, value: node };
}

/** The entry that decides a key: the last one written, else one that a merge brings. */
function entryOf(mapping: MappingNode, key: string, depth: number): Place | null {
  for (const entry of mapping.entries.toReversed()) {
    const name = entry.key.kind === 'alias' ? entry.key.target : entry.key;
    if (name.kind === 'scalar' && name.text === key) return { key: entry.key, value: entry.value };
  }
  if (depth > 20) return null;
  for (const entry of mapping.entries.toReversed()) {
    if (entry.key.kind !== 'scalar' || entry.key.text !== '<<') continue;
    const sources = entry.value.kind === 'sequence' ? entry.value.items : [entry.value];
    for (const source of sources) {
      const target = source.kind === 'alias' ? source.target : source;
      const found = target.kind === 'mapping' ? entryOf(target, key, depth + 1) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

/** The 1-based place of an offset and of the last character before `end` that is not white space. */
export function positionOf(
  text: string,
  lines: LineTable,
  firstLine: number,
  start: number,
  end: number,
): Position {
  let last = Math.min(end, text.length);
  while (last > start && /\s/.test(text[last - 1] ?? '')) last -= 1;
  const from = lines.at(start);
  return {
    line: firstLine + from.line + 1,
    column: from.column + 1,
    endLine: firstLine + lines.at(Math.max(start, last - 1)).line + 1,
  };
}
