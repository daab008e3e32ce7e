import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { allowListsOf, type ScanOptions, scanStaged, scanTree } from '../checks/secrets/index.js';
import { loadConfigFile } from '../config/index.js';
import { type CheckResult, GateError, Redactor } from '../contract/index.js';
import { MemoryTree, openRepository } from '../git/index.js';
import { errorCode } from './error-code.js';
import { mergedResults, withPaths } from './merged-results.js';
import { openNamedPath } from './named-path.js';
import { readStandardInput } from './standard-input.js';

/** What to scan; exactly one of the three is given. */
export interface SecretsSource {
  paths: readonly string[];
  stdin?: boolean;
  /** The file that standard input stands for, as a path from the working folder. */
  stdinPath?: string;
  staged?: boolean;
  repo: string;
  /** A configuration whose secrets section counts, and whose folder has the baseline and ignore files. */
  config?: string;
}

/** Scans what was named. The redactor knows every value that was found. */
export async function scanSecrets(
  source: SecretsSource,
  signal: AbortSignal,
): Promise<{ result: CheckResult; redactor: Redactor }> {
  const redactor = new Redactor();
  const loaded = source.config === undefined ? null : await loadConfigFile(path.resolve(source.config));
  const trusted = loaded === null ? {} : { config: loaded.config.secrets, trust: loaded.files };
  const options: ScanOptions = { redactor, signal, now: new Date(), ...trusted };
  if (source.stdin === true) return { result: await scanInput(source.stdinPath, options, signal), redactor };
  if (source.staged === true) return { result: await scanIndex(source.repo, options), redactor };
  const results: CheckResult[] = [];
  for (const named of source.paths) {
    const { tree, shown } = await openNamedPath(named);
    const result = withPaths(await scanTree(tree, options), shown);
    for (const { path: skipped, reason } of tree.skipped) {
      result.notVerified.push({ what: shown(skipped), reason: `not scanned: ${reason}`, closes: true });
    }
    results.push(result);
  }
  return { result: mergedResults('secrets', results), redactor };
}

/** Standard input as the one file that it stands for, under the allow-lists of the configuration or the working folder. */
async function scanInput(
  named: string | undefined,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<CheckResult> {
  const place = named === undefined ? '-' : path.relative('.', named).split(path.sep).join('/');
  if (place === '' || place.startsWith('../') || path.isAbsolute(place))
    throw new GateError('usage', '--stdin-path names a file under the working folder');
  const tree = new MemoryTree(new Map([[place, await readStandardInput(signal)]]));
  const trust = options.trust ?? (await allowListsOf(readHere, options.config ?? null));
  return scanTree(tree, { ...options, trust });
}

/** Text of a plain file under the working folder; null for anything else. */
async function readHere(name: string): Promise<string | null> {
  if (path.isAbsolute(name) || path.normalize(name).startsWith('..')) return null;
  try {
    return (await lstat(name)).isFile() ? await readFile(name, 'utf8') : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What the next commit would add. */
async function scanIndex(repo: string, options: ScanOptions): Promise<CheckResult> {
  const repository = await openRepository(repo);
  try {
    // git names the index of a partial commit (`git commit FILE`) to its hooks
    return await scanStaged(await repository.staged({ indexFile: process.env.GIT_INDEX_FILE }), options);
  } finally {
    await repository.close();
  }
}
