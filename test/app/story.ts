import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** The demo's repository with its branches `main`, `hostile` and `clean`, made in a folder. */
export async function tellStory(folder: string): Promise<void> {
  const url = new URL('../../scripts/demo/story.mjs', import.meta.url);
  const story = (await import(pathToFileURL(url.pathname).href)) as { makeStory: (dir: string) => void };
  story.makeStory(folder);
}

/** Commit of a branch in a repository's folder. */
export function commitOf(folder: string, branch: string): string {
  return execFileSync('git', ['-C', folder, 'rev-parse', branch], { encoding: 'utf8' }).trim();
}
