/** Longer names are nobody's typing error of a key; the bound keeps the table below small. */
const LONGEST = 64;

/**
 * Number of single-character insertions, deletions, replacements and swaps of neighbours that turn one name into
 * the other (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        cell(rows, row - 1, column) + 1,
        (line[column - 1] as number) + 1,
        cell(rows, row - 1, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, cell(rows, row - 2, column - 2) + 1);
      }
      line.push(least);
    }
    rows.push(line);
  }
  return cell(rows, a.length, b.length);
}

function cell(rows: readonly number[][], row: number, column: number): number {
  return (rows[row] as number[])[column] as number;
}

/** The candidate that the name was probably meant to be, or null when none is near (a third of its length, at most 3). */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST) return null;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.min(3, Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3)));
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
