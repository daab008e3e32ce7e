import { GateError } from '../contract/index.js';
import { isBinary } from './binary.js';
import type { AddedLines, FileChange } from './change.js';
import { addedLineNumbers, linesOf } from './line-diff.js';
import type { TreeFile } from './tree.js';

/** The bytes of a blob of the change, for a path to name it by. */
export type ReadBlob = (file: TreeFile) => Promise<Buffer>;

/** Files compared at a time, so that not every blob of a large commit is in memory at once. */
const WIDTH = 16;

/**
 * The lines that a commit adds. Of a merge: those that are added beside every parent.
 * A blob that is binary, or larger than the gate reads, comes as `binary` without lines: whoever scans it reads it
 * whole, or meets its `limit` error then.
 * @param byParent the commit's changes beside each parent, renames joined; for a root commit, beside the empty tree
 */
export async function addedLinesOf(
  byParent: readonly (readonly FileChange[])[],
  read: ReadBlob,
): Promise<AddedLines[]> {
  const [first = [], ...others] = byParent.map(
    (changes) =>
      new Map(changes.flatMap((change) => (hasLines(change.after) ? [[change.path, change]] : []))),
  );
  const result: AddedLines[] = [];
  const queue = [...first].flatMap(([path, change]) => {
    const changes = [change, ...others.map((parent) => parent.get(path))];
    // A file that one parent has as it is adds nothing that no parent has.
    return changes.every((item) => item !== undefined) ? [changes] : [];
  });
  for (let start = 0; start < queue.length; start += WIDTH) {
    const found = await Promise.all(
      queue.slice(start, start + WIDTH).map((changes) => linesIn(changes, read)),
    );
    for (const lines of found) if (lines !== null) result.push(lines);
  }
  return result;
}

async function linesIn(changes: readonly FileChange[], read: ReadBlob): Promise<AddedLines | null> {
  const after = changes[0]?.after;
  if (after === null || after === undefined) return null;
  // Another mode, the same content. A submodule's id is no content: it may be any, a blob's that comes later too.
  if (changes.some(({ before }) => hasLines(before) && before.oid === after.oid)) return null;
  const bytes = await readText(after, read);
  if (bytes === null) return { path: after.path, oid: after.oid, binary: true, lines: [] };
  let common: number[] | null = null;
  for (const { before } of changes) {
    const old = hasLines(before) ? await readText(before, read) : null;
    const numbers = old === null ? everyLine(bytes) : addedLineNumbers(old, bytes);
    const beside: ReadonlySet<number> | null = common === null ? null : new Set(common);
    common = beside === null ? numbers : numbers.filter((number) => beside.has(number));
  }
  if (common === null || common.length === 0) return null;
  return { path: after.path, oid: after.oid, binary: false, lines: common };
}

/** The bytes, or null where lines mean nothing: binary, or too large to be read. */
async function readText(file: TreeFile, read: ReadBlob): Promise<Buffer | null> {
  try {
    const bytes = await read(file);
    return isBinary(bytes) ? null : bytes;
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit') return null;
    throw error;
  }
}

function hasLines(file: TreeFile | null | undefined): file is TreeFile {
  return file !== null && file !== undefined && file.mode !== 'submodule';
}

function everyLine(bytes: Buffer): number[] {
  return linesOf(bytes).map((_, index) => index + 1);
}
