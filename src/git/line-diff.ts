/**
 * Steps that one comparison may take in its inner loop, about a tenth of a second. What is left undecided then
 * counts as added: too much is scanned, never too little.
 */
const BUDGET = 20_000_000;
const NEWLINE = 0x0a;

/**
 * The lines of a file, without their line feeds; a final line feed starts no line. Only LF separates lines, as in
 * git; a CR before it belongs to the line.
 */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

/**
 * The 1-based numbers of the lines that `after` has and `before` has not, in a shortest edit script (Myers, "An
 * O(ND) Difference Algorithm and Its Variations", 1986, section 4b: linear space). Without the lines named, `after`
 * is a subsequence of `before`. Lines are compared as bytes.
 * @param budget steps after which the rest counts as added
 */
export function addedLineNumbers(before: Buffer, after: Buffer, budget: number = BUDGET): number[] {
  const ids = new Map<string, number>();
  const old = idsOf(before, ids);
  const known = ids.size;
  const young = idsOf(after, ids);
  const added = new Uint8Array(young.length);

  let start = 0;
  const shorter = Math.min(old.length, young.length);
  while (start < shorter && old[start] === young[start]) start += 1;
  let oldEnd = old.length;
  let youngEnd = young.length;
  while (oldEnd > start && youngEnd > start && old[oldEnd - 1] === young[youngEnd - 1]) {
    oldEnd -= 1;
    youngEnd -= 1;
  }

  // A line that one side lacks is in no common subsequence: left out, the search is shorter and its answer the same.
  const used = new Uint8Array(known);
  const kept: number[] = [];
  for (let index = start; index < youngEnd; index += 1) {
    const id = young[index] ?? 0;
    if (id >= known) added[index] = 1;
    else {
      used[id] = 1;
      kept.push(index);
    }
  }
  const a = old.subarray(start, oldEnd).filter((id) => used[id] === 1);
  const b = Int32Array.from(kept, (index) => young[index] ?? 0);
  const search = new Search(a, b, budget);
  for (const position of search.insertions()) {
    const index = kept[position];
    if (index !== undefined) added[index] = 1;
  }

  const numbers: number[] = [];
  for (let index = 0; index < added.length; index += 1) if (added[index] === 1) numbers.push(index + 1);
  return numbers;
}

/** How many lines `linesOf` would give, without making them. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    count += 1;
    start = end + 1;
  }
  return start < bytes.length ? count + 1 : count;
}

/** One number for each line, the same for equal bytes. */
function idsOf(bytes: Buffer, ids: Map<string, number>): Int32Array {
  const result = new Int32Array(countLines(bytes));
  let start = 0;
  for (let index = 0; index < result.length; index += 1) {
    const feed = bytes.indexOf(NEWLINE, start);
    const end = feed < 0 ? bytes.length : feed;
    const key = bytes.toString('latin1', start, end);
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
    }
    result[index] = id;
    start = end + 1;
  }
  return result;
}

/** On a diagonal that no path inside the box has reached with so many steps. */
const OUTSIDE = -0x3fffffff;

/** The furthest x on diagonal k with d steps, before its snake: a step right from k - 1 or down from k + 1. */
function furthest(reach: Int32Array, offset: number, d: number, k: number, n: number, m: number): number {
  const left = k === -d ? OUTSIDE : (reach[offset + k - 1] ?? OUTSIDE);
  const above = k === d && d > 0 ? OUTSIDE : (reach[offset + k + 1] ?? OUTSIDE);
  const right = left >= 0 && left < n ? left + 1 : OUTSIDE;
  const down = above >= 0 && above - k <= m ? above : OUTSIDE;
  return Math.max(right, down);
}

/** A box of the edit graph: a[aStart..aEnd) against b[bStart..bEnd). */
interface Box {
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
}

class Search {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  readonly #offset: number;
  #budget: number;

  constructor(a: Int32Array, b: Int32Array, budget: number) {
    this.#a = a;
    this.#b = b;
    this.#budget = budget;
    this.#offset = a.length + b.length + 1;
    this.#forward = new Int32Array(2 * this.#offset + 1);
    this.#backward = new Int32Array(2 * this.#offset + 1);
  }

  /** Positions of b that are inserted. Boxes are kept on a stack of their own, so that no input overflows the call's. */
  insertions(): number[] {
    const inserted: number[] = [];
    const boxes: Box[] = [{ aStart: 0, aEnd: this.#a.length, bStart: 0, bEnd: this.#b.length }];
    for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
      let { aStart, aEnd, bStart, bEnd } = box;
      while (aStart < aEnd && bStart < bEnd && this.#a[aStart] === this.#b[bStart]) {
        aStart += 1;
        bStart += 1;
      }
      while (aStart < aEnd && bStart < bEnd && this.#a[aEnd - 1] === this.#b[bEnd - 1]) {
        aEnd -= 1;
        bEnd -= 1;
      }
      if (bStart === bEnd) continue;
      const middle = aStart === aEnd ? null : this.#middle({ aStart, aEnd, bStart, bEnd });
      if (middle === null) {
        for (let position = bStart; position < bEnd; position += 1) inserted.push(position);
        continue;
      }
      boxes.push(
        { aStart, aEnd: middle.x, bStart, bEnd: middle.y },
        { aStart: middle.x, aEnd, bStart: middle.y, bEnd },
      );
    }
    return inserted;
  }

  /** A point on a shortest path through the box, met from both ends; null when the budget is used up. */
  #middle({ aStart, aEnd, bStart, bEnd }: Box): { x: number; y: number } | null {
    const a = this.#a;
    const b = this.#b;
    const forward = this.#forward;
    const backward = this.#backward;
    const offset = this.#offset;
    const n = aEnd - aStart;
    const m = bEnd - bStart;
    const delta = n - m;
    const odd = (delta & 1) !== 0;
    forward[offset + 1] = 0;
    backward[offset + 1] = 0;
    const most = Math.ceil((n + m) / 2);
    for (let d = 0; d <= most; d += 1) {
      this.#budget -= 2 * d + 2;
      if (this.#budget < 0) return null;
      for (let k = -d; k <= d; k += 2) {
        let x = furthest(forward, offset, d, k, n, m);
        forward[offset + k] = x;
        if (x < 0) continue;
        const from = x;
        while (x < n && x - k < m && a[aStart + x] === b[bStart + x - k]) x += 1;
        this.#budget -= x - from;
        forward[offset + k] = x;
        const mirrored = delta - k;
        if (
          odd &&
          mirrored >= -(d - 1) &&
          mirrored <= d - 1 &&
          x + (backward[offset + mirrored] ?? OUTSIDE) >= n
        ) {
          return this.#within(x, x - k, { aStart, aEnd, bStart, bEnd });
        }
      }
      for (let k = -d; k <= d; k += 2) {
        let x = furthest(backward, offset, d, k, n, m);
        backward[offset + k] = x;
        if (x < 0) continue;
        const from = x;
        while (x < n && x - k < m && a[aEnd - 1 - x] === b[bEnd - 1 - x + k]) x += 1;
        this.#budget -= x - from;
        backward[offset + k] = x;
        const mirrored = delta - k;
        if (!odd && mirrored >= -d && mirrored <= d && x + (forward[offset + mirrored] ?? OUTSIDE) >= n) {
          return this.#within(n - x, m - (x - k), { aStart, aEnd, bStart, bEnd });
        }
      }
    }
    return null;
  }

  /** The point in the coordinates of the whole; null when it would not make the box smaller. */
  #within(x: number, y: number, { aStart, aEnd, bStart, bEnd }: Box): { x: number; y: number } | null {
    const point = { x: aStart + x, y: bStart + y };
    const corner = (point.x === aStart && point.y === bStart) || (point.x === aEnd && point.y === bEnd);
    return corner || x < 0 || y < 0 || point.x > aEnd || point.y > bEnd ? null : point;
  }
}
