import { intAt, listAt, overload, stringAt } from './arguments.js';
import { formatString } from './format.js';
import type { CelContext, CelFunction, Library } from './language.js';
import { CelError, type CelValue, celEquals } from './values.js';

const LONGEST = 10_000_000;

function checked(text: string): string {
  if (text.length > LONGEST) throw new CelError('string longer than 10 MB');
  return text;
}

function position(args: readonly CelValue[], last: boolean): bigint {
  const name = last ? 'lastIndexOf' : 'indexOf';
  const [subject, wanted = null] = args;
  if (Array.isArray(subject)) {
    const test = (item: CelValue): boolean => celEquals(item, wanted);
    return BigInt(last ? subject.findLastIndex(test) : subject.findIndex(test));
  }
  const runes = [...stringAt(name, args, 0)];
  const needle = [...stringAt(name, args, 1)];
  const from = args.length > 2 ? intAt(name, args, 2) : last ? runes.length : 0;
  if (from < 0 || from > runes.length) throw new CelError('index out of range');
  const fits = (at: number): boolean => needle.every((rune, index) => runes[at + index] === rune);
  const limit = runes.length - needle.length;
  if (last) {
    for (let at = Math.min(from, limit); at >= 0; at -= 1) if (fits(at)) return BigInt(at);
  } else {
    for (let at = from; at <= limit; at += 1) if (fits(at)) return BigInt(at);
  }
  return -1n;
}

function replace(args: readonly CelValue[], { budget }: CelContext): string {
  const [subject, from, to] = [0, 1, 2].map((index) => stringAt('replace', args, index)) as [
    string,
    string,
    string,
  ];
  const count = args.length > 3 ? intAt('replace', args, 3) : -1;
  budget.spend(subject.length * (1 + (to.length >> 2)));
  const parts = from === '' ? [...subject] : subject.split(from);
  if (from === '') return checked(count < 0 ? to + parts.join(to) + (parts.length > 0 ? to : '') : subject);
  if (count < 0 || parts.length - 1 <= count) return checked(parts.join(to));
  return checked(parts.slice(0, count).join(to) + (count > 0 ? to : '') + parts.slice(count).join(from));
}

function split(args: readonly CelValue[], { budget }: CelContext): CelValue[] {
  const subject = stringAt('split', args, 0);
  const separator = stringAt('split', args, 1);
  const limit = args.length > 2 ? intAt('split', args, 2) : -1;
  budget.spend(subject.length);
  if (limit === 0) return [];
  const parts = separator === '' ? [...subject] : subject.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function substring(args: readonly CelValue[]): string {
  const runes = [...stringAt('substring', args, 0)];
  const from = intAt('substring', args, 1);
  const to = args.length > 2 ? intAt('substring', args, 2) : runes.length;
  if (from < 0 || to > runes.length || from > to) throw new CelError(`index out of range: ${from}`);
  return runes.slice(from, to).join('');
}

function ascii(name: string, pattern: RegExp, change: (text: string) => string): CelFunction {
  return (args) => stringAt(name, args, 0).replace(pattern, change);
}

function reverse(args: readonly CelValue[]): CelValue {
  const [subject] = args;
  if (Array.isArray(subject)) return [...subject].reverse();
  return [...stringAt('reverse', args, 0)].reverse().join('');
}

function join(args: readonly CelValue[], { budget }: CelContext): string {
  const items = listAt('join', args, 0);
  const separator = args.length > 1 ? stringAt('join', args, 1) : '';
  const strings = items.map((item) => (typeof item === 'string' ? item : overload('join', args)));
  budget.spend(strings.reduce((sum, item) => sum + item.length + separator.length, 0) >> 2);
  return checked(strings.join(separator));
}

const WHITESPACE = /^[\s\u0085]+|[\s\u0085]+$/g;

const methods: Record<string, CelFunction> = {
  charAt: (args) => {
    const runes = [...stringAt('charAt', args, 0)];
    const index = intAt('charAt', args, 1);
    if (index < 0 || index > runes.length) throw new CelError(`index out of range: ${index}`);
    return runes[index] ?? '';
  },
  indexOf: (args) => position(args, false),
  lastIndexOf: (args) => position(args, true),
  join,
  replace,
  split,
  substring,
  trim: (args) => stringAt('trim', args, 0).replace(WHITESPACE, ''),
  lowerAscii: ascii('lowerAscii', /[A-Z]/g, (text) => text.toLowerCase()),
  upperAscii: ascii('upperAscii', /[a-z]/g, (text) => text.toUpperCase()),
  reverse,
  format: (args, { budget }) => {
    const template = stringAt('format', args, 0);
    budget.spend(template.length);
    return checked(formatString(template, listAt('format', args, 1)));
  },
};

const globals: Record<string, CelFunction> = {
  'strings.quote': (args) => JSON.stringify(stringAt('strings.quote', args, 0)),
  'base64.encode': ([value = null]) => {
    if (!(value instanceof Uint8Array)) return overload('base64.encode', [value]);
    return Buffer.from(value).toString('base64');
  },
  'base64.decode': (args) => {
    const source = stringAt('base64.decode', args, 0);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(source)) throw new CelError('illegal base64 data');
    return new Uint8Array(Buffer.from(source, 'base64'));
  },
  'jsonpatch.escapeKey': (args) =>
    stringAt('jsonpatch.escapeKey', args, 0).replaceAll('~', '~0').replaceAll('/', '~1'),
};

/** cel-go's strings and encoders extensions and Kubernetes' jsonpatch library. */
export const textLibrary: Library = {
  globals: new Map(Object.entries(globals)),
  methods: new Map(Object.entries(methods)),
};
