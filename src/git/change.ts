import type { Commit } from './commit.js';
import type { Tree, TreeFile } from './tree.js';

/** How a file differs between two trees. A rename is a deletion and an addition whose blobs are equal or alike. */
export interface FileChange {
  status: 'added' | 'deleted' | 'modified' | 'renamed';
  /** Path after the change; for a deletion the path that was. */
  path: string;
  /** Path before, where it differs (renames) or the file was there before; null for an addition. */
  oldPath: string | null;
  before: TreeFile | null;
  after: TreeFile | null;
}

/** A run of lines that a commit adds: text lines with their 1-based number in the new file. */
export interface AddedLines {
  path: string;
  /** Blob that holds the lines. */
  oid: string;
  /**
   * True when the blob has a NUL byte in its first 8,000 bytes, more than 500,000 lines, or is larger than
   * LIMITS.blobBytes; then `lines` is empty and the blob is scanned whole (reading it may throw `limit`).
   */
  binary: boolean;
  /**
   * 1-based numbers of the added lines, ascending; LF alone separates lines. For a merge commit: lines that no parent
   * has. A renamed file adds the lines that it did not have under its old path.
   */
  lines: readonly number[];
}

/** One side's commit and its tree. */
export interface Revision {
  commit: string;
  tree: Tree;
}

/**
 * What the gate judges: a proposal to merge `head` into `base`. `result` is the tree that `git merge-tree` gives,
 * or null with the reason in `unmergeable` (conflict, unrelated histories).
 */
export interface Change {
  readonly base: Revision;
  readonly head: Revision;
  readonly mergeBase: string | null;
  readonly result: Tree | null;
  readonly unmergeable: string | null;
  /** Commits reachable from head and not from base, oldest first (topological). */
  readonly commits: readonly Commit[];
  /** Differences from base's tree to result's (to head's where there is no result). */
  files(): Promise<readonly FileChange[]>;
  /**
   * What one commit changes: beside its parent, or the empty tree for a root; of a merge the files that differ from
   * every parent, as the first one has them. What a merge takes from one side against the other is seen by `mergeOf`.
   * @throws GateError `limit` when the commits of the change touch more than 200,000 files together
   */
  filesOfCommit(commit: Commit): Promise<readonly FileChange[]>;
  /** The lines one commit adds, by file; a merge's are those that no parent has. @throws GateError as `filesOfCommit` */
  addedLines(commit: Commit): Promise<readonly AddedLines[]>;
  /** The tree of any commit of the repository, or of a tree's own id (as `mergeOf` gives it). */
  treeOf(commit: string): Promise<Tree>;
  /** The tree that merging these two commits gives, or null on conflict; for judging merge commits. */
  mergeOf(first: string, second: string): Promise<string | null>;
  /** Raw bytes of any object, id verified; for signatures (tags) and blobs named by AddedLines. */
  readBlob(oid: string, options?: { maxBytes?: number }): Promise<Buffer>;
  close(): Promise<void>;
}
