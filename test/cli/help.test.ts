import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.js';
import { gate } from '../e2e/run-gate.js';

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await gate(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`  ${name} .*${summary.slice(0, 20)}`));
    expect(stdout).toContain('Exit codes');
  });

  it('is what a call without a command gets, as an error', async () => {
    const { code, stderr } = await gate([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Commands:');
  });

  it.each(COMMANDS.map(({ name }) => name))('of %s has an example', async (name) => {
    const { code, stdout } = await gate([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: gitops-gate ${name}`);
    expect(stdout).toContain('Examples:\n  ');
    expect(stdout).toContain(`gitops-gate ${name}`);
    expect((await gate(['help', name])).stdout).toBe(stdout);
  });

  it('suggests what may have been meant', async () => {
    expect((await gate(['chekc'])).stderr).toContain('Did you mean check?');
    expect((await gate(['check', '--fromat', 'json'])).stderr).toContain('Did you mean --format?');
  });
});
