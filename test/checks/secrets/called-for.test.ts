import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callsForStructure, onlyCalledFor } from '../../../src/checks/secrets/structure/called-for.js';
import { walk } from '../../../src/checks/secrets/structure/workload.js';
import { loadYaml } from '../../../src/kubernetes/index.js';

/** What a parser finds in a text that structure judges: kinds, sections, patches of a Secret's data. */
function held(text: string): string[] {
  const found: string[] = [];
  for (const document of loadYaml(Buffer.from(text), 'a.yaml').documents) {
    walk(document.value, [], (node) => {
      if (Array.isArray(node)) return;
      if (node.kind === 'Secret' || node.kind === 'SecretList') found.push(String(node.kind));
      if (Object.hasOwn(node, 'stringData')) found.push('stringData');
      if (typeof node.path === 'string' && /^\/(?:data|stringData)\b/.test(node.path)) found.push('patch');
    });
  }
  return found;
}

const hex = (text: string, width: number): string => text.charCodeAt(0).toString(16).padStart(width, '0');

/** A word in double quotes with some of its letters as escapes, and line breaks that are none. */
function escaped(word: string): fc.Arbitrary<string> {
  const letter = (char: string): fc.Arbitrary<string> =>
    fc.constantFrom(
      char,
      char,
      `\\x${hex(char, 2)}`,
      `\\u${hex(char, 4)}`,
      `\\U${hex(char, 8).toUpperCase()}`,
      `\\\n   ${char}`,
      `\\\r\n ${char}`,
    );
  return fc.tuple(...[...word].map(letter)).map((letters) => `"${letters.join('')}"`);
}

/** The ways to write a word as a scalar; `alias` is its anchor, which stands elsewhere in the document. */
function written(word: string, alias: string): fc.Arbitrary<string> {
  const base64 = Buffer.from(word).toString('base64');
  const bare = fc.oneof(
    fc.constantFrom(word, `'${word}'`, `"${word}"`),
    escaped(word),
    fc.constantFrom(
      `!!binary ${base64}`,
      `!<tag:yaml.org,2002:binary> "${base64}"`,
      `!b!ary ${base64}`,
      `*${alias}`,
    ),
  );
  return fc
    .tuple(fc.constantFrom('', '', '!!str ', '&z ', '! ', '&z !!str '), bare)
    .map(([properties, text]) => (/^[*!]/.test(text) ? text : properties + text));
}

const gap = fc.constantFrom(' ', '  ', '\t', ' # c\n    ', '\n    ', '\n\n     ');
const around = fc.constantFrom('', ' ', '\t', ' # c\n  ', '\n  ');
/** `key: value` in the block and flow forms, beside each other or apart. */
const entry = fc
  .constantFrom(['kind', 'Secret'], ['kind', 'SecretList'], ['stringData', '{a: b}'], ['path', '/data/a'])
  .chain(([key = '', value = '']) =>
    fc.record({
      key: written(key, 'k'),
      value: value.startsWith('{')
        ? fc.constant(value)
        : fc.oneof(written(value, 's'), fc.constant(`|-\n    ${value}`)),
      gap,
      before: around,
      form: fc.constantFrom('beside', 'explicit', 'nested explicit', 'flow', 'flow explicit', 'list'),
      anchors: fc.constant(`x: &k ${key}\ny: &s ${value}\n`),
    }),
  )
  .map(({ key, value, gap: space, before, form, anchors }) => {
    const block = `${key}${before}:${space}${value}`;
    const forms: Record<string, string> = {
      beside: `${anchors}${block}\n`,
      explicit: `${anchors}?${space}${key}${before}\n:${space}${value}\n`,
      'nested explicit': `${anchors}items:\n- ?${space}${key}${before}\n  :${space}${value}\n`,
      flow: `${anchors}z: {a: b,${before}${key}${before}:${space}${value}, c: d}\n`,
      'flow explicit': `${anchors}z: {?${space}${key}${before} :${space}${value}}\n`,
      list: `${anchors}items:\n  -${space}${key}${before}:${space}${value}\n`,
    };
    return forms[form] ?? '';
  });

const directive = fc.constantFrom('', '', '', '%TAG !b! tag:yaml.org,2002:bin\n---\n', '--- ', '---\n');

describe('what calls for parsing', () => {
  it('leaves out no document that holds a secret, however YAML lets it be written', () => {
    let holding = 0;
    fc.assert(
      fc.property(directive, entry, (head, text) => {
        const document = head + text;
        if (held(document).length === 0) return;
        holding++;
        expect({ document, called: callsForStructure(document, false) }).toEqual({ document, called: true });
      }),
      { numRuns: 6_000 },
    );
    expect(holding).toBeGreaterThan(1_000);
  });

  it('nor one put together at random', () => {
    const piece = fc.constantFrom(
      ...[
        'kind',
        'Secret',
        'stringData',
        'path',
        '/data/x',
        'a',
        '? ',
        ': ',
        ':',
        '\n',
        '\n  ',
        '  ',
        '- ',
        '{',
        '}',
      ],
      ...[
        ', ',
        '[',
        ']',
        '"',
        "'",
        '\\x53',
        '\\u0065',
        '\\\n',
        '&k ',
        '*k ',
        '&s ',
        '*s',
        '# c\n',
        '!!str ',
        '|-\n  ',
      ],
      ...[
        '!!binary ',
        'U2VjcmV0',
        'a2luZA==',
        '<<: ',
        '---\n',
        '"k\\x69nd"',
        'kind: ',
        'kind: Secret\n',
        '\t',
        '...\n',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        if (held(text).length > 0)
          expect({ text, called: callsForStructure(text, false) }).toEqual({ text, called: true });
      }),
      { numRuns: 30_000 },
    );
  });

  it('keeps every document that holds one, on its lines', () => {
    const filler = `---\nkind: ConfigMap\n${'# a line that fills\n'.repeat(300)}`;
    fc.assert(
      fc.property(fc.array(fc.tuple(directive, entry), { maxLength: 4 }), (documents) => {
        const text = documents.map(([head, part]) => `${filler}---\n${head}${part}`).join('');
        const kept = onlyCalledFor(text);
        expect(kept.split('\n')).toHaveLength(text.split('\n').length);
        expect(held(kept)).toEqual(held(text));
      }),
      { numRuns: 300 },
    );
  });

  it('passes over what only speaks of secrets', () => {
    for (const text of [
      'kind: CustomResourceDefinition\ndescription: the name of a Secret in the namespace, or &quot;*Note:*\n',
      'rule: "size(a) > 0 && b ? c : d"\nkind: ConfigMap\n',
      'kind: Role\nrules:\n- resources: [secrets]\n',
      'command: "a \\\n  b"\nkind: Deployment\n',
      'kind: CustomResourceDefinition\ndescription: |\n  *Warning: of a\n  Secret\nrule: a && b\n',
      'kind: CustomResourceDefinition\ndescription: |\n  **Warning: of a\n  Secret\nrule: &a b\n',
    ])
      expect({ text, called: callsForStructure(text, true) }).toEqual({ text, called: false });
  });
});
