import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { probeSandbox, type SandboxChoice } from '../../src/render/sandbox/probe.js';
import { findProgram, SYSTEM_FOLDERS, trustedFolders } from '../../src/render/sandbox/program-path.js';
import type { Sandbox } from '../../src/render/sandbox/sandbox.js';
import { packagedArchive, packagedProgram } from '../../src/render/tools/packaged-tools.js';
import { compareVersions, parseVersion, requireRecent } from '../../src/render/tools/tool-version.js';
import { defaultCacheFolder, openToolbox } from '../../src/render/tools/toolbox.js';
import { configOf, REPOSITORY, reachedBy } from './fixture.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'tree'));
  await writeFile(join(folder, 'tree', 'input'), 'read me');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The arguments of every process of this machine, separated by NUL. */
async function commandLines(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may be gone before its file is read.
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A static program that tries to get out, or null where there is no compiler. */
function escapee(): string | null {
  const gcc = findProgram('gcc', SYSTEM_FOLDERS);
  if (gcc === null) return null;
  const program = join(folder, 'escape');
  const source = join(import.meta.dirname, 'escape.c');
  return spawnSync(gcc, ['-static', '-o', program, source]).status === 0 ? program : null;
}

describe.each<SandboxChoice>(['bubblewrap', 'unshare'])('%s', (choice) => {
  let sandbox: Sandbox | null = null;
  beforeAll(async () => {
    const found = await probeSandbox(folder, [choice]);
    sandbox = found.kind === choice ? found : null;
    if (sandbox === null) console.log(`skipped: no ${choice} here (${found.detail})`);
  });

  async function kustomize(args: readonly string[], timeoutMs = 30_000) {
    const { kustomize: found } = await openToolbox();
    if (sandbox === null || !('tool' in found)) return null;
    const { tool } = found;
    return sandbox.run({
      tool: await tool.program(),
      args: [...tool.prefix, ...args],
      folder: join(folder, 'tree'),
      timeoutMs,
      maxOutputBytes: 1024 * 1024,
    });
  }

  it('shows the inputs and nothing of the machine', async () => {
    for (const [base, answer] of [
      ['/etc', /\/etc/],
      ['/root', /\/root/],
      ['/proc/self', /\/proc/],
    ] as const) {
      const result = await kustomize([base]);
      if (result === null) return;
      expect(result.code).not.toBe(0);
      expect(result.stderr).toMatch(answer);
      expect(result.stderr).toMatch(/no such file|does not exist|must build|not a directory|evalsymlink/i);
    }
  });

  it('has no network', async () => {
    await writeFile(join(folder, 'tree', 'kustomization.yaml'), 'resources: ["http://127.0.0.1:1/x.yaml"]\n');
    const result = await kustomize(['.']);
    if (result === null) return;
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/unreachable|refused|no 'git' program|not found/i);
  });

  it('is ended when its time is over', async () => {
    const result = await kustomize(['version'], 1);
    if (result === null) return;
    expect(result.end).toBe('timeout');
  });

  it('ends with the gate, also where that is killed', async () => {
    const gcc = findProgram('gcc', SYSTEM_FOLDERS);
    if (sandbox === null || gcc === null) {
      console.log('skipped: no gcc here');
      return;
    }
    const program = join(folder, 'waits');
    await writeFile(`${program}.c`, '#include <unistd.h>\nint main(void) { for (;;) pause(); }\n');
    expect(spawnSync(gcc, ['-static', '-o', program, `${program}.c`]).status).toBe(0);
    const marker = `waits-for-${choice}-of-${process.pid}`;
    const sources = join(import.meta.dirname, '../..');
    const code = `import { probeSandbox } from ${JSON.stringify(join(sources, 'src/render/sandbox/probe.ts'))};
      const sandbox = await probeSandbox(${JSON.stringify(folder)}, [${JSON.stringify(choice)}]);
      await sandbox.run({ tool: ${JSON.stringify(program)}, args: [${JSON.stringify(marker)}],
        folder: ${JSON.stringify(join(folder, 'tree'))}, timeoutMs: 60000, maxOutputBytes: 1 });`;
    const gate = spawn(
      process.execPath,
      ['--import', join(sources, 'scripts/typescript-sources.mjs'), '--input-type=module', '-e', code],
      { stdio: 'ignore' },
    );
    await until(async () => (await commandLines()).some((line) => line.startsWith(`/tool\0${marker}`)));
    gate.kill('SIGKILL');
    await until(async () => !(await commandLines()).some((line) => line.includes(marker)));
  });

  it('lets nothing out: no writing, mounting, changing of roots, namespaces or network', async () => {
    const program = escapee();
    if (sandbox === null || program === null) {
      console.log('skipped: no gcc here');
      return;
    }
    const result = await sandbox.run({
      tool: program,
      args: [],
      folder: join(folder, 'tree'),
      timeoutMs: 10_000,
      maxOutputBytes: 10_000,
    });
    const newer = choice === 'unshare' || !/ 0\.[0-7]\./.test(sandbox.detail);
    const done = result.stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    expect(done.filter((line) => newer || line !== 'make a user namespace')).toEqual(['done']);
  });
});

describe('without a sandbox', () => {
  const change = { ...REPOSITORY, 'apps/web/staging/kustomization.yaml': 'resources: [../base]\n' };

  it('nothing of what is required to be in one is rendered', async () => {
    const reached = await reachedBy(REPOSITORY, change, { sandbox: 'required', sandboxes: [] });
    expect(reached.get('kustomize/apps/web/staging')?.result).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('a sandbox is required'),
    });
  });

  it('a trusted branch is rendered where that is allowed', async () => {
    for (const options of [{ sandboxes: [] }, { config: configOf({ sandbox: 'off' }) }]) {
      const reached = await reachedBy(REPOSITORY, change, options);
      expect(reached.get('kustomize/apps/web/staging')?.result.status).toBe('rendered');
    }
  });
});

describe('tools', () => {
  it('reads and compares versions', () => {
    expect(parseVersion('v4.2.3+g43e8')).toEqual([4, 2, 3]);
    expect(parseVersion('{"kustomizeVersion": "v5.8.1"}')).toEqual([5, 8, 1]);
    expect(parseVersion('none')).toBeNull();
    expect(compareVersions([3, 18, 3], [3, 18, 4])).toBeLessThan(0);
    expect(() => requireRecent('helm', '3.18.4', '/x')).not.toThrow();
    expect(() => requireRecent('helm', '3.18.3', '/x')).toThrow(/too old: 3\.18\.4 or later/);
  });

  it('refuses a configured tool that is too old, and does not take another', async () => {
    const helm = join(folder, 'helm');
    await writeFile(helm, '#!/bin/sh\necho v3.10.0\n', { mode: 0o755 });
    expect((await openToolbox({ helm })).helm).toEqual({ missing: expect.stringContaining('too old') });
    expect((await openToolbox({ helm: 'bin/helm' })).helm).toEqual({
      missing: expect.stringContaining('absolute'),
    });
  });

  it('takes tools of PATH, never out of a relative folder or node_modules', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'kustomize'), '#!/bin/sh\necho v5.8.1\n', { mode: 0o755 });
    const found = await openToolbox({ packaged: false, path: `.:/x/node_modules/.bin:${bin}` });
    expect(found.kustomize).toMatchObject({ tool: { version: '5.8.1', source: 'PATH', prefix: ['build'] } });
    expect(found.helm).toEqual({ missing: expect.stringContaining('not installed') });
    expect(trustedFolders('.:bin:/usr/bin:/a/node_modules/.bin')).toEqual(['/usr/bin']);
  });

  it('unpacks a packaged tool again when somebody has changed it', async () => {
    const archive = packagedArchive();
    if (archive === null) {
      console.log('skipped: no packaged tools for this platform');
      return;
    }
    const cache = join(folder, 'cache');
    const program = await packagedProgram('kustomize', archive, cache);
    await chmod(program, 0o755);
    await writeFile(program, '#!/bin/sh\n');
    expect(await packagedProgram('kustomize', archive, cache)).toBe(program);
    const entries = await readdir(join(program, '..'));
    expect(entries).toEqual(['kustomize']);
    expect(defaultCacheFolder()).toContain('gitops-gate');
  });
});
