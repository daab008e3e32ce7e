import type { RenderCache } from '../run/render-cache.js';
import type { SideOutcome } from './plan.js';

/** The outcome out of the cache, else rendered and kept if it would come out the same again. */
export async function cached(
  cache: RenderCache,
  key: string,
  render: () => Promise<SideOutcome>,
): Promise<SideOutcome> {
  const known = await cache.get(key);
  if (known !== null) {
    return 'objects' in known
      ? { status: 'rendered', objects: known.objects }
      : { status: 'failed', reason: known.failed, lasting: true };
  }
  const outcome = await render();
  if (outcome.status === 'rendered') await cache.put(key, { objects: [...outcome.objects] });
  else if (outcome.status === 'failed' && outcome.lasting) await cache.put(key, { failed: outcome.reason });
  return outcome;
}
