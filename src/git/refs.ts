import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../contract/index.js';
import { gitFailed, runGit } from './git-process.js';
import { isObjectId } from './object-id.js';
import { type RepositoryLocation, readSmall } from './repository-location.js';

/** The refs of a repository at one moment, by full name (`refs/heads/main`); symbolic ones resolved. */
export interface Refs {
  readonly ids: ReadonlyMap<string, string>;
  /** Symbolic refs: name to name, `HEAD` and `refs/remotes/origin/HEAD` among them. */
  readonly symbolic: ReadonlyMap<string, string>;
}

const PSEUDO = ['HEAD', 'FETCH_HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REBASE_HEAD'];
const MAX_PACKED = 256 * 1024 * 1024;
const MAX_REFS = 1_000_000;

/**
 * Reads the refs of a repository from its files (loose refs over packed-refs), so that none of its configuration is
 * read and nothing is executed. A reftable is read by git itself. Replacement refs are left out.
 * @throws GateError `limit` for more than a million refs, `git-failed` when a reftable cannot be read
 */
export async function readRefs(location: RepositoryLocation): Promise<Refs> {
  if (statSync(join(location.commonDir, 'reftable'), { throwIfNoEntry: false })?.isDirectory() === true) {
    return readRefsByGit(location);
  }
  const raw = new Map<string, string>();
  readPacked(location.commonDir, raw);
  readLoose(location.commonDir, 'refs', raw);
  if (location.gitDir !== location.commonDir) readLoose(location.gitDir, 'refs', raw);
  for (const name of PSEUDO) {
    const text = readSmall(join(location.gitDir, name));
    // FETCH_HEAD holds a line a branch; git takes the first id.
    if (text !== null) raw.set(name, text.split(/[\t\n]/, 1)[0]?.trim() ?? '');
  }
  return resolveSymbolic(raw);
}

/** The same by `git for-each-ref`, for a storage that only git reads; hooks, monitors and fetches are off. */
export async function readRefsByGit(location: RepositoryLocation): Promise<Refs> {
  const safe = [
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.commitGraph=false',
  ];
  const environment = { GIT_DIR: location.gitDir };
  const [refs, head, symbolicHead] = await Promise.all([
    runGit(location.gitDir, [...safe, 'for-each-ref', '--format=%(refname)%00%(objectname)%00%(symref)'], {
      environment,
    }),
    runGit(location.gitDir, [...safe, 'rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD'], {
      environment,
    }),
    runGit(location.gitDir, [...safe, 'symbolic-ref', '--quiet', 'HEAD'], { environment }),
  ]);
  if (refs.status !== 0) throw gitFailed('git cannot list the refs', refs.stderr);
  const raw = new Map<string, string>();
  for (const line of refs.stdout.toString('utf8').split('\n')) {
    const [name, oid, symref] = line.split('\0');
    if (name === undefined || oid === undefined) continue;
    raw.set(name, symref === undefined || symref === '' ? oid : `ref: ${symref}`);
  }
  const target = symbolicHead.stdout.toString('utf8').trim();
  const oid = head.stdout.toString('utf8').trim();
  if (target !== '') raw.set('HEAD', `ref: ${target}`);
  else if (oid !== '') raw.set('HEAD', oid);
  return resolveSymbolic(raw);
}

function readPacked(commonDir: string, raw: Map<string, string>): void {
  const path = join(commonDir, 'packed-refs');
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) return;
  if (kind.size > MAX_PACKED) throw tooMany();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#') || line.startsWith('^')) continue;
    const space = line.indexOf(' ');
    if (space > 0) set(raw, line.slice(space + 1), line.slice(0, space));
  }
}

/** Loose refs, by walking a folder. Git follows symlinks to files here (old symbolic refs), so they are read too. */
function readLoose(top: string, folder: string, raw: Map<string, string>, depth = 0): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(top, folder), { withFileTypes: true });
  } catch (cause) {
    if (folder === 'refs') return; // a linked worktree need not have refs of its own
    throw new GateError('git-failed', `cannot read the refs in ${folder}`, { cause });
  }
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < 64) readLoose(top, name, raw, depth + 1);
    } else if (!entry.name.endsWith('.lock')) {
      const text = readSmall(join(top, name));
      if (text !== null) set(raw, name, text.trim());
    }
  }
}

function set(raw: Map<string, string>, name: string, value: string): void {
  if (name.startsWith('refs/replace/')) return;
  raw.set(name, value);
  if (raw.size > MAX_REFS) throw tooMany();
}

function tooMany(): GateError {
  return new GateError('limit', `the repository has more than ${MAX_REFS} refs`);
}

function resolveSymbolic(raw: ReadonlyMap<string, string>): Refs {
  const ids = new Map<string, string>();
  const symbolic = new Map<string, string>();
  for (const [name, value] of raw) {
    if (value.startsWith('ref:')) symbolic.set(name, value.slice(4).trim());
    else if (isObjectId(value)) ids.set(name, value);
  }
  for (const name of symbolic.keys()) {
    let target: string | undefined = name;
    // Git gives up after five steps (refs.c, SYMREF_MAXDEPTH); a circle ends the same way.
    for (let depth = 0; depth < 5 && target !== undefined; depth += 1) {
      const oid = ids.get(target);
      if (oid !== undefined) {
        ids.set(name, oid);
        break;
      }
      target = symbolic.get(target);
    }
  }
  return { ids, symbolic };
}
