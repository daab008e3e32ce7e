import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attributesOf, isLfsPointer, MemoryTree } from '../../src/git/index.js';
import { Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());
const NAMES = ['filter', 'working-tree-encoding', 'export-ignore', 'export-subst', 'ident'];

/** What git says of paths, in the gate's words. */
function byGit(files: Readonly<Record<string, string>>, paths: readonly string[]) {
  const repository = workshop.repository().write(files);
  const output = repository
    .gitBytes(['check-attr', '-z', '--stdin', ...NAMES], `${paths.join('\0')}\0`)
    .toString();
  const cells = output.split('\0');
  const found = new Map<string, Map<string, string>>();
  for (let index = 0; index + 2 < cells.length; index += 3) {
    const of = found.get(cells[index] ?? '') ?? new Map<string, string>();
    of.set(cells[index + 1] ?? '', cells[index + 2] ?? '');
    found.set(cells[index] ?? '', of);
  }
  return paths.map((path) => {
    const value = (name: string): string => found.get(path)?.get(name) ?? 'unspecified';
    const text = (name: string) =>
      ['unspecified', 'set', 'unset', ''].includes(value(name)) ? null : value(name);
    const set = (name: string) => !['unspecified', 'unset'].includes(value(name));
    return {
      filter: text('filter'),
      workingTreeEncoding: text('working-tree-encoding'),
      exportIgnore: set('export-ignore'),
      exportSubst: set('export-subst'),
      ident: set('ident'),
    };
  });
}

async function byGate(files: Readonly<Record<string, string>>, paths: readonly string[]) {
  const attributes = await attributesOf(new MemoryTree(files));
  return paths.map((path) => attributes.of(path));
}

const PATHS = [
  'a',
  'b.yaml',
  'd/a',
  'd/b.yaml',
  'd/e/b.yaml',
  'd/e/f/a',
  'x[y]',
  'd/ sp',
  '#a',
  '!a',
  'é',
  'f',
  'd/f/f',
];

describe('attributes', () => {
  it.each<[string, Record<string, string>]>([
    ['a pattern without a slash, at any depth', { '.gitattributes': '*.yaml filter=lfs\n' }],
    ['anchored ones', { '.gitattributes': '/b.yaml ident\nd/*.yaml filter=x\n' }],
    [
      'two stars',
      { '.gitattributes': '**/b.yaml ident\nd/** filter=x\nd/**/a export-ignore\n**/f export-subst' },
    ],
    [
      'deeper over higher',
      { '.gitattributes': '* filter=a\n', 'd/.gitattributes': '*.yaml filter=b\na -filter\n' },
    ],
    ['later over earlier', { '.gitattributes': '* ident filter=a\na -ident !filter\n' }],
    ['a macro', { '.gitattributes': '[attr]enc filter=crypt ident\n*.yaml enc\nd/a -enc\n' }],
    [
      'a macro of a macro, named before it',
      { '.gitattributes': '[attr]one two\n[attr]two filter=hidden\na one\n' },
    ],
    ['macros in circles', { '.gitattributes': '[attr]one two\n[attr]two one filter=f\na one\n' }],
    ['a macro that is switched off later', { '.gitattributes': '[attr]enc filter=crypt\na enc\na -enc\n' }],
    ['macros of folders are none', { 'd/.gitattributes': '[attr]enc filter=crypt\na enc\n' }],
    [
      'quotes and escapes',
      { '.gitattributes': '"d/ sp" ident\n"\\303\\251" filter=q\n\\#a ident\n\\!a ident\nx\\[y] ident' },
    ],
    [
      'comments, negations and folders',
      { '.gitattributes': '#a ident\n!b.yaml ident\nd/ ident\n  a filter=indented\n' },
    ],
    [
      'sets',
      { '.gitattributes': '[ab] ident\n[!a] filter=n\nx[[]y[]] export-ignore\n[[:alpha:]] export-subst\n' },
    ],
    ['carriage returns', { '.gitattributes': '*.yaml filter=a\r\na ident\r\n' }],
    ['a byte order mark', { '.gitattributes': '\ufeffa ident\n' }],
    [
      'tabs, and many words',
      { '.gitattributes': 'a\tident  filter=b\texport-ignore=yes working-tree-encoding=UTF-16\n' },
    ],
    ['a long line', { '.gitattributes': `a ident ${'x'.repeat(3000)}\na filter=ok\n` }],
    ['a bracket without end', { '.gitattributes': '[a ident\n* filter=x\n' }],
  ])('as git reads them: %s', async (_, files) => {
    expect(await byGate(files, PATHS)).toEqual(byGit(files, PATHS));
  });

  it('as git reads any patterns', async () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '*',
      '**',
      '?',
      '/',
      '.yaml',
      'd',
      'e',
      'f',
      '[a-e]',
      '[!a]',
      '\\a',
      '**/',
      '/**',
    );
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const lines = fc.array(
      fc.tuple(pattern, fc.constantFrom('ident', '-ident', '!ident', 'filter=a', 'filter=b', 'm', '-m')),
      { minLength: 20, maxLength: 20 },
    );
    const paths = [
      'a',
      'b',
      'ab',
      'd/a',
      'd/e',
      'd/e/f',
      'b.yaml',
      'd/b.yaml',
      'd/e/b.yaml',
      'e/a/b',
      'f/f/f',
    ];
    await fc.assert(
      fc.asyncProperty(lines, async (rules) => {
        const text = rules.map(([glob, attribute]) => `${glob} ${attribute}\n`).join('');
        const files = { '.gitattributes': `[attr]m filter=m ident\n${text}` };
        expect(await byGate(files, paths)).toEqual(byGit(files, paths));
      }),
      { numRuns: 60 },
    );
  });

  it('are not read from a symlink, and one too large is named', async () => {
    const tree = new MemoryTree({
      '.gitattributes': { content: '* ident', mode: 'symlink' },
      'd/.gitattributes': `# ${'x'.repeat(2 * 1024 * 1024)}`,
    });
    const attributes = await attributesOf(tree);
    expect(attributes.unread).toEqual(['d/.gitattributes']);
    expect(attributes.any).toBe(true);
    expect(attributes.of('a').ident).toBe(false);
  });

  it('say when there are none', async () => {
    expect((await attributesOf(new MemoryTree({ a: 'x' }))).any).toBe(false);
  });

  it('match hostile patterns in bounded time', async () => {
    const text = `${'*a'.repeat(900)}b ident\n${'**/a/'.repeat(300)}b filter=x\n`;
    const attributes = await attributesOf(new MemoryTree({ '.gitattributes': text }));
    expect(attributes.of('a'.repeat(4000)).ident).toBe(false);
    expect(attributes.of('a/'.repeat(2000)).filter).toBe(null);
  });
});

describe('LFS pointers', () => {
  const oid = 'a'.repeat(64);
  it.each([
    [`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12\n`, true],
    [`version https://git-lfs.github.com/spec/v1\r\noid sha256:${oid}\r\nsize 12\r\n`, true],
    [`version https://git-lfs.github.com/spec/v1\next-0-x sha256:${oid}\noid sha256:${oid}\nsize 12\n`, true],
    [`version http://git-media.io/v/2\noid sha256:${oid}\nsize 1\n`, true],
    [`version https://git-lfs.github.com/spec/v1\n`, false],
    [`# version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\n`, false],
    [`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\n${'x'.repeat(1024)}`, false],
    ['', false],
  ])('are told by their form: %#', (text, is) => {
    expect(isLfsPointer(Buffer.from(text))).toBe(is);
  });
});
