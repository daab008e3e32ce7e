/** What stands on some lines of a file, 1-based and both inclusive. */
interface OnLines {
  line: number;
  endLine: number;
}

/** A bucket takes 2 to this power of lines. */
const BUCKET = 5;

/** Finds what touches given lines without looking at everything: a hostile file has as many findings as lines. */
export class LineIndex<T extends OnLines> {
  /** Items of the same lines are one group, so that many in one long value are filed once. */
  readonly #buckets = new Map<number, T[][]>();

  constructor(items: readonly T[]) {
    const groups = new Map<string, T[]>();
    for (const item of items) {
      const key = `${item.line}-${item.endLine}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    for (const group of groups.values()) {
      const { line, endLine } = group[0] as T;
      for (let bucket = line >> BUCKET; bucket <= endLine >> BUCKET; bucket++) {
        const list = this.#buckets.get(bucket);
        if (list === undefined) this.#buckets.set(bucket, [group]);
        else list.push(group);
      }
    }
  }

  /** True when `test` says so of an item that has a line in common with the given ones. */
  some({ line, endLine }: OnLines, test: (item: T) => boolean): boolean {
    for (let bucket = line >> BUCKET; bucket <= endLine >> BUCKET; bucket++) {
      for (const group of this.#buckets.get(bucket) ?? []) {
        const lines = group[0] as T;
        if (lines.line <= endLine && lines.endLine >= line && group.some(test)) return true;
      }
    }
    return false;
  }
}
