import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBounded } from './bounded-process.js';
import { Bubblewrap, LIBRARY_FOLDERS } from './bubblewrap.js';
import { NoSandbox } from './no-sandbox.js';
import { findProgram, SYSTEM_FOLDERS } from './program-path.js';
import type { Sandbox } from './sandbox.js';
import { Unshare } from './unshare.js';

/** Which sandboxes may be tried, best first. */
export type SandboxChoice = 'bubblewrap' | 'unshare';

const PROBE_MS = 10_000;
const PROBE_BYTES = 64 * 1024;

/**
 * The best sandbox that works here, found by running a program in it that tries what must not be possible: writing to
 * the inputs and seeing /etc. Without one, a `NoSandbox` whose `detail` says why each was refused.
 *
 * @param scratch a folder of ours for the stage of mounts and, without a sandbox, as home of the tools
 */
export async function probeSandbox(
  scratch: string,
  choices: readonly SandboxChoice[] = ['bubblewrap', 'unshare'],
): Promise<Sandbox> {
  const prlimit = findProgram('prlimit', SYSTEM_FOLDERS);
  const home = join(scratch, 'home');
  await mkdir(home, { recursive: true });
  if (process.platform !== 'linux') {
    return new NoSandbox(`none for ${process.platform}`, null, home);
  }
  const sh = findProgram('sh', SYSTEM_FOLDERS);
  if (prlimit === null || sh === null) {
    return new NoSandbox('prlimit (util-linux) is missing: apt-get install util-linux', prlimit, home);
  }
  const refused: string[] = [];
  for (const choice of choices) {
    const made = await make(choice, { prlimit, sh, scratch });
    if (typeof made === 'string') {
      refused.push(made);
      continue;
    }
    const libraries = LIBRARY_FOLDERS.filter((folder) => existsSync(folder));
    const reason = await refusal(made(libraries), sh);
    if (reason === null) return made([]);
    refused.push(`${choice}: ${reason}`);
  }
  return new NoSandbox(refused.join('; '), prlimit, home);
}

type Maker = (libraries: readonly string[]) => Sandbox;

async function make(
  choice: SandboxChoice,
  at: { prlimit: string; sh: string; scratch: string },
): Promise<Maker | string> {
  if (choice === 'bubblewrap') {
    const bwrap = findProgram('bwrap', SYSTEM_FOLDERS);
    if (bwrap === null) return 'bubblewrap is not installed: apt-get install bubblewrap';
    const version = (await versionOf(bwrap)) ?? 'bubblewrap';
    return (libraries) => new Bubblewrap({ bwrap, prlimit: at.prlimit, version }, libraries);
  }
  const unshare = findProgram('unshare', SYSTEM_FOLDERS);
  const setpriv = findProgram('setpriv', SYSTEM_FOLDERS);
  if (unshare === null || setpriv === null) return 'unshare and setpriv (util-linux) are missing';
  const version = (await versionOf(unshare)) ?? 'unshare';
  const stage = join(at.scratch, 'stage');
  await mkdir(stage, { recursive: true });
  return (libraries) =>
    new Unshare({ unshare, setpriv, prlimit: at.prlimit, sh: at.sh, version }, stage, libraries);
}

async function versionOf(program: string): Promise<string | null> {
  const result = await runBounded([program, '--version'], {
    timeoutMs: PROBE_MS,
    maxOutputBytes: PROBE_BYTES,
    env: { LC_ALL: 'C' },
  });
  return result.code === 0 ? result.stdout.toString('utf8').trim().slice(0, 80) : null;
}

/** Tries to break out of the sandbox with a shell; null when it held, else what went wrong. */
async function refusal(sandbox: Sandbox, sh: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-gate-probe-'));
  try {
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'input'), 'probe');
    const attempts = [
      'read -r line < input || true',
      '[ "$line" = probe ] || { echo "the inputs cannot be read"; exit 1; }',
      '(: > input) 2>&- && { echo "the inputs can be written"; exit 1; }',
      '[ -e /etc/passwd ] && { echo "/etc can be seen"; exit 1; }',
      '[ -e /proc/self ] && { echo "/proc can be seen"; exit 1; }',
      '(: > /tmp/scratch) 2>&- || { echo "there is no scratch folder"; exit 1; }',
      'echo held',
    ];
    const result = await sandbox.run({
      tool: sh,
      args: ['-c', attempts.join('\n')],
      folder,
      timeoutMs: PROBE_MS,
      maxOutputBytes: PROBE_BYTES,
    });
    const output = result.stdout.toString('utf8').trim();
    if (result.code === 0 && output === 'held') return null;
    const said = output === '' ? (result.stderr.trim().split('\n')[0] ?? '') : output;
    return said === '' ? `it ended (${result.end})` : said.slice(0, 200);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
