/**
 * What stands between a file and its one reading.
 * - `syntax`, `encoding`, `limit`: there is no reading; the document (or file) has no value.
 * - `duplicate-key`, `ambiguous`: read as kubectl would, but other readers in use would read something else.
 * - `precision`: an integer that JSON readers round; its value is approximate here.
 * - `no-object`: it was read, is meant as a Kubernetes object and is none (of manifests alone).
 */
export type ProblemCode =
  | 'syntax'
  | 'encoding'
  | 'limit'
  | 'duplicate-key'
  | 'ambiguous'
  | 'precision'
  | 'no-object';

/** A problem with its place; line and column are 1-based. The message holds no value of the file. */
export interface Problem {
  code: ProblemCode;
  message: string;
  line: number;
  column: number;
  /** 0-based document it concerns, or null where it concerns the file. */
  document: number | null;
  /** True when the document (or file) could not be read at all. */
  fatal: boolean;
}

/** Raised inside the reader and turned into a Problem at its door. Offset is in UTF-16 units of the document. */
export class UnreadableError extends Error {
  readonly code: ProblemCode;
  readonly offset: number;

  constructor(code: ProblemCode, message: string, offset: number) {
    super(message);
    this.name = 'UnreadableError';
    this.code = code;
    this.offset = offset;
  }
}
