import { describe, expect, it } from '@jest/globals';
import { allRules, CHECKS, describeRules, policyPacks } from '../../src/gate/index.js';

describe('the registry', () => {
  it('has every check, in the order of reports, each of which loads', async () => {
    expect(CHECKS.map(({ name }) => name)).toEqual(['signatures', 'secrets', 'policies', 'diff']);
    for (const check of CHECKS) expect(await check.load()).toBeInstanceOf(Function);
  });

  it('tells every rule once, with what it takes to explain it', async () => {
    const rules = await allRules();
    expect(rules.slice(0, describeRules().length)).toEqual(describeRules());
    for (const name of ['gate', ...CHECKS.map((check) => check.name)]) {
      expect(rules.filter(({ id }) => id.startsWith(`${name}/`)).length).toBeGreaterThan(0);
    }
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^(?:gate|signatures|secrets|policies|diff)\/./);
      expect(rule.title).not.toBe('');
    }
  });

  it('knows the packs, the baseline among them', async () => {
    expect(await policyPacks()).toContain('baseline');
  });
});
