import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatOf,
  hasObjectId,
  splitCommit,
  splitTag,
} from '../../../src/checks/signatures/signed-object.js';
import { objectId } from '../../../src/git/index.js';

/** git's parse_buffer_signed_by_header (commit.c), line by line as git does it, as an oracle for the payload. */
function asGit(raw: string, header: string): { payload: string; signature: string } {
  let [payload, signature] = ['', ''];
  let [inSignature, other] = [false, false];
  for (let at = 0; at < raw.length; ) {
    const newline = raw.indexOf('\n', at);
    let next = newline === -1 ? raw.length : newline + 1;
    let taken: string | null = null;
    if (inSignature && raw[at] === ' ') taken = raw.slice(at + 1, next);
    else if (raw.startsWith(`${header} `, at)) {
      taken = raw.slice(at + header.length + 1, next);
      other = false;
    } else if (raw.startsWith('gpgsig', at)) other = true;
    else if (other && raw[at] !== ' ') other = false;
    if (taken !== null) signature += taken;
    else {
      if (raw[at] === '\n') next = raw.length;
      if (!other) payload += raw.slice(at, next);
    }
    inSignature = taken !== null;
    at = next;
  }
  return { payload, signature };
}

const line = fc.oneof(
  fc.constantFrom(
    'tree x',
    'author A <a@b> 1 +0000',
    'committer C <c@d> 1 +0000',
    'encoding x',
    'mergetag object x',
  ),
  fc.constantFrom('gpgsig a', 'gpgsig-sha256 b', 'gpgsigx', 'gpgsig', ' continued', '  two', ' gpgsig c', ''),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
);

describe('splitCommit', () => {
  it('rebuilds the payload and the signature as git does, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.boolean(),
        fc.constantFrom('sha1', 'sha256'),
        (lines, end, format) => {
          const raw = Buffer.from(lines.join('\n') + (end ? '\n' : ''), 'utf8').toString('latin1');
          const split = splitCommit(Buffer.from(raw, 'latin1'), format as 'sha1' | 'sha256');
          const git = asGit(raw, format === 'sha1' ? 'gpgsig' : 'gpgsig-sha256');
          expect(split.payload.toString('latin1')).toBe(git.payload);
          expect(Buffer.concat([...split.signatures]).toString('latin1')).toBe(git.signature);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['tree a\ntree b\n\n', 'it has 2 tree headers'],
    ['committer a\ncommitter b\ncommitter c\n\n', 'it has 3 committer headers'],
    ['gpgsigx y\n\n', 'the header "gpgsigx" is in no signature and has no place here'],
    ['gpgsig\n\n', 'the header "gpgsig" is in no signature and has no place here'],
  ])('calls %j a problem', (raw, problem) => {
    expect(splitCommit(Buffer.from(raw), 'sha1').problem).toBe(problem);
  });

  it('calls what stands in the message none', () => {
    const split = splitCommit(Buffer.from('tree a\n\ntree b\ngpgsigx\ntree c\n'), 'sha1');
    expect(split).toMatchObject({ problem: null, signatures: [] });
  });

  it('does not look at an object that is too large', () => {
    expect(splitCommit(Buffer.alloc(1024 * 1024 + 1, 'x'), 'sha1').problem).toContain(
      'larger than 1048576 bytes',
    );
    expect(splitTag(Buffer.alloc(1024 * 1024 + 1, 'x'), 'sha1').problem).toContain(
      'larger than 1048576 bytes',
    );
  });
});

describe('splitTag', () => {
  const tag = 'object x\ntype commit\ntag v1\ntagger T <t@u> 1 +0000\n\nv1\n';
  const armor = '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n';

  it('takes the armor at the end, and the rest for the payload', () => {
    const split = splitTag(Buffer.from(tag + armor), 'sha1');
    expect(split.payload.toString()).toBe(tag);
    expect(split.signatures.map(String)).toEqual([armor]);
    expect(splitTag(Buffer.from(tag), 'sha1')).toMatchObject({ signatures: [], problem: null });
  });

  it('strips the header of the other object format, and refuses one of its own', () => {
    const head = tag.replace('\n\n', '\ngpgsig-sha256 a\n b\n\n');
    expect(splitTag(Buffer.from(head + armor), 'sha1')).toMatchObject({
      payload: Buffer.from(tag),
      problem: null,
    });
    expect(splitTag(Buffer.from(head + armor), 'sha256').problem).toContain('"gpgsig-sha256"');
  });

  it('sees every armor that begins a line', () => {
    expect(splitTag(Buffer.from(tag + armor + armor), 'sha1').signatures).toHaveLength(2);
    expect(splitTag(Buffer.from(`${tag} ${armor}`), 'sha1').signatures).toHaveLength(0);
  });
});

describe('object ids', () => {
  it('are of the format that their length says', () => {
    const raw = Buffer.from('tree x\n\n');
    expect(formatOf('a'.repeat(64))).toBe('sha256');
    for (const format of ['sha1', 'sha256'] as const) {
      expect(hasObjectId(objectId(format, 'commit', raw), 'commit', raw)).toBe(true);
      expect(hasObjectId(objectId(format, 'commit', raw), 'tag', raw)).toBe(false);
    }
  });
});
