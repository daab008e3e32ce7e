import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import { readRuleFiles, ruleTable } from '../../../conformance/secrets/rule-files.js';
import { Engine } from '../../../src/checks/secrets/engine.js';
import { RULES } from '../../../src/checks/secrets/rules.generated.js';

const entries = readRuleFiles(join(import.meta.dirname, '../../../rules/secrets'));
const engine = new Engine(RULES);

/** A file in which the rule is at home: its own where it asks for one, else a configuration file. */
function pathFor(path: string | null): string {
  if (path === null) return 'apps/pay/settings.env';
  return path.includes('netrc')
    ? '.netrc'
    : path.includes('pgpass')
      ? '.pgpass'
      : path.includes('ipsec')
        ? 'ipsec.secrets'
        : '.npmrc';
}

describe('secret rules', () => {
  it('are compiled from their files as these are now (npm run rules)', () => {
    expect(RULES).toEqual(entries.map((entry) => entry.spec));
  });

  it('stand in docs/secrets.md as they are now', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/secrets.md'), 'utf8');
    expect(page.endsWith(ruleTable(entries))).toBe(true);
  });

  it.each(entries.map((entry) => [entry.spec.id, entry] as const))('%s catches its cases', (id, entry) => {
    for (const [index, text] of entry.caught.entries()) {
      for (let seed = 0; seed < 5; seed++) {
        const filled = fill(text, `${id}/${index}/${seed}`);
        const { hits } = engine.scan(filled, { path: pathFor(entry.spec.path) });
        expect({ filled, rules: hits.map((hit) => hit.rule.id) }).toEqual({
          filled,
          rules: expect.arrayContaining([id]),
        });
      }
    }
  });

  it.each(entries.map((entry) => [entry.spec.id, entry] as const))(
    '%s leaves its clean cases alone',
    (id, entry) => {
      for (const [index, text] of entry.clean.entries()) {
        const filled = fill(text, `${id}/clean/${index}`);
        const { hits } = engine.scan(filled, { path: pathFor(entry.spec.path) });
        const found = hits.filter((hit) => hit.confidence !== 'guess' && hit.rule.id === id);
        expect({ filled, rules: found.map((hit) => hit.rule.id) }).toEqual({ filled, rules: [] });
      }
    },
  );

  it('say what they are and how to revoke what they find', () => {
    for (const rule of RULES)
      expect(`${rule.description}|${rule.revoke}|${rule.provider}`).not.toMatch(/^\||\|\||\|$/);
  });
});
