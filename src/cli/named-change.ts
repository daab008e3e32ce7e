import { GateError, type Verdict } from '../contract/index.js';

/** A change by its two revisions; what is not named is left to the defaults. */
export interface NamedChange {
  base?: string | undefined;
  head?: string | undefined;
}

/**
 * The change that words name as for `git diff`: `BASE HEAD`, `BASE..HEAD`, `BASE...HEAD`, or one revision alone. A side
 * of a range that is left out is HEAD. All of them ask the same here: what merging HEAD into BASE does.
 *
 * @param command its name, for the way out in an error
 * @param single what one revision alone is; null where it may be neither
 * @throws GateError `usage` for words that name no change, or name it twice
 */
export function namedChange(
  command: string,
  words: readonly string[],
  options: NamedChange,
  single: 'base' | null,
): NamedChange {
  const { base, head } = options;
  for (const [name, value] of Object.entries({ base, head })) {
    if (value?.includes('..') === true)
      throw usage(`--${name} names one revision; a range stands alone: gitops-gate ${command} ${value}`);
  }
  const [first, second, ...more] = words;
  if (first === undefined) return { base, head };
  if (base !== undefined || head !== undefined) {
    const named = [...(base === undefined ? [] : [base]), ...words, ...(head === undefined ? [] : [head])];
    throw usage(
      `name the change once: by --base and --head, or as gitops-gate ${command} ${named.join(' ')}`,
    );
  }
  const wanted = `gitops-gate ${command} BASE HEAD (or BASE..HEAD), without paths`;
  if (more.length > 0) throw usage(`a change has two revisions, not ${words.length}: ${wanted}`);
  if (words.some((word) => word === '' || word.startsWith('^')))
    throw usage(
      `${JSON.stringify(words.find((word) => word === '' || word.startsWith('^')))} names no revision: ${wanted}`,
    );
  if (second !== undefined) {
    const range = words.find((word) => word.includes('..'));
    if (range !== undefined)
      throw usage(`${range} names both revisions already: gitops-gate ${command} ${range}`);
    return { base: first, head: second };
  }
  if (first.includes('..')) {
    const [left = '', right = '', ...others] = first.split(/\.{2,3}/);
    if (others.length > 0 || /\.{4}/.test(first))
      throw usage(`${first} is no range of two revisions: ${wanted}`);
    return { base: left || 'HEAD', head: right || 'HEAD' };
  }
  if (single === null)
    throw usage(
      `name both sides, first what would be merged into: gitops-gate ${command} main ${first}, or gitops-gate ${command} ${first} HEAD`,
    );
  return { base: first };
}

function usage(message: string): GateError {
  return new GateError('usage', message);
}

/** What to say where head is a part of base already, so that nothing can change; null elsewhere. */
export function nothingToMerge({ report: { base, head, mergeBase } }: Verdict): string | null {
  if (head === null || base === head || mergeBase !== head) return null;
  return `${head.slice(0, 12)} is a part of ${base?.slice(0, 12)} already: merging it changes nothing (the base goes first)`;
}
