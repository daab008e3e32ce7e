import path from 'node:path';
import { type ScanOptions, scanStaged, scanText, scanTree } from '../checks/secrets/index.js';
import { loadConfigFile } from '../config/index.js';
import { type CheckResult, Redactor } from '../contract/index.js';
import { openRepository } from '../git/index.js';
import { mergedResults, withPaths } from './merged-results.js';
import { openNamedPath } from './named-path.js';
import { readStandardInput } from './standard-input.js';

/** What to scan; exactly one of the three is given. */
export interface SecretsSource {
  paths: readonly string[];
  stdin?: boolean;
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
  if (source.stdin === true)
    return { result: scanText(await readStandardInput(signal), { redactor }), redactor };
  const loaded = source.config === undefined ? null : await loadConfigFile(path.resolve(source.config));
  const trusted = loaded === null ? {} : { config: loaded.config.secrets, trust: loaded.files };
  const options: ScanOptions = { redactor, signal, now: new Date(), ...trusted };
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
