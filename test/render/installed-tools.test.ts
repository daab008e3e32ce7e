import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ToolRunner } from '../../src/render/run/tool-runner.js';
import { Workspace } from '../../src/render/run/workspace.js';
import { probeSandbox, type SandboxChoice } from '../../src/render/sandbox/probe.js';
import { findProgram, SYSTEM_FOLDERS } from '../../src/render/sandbox/program-path.js';
import type { Sandbox } from '../../src/render/sandbox/sandbox.js';
import { linkageOf } from '../../src/render/tools/linkage.js';
import { parseVersion } from '../../src/render/tools/tool-version.js';
import { openToolbox } from '../../src/render/tools/toolbox.js';
import { gate } from '../e2e/run-gate.js';
import { configOf, reachedBy } from './fixture.js';

/** A kustomize that builds one object, whatever it is given. */
const KUSTOMIZE = `#include <stdio.h>
#include <string.h>
int main(int count, char **words) {
  if (count > 1 && strcmp(words[1], "version") == 0) puts("v5.8.1");
  else puts("apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: of-the-system}");
  return 0;
}
`;
const FILES = { 'k/kustomization.yaml': 'resources: [a.yaml]\n', 'k/a.yaml': 'kind: ConfigMap\n' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'installed-tools-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program compiled, or null where there is no compiler. */
function compiled(name: string, ...flags: string[]): string | null {
  const gcc = findProgram('gcc', SYSTEM_FOLDERS);
  if (gcc === null) {
    console.log('skipped: no gcc here');
    return null;
  }
  const [source, program] = [join(folder, `${name}.c`), join(folder, name)];
  writeFileSync(source, KUSTOMIZE);
  expect(spawnSync(gcc, [...flags, '-o', program, source]).status).toBe(0);
  return program;
}

function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}`, { mode: 0o755 });
  return path;
}

async function built(kustomize: string, sandboxes?: readonly SandboxChoice[]) {
  const options = { config: configOf({ kustomize }), ...(sandboxes === undefined ? {} : { sandboxes }) };
  const reached = await reachedBy({ 'README.md': '' }, { 'README.md': '', ...FILES }, options);
  return reached.get('kustomize/k')?.result;
}

describe('how an installed tool is linked', () => {
  it('is read from the program', async () => {
    const dynamic = compiled('dynamic');
    const fixed = compiled('fixed', '-static');
    if (dynamic === null || fixed === null) return;
    expect(await linkageOf(dynamic)).toBe('dynamic');
    expect(await linkageOf(fixed)).toBe('static');
    expect(await linkageOf(script('shell', 'true\n'))).toBe('script');
  });

  it('of a program that is cut short or of another machine is never taken for static', async () => {
    const cut = join(folder, 'cut');
    writeFileSync(cut, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]));
    expect(await linkageOf(cut)).toBe('dynamic');
    writeFileSync(cut, Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 2]), Buffer.alloc(100)]));
    expect(await linkageOf(cut)).toBe('dynamic');
    writeFileSync(cut, Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), Buffer.alloc(100, 0xff)]));
    expect(await linkageOf(cut)).toBe('dynamic');
  });
});

describe.each<SandboxChoice>(['bubblewrap', 'unshare'])('an installed tool under %s', (choice) => {
  it('that is linked dynamically sees its libraries', async () => {
    const program = compiled('kustomize');
    const { kind, detail } = await probeSandbox(folder, [choice]);
    if (program === null || kind !== choice) {
      console.log(`skipped: no ${choice} here (${detail})`);
      return;
    }
    const outcome = await built(program, [choice]);
    expect(outcome).toMatchObject({ status: 'rendered' });
    expect(JSON.stringify(outcome)).toContain('of-the-system');
  });
});

describe('an installed tool', () => {
  it('that is a script is told, and is no failure of what it renders', async () => {
    const program = script('wrapper', 'echo v5.8.1\n');
    expect(await built(program)).toMatchObject({
      status: 'failed',
      unknown: true,
      reason: expect.stringContaining(`(${program}) is a script, which cannot be run in the sandbox`),
    });
    expect(await built(program, [])).toMatchObject({
      status: 'failed',
      reason: expect.not.stringContaining('script'),
    });
  });

  it('that the sandbox cannot start says nothing of what it renders', async () => {
    const workspace = await Workspace.create();
    const sandbox: Sandbox = {
      kind: 'bubblewrap',
      detail: '',
      run: () =>
        Promise.resolve({
          end: 'exited',
          code: 1,
          stdout: Buffer.alloc(0),
          stderr: 'bwrap: execvp /tool: No such file or directory\n',
        }),
    };
    const { kustomize } = await openToolbox({ kustomize: script('kustomize', 'echo v5.8.1\n') });
    if (!('tool' in kustomize)) throw new Error(kustomize.missing);
    try {
      const runner = new ToolRunner(sandbox, workspace, null);
      const lookup = { tool: { ...kustomize.tool, linkage: 'static' as const } };
      expect(await runner.run(lookup, ['.'], new Map())).toEqual({
        status: 'failed',
        reason: 'kustomize could not be started: bwrap: execvp /tool: No such file or directory',
        lasting: false,
      });
    } finally {
      await workspace.close();
    }
  });

  it('that is not there is told so', async () => {
    const { helm } = await openToolbox({ helm: '/nowhere/helm' });
    expect(helm).toEqual({ missing: '/nowhere/helm is not there, or is no program that can be started' });
  });

  it('that is a script is told by doctor where there is a sandbox', async () => {
    const { kind } = await probeSandbox(folder);
    if (kind === 'none') {
      console.log('skipped: no sandbox here');
      return;
    }
    const config = join(folder, 'config.yaml');
    const repository = join(folder, 'repository');
    const git = (...words: string[]) => spawnSync('git', ['-C', repository, ...words]);
    spawnSync('git', ['init', '-q', '-b', 'main', repository]);
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'a');
    writeFileSync(config, `version: 1\ndiff: {kustomize: ${script('shim', 'echo v5.8.1\n')}}\n`);
    const told = await gate(['doctor', '--repo', repository, '--config', config]);
    expect(told.stdout).toContain('is a script, which cannot be run in the sandbox');
    expect(told.stdout).toContain('name the program that it starts as diff.kustomize');
  });

  it('may say its version in two numbers', () => {
    expect(parseVersion('v3.21')).toEqual([3, 21, 0]);
    expect(parseVersion('v3')).toBeNull();
    expect(parseVersion('v3.18.12345')).toBeNull();
  });
});
