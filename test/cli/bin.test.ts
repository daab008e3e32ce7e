import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const BIN = 'bin/gitops-gate.mjs';
const built = existsSync('dist/cli/main.js');
if (!built) console.log('skipped: the build (npm run build) that these tests run');
const whenBuilt = built ? it : it.skip;

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the program', () => {
  whenBuilt('says its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const flag of ['--version', '-V']) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, flag], { encoding: 'utf8' });
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout: `gitops-gate ${version}\n`,
        stderr: '',
      });
    }
  });

  whenBuilt('loads nothing but itself for its version', () => {
    const watch = join(folder, 'watch.mjs');
    writeFileSync(
      watch,
      `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) console.error(url); return next(url, context); } });
`,
    );
    const { stderr } = spawnSync(process.execPath, ['--import', watch, BIN, '--version'], {
      encoding: 'utf8',
    });
    const loaded = stderr
      .trim()
      .split('\n')
      .map((url) => url.replace(/^.*\/(?=[^/]*\/[^/]*$)/, ''));
    expect(loaded).toEqual(['bin/gitops-gate.mjs', 'cli/main.js', 'cli/version.js']);
  });

  whenBuilt('ends in silence when its reader goes away', async () => {
    const child = spawn(process.execPath, [BIN, 'explain', 's', '--debug'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  whenBuilt('stops with 130 when interrupted while it waits for input', async () => {
    const child = spawn(process.execPath, [BIN, 'secrets', '--stdin'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // more than a pipe holds: once it is taken, the program reads, and listens to signals
    child.stdin.write('a: b\n'.repeat(200_000), () => child.kill('SIGINT'));
    const code = await ended;
    expect(code).toBe(130);
  });

  it('says in one line that it is not built', () => {
    const copy = join(folder, 'unbuilt', 'bin');
    mkdirSync(copy, { recursive: true });
    copyFileSync(BIN, join(copy, 'gitops-gate.mjs'));
    const { status, stderr } = spawnSync(process.execPath, [join(copy, 'gitops-gate.mjs')], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^gitops-gate is not built: [^\n]*\n$/);
  });

  it('says in one line that a Node is too old', () => {
    const old = join(folder, 'old.mjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '20.11.0' });\n");
    const { status, stderr } = spawnSync(process.execPath, ['--import', old, BIN], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'gitops-gate needs Node 24 or later; this is 20.11.0\n',
    });
  });
});
