import { scanText, scanTree } from '../checks/secrets/index.js';
import { type CheckResult, Redactor } from '../contract/index.js';
import { type AddedLines, openRepository } from '../git/index.js';
import { mergedResults, withPaths } from './merged-results.js';
import { openNamedPath } from './named-path.js';
import { readStandardInput } from './standard-input.js';

/** What to scan; exactly one of the three is given. */
export interface SecretsSource {
  paths: readonly string[];
  stdin?: boolean;
  staged?: boolean;
  repo: string;
}

/** Scans what was named. The redactor knows every value that was found. */
export async function scanSecrets(
  source: SecretsSource,
  signal: AbortSignal,
): Promise<{ result: CheckResult; redactor: Redactor }> {
  const redactor = new Redactor();
  if (source.stdin === true)
    return { result: scanText(await readStandardInput(signal), { redactor }), redactor };
  if (source.staged === true) return { result: await scanStaged(source.repo, redactor, signal), redactor };
  const results: CheckResult[] = [];
  for (const named of source.paths) {
    const { tree, shown } = await openNamedPath(named);
    const result = withPaths(await scanTree(tree, { redactor, signal }), shown);
    for (const { path, reason } of tree.skipped) {
      result.notVerified.push({ what: shown(path), reason: `not scanned: ${reason}`, closes: true });
    }
    results.push(result);
  }
  return { result: mergedResults('secrets', results), redactor };
}

/** The index, and of it only what stands on lines that the next commit would add. */
async function scanStaged(repo: string, redactor: Redactor, signal: AbortSignal): Promise<CheckResult> {
  const repository = await openRepository(repo);
  try {
    // git names the index of a partial commit (`git commit FILE`) to its hooks
    const staged = await repository.staged({ indexFile: process.env.GIT_INDEX_FILE });
    const added = new Map((await staged.addedLines()).map((lines) => [lines.path, lines]));
    const result = await scanTree(staged.index, { redactor, signal, include: (path) => added.has(path) });
    return { ...result, findings: result.findings.filter(({ path, line }) => isAdded(added, path, line)) };
  } finally {
    await repository.close();
  }
}

function isAdded(added: ReadonlyMap<string, AddedLines>, path: string | null, line: number | null): boolean {
  const lines = path === null ? undefined : added.get(path);
  return lines === undefined || lines.binary || line === null || lines.lines.includes(line);
}
