import path from 'node:path';
import { fixCommand, fixTree, lintTree } from '../checks/policies/index.js';
import { defaultConfig, loadConfigFile, type TrustedConfig } from '../config/index.js';
import type { CheckResult } from '../contract/index.js';
import { type MemoryFile, MemoryTree } from '../git/index.js';
import { lazyFixProof, openFixProof } from './fix-proof.js';
import { withPaths } from './merged-results.js';
import { NamedFiles } from './named-files.js';
import { openNamedPath } from './named-path.js';
import { Proofs } from './proofs.js';
import { writeOutput } from './report-options.js';
import { readStandardInput } from './standard-input.js';

interface LintSettings {
  /** Policies beside those of the configuration. */
  policy: readonly string[];
  config?: string;
  /** The file that standard input stands for, as exceptions and scopes name it. */
  stdinPath?: string;
  now: Date;
  signal: AbortSignal;
}

/**
 * Judges the manifests of files, folders and, as `-`, standard input: all of them as one set, for policies that look at
 * other objects.
 */
export async function lintPaths(paths: readonly string[], settings: LintSettings): Promise<CheckResult> {
  const config = await policiesOf(settings);
  const files = await openFiles(paths, settings, true);
  const proofs = new Proofs(files, (folder) => lazyFixProof(folder, settings.signal));
  const result = await lintTree(files, {
    config,
    now: settings.now,
    rendered: (...edit) => proofs.rendered(...edit),
    command: (file) =>
      files.onDisk(file) === null ? '' : fixCommand(files.shown(file), optionsOf(settings)),
  }).finally(() => proofs.close());
  result.notVerified.push(...files.leftOut);
  return withPaths(result, (place) => files.shown(place));
}

/**
 * Mends, in the files themselves, what has one safe remedy. A fix that would do something else to what is rendered from the
 * files is left out.
 * @returns what was mended or left, a line each; standard input cannot be mended and is left out
 */
export async function fixPaths(paths: readonly string[], settings: LintSettings): Promise<string[]> {
  const config = await policiesOf(settings);
  const files = await openFiles(paths, settings, false);
  const proofs = new Proofs(files, (folder) => openFixProof(folder, settings.signal));
  const lines: string[] = [];
  try {
    for (const one of await fixTree(files, {
      config,
      now: settings.now,
      rendered: (...edit) => proofs.rendered(...edit),
      renderedTogether: (edits) => proofs.renderedTogether(edits),
    })) {
      const disk = files.onDisk(one.path);
      const shown = files.shown(one.path);
      if (one.refused !== null || disk === null) {
        lines.push(`left ${shown}: ${one.fixed.join(', ')}: ${one.refused ?? 'it is no file'}`);
        continue;
      }
      await writeOutput(path.join(disk.tree.root, disk.inner), one.content);
      lines.push(...one.fixed.map((what) => `fixed ${shown}: ${what}`));
    }
  } finally {
    await proofs.close();
  }
  return lines;
}

async function openFiles(
  paths: readonly string[],
  { stdinPath, signal }: LintSettings,
  reads: boolean,
): Promise<NamedFiles> {
  const stdin =
    reads && paths.includes('-') ? { content: await readStandardInput(signal), path: stdinPath } : null;
  return NamedFiles.open(paths, stdin);
}

/** The options with which a command judges by the same policies. */
function optionsOf({ config, policy }: LintSettings): ['--config' | '--policy', string][] {
  const policies = policy.map((one): ['--policy', string] => ['--policy', one]);
  return config === undefined ? policies : [['--config', config], ...policies];
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
