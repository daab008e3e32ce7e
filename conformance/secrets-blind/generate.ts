import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { helmPages, toolPages } from './configuration.js';
import { sealedPages, secretPages, workloadPages } from './kubernetes.js';
import type { Page } from './page.js';
import { Random } from './random.js';
import { codePages, harmlessPages, providerPages, urlAndKeyPages } from './source.js';

/** Every page of the corpus for a seed, in a stable order. */
export function pages(seed: number): Page[] {
  const r = new Random(seed);
  return [
    secretPages,
    workloadPages,
    sealedPages,
    helmPages,
    toolPages,
    providerPages,
    codePages,
    urlAndKeyPages,
    harmlessPages,
  ].flatMap((make) => make(r));
}

/** Writes the pages beneath a folder, for tools that read folders. */
export async function writePages(folder: string, all: readonly Page[]): Promise<void> {
  for (const { path, text } of all) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
