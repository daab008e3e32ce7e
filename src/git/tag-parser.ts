import type { Person } from './commit.js';
import { HeaderLines, malformed, parsePerson } from './commit-parser.js';
import { isObjectId, type ObjectType } from './object-id.js';
import { pathFromBytes } from './path-bytes.js';

/** An annotated tag with its raw bytes, which are what is hashed; a signature is at the end of its message. */
export interface Tag {
  sha: string;
  raw: Buffer;
  /** What it names. */
  object: string;
  type: ObjectType;
  tag: string;
  /** Absent in tags from before git 0.99. */
  tagger: Person | null;
  /** Bytes after the header, a signature included. */
  message: Buffer;
}

/**
 * Parses a tag object (tag.c, parse_tag_buffer): `object`, `type`, `tag`, and `tagger` where there is one.
 * @throws GateError `git-failed` when one of the first three is missing or wrong
 */
export function parseTag(raw: Buffer, sha: string): Tag {
  const lines = new HeaderLines(raw);
  const object = lines.take('object ')?.toString('latin1');
  const type = lines.take('type ')?.toString('latin1');
  const tag = lines.take('tag ');
  if (object === undefined || !isObjectId(object)) throw malformed('tag', sha, 'it names no object');
  if (type !== 'commit' && type !== 'tree' && type !== 'blob' && type !== 'tag') {
    throw malformed('tag', sha, 'it does not say of what type its object is');
  }
  if (tag === null) throw malformed('tag', sha, 'it has no name');
  const tagger = lines.take('tagger ');
  const { message, encoding } = lines.rest();
  return {
    sha,
    raw,
    object,
    type,
    tag: pathFromBytes(tag),
    tagger: tagger === null ? null : parsePerson(tagger, encoding),
    message,
  };
}
