/** A piece of a report that is shown whole or not at all. */
export interface Block {
  /** 0 is shown before all others; the highest goes first when space runs out. */
  rank: number;
  text: string;
  /** How many things it tells of; 1 unless said. */
  things?: number;
}

/** Blocks under a common heading; a section none of whose blocks is shown leaves nothing behind. */
export interface Section {
  /** What its blocks are, in the plural, for the line that says what was left out: `object diffs`. */
  name: string;
  before: string;
  blocks: Block[];
  after: string;
}

/** The text that fits, and how many things of each section do not stand in it. */
export interface Fitted {
  text: string;
  dropped: Map<string, number>;
}

/**
 * Chooses blocks by rank, and in order within a rank, until the next one does not fit in `limit` bytes of UTF-8;
 * everything less important than it is left out. What is chosen keeps the sections' order.
 */
export function choose(sections: readonly Section[], limit: number): Fitted {
  const all = sections.flatMap((section) => section.blocks.map((block) => ({ section, block })));
  const byRank = all.map((entry, order) => ({ ...entry, order }));
  byRank.sort((a, b) => a.block.rank - b.block.rank || a.order - b.order);
  const chosen = new Set<Block>();
  const opened = new Set<Section>();
  let used = 0;
  for (const { section, block } of byRank) {
    const frame = opened.has(section) ? 0 : bytes(section.before) + bytes(section.after);
    const needed = bytes(block.text) + frame;
    if (used + needed > limit) break;
    used += needed;
    chosen.add(block);
    opened.add(section);
  }
  const dropped = new Map<string, number>();
  for (const { section, block } of all) {
    if (!chosen.has(block)) dropped.set(section.name, (dropped.get(section.name) ?? 0) + (block.things ?? 1));
  }
  const text = sections
    .filter((section) => opened.has(section))
    .map((section) => {
      const shown = section.blocks.filter((block) => chosen.has(block)).map((block) => block.text);
      return `${section.before}${shown.join('')}${section.after}`;
    })
    .join('');
  return { text, dropped };
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
