import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Repository } from '../git/index.js';
import { visible } from '../report/index.js';
import { errorCode } from './error-code.js';
import { type Terminal, write } from './terminal.js';
import { packageVersion } from './version.js';

/** What of rendering the command line lets people choose. */
export interface RenderingOptions {
  /** False with `--no-cache`. */
  cache: boolean;
  /** False with `--no-fetch`. */
  fetch: boolean;
}

/** Where renders are kept, and what for. */
export interface KeptRenders {
  folder: string;
  repository: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** What was not rendered for so long is rendered again. */
const KEPT_DAYS = 30;
/** Of renders, and again of what was fetched, no more than this is kept. */
const MOST_BYTES = 2 * 1024 ** 3;

/** Adds the options of rendering to a command. */
export function withRenderingOptions(command: Command): Command {
  return command
    .option('--no-cache', 'keep nothing of what is rendered, and use nothing that was kept')
    .option('--no-fetch', 'bring no charts and bases from elsewhere, whatever diff.remotes allows');
}

/**
 * The folder that keeps renders between runs: GITOPS_GATE_CACHE, else the user's cache folder; undefined with
 * `--no-cache`. Bound to the repository and to this version. A folder that cannot be used is told, never fatal.
 */
export async function keptRenders(
  { cache }: Pick<RenderingOptions, 'cache'>,
  repository: Repository,
  repo: string,
  { stderr, env }: Terminal,
): Promise<KeptRenders | undefined> {
  if (!cache) return undefined;
  const { defaultCacheFolder } = await import('../render/index.js');
  const named = env.GITOPS_GATE_CACHE ?? '';
  const folder = named === '' ? defaultCacheFolder() : path.resolve(named);
  const problem = problemOf(folder);
  if (problem !== null) {
    const way = 'GITOPS_GATE_CACHE names another folder, --no-cache does without';
    await write(stderr, `gitops-gate: nothing is kept between runs: ${visible(folder)} ${problem}; ${way}\n`);
    return undefined;
  }
  const identity = repository.remoteUrls()[0] ?? path.resolve(repo);
  return { folder, repository: `${packageVersion()} ${identity}` };
}

/** Why a folder is not used, as a clause; null where it is. It is made where it is missing, and tidied once a day. */
function problemOf(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { uid, mode } = statSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) return "is another user's";
    if ((mode & 0o022) !== 0) return 'can be written by others';
    tidy(folder);
    return null;
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    return `cannot be written (${code})`;
  }
}

/** Takes away what was kept long ago. */
function tidy(folder: string): void {
  const mark = path.join(folder, '.tidied');
  const now = Date.now();
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (now - last < DAY_MS) return;
  writeFileSync(mark, '');
  for (const kept of ['renders', 'fetched']) tidyFolder(path.join(folder, kept), now);
}

/** By when a file was last wanted: what is old, and the oldest beyond MOST_BYTES. */
function tidyFolder(folder: string, now: number): void {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return;
  const files: { file: string; size: number; used: number }[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const found = entry.isFile() ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (found !== undefined) files.push({ file, size: found.size, used: found.mtimeMs });
  }
  let bytes = 0;
  for (const { file, size, used } of files.sort((a, b) => b.used - a.used)) {
    bytes += size;
    if (now - used > KEPT_DAYS * DAY_MS || bytes > MOST_BYTES) rmSync(file, { force: true });
  }
}
