/** The kinds of tree entry that matter: 100644, 100755, 120000 and 160000. */
export type FileMode = 'file' | 'executable' | 'symlink' | 'submodule';

export interface TreeFile {
  /**
   * Path from the root with forward slashes. Bytes that are not UTF-8 stand as lone surrogates U+DC80..U+DCFF
   * (one a byte), so that every path is a distinct string and can be turned back into its bytes.
   */
  path: string;
  mode: FileMode;
  /** Object id of the blob (of the commit, for a submodule). In a tree that is not git's: a hash of the content. */
  oid: string;
}

/**
 * A tree of files as every later part reads it: of a commit, of a merge result, of a folder on disk, or made in
 * memory for a test. Nothing is followed: a symlink's content is its target's name.
 */
export interface Tree {
  /** Identifies the content: equal ids mean equal trees. */
  readonly oid: string;
  /** Every file, sorted by path bytes; computed once. */
  files(): Promise<ReadonlyMap<string, TreeFile>>;
  /**
   * The bytes of a file or symlink.
   * @throws GateError `limit` when it is larger than maxBytes (default LIMITS.blobBytes), `missing-objects` when the
   *   blob is not in the clone, `internal` when the path is not a file of this tree.
   */
  read(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
  /** Size in bytes without reading the content. */
  size(path: string): Promise<number>;
}
