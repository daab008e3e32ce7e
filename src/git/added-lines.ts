import { GateError } from '../contract/index.js';
import { isBinary } from './binary.js';
import { groupsWithin } from './byte-budget.js';
import type { AddedLines, FileChange } from './change.js';
import { addedLineNumbers, countLines } from './line-diff.js';
import type { TreeFile } from './tree.js';

/** Blobs of the change by the file that holds them. */
export interface BlobSource {
  read(file: TreeFile): Promise<Buffer>;
  size(file: TreeFile): Promise<number>;
}

/** Files compared at a time, by number and by bytes, so that not every blob of a large commit is in memory at once. */
const WIDTH = 64;
const WIDTH_BYTES = 32 * 1024 * 1024;
/** A file of more lines is scanned whole: their numbers alone would fill the memory. */
const MOST_LINES = 500_000;

/**
 * The lines that a commit adds. Of a merge: those that are added beside every parent.
 * A blob that is binary, has more than 500,000 lines, or is larger than the gate reads, comes as `binary` without lines:
 * whoever scans it reads it whole, or meets its `limit` error then.
 * @param byParent the commit's changes beside each parent, renames joined; for a root commit, beside the empty tree
 */
export async function addedLinesOf(
  byParent: readonly (readonly FileChange[])[],
  source: BlobSource,
): Promise<AddedLines[]> {
  const [first = [], ...others] = byParent.map(
    (changes) =>
      new Map(changes.flatMap((change) => (hasLines(change.after) ? [[change.path, change]] : []))),
  );
  const result: AddedLines[] = [];
  const differing = [...first].flatMap(([path, change]) => {
    const changes = [change, ...others.map((parent) => parent.get(path))];
    // A file that one parent has as it is adds nothing that no parent has.
    return changes.every((item) => item !== undefined) ? [changes] : [];
  });
  const queue = await Promise.all(
    differing.map(async (changes) => {
      const files = [changes[0]?.after, ...changes.map(({ before }) => before)].filter(hasLines);
      const sizes = await Promise.all(files.map((file) => source.size(file)));
      return { changes, size: sizes.reduce((sum, size) => sum + size, 0) };
    }),
  );
  for (const group of groupsWithin(queue, WIDTH_BYTES, WIDTH)) {
    const found = await Promise.all(group.map(({ changes }) => linesIn(changes, source)));
    for (const lines of found) if (lines !== null) result.push(lines);
  }
  return result;
}

async function linesIn(changes: readonly FileChange[], source: BlobSource): Promise<AddedLines | null> {
  const after = changes[0]?.after;
  if (after === null || after === undefined) return null;
  // Another mode, the same content. A submodule's id is no content: it may be any, a blob's that comes later too.
  if (changes.some(({ before }) => hasLines(before) && before.oid === after.oid)) return null;
  const bytes = await readText(after, source);
  if (bytes === null) return { path: after.path, oid: after.oid, binary: true, lines: [] };
  let common: number[] | null = null;
  for (const { before } of changes) {
    const old = hasLines(before) ? await readText(before, source) : null;
    const numbers = old === null ? everyLine(bytes) : addedLineNumbers(old, bytes);
    const beside: ReadonlySet<number> | null = common === null ? null : new Set(common);
    common = beside === null ? numbers : numbers.filter((number) => beside.has(number));
  }
  if (common === null || common.length === 0) return null;
  return { path: after.path, oid: after.oid, binary: false, lines: common };
}

/** The bytes, or null where lines mean nothing: binary, too many, or too large to be read. */
async function readText(file: TreeFile, source: BlobSource): Promise<Buffer | null> {
  try {
    const bytes = await source.read(file);
    return isBinary(bytes) || countLines(bytes) > MOST_LINES ? null : bytes;
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit') return null;
    throw error;
  }
}

function hasLines(file: TreeFile | null | undefined): file is TreeFile {
  return file !== null && file !== undefined && file.mode !== 'submodule';
}

function everyLine(bytes: Buffer): number[] {
  return Array.from({ length: countLines(bytes) }, (_, index) => index + 1);
}
