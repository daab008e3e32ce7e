import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GateError, LIMITS } from '../contract/index.js';
import { DiskTree, type MemoryFile, MemoryTree } from '../git/index.js';
import { readDocument } from './document.js';
import { assemble, cleanPath, type LoadedConfig, type LoadOptions } from './load.js';
import { configSchema } from './schema.js';

/** Files of other scanners that the secrets check obeys where they lie beside the configuration. */
const SCANNER_FILES = ['.gitleaksignore', '.gitleaks.toml', '.secrets.baseline'];
/** All that a configuration on disk may name, in bytes. */
const TOTAL_BYTES = 256 * 1024 * 1024;

/**
 * Reads a configuration from the disk (`--config FILE`), which then replaces that of the base. Paths in it are
 * relative to its folder; of a `.gitops-gate/config.yaml` to the folder that holds `.gitops-gate`, so that a
 * configuration means the same on disk as in the base. Only what it names is read.
 * @throws GateError `usage` when there is no such file, ConfigError when it cannot be obeyed
 */
export async function loadConfigFile(path: string, options: LoadOptions = {}): Promise<LoadedConfig> {
  const disk = await DiskTree.open(path);
  if (await isFolder(disk, path)) {
    throw new GateError('usage', `${path} is a folder; name the configuration file`);
  }
  const name = basename(await realpath(path));
  const folder = dirname(resolve(path));
  const root = basename(folder) === '.gitops-gate' ? dirname(folder) : folder;
  const size = await disk.size(name);
  if (size > LIMITS.configBytes) {
    throw new GateError(
      'config',
      `${path} has ${size} bytes; a configuration has at most ${LIMITS.configBytes}`,
    );
  }
  const bytes = await disk.read(name);
  const files = new Map<string, MemoryFile>();
  let total = 0;
  for (const named of namedPaths(path, bytes)) {
    for (const [found, file] of await collect(root, named)) {
      total += file.content.length;
      if (total > TOTAL_BYTES) {
        throw new GateError(
          'limit',
          `what ${path} names has more than ${TOTAL_BYTES} bytes; name smaller folders`,
        );
      }
      files.set(found, file);
    }
  }
  files.set(path, bytes);
  return await assemble({ path, label: '', files: new MemoryTree(files), outside: true }, options);
}

/** The files and folders that a configuration names, its defaults included; none while it is broken. */
function namedPaths(path: string, bytes: Uint8Array): readonly string[] {
  const document = readDocument(path, bytes);
  const parsed = Array.isArray(document) ? null : configSchema.safeParse(document.value);
  if (parsed === null || !parsed.success) return [];
  const { signatures, secrets, policies, exceptions } = parsed.data;
  const { keys, crls = '' } = signatures;
  const named = [keys, crls, secrets.baseline ?? '', ...policies.paths, ...policies.schemas, exceptions];
  return [...new Set([...named.map(cleanPath), ...SCANNER_FILES])].filter((one) => one !== '');
}

/** The file at a path, or all files of the folder, under the name that the configuration gives it. */
async function collect(
  root: string,
  named: string,
): Promise<[string, { content: Buffer; mode: 'file' | 'executable' | 'symlink' | 'submodule' }][]> {
  const absolute = named.startsWith('/') ? named : join(root, named);
  let tree: DiskTree;
  try {
    tree = await DiskTree.open(absolute);
  } catch (error) {
    // What is not there is told by the checks that follow, at the place that names it.
    if (error instanceof GateError && error.cause !== undefined && isMissing(error.cause)) return [];
    throw error;
  }
  const files = await tree.files();
  const single = !(await isFolder(tree, absolute));
  return await Promise.all(
    [...files.values()].map(async (file) => {
      const content = await tree.read(file.path);
      return [single ? named : `${named}/${file.path}`, { content, mode: file.mode }] as [
        string,
        { content: Buffer; mode: typeof file.mode },
      ];
    }),
  );
}

/** A tree of one file has the file's folder for its root. */
async function isFolder(tree: DiskTree, path: string): Promise<boolean> {
  return (await realpath(path)) === tree.root;
}

function isMissing(cause: unknown): boolean {
  const { code } = cause as { code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
