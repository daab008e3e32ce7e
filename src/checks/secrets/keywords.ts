/** Characters that keywords may be made of; every other character leads back to the start state. */
const CLASSES = (() => {
  const classes = new Uint8Array(128);
  let next = 1;
  for (let code = 32; code < 127; code++) {
    if (code >= 65 && code <= 90) continue;
    classes[code] = next++;
  }
  for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] ?? 0;
  return { of: classes, count: next };
})();

/**
 * Finds every occurrence of a set of ASCII keywords in one pass, without regard to case (Aho and Corasick, 1975;
 * the transitions are completed to a table, so that each character costs one look-up).
 */
export class KeywordFinder {
  readonly #next: Int32Array;
  /** Keyword indexes that end in a state. */
  readonly #outputs: readonly (readonly number[] | null)[];
  readonly #lengths: Int32Array;

  /** @param keywords printable ASCII in lower case */
  constructor(keywords: readonly string[]) {
    const width = CLASSES.count;
    const goto: Int32Array[] = [new Int32Array(width).fill(-1)];
    const outputs: number[][] = [[]];
    keywords.forEach((keyword, index) => {
      let state = 0;
      for (let i = 0; i < keyword.length; i++) {
        const symbol = CLASSES.of[keyword.charCodeAt(i)] ?? 0;
        if (symbol === 0)
          throw new RangeError(`keyword ${index} has a character that is not printable ASCII`);
        const row = goto[state] as Int32Array;
        let target = row[symbol] as number;
        if (target === -1) {
          target = goto.length;
          goto.push(new Int32Array(width).fill(-1));
          outputs.push([]);
          row[symbol] = target;
        }
        state = target;
      }
      outputs[state]?.push(index);
    });
    const table = new Int32Array(goto.length * width);
    const fail = new Int32Array(goto.length);
    const queue: number[] = [];
    const root = goto[0] as Int32Array;
    for (let symbol = 1; symbol < width; symbol++) {
      const target = root[symbol] as number;
      if (target > 0) {
        table[symbol] = target;
        queue.push(target);
      }
    }
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] as number;
      const row = goto[state] as Int32Array;
      const back = fail[state] as number;
      for (let symbol = 1; symbol < width; symbol++) {
        const target = row[symbol] as number;
        const fallback = table[back * width + symbol] as number;
        if (target === -1) {
          table[state * width + symbol] = fallback;
        } else {
          table[state * width + symbol] = target;
          fail[target] = fallback;
          outputs[target]?.push(...(outputs[fallback] ?? []));
          queue.push(target);
        }
      }
    }
    // States with outputs are stored negated, so that the loop tests one sign instead of reading a second table.
    for (let i = 0; i < table.length; i++) {
      const state = table[i] as number;
      table[i] = state * width;
      if ((outputs[state]?.length ?? 0) > 0) table[i] = -(state * width);
    }
    this.#next = table;
    this.#outputs = outputs.map((list) => (list.length === 0 ? null : list));
    this.#lengths = Int32Array.from(keywords, (keyword) => keyword.length);
  }

  /** Calls `found(keyword index, start)` for each occurrence, in the order of their ends. */
  scan(text: string, found: (keyword: number, start: number) => void): void {
    const next = this.#next;
    const classes = CLASSES.of;
    const width = CLASSES.count;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const symbol = code < 128 ? (classes[code] as number) : 0;
      if (symbol === 0) {
        state = 0;
        continue;
      }
      state = next[state + symbol] as number;
      if (state < 0) {
        state = -state;
        const list = this.#outputs[state / width];
        if (list != null) {
          for (const keyword of list) found(keyword, i + 1 - (this.#lengths[keyword] as number));
        }
      }
    }
  }
}
