import { type Commit, objectId, parseCommit } from '../../../../src/git/index.js';

/** What a made commit says; everything has a default. */
export interface CommitParts {
  tree?: string;
  parents?: readonly string[];
  author?: string;
  committer?: string;
  message?: string | Buffer;
  time?: number;
  /** Header lines behind the committer, each without its newline. */
  extra?: readonly string[];
}

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The bytes of a commit that is not signed. */
export function payloadOf(parts: CommitParts = {}): Buffer {
  const { tree = EMPTY_TREE, parents = [], time = 1_700_000_000, extra = [] } = parts;
  const { author = parts.committer ?? 'alice@example.com', committer = 'alice@example.com' } = parts;
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author A <${author}> ${time} +0000`,
    `committer C <${committer}> ${time} +0000`,
    ...extra,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), Buffer.from(parts.message ?? 'a change\n')]);
}

/** Puts a header with several lines of value at the end of the header. */
export function withHeader(payload: Buffer, name: string, value: string): Buffer {
  const end = payload.indexOf('\n\n') + 1;
  const header = Buffer.from(`${name} ${value.replace(/\n$/, '').replaceAll('\n', '\n ')}\n`, 'latin1');
  return Buffer.concat([payload.subarray(0, end), header, payload.subarray(end)]);
}

/** A commit from its bytes, under its own id. */
export function commitOf(raw: Buffer, format: 'sha1' | 'sha256' = 'sha1'): Commit {
  return parseCommit(raw, objectId(format, 'commit', raw));
}

/** A signer's way of making a commit: the armor over a payload. */
export type Sign = (payload: Buffer) => string | Promise<string>;

/** A commit signed in the usual header, or not at all. */
export async function makeCommit(parts: CommitParts, sign: Sign | null): Promise<Commit> {
  const payload = payloadOf(parts);
  return commitOf(sign === null ? payload : withHeader(payload, 'gpgsig', await sign(payload)));
}
