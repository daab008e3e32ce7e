import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiskTree } from '../git/index.js';

/** Folders between this file and the package's root, in `src` and in `dist`, with room for a bundle. */
const LEVELS = 4;
let known: Promise<string> | null = null;

/**
 * `sha256:` over the names and contents of the rules that this version carries (`rules/`). A bundle that has compiled
 * them in and lies apart from the folder has their digest in a file beside it (`rules.digest`, made with the bundle); where
 * there is neither, the version stands for them.
 */
export function builtinRulesDigest(version: string): Promise<string> {
  known ??= digestNear(dirname(fileURLToPath(import.meta.url)), version);
  return known;
}

/** The digest of the `rules` folder beside a folder or one of those above it. */
export async function digestNear(folder: string, version: string): Promise<string> {
  const hash = createHash('sha256');
  let at = folder;
  for (let level = 0; level <= LEVELS; level += 1) {
    const recorded = await recordedDigest(at);
    if (recorded !== null) return recorded;
    const rules = join(at, 'rules');
    if (await isFolder(rules)) {
      for (const { path, oid } of (await (await DiskTree.open(rules)).files()).values()) {
        hash.update(`${Buffer.byteLength(path)}:${path}${oid}`);
      }
      return `sha256:${hash.digest('hex')}`;
    }
    at = dirname(at);
  }
  return `sha256:${hash.update(`version ${version}`).digest('hex')}`;
}

async function recordedDigest(folder: string): Promise<string | null> {
  try {
    const text = (await readFile(join(folder, 'rules.digest'), 'utf8')).trim();
    return /^sha256:[0-9a-f]{64}$/.test(text) ? text : null;
  } catch {
    // no bundle
    return null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // whatever keeps it from being seen, the rules are not there
    return false;
  }
}
