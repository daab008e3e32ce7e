import { configSchema } from '../../src/config/index.ts';
import { MemoryTree } from '../../src/git/index.ts';
import { renderTarget } from '../../src/render/index.ts';
import type { JsonMap, Side } from './compare.ts';
import type { Files } from './workplace.ts';

/** The URL by which objects of cases name their own repository. */
export const OWN = 'https://github.com/acme/config';

/** What the gate renders a target of some files to. */
export async function rendered(files: Files, target: string, diff: object = {}): Promise<Side> {
  const config = configSchema.parse({ version: 1, repositories: [OWN], diff });
  const outcome = await renderTarget(new MemoryTree(files), target, { config });
  if (outcome.status !== 'rendered') {
    return { refusal: `${outcome.status}: ${'reason' in outcome ? outcome.reason : ''}` };
  }
  return { objects: outcome.manifests.map(({ object }) => JSON.parse(JSON.stringify(object)) as JsonMap) };
}
