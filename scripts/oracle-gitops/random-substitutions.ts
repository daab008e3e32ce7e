// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { SubstitutionError, substitute } from '../../src/render/gitops/flux-substitute.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { RandomSource } from './random-source.ts';

export const VARIABLES: Readonly<Record<string, string>> = {
  a: 'apple',
  p: 'one/two/one',
  U: 'ÄpfelÖ🎉',
  e: '',
  n: '42',
  s: 'a b  c',
  d: '$x ${a} $$',
  g: '[a-c]*?',
};

const FRAGMENTS = [
  '${',
  '}',
  '$',
  '$$',
  '${a}',
  '${p}',
  '${U}',
  '${e}',
  '${x}',
  'a',
  'p',
  'e',
  'U',
  'x',
  ':-',
  ':=',
  ':+',
  ':?',
  '-',
  '=',
  ':',
  '/',
  '//',
  '/#',
  '/%',
  '#',
  '##',
  '%',
  '%%',
  '^',
  '^^',
  ',',
  ',,',
  '1',
  '2',
  '-1',
  ' ',
  '*',
  '?',
  '[',
  ']',
  '[a-c]',
  '\\',
  '\\/',
  'ä',
  '🎉',
  'text',
  '\n',
  '${a:-',
  '${p/o/',
  '${p#',
  '${p%',
  '${U:',
  '${#',
  '${d}',
  '${g}',
  '${p#${g}}',
  '${x:-${a',
];

/** Texts that substitution makes something else of than Flux's package does, of a number of random ones. */
export async function differentSubstitutions(
  oracle: OracleProcess,
  random: RandomSource,
  count: number,
): Promise<{ text: string; ours: string; theirs: string }[]> {
  const different = [];
  for (let index = 0; index < count; index += 1) {
    const length = 1 + random.below(8);
    const text = Array.from({ length }, () => random.one(FRAGMENTS)).join('');
    const answer = await oracle.ask({ op: 'substitute', text, variables: VARIABLES });
    // Bytes that are no UTF-8 come back as U+FFFD: Flux cannot read the YAML then, and the gate refuses to make it.
    const theirs =
      answer.error !== undefined || answer.text?.includes('\ufffd') === true
        ? 'refused'
        : `= ${answer.text ?? ''}`;
    const ours = ourAnswer(text);
    if (ours !== theirs) different.push({ text, ours, theirs });
  }
  return different;
}

function ourAnswer(text: string): string {
  try {
    return `= ${substitute(text, (name) => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined))}`;
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    return 'refused';
  }
}
