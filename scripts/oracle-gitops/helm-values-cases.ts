import type { JsonMap } from './compare.ts';

/** Values of a HelmRelease: its spec's, and the ConfigMap `v` of its namespace. */
export interface ValuesCase {
  name: string;
  values?: JsonMap;
  valuesFrom: readonly JsonMap[];
  data: Readonly<Record<string, string>>;
}

const from = (reference: JsonMap = {}): JsonMap => ({ kind: 'ConfigMap', name: 'v', ...reference });

/** One value at a target path, over inline values. */
function at(targetPath: string, value: string, literal = false): ValuesCase {
  return {
    name: `values: ${targetPath}=${JSON.stringify(value)}${literal ? ' literally' : ''}`,
    values: { own: 'inline', deep: { own: 'inline', list: ['a', 'b', { c: 'd' }] }, list: ['x', 'y'] },
    valuesFrom: [from({ valuesKey: 'value', targetPath, ...(literal ? { literal } : {}) })],
    data: { value },
  };
}

const PATHS = [
  'new',
  'own',
  'deep.own',
  'deep.new',
  'deep.new.more',
  'list[0]',
  'list[3]',
  'deep.list[2].c',
  'deep.list[2].e',
  'a\\.b',
  'deep.a\\.b',
  'list',
  'deep',
  'new[0].x',
  'new[0][1]',
  'a.b[1].c',
];
const TEXTS = [
  'text',
  '5',
  '0',
  '-3',
  '007',
  '1.5',
  'true',
  'false',
  'null',
  '',
  ' spaced ',
  'a,b',
  'a,other=x',
  'a\\,b',
  '{x,y}',
  '{}',
  '{x',
  '[1]',
  'a=b',
  '"quoted"',
  "'5'",
  '"',
  "it's",
  'line\nbreak',
  'a\\b',
  'ä',
  '99999999999999999999',
  '1e3',
  'x\n',
  '{1,true,null}',
];

/** Every row of how values of a HelmRelease are put together. */
export const VALUES_CASES: readonly ValuesCase[] = [
  {
    name: 'values: in order',
    valuesFrom: [from(), from({ valuesKey: 'more.yaml' })],
    data: { 'values.yaml': 'a: 1\nb: {c: 1, d: 1}\n', 'more.yaml': 'b: {d: 2}\ne: [1]\n' },
  },
  {
    name: 'values: inline over them',
    values: { a: 'inline', b: { d: 'inline' } },
    valuesFrom: [from()],
    data: { 'values.yaml': 'a: 1\nb: {c: 1, d: 1}\n' },
  },
  {
    name: 'values: null takes away',
    values: { a: null, b: { c: null } },
    valuesFrom: [from()],
    data: { 'values.yaml': 'a: 1\nb: {c: 1, d: 1}\n' },
  },
  {
    name: 'values: lists are replaced',
    values: { l: [3] },
    valuesFrom: [from()],
    data: { 'values.yaml': 'l: [1, 2]\n' },
  },
  {
    name: 'values: a map over text',
    values: { a: { b: 1 } },
    valuesFrom: [from()],
    data: { 'values.yaml': 'a: text\n' },
  },
  {
    name: 'values: text over a map',
    values: { a: 'text' },
    valuesFrom: [from()],
    data: { 'values.yaml': 'a: {b: 1}\n' },
  },
  { name: 'values: empty', valuesFrom: [from()], data: { 'values.yaml': '' } },
  { name: 'values: a comment', valuesFrom: [from()], data: { 'values.yaml': '# nothing\n' } },
  { name: 'values: that are a list', valuesFrom: [from()], data: { 'values.yaml': '- a\n' } },
  { name: 'values: that are no YAML', valuesFrom: [from()], data: { 'values.yaml': 'a: [' } },
  {
    name: 'values: booleans and numbers',
    valuesFrom: [from()],
    data: { 'values.yaml': 'a: yes\nb: 0777\nc: 1_000\nd: 1.0\ne: "5"\nf: ~\n' },
  },
  { name: 'values: a missing key', valuesFrom: [from({ valuesKey: 'gone' })], data: {} },
  {
    name: 'values: a missing key, optional',
    valuesFrom: [from({ valuesKey: 'gone', optional: true })],
    data: {},
  },
  {
    name: 'values: a missing object, optional',
    valuesFrom: [from({ name: 'gone', optional: true })],
    data: {},
  },
  { name: 'values: a missing object', valuesFrom: [from({ name: 'gone' })], data: {} },
  {
    name: 'values: a target before other references',
    values: { own: 'inline' },
    valuesFrom: [from({ valuesKey: 'value', targetPath: 'a.b' }), from()],
    data: { value: 'target', 'values.yaml': 'a: {b: later, c: later}\nown: later\n' },
  },
  {
    name: 'values: a target behind other references',
    values: { own: 'inline' },
    valuesFrom: [from(), from({ valuesKey: 'value', targetPath: 'a.b' })],
    data: { value: 'target', 'values.yaml': 'a: {b: earlier, c: earlier}\nown: earlier\n' },
  },
  {
    name: 'values: two targets',
    values: { a: { b: 'inline' } },
    valuesFrom: [
      from({ valuesKey: 'one', targetPath: 'a.b' }),
      from({ valuesKey: 'two', targetPath: 'a.b' }),
    ],
    data: { one: '1', two: '2' },
  },
  {
    name: 'values: a missing target, optional',
    values: { a: { b: 'inline' } },
    valuesFrom: [from({ valuesKey: 'gone', targetPath: 'a.b', optional: true })],
    data: {},
  },
  ...PATHS.map((path) => at(path, 'text')),
  ...TEXTS.flatMap((text) => [at('deep.new', text), at('deep.new', text, true)]),
];
