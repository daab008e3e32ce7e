import type { RenderCache } from '../run/render-cache.js';
import { type Plan, planKey, type SideOutcome } from './plan.js';

/**
 * The outcome out of the cache, else rendered and kept if it would come out the same again.
 * @param parts plans whose fetched content decides the outcome besides the key
 */
export async function cached(
  cache: RenderCache,
  key: string,
  render: () => Promise<SideOutcome>,
  parts: readonly Pick<Plan, 'fetched'>[] = [],
): Promise<SideOutcome> {
  const fetched = await fetchedBy(parts)?.();
  const whole = fetched === undefined ? key : planKey(key, fetched);
  const known = await cache.get(whole);
  if (known !== null) {
    return 'objects' in known
      ? { status: 'rendered', objects: known.objects, notes: known.notes }
      : { status: 'failed', reason: known.failed, lasting: true };
  }
  const outcome = await render();
  if (outcome.status === 'rendered') {
    const { objects, notes } = outcome;
    await cache.put(whole, { objects: [...objects], ...(notes === undefined ? {} : { notes: [...notes] }) });
  } else if (outcome.status === 'failed' && outcome.lasting)
    await cache.put(whole, { failed: outcome.reason });
  return outcome;
}

/** What several plans bring from elsewhere, as one; undefined where none brings anything. */
export function fetchedBy(parts: readonly Pick<Plan, 'fetched'>[]): Plan['fetched'] {
  const bringing = parts.flatMap(({ fetched }) => fetched ?? []);
  if (bringing.length === 0) return undefined;
  return async () => planKey(...(await Promise.all(bringing.map((bring) => bring()))));
}
