import { beforeAll, describe, expect, it } from '@jest/globals';
import { RULES } from '../../../src/checks/secrets/rules.generated.js';
import { EXAMINING_MS, examinedRegexes } from './examined-regexes.js';

/** Every regular expression of the rules, with what it is for. */
const sources = RULES.flatMap((rule) => [
  {
    id: rule.id,
    source: rule.matcher === 'token' ? `^(?:${rule.regex})` : `^(?:${rule.regex})$`,
    flags: rule.flags,
  },
  ...rule.allow.map((source) => ({ id: `${rule.id} allow`, source, flags: 'i' })),
  ...(rule.path === null ? [] : [{ id: `${rule.id} path`, source: rule.path, flags: '' }]),
  ...(rule.requires === null ? [] : [{ id: `${rule.id} requires`, source: rule.requires.regex, flags: 'i' }]),
]);
const distinct = [...new Map(sources.map((item) => [`${item.source}/${item.flags}`, item])).values()];

describe('regular expressions of the rules', () => {
  let examined: ReadonlyMap<string, string>;
  beforeAll(() => {
    examined = examinedRegexes(distinct);
  }, EXAMINING_MS);

  it.each(distinct.map((item) => [item.id, item] as const))('%s is not vulnerable', (_, item) => {
    const status = examined.get(`${item.source}/${item.flags}`);
    expect({ id: item.id, status }).toEqual({ id: item.id, status: 'safe' });
  });
});
