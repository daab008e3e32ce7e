import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';
import { defaultEngine } from '../../../src/checks/secrets/check.js';
import { IDENTIFIER } from '../../../src/checks/secrets/randomness.js';
import { scanFile } from '../../../src/checks/secrets/scan-file.js';
import { EXAMINING_MS, examinedRegexes } from './examined-regexes.js';

/** A regular expression that stands in the check itself, with the file it is from. */
interface Own {
  file: string;
  source: string;
  flags: string;
}

/** Those whose cost is bounded by what they are given, with the bound; everything else must be linear. */
const BOUNDED: Readonly<Record<string, string>> = {
  'placeholder.ts EXPRESSION': 'reads 4,096 characters at most, each of its quantifiers 400 at most',
  'placeholder.ts STAND_IN': 'reads 512 characters at most',
  'structure/called-for.ts FIELDS': 'each of its quantifiers 300 at most, but for blanks',
  'decode.ts NAME_BEFORE': 'reads 80 characters at most',
  'key-name.ts HARMLESS': 'reads 253 characters at most',
  'excerpt.ts JOINED_BEFORE': 'reads 20,000 characters at most, from each quote to the next and 400 at most',
};

/** Files whose expressions are put together; the rules' are examined by their own test, the rest has no open end. */
const BUILT = ['joined-literals.ts', 'rule.ts', 'spread-value.ts'];

function literalsOf(file: string): Own[] {
  const found: Own[] = [];
  const root = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const cut = node.text.lastIndexOf('/');
      const name = ts.isVariableDeclaration(node.parent) ? ` ${node.parent.name.getText()}` : '';
      found.push({
        file: `${file.replace(/^.*secrets\//, '')}${name}`,
        source: node.text.slice(1, cut),
        flags: node.text.slice(cut + 1),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

const FOLDER = new URL('../../../src/checks/secrets/', import.meta.url).pathname;
const files = globSync(`${FOLDER}**/*.ts`).filter((file) => !file.endsWith('.generated.ts'));
const own = files.flatMap(literalsOf).filter(({ source }) => /[*+]|\{\d*,/.test(source));
const linear = own.filter(({ file }) => !Object.hasOwn(BOUNDED, file));

describe('regular expressions of the check itself', () => {
  let examined: ReadonlyMap<string, string>;
  beforeAll(() => {
    examined = examinedRegexes(linear);
  }, EXAMINING_MS);

  it('are written as literals, so that all of them are looked at here', () => {
    const made = files.filter((file) =>
      /new RegExp\((?!EXPRESSION,|STAND_IN,|ESCAPES\.source\))/.test(readFileSync(file, 'utf8')),
    );
    expect(made.map((file) => file.slice(FOLDER.length)).sort()).toEqual(BUILT);
  });

  it.each(linear.map((item) => [`${item.file} /${item.source.slice(0, 60)}/`, item] as const))(
    '%s is linear',
    (_, item) => {
      const status = examined.get(`${item.source}/${item.flags}`);
      expect({ ...item, status }).toEqual({ ...item, status: 'safe' });
    },
  );

  it('reads a name as the ambiguous expression does that says what is meant', () => {
    const meant =
      /^[A-Za-z]+[0-9]{0,2}(?:[-_./:][A-Za-z]+[0-9]{0,3}|[-_./:][0-9]{1,3}|[A-Z][a-z]+[0-9]{0,2})*$/;
    const letters = fc.constantFrom('a', 'b', 'A', 'B', '1', '2', '-', '.');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        expect({ text, is: IDENTIFIER.test(text) }).toEqual({ text, is: meant.test(text) });
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['words and a number', `password: ${'thereandering'.repeat(9)}9~`],
    ['capitals after dashes', `password: ${'InThRe-'.repeat(80)}~9`],
    ['digits behind dots', `kind: Secret\nstringData:\n  password: a.b.c${'0'.repeat(300_000)}\n`],
    ['blanks in base64', `kind: Secret\ndata:\n  a: "+${' '.repeat(300_000)}!"\n`],
    ['a long key', `kind: Secret\nstringData:\n  ? ${'A'.repeat(300_000)}1Aa\n  : hunter2-hunter2\n`],
    ['comments behind kind', 'kind:#e '.repeat(60_000)],
    ['blanks behind a name', `name: api-key${' '.repeat(300_000)}x`],
    ['breaks behind a flag', ` --key${'\n'.repeat(300_000)}x`],
    ['headers in a key', `-----BEGIN RSA PRIVATE KEY-----${'\n'.repeat(30_000)}`.repeat(10)],
    ['closing brackets', `password=${')'.repeat(4_000)}a\n`.repeat(80)],
  ])('ends on %s', (_, text) => {
    scanFile('hostile.yaml', Buffer.from(text), defaultEngine());
  });

  it('ends on an INI file of SOPS made of blanks', () => {
    const blanks = ' '.repeat(300_000);
    const text = `[sops]\nmac = ENC[AES256_GCM,data:a]\nversion = 3\nlastmodified = x\n\u2028=${blanks}#${blanks}`;
    scanFile('hostile.ini', Buffer.from(text), defaultEngine());
  });
});
