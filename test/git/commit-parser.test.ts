import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GateError } from '../../src/contract/index.js';
import { parseCommit, parsePerson, parseTag } from '../../src/git/index.js';
import { Workshop } from './real-repository.js';

const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const PARENT = 'a'.repeat(40);
const PERSON = 'Alice <alice@example.com> 1700000000 +0100';

function commit(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\n'), 'latin1');
}

describe('commits', () => {
  it('are read header by header, the raw bytes kept', () => {
    const raw = commit(
      `tree ${TREE}`,
      `parent ${PARENT}`,
      `author ${PERSON}`,
      'committer Bob <bob@example.com> 1700000001 -0730',
      'gpgsig -----BEGIN',
      ` parent ${'b'.repeat(40)}`,
      '',
      'message',
      'parent not',
    );
    const parsed = parseCommit(raw, 'x');
    expect(parsed.raw).toBe(raw);
    expect(parsed).toMatchObject({ sha: 'x', tree: TREE, parents: [PARENT] });
    expect(parsed.author).toEqual({
      name: 'Alice',
      email: 'alice@example.com',
      time: 1_700_000_000,
      zone: '+0100',
    });
    expect(parsed.committer).toEqual({
      name: 'Bob',
      email: 'bob@example.com',
      time: 1_700_000_001,
      zone: '-0730',
    });
    expect(parsed.message.toString()).toBe('message\nparent not');
  });

  it('take parents from the head of the header alone', () => {
    const raw = commit(`tree ${TREE}`, `author ${PERSON}`, `committer ${PERSON}`, `parent ${PARENT}`, '', '');
    expect(parseCommit(raw, 'x').parents).toEqual([]);
  });

  it.each([
    ['no tree', [`author ${PERSON}`, '']],
    ['a tree that is not an id', ['tree HEAD', `author ${PERSON}`, `committer ${PERSON}`, '', '']],
    [
      'a parent that is not an id',
      [`tree ${TREE}`, 'parent main', `author ${PERSON}`, `committer ${PERSON}`, '', ''],
    ],
    ['an upper-case id', [`tree ${TREE.toUpperCase()}`, `author ${PERSON}`, `committer ${PERSON}`, '', '']],
    ['no author', [`tree ${TREE}`, `committer ${PERSON}`, '', '']],
    ['no committer', [`tree ${TREE}`, `author ${PERSON}`, '', '']],
    [
      'a header between author and committer',
      [`tree ${TREE}`, `author ${PERSON}`, 'x y', `committer ${PERSON}`, '', ''],
    ],
    ['nothing', []],
  ])('with %s are malformed', (_, lines) => {
    expect(() => parseCommit(commit(...lines), 'x')).toThrow(GateError);
  });

  it('need no message and no empty line', () => {
    const parsed = parseCommit(commit(`tree ${TREE}`, `author ${PERSON}`, `committer ${PERSON}`, 'odd'), 'x');
    expect(parsed.message.length).toBe(0);
  });

  it('hold a NUL, and odd headers, as they are', () => {
    const raw = commit(`tree ${TREE}`, `author ${PERSON}`, `committer ${PERSON}`, 'a\0b c', '', 'be\0fore');
    expect(parseCommit(raw, 'x').message.toString('latin1')).toBe('be\0fore');
  });

  it('decode names by their encoding header, and show unknown ones as UTF-8', () => {
    const lines = [`tree ${TREE}`, 'author \xc9va <eva@example.com> 1 +0000', `committer ${PERSON}`];
    expect(parseCommit(commit(...lines, 'encoding ISO-8859-1', '', ''), 'x').author.name).toBe('Éva');
    expect(parseCommit(commit(...lines, 'encoding nonsense', '', ''), 'x').author.name).toBe('\ufffdva');
    expect(parseCommit(commit(...lines, '', 'encoding ISO-8859-1'), 'x').author.name).toBe('\ufffdva');
  });

  it('from any bytes are parsed with the bytes kept, or refused with a GateError', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          `tree ${TREE}\n`,
          `parent ${PARENT}\n`,
          `author ${PERSON}\n`,
          `committer ${PERSON}\n`,
          '\n',
          '\0',
          'encoding x\n',
        )
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const raw = Buffer.concat(pieces);
        const copy = Buffer.from(raw);
        try {
          const parsed = parseCommit(raw, 'x');
          expect(parsed.raw.equals(copy)).toBe(true);
          expect(raw.subarray(raw.length - parsed.message.length).equals(parsed.message)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(GateError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('people', () => {
  it.each([
    ['<a@b> 1 +0000', { name: '', email: 'a@b', time: 1, zone: '+0000' }],
    ['A <a@b> <c@d> 2 +0000', { name: 'A', email: 'a@b', time: 2, zone: '+0000' }],
    ['A <a@b> never', { name: 'A', email: 'a@b', time: Number.NaN, zone: '' }],
    ['A <a@b> 12', { name: 'A', email: 'a@b', time: 12, zone: '' }],
    ['A <a@b', { name: 'A <a@b', email: '', time: Number.NaN, zone: '' }],
    ['nobody', { name: 'nobody', email: '', time: Number.NaN, zone: '' }],
    ['A <a@b> 99999999999999999999 +0000', { name: 'A', email: 'a@b', time: Number.NaN, zone: '' }],
  ])('%s', (line, person) => {
    expect(parsePerson(Buffer.from(line))).toEqual(person);
  });

  it('whose addresses differ in bytes differ', () => {
    const one = parsePerson(
      Buffer.concat([Buffer.from('A <a'), Buffer.of(0xff), Buffer.from('@b> 1 +0000')]),
    );
    const other = parsePerson(
      Buffer.concat([Buffer.from('A <a'), Buffer.of(0xfe), Buffer.from('@b> 1 +0000')]),
    );
    expect(one.email).not.toBe(other.email);
  });
});

describe('beside git', () => {
  const workshop = new Workshop();
  afterAll(() => workshop.remove());

  it('reads what git log shows', () => {
    const repository = workshop.repository();
    const sha = repository.commit('one', { a: 'x' });
    const raw = repository.gitBytes(['cat-file', 'commit', sha]);
    const parsed = parseCommit(raw, sha);
    const shown = repository.git('log', '-1', '--format=%T%n%an%n%ae%n%at%n%cn%n%ce%n%ct').split('\n');
    expect([
      parsed.tree,
      parsed.author.name,
      parsed.author.email,
      String(parsed.author.time),
      parsed.committer.name,
      parsed.committer.email,
      String(parsed.committer.time),
    ]).toEqual(shown);
  });

  it('reads an annotated tag', () => {
    const repository = workshop.repository();
    const sha = repository.commit('one');
    repository.git('tag', '-a', 'v1', '-m', 'first');
    const oid = repository.git('rev-parse', 'v1^{tag}');
    const tag = parseTag(repository.gitBytes(['cat-file', 'tag', oid]), oid);
    expect(tag).toMatchObject({ object: sha, type: 'commit', tag: 'v1', tagger: { name: 'Bob' } });
    expect(tag.message.toString()).toBe('first\n');
  });
});

describe('tags', () => {
  const body = `object ${TREE}\ntype tree\ntag x\n`;
  it('may lack a tagger', () => {
    expect(parseTag(Buffer.from(`${body}\nm`), 'x')).toMatchObject({ tagger: null, type: 'tree' });
  });

  it.each([
    `type tree\ntag x\n\n`,
    `object ${TREE}\ntype folder\ntag x\n\n`,
    `object ${TREE}\ntype tree\n\n`,
  ])('without what they must have are malformed: %j', (text) => {
    expect(() => parseTag(Buffer.from(text), 'x')).toThrow('malformed');
  });
});
