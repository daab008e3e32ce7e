import type { Tree } from '../../git/index.js';

/** Files that are searched, and their bytes. */
const MOST_FILES = 20_000;
const MOST_BYTES = 128 * 1024 * 1024;
const LARGEST_FILE = 512 * 1024;

/** Files of a tree that manifests, values and settings stand in, in lower case, as far as the limits go. */
export async function* manifestTexts(
  tree: Pick<Tree, 'files' | 'size' | 'read'>,
  signal: AbortSignal,
): AsyncGenerator<{ path: string; text: string }, void> {
  let files = 0;
  let bytes = 0;
  for (const { path, mode } of (await tree.files()).values()) {
    if (mode === 'symlink' || mode === 'submodule' || !/\.(?:ya?ml|json|env|properties)$/i.test(path))
      continue;
    signal.throwIfAborted();
    const size = await tree.size(path);
    files += 1;
    if (size > LARGEST_FILE) continue;
    bytes += size;
    if (files > MOST_FILES || bytes > MOST_BYTES) return;
    yield { path, text: (await tree.read(path)).toString('utf8').toLowerCase() };
  }
}
