import type { Tree } from '../git/index.js';
import { type RenderOptions, RenderSession } from './render-session.js';
import type { RenderOutcome } from './rendered-change.js';
import { discover } from './targets/discovery.js';

/**
 * One target of one tree, rendered.
 * @param name as `listTargets` gives it; without its cluster where only one cluster has it
 * @returns `absent` when the tree has no target of that name
 */
export async function renderTarget(tree: Tree, name: string, options: RenderOptions): Promise<RenderOutcome> {
  const session = await RenderSession.open(options);
  try {
    const side = await session.side(tree, true);
    const specs = await discover(side);
    const alike = [...specs.values()].filter((spec) => spec.name === `${spec.cluster ?? ''}:${name}`);
    const spec = specs.get(name) ?? (alike.length === 1 ? alike[0] : undefined);
    return await session.render((await spec?.plan()) ?? null, side);
  } finally {
    await session.close();
  }
}
