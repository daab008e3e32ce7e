import { RegexError, regexGroups, regexMatchesOf } from '../values/regex.js';
import { intAt, optional, stringAt } from './arguments.js';
import type { CelContext, CelFunction, Library } from './language.js';
import { CelError, type CelValue } from './values.js';

/** An expression that is none is an error of the evaluation. */
function told<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof RegexError) throw new CelError(error.message);
    throw error;
  }
}

function replace(args: readonly CelValue[], { budget }: CelContext): CelValue {
  const [text, pattern, replacement] = [0, 1, 2].map((index) => stringAt('regex.replace', args, index)) as [
    string,
    string,
    string,
  ];
  const limit = args.length > 3 ? intAt('regex.replace', args, 3) : -1;
  return told(() => {
    const groups = regexGroups(pattern, budget);
    let out = '';
    let from = 0;
    for (const match of limit === 0 ? [] : regexMatchesOf(pattern, text, limit, budget)) {
      budget.spend(1 + (replacement.length >> 2));
      out += text.slice(from, match.start) + filled(replacement, match.groups, groups);
      from = match.end;
    }
    return out + text.slice(from);
  });
}

/** `\\1` to `\\9` are groups, `\\\\` a backslash; nothing else may follow a backslash. */
function filled(replacement: string, groups: readonly string[], count: number): string {
  return replacement.replace(/\\(.?)/gs, (_, next: string) => {
    if (next === '\\') return next;
    if (!/^\d$/.test(next) || Number(next) > count) throw new CelError('invalid replacement string');
    return groups[Number(next)] ?? '';
  });
}

/** What a match stands for: its one group where there is one, else the whole. */
function extracted(name: string, limit: number, args: readonly CelValue[], { budget }: CelContext): string[] {
  const [text, pattern] = [stringAt(name, args, 0), stringAt(name, args, 1)];
  return told(() => {
    const groups = regexGroups(pattern, budget);
    if (groups > 1) throw new CelError(`${name}: the expression has more than one group`);
    return regexMatchesOf(pattern, text, limit, budget).map((match) => match.groups[groups] ?? '');
  });
}

const globals: Record<string, CelFunction> = {
  'regex.replace': replace,
  'regex.extract': (args, context) => optional(extracted('regex.extract', 1, args, context)[0]),
  'regex.extractAll': (args, context) => extracted('regex.extractAll', -1, args, context),
};

/** cel-go's regular expressions (ext/regex.go), which Kyverno's policies have. */
export const regexLibrary: Library = { globals: new Map(Object.entries(globals)), methods: new Map() };
