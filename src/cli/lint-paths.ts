import path from 'node:path';
import { fixCommand, fixTree, lintTree } from '../checks/policies/index.js';
import { defaultConfig, loadConfigFile, type TrustedConfig } from '../config/index.js';
import type { CheckResult } from '../contract/index.js';
import { type MemoryFile, MemoryTree } from '../git/index.js';
import { lazyFixProof, openFixProof } from './fix-proof.js';
import { mergedResults, withPaths } from './merged-results.js';
import { openNamedPath } from './named-path.js';
import { writeOutput } from './report-options.js';
import { readStandardInput } from './standard-input.js';

/** Name of what comes from standard input, in findings. */
const STDIN = 'stdin.yaml';

interface LintSettings {
  /** Policies beside those of the configuration. */
  policy: readonly string[];
  config?: string;
  /** The file that standard input stands for, as exceptions and scopes name it. */
  stdinPath?: string;
  now: Date;
  signal: AbortSignal;
}

/** Judges the manifests of files, folders and, as `-`, standard input. */
export async function lintPaths(paths: readonly string[], settings: LintSettings): Promise<CheckResult> {
  const config = await policiesOf(settings);
  const results: CheckResult[] = [];
  for (const named of paths) {
    if (named === '-') {
      const file = settings.stdinPath === undefined ? STDIN : relativeName(settings.stdinPath);
      const tree = new MemoryTree(new Map([[file, await readStandardInput(settings.signal)]]));
      // a stream cannot be mended, and no target is known to read it
      const result = await lintTree(tree, { config, now: settings.now, rendered: async () => null });
      results.push(
        settings.stdinPath === undefined ? withPaths(result, (place) => place.replace(STDIN, '-')) : result,
      );
      continue;
    }
    const { tree, shown } = await openNamedPath(named);
    const manifests = manifestPaths([...(await tree.files()).keys()]);
    const proof = lazyFixProof(tree.root, settings.signal);
    const options = {
      config,
      now: settings.now,
      paths: manifests,
      rendered: proof.rendered,
      command: (file: string) => fixCommand(shown(file), optionsOf(settings)),
    };
    const result = await lintTree(tree, options).finally(() => proof.close());
    results.push(withPaths(result, (place) => (manifests.includes(place) ? shown(place) : place)));
  }
  return mergedResults('policies', results);
}

/**
 * Mends, in the files themselves, what has one safe remedy. A fix that would do something else to what is rendered from the
 * file is left out.
 * @returns what was mended or left, a line each; standard input cannot be mended and is left out
 */
export async function fixPaths(paths: readonly string[], settings: LintSettings): Promise<string[]> {
  const config = await policiesOf(settings);
  const lines: string[] = [];
  for (const named of paths.filter((one) => one !== '-')) {
    const { tree, shown } = await openNamedPath(named);
    const manifests = manifestPaths([...(await tree.files()).keys()]);
    const proof = await openFixProof(tree.root, settings.signal);
    try {
      const rendered = proof === null ? {} : { rendered: proof.rendered };
      const options = { config, now: settings.now, paths: manifests, ...rendered };
      for (const { path: file, content, fixed, refused } of await fixTree(tree, options)) {
        if (refused !== null) {
          lines.push(`left ${shown(file)}: ${fixed.join(', ')}: ${refused}`);
          continue;
        }
        await writeOutput(path.join(tree.root, file), content);
        lines.push(...fixed.map((what) => `fixed ${shown(file)}: ${what}`));
      }
    } finally {
      await proof?.close();
    }
  }
  return lines;
}

/** The options with which a command judges by the same policies. */
function optionsOf({ config, policy }: LintSettings): ['--config' | '--policy', string][] {
  const policies = policy.map((one): ['--policy', string] => ['--policy', one]);
  return config === undefined ? policies : [['--config', config], ...policies];
}

/** Files that hold manifests as they stand: YAML and JSON, but not the templates of charts. */
function manifestPaths(paths: readonly string[]): string[] {
  const charts = paths
    .filter((file) => path.posix.basename(file) === 'Chart.yaml')
    .map((file) => path.posix.join(path.posix.dirname(file), 'templates/'));
  return paths.filter(
    (file) => /\.(ya?ml|json)$/i.test(file) && !charts.some((folder) => file.startsWith(folder)),
  );
}

async function policiesOf({ policy, config: file }: LintSettings): Promise<TrustedConfig> {
  const empty = new MemoryTree();
  const loaded =
    file === undefined ? defaultConfig(empty, 'defaults') : await loadConfigFile(path.resolve(file));
  if (policy.length === 0) return loaded;
  const files = new Map<string, MemoryFile>();
  for (const name of (await loaded.files.files()).keys()) files.set(name, await loaded.files.read(name));
  const named: string[] = [];
  for (const given of policy) {
    const { tree, shown } = await openNamedPath(given);
    for (const name of (await tree.files()).keys()) {
      if (!/\.(ya?ml|json)$/i.test(name)) continue;
      const place = relativeName(shown(name));
      files.set(place, await tree.read(name));
      named.push(place);
    }
  }
  const policies = { ...loaded.config.policies, paths: [...loaded.config.policies.paths, ...named] };
  return { ...loaded, config: { ...loaded.config, policies }, files: new MemoryTree(files) };
}

/** A place on disk as a path of a tree, which has neither a root nor parents. */
function relativeName(place: string): string {
  return place
    .split(path.sep)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}
