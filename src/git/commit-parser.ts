import { GateError } from '../contract/index.js';
import type { Commit, Person } from './commit.js';
import { isObjectId } from './object-id.js';
import { pathFromBytes } from './path-bytes.js';
import { codeOf } from './system-error.js';

export type { Commit };

const NEWLINE = 0x0a;

/**
 * Parses a commit object as git does (commit.c, parse_commit_buffer): `tree`, then every `parent`, then `author`
 * and `committer`, one after the other; other headers follow up to the first empty line and may be anything. Only
 * leading parents are parents. A person line that cannot be read gives empty names and a NaN time, not an error:
 * git takes such commits too.
 * @param raw the bytes that are hashed and signed; kept as they are
 * @throws GateError `git-failed` when the tree or a parent is not an id, or a line of the four is missing
 */
export function parseCommit(raw: Buffer, sha: string): Commit {
  const lines = new HeaderLines(raw);
  const tree = lines.take('tree ');
  if (tree === null || !isObjectId(tree.toString('latin1'))) throw malformed('commit', sha, 'it has no tree');
  const parents: string[] = [];
  for (let parent = lines.take('parent '); parent !== null; parent = lines.take('parent ')) {
    const id = parent.toString('latin1');
    if (!isObjectId(id)) throw malformed('commit', sha, 'a parent is not an object id');
    parents.push(id);
  }
  const author = lines.take('author ');
  const committer = author === null ? null : lines.take('committer ');
  if (author === null || committer === null) throw malformed('commit', sha, 'it has no author or committer');
  const { message, encoding } = lines.rest();
  return {
    sha,
    raw,
    tree: tree.toString('latin1'),
    parents,
    author: parsePerson(author, encoding),
    committer: parsePerson(committer, encoding),
    message,
  };
}

/**
 * Reads `name <email> seconds zone` as git does (ident.c, split_ident_line): the address is between the first `<`
 * and the first `>` after it, the date after the last `>`.
 * @param encoding what the commit's `encoding` header says the name is written in, or null for UTF-8
 */
export function parsePerson(line: Buffer, encoding: string | null = null): Person {
  const open = line.indexOf(0x3c);
  const close = open < 0 ? -1 : line.indexOf(0x3e, open + 1);
  if (close < 0) return { name: decodeText(line, encoding).trim(), email: '', time: Number.NaN, zone: '' };
  const after = line.subarray(line.lastIndexOf(0x3e) + 1).toString('latin1');
  const date = /^ *(\d{1,15})(?: ([+-]\d{1,6}))?(?:[ \t]|$)/.exec(after);
  return {
    name: decodeText(line.subarray(0, open), encoding).trim(),
    // Not by the encoding: an address is compared with configured ones, so different bytes must stay different.
    email: pathFromBytes(line.subarray(open + 1, close)),
    time: date === null ? Number.NaN : Number(date[1]),
    zone: date?.[2] ?? '',
  };
}

/** Bytes as text for people: by the named encoding where it is known, else UTF-8 with U+FFFD for what is not. */
export function decodeText(bytes: Uint8Array, encoding: string | null): string {
  if (encoding !== null) {
    try {
      return new TextDecoder(encoding).decode(bytes);
    } catch (error) {
      // An unknown name is the committer's mistake; the text is shown as UTF-8 then.
      if (codeOf(error) !== 'ERR_ENCODING_NOT_SUPPORTED') throw error;
    }
  }
  return new TextDecoder('utf-8').decode(bytes);
}

/** Walks the header lines of a commit or tag object. */
export class HeaderLines {
  readonly #raw: Buffer;
  #position = 0;

  constructor(raw: Buffer) {
    this.#raw = raw;
  }

  /** What follows `prefix` on the next line when it starts so; else null, and the line stays. */
  take(prefix: string): Buffer | null {
    const end = this.#raw.indexOf(NEWLINE, this.#position);
    if (end < 0 || end - this.#position < prefix.length) return null;
    const start = this.#position + prefix.length;
    if (this.#raw.toString('latin1', this.#position, start) !== prefix) return null;
    this.#position = end + 1;
    return this.#raw.subarray(start, end);
  }

  /** Skips what is left of the header; the bytes after the empty line, and the value of an `encoding` header. */
  rest(): { message: Buffer; encoding: string | null } {
    let encoding: string | null = null;
    while (this.#position < this.#raw.length) {
      const end = this.#raw.indexOf(NEWLINE, this.#position);
      if (end === this.#position) return { message: this.#raw.subarray(end + 1), encoding };
      const stop = end < 0 ? this.#raw.length : end;
      if (
        encoding === null &&
        this.#raw.toString('latin1', this.#position, this.#position + 9) === 'encoding '
      ) {
        encoding = this.#raw
          .toString('latin1', this.#position + 9, Math.min(stop, this.#position + 109))
          .trim();
      }
      this.#position = stop + 1;
    }
    return { message: this.#raw.subarray(this.#raw.length), encoding };
  }
}

/** The error for an object that git could not read either. */
export function malformed(kind: 'commit' | 'tag', sha: string, why: string): GateError {
  return new GateError('git-failed', `${kind} ${sha} is malformed: ${why}; run \`git fsck\``);
}
