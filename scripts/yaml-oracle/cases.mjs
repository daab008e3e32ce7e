// Writes test/fixtures/kubernetes/kubectl-readings.json: YAML made of awkward pieces, and how kubectl reads it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const SCALARS = [
  'yes',
  'on',
  'y',
  'n',
  'Off',
  'NO',
  '0777',
  '08',
  '0o17',
  '0b11',
  '-0b11',
  '0x1F',
  '-0x1f',
  '1_000',
  '_1',
  '1_',
  '1e3',
  '1E5',
  '.5',
  '-.5',
  '+.5',
  '1.',
  '1.5',
  '~',
  'null',
  'Null',
  'NULL',
  'nULL',
  'true',
  'TRUE',
  'tRue',
  '190:20:30',
  '2001-01-01',
  '2001-01-01T00:00:00Z',
  '1e999',
  '18446744073709551615',
  '18446744073709551616',
  '9223372036854775807',
  '0x',
  '0o8',
  '00',
  '-0',
  '+0',
  '-0.0',
  '0.0',
  '+5',
  "'q'",
  '"q\\n\\x41\\u00e9"',
  '""',
  "''",
  'a b',
  'a #c',
  'a#b',
  '[1, 2]',
  '{a: 1, b: {c: d}}',
  '[a, {b: c}, ]',
  '{a, b: }',
  '{"a":1}',
  '[a:b]',
  '!!str 5',
  '!!int "5"',
  '!!float 3',
  '!!bool yes',
  '!!null ""',
  '!foo bar',
  '! 5',
  '!!binary aGVsbG8=',
  '!!timestamp 2001-01-01',
  '!!int abc',
  '|\n    x\n     y\n',
  '>-\n    x\n    y\n\n    z\n',
  '|+\n    x\n\n',
  '|-\n    x\n',
  '&a 1',
  '*a',
  '&b {x: 1}',
  '*b',
  '%a',
  '@a',
  '?a',
  '-a',
  '--',
  '---',
  '...',
  'a\n     b',
  "'a\n     b'",
  '"a\n     b \\\n     c"',
  'a\tb',
  '#c',
  'a:b',
  '::',
  '\u00e9',
  '\u{1f600}',
  '=',
  '.',
  '+.inf',
  '.nan',
  '0_7',
];
const KEYS = [
  'a',
  'b',
  '"a"',
  'y',
  '1',
  '1.5',
  'null',
  '? x',
  '<<',
  '__proto__',
  'constructor',
  'a b',
  '0x10',
  'true',
  "'c'",
  '&k d',
  '*b',
  '[x]',
  '!!str e',
  'k ',
  '1e3',
  '-1',
  '010',
];

const scalar = fc.constantFrom(...SCALARS);
const key = fc.constantFrom(...KEYS);
const node = (depth, indent) =>
  depth === 0
    ? scalar
    : fc.oneof(
        { weight: 4, arbitrary: scalar },
        {
          weight: 3,
          arbitrary: fc
            .array(fc.tuple(key, node(depth - 1, `${indent}  `)), { minLength: 1, maxLength: 3 })
            .map(
              (entries) =>
                `\n${entries.map(([name, value]) => `${indent}${name}:${value.startsWith('\n') ? '' : ' '}${value}`).join('\n')}`,
            ),
        },
        {
          weight: 2,
          arbitrary: fc
            .array(node(depth - 1, `${indent}  `), { minLength: 1, maxLength: 3 })
            .map(
              (items) =>
                `\n${items.map((item) => `${indent}-${item.startsWith('\n') ? '' : ' '}${item}`).join('\n')}`,
            ),
        },
      );
const file = fc
  .tuple(
    fc.constantFrom('', '', '---\n', '# c\n', '\ufeff', '%YAML 1.1\n---\n'),
    fc.array(
      node(2, '').map((text) => text.replace(/^\n/, '')),
      { minLength: 1, maxLength: 2 },
    ),
    fc.constantFrom('\n---\n', '\n--- # c\n', '\n---  \n---\n', '\n...\n---\n'),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([head, documents, separator, end]) => `${head}${documents.join(separator)}\n`.replaceAll('\n', end));
const pairs = fc
  .array(fc.tuple(key, scalar), { minLength: 1, maxLength: 3 })
  .map((entries) => `${entries.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`);

const texts = [
  ...new Set([
    ...SCALARS.map((text) => `k: ${text}\n`),
    ...KEYS.map((name) => `${name}: v\n`),
    ...fc.sample(pairs, { numRuns: 900, seed: 7 }),
    ...fc.sample(file, { numRuns: 900, seed: 8 }),
  ]),
];
const input = texts.map((text) => JSON.stringify({ Yaml: Buffer.from(text).toString('base64') })).join('\n');
const run = spawnSync(process.argv[2] ?? 'oracle', { input: `${input}\n`, maxBuffer: 1 << 28 });
if (run.status !== 0) throw new Error(String(run.stderr));
const answers = run.stdout
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const readings = texts.map((text, index) => {
  const { docs, error } = answers[index];
  return error === undefined ? [text, docs] : [text, null];
});
writeFileSync(
  join(import.meta.dirname, '../../test/fixtures/kubernetes/kubectl-readings.json'),
  `[\n${readings.map((reading) => JSON.stringify(reading)).join(',\n')}\n]\n`,
);
console.log(readings.length, 'readings,', readings.filter(([, docs]) => docs === null).length, 'refused');
