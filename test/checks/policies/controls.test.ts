import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeRules as describeDiffRules } from '../../../src/checks/diff/index.js';
import { describeRules } from '../../../src/checks/policies/index.js';

const document = readFileSync('docs/controls.md', 'utf8');
const rules = describeRules();
/** Names of policies and of the gate's own rules. */
const known = new Set([
  ...rules.map(({ ruleId, pack }) => (pack === '' ? ruleId : (ruleId.split('/')[1] ?? ''))),
  ...describeDiffRules().map(({ id }) => id),
]);

function rows(heading: string): { checks: string[]; here: string }[] {
  const section = document.split(`## ${heading}'s checks\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| check |'))
    .map((line) => {
      const [, checks = '', here = ''] = line.split('|').map((cell) => cell.trim());
      return { checks: checks.split(', '), here };
    });
}

describe('docs/controls.md', () => {
  it('is what the packs say, and so is the generated module', () => {
    const run = spawnSync(process.execPath, ['scripts/policy-packs.mjs', '--check'], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
  });

  it('names every policy, and no policy or rule that does not exist', () => {
    const named = new Set(
      [...document.matchAll(/`([a-z][a-z0-9-]*(?:\/[a-z-]+)?)`/g)].map(([, name]) => name ?? ''),
    );
    named.delete('gitops-gate/controls');
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
    const policies = rules.filter(({ pack }) => pack !== '').map(({ ruleId }) => ruleId.split('/')[1] ?? '');
    expect(policies.filter((name) => !named.has(name))).toEqual([]);
  });

  it.each([
    ['kube-linter', 63],
    ['kube-score', 39],
    ['polaris', 44],
  ])('answers every check of %s once: with a rule, a check, or the reason why not', (tool, count) => {
    const all = rows(tool);
    const checks = all.flatMap((row) => row.checks);
    expect(new Set(checks).size).toBe(checks.length);
    expect(checks).toHaveLength(count);
    for (const { checks: names, here } of all) {
      expect([names, here]).toEqual([
        names,
        expect.stringMatching(/`|^not covered: .{10}|^the secrets check/),
      ]);
    }
  });
});
