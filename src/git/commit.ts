/** A person line of a commit: `name <email> seconds zone`. */
export interface Person {
  /** Decoded for display only; may hold anything. */
  name: string;
  email: string;
  /** Seconds since the epoch; NaN when unreadable. */
  time: number;
  zone: string;
}

/** A commit object with its raw bytes, which are what is signed and hashed. */
export interface Commit {
  sha: string;
  raw: Buffer;
  tree: string;
  parents: readonly string[];
  author: Person;
  committer: Person;
  /** Bytes after the header, as they are. */
  message: Buffer;
}
