import type { RenderNote } from '../rendered-change.js';
import { once } from './fetched-charts.js';
import { type Plan, planKey } from './plan.js';

/** A plan that could be made once its source was there. */
export interface MadePlan {
  plan: Plan;
  /** What is to be told of the source. */
  notes: readonly RenderNote[];
  /** True where what it gives comes of files of the repository all the same. */
  own: boolean;
}

/**
 * The plan of what lies elsewhere: its source is brought, and how it is rendered worked out, when it is rendered. What it
 * gives is no file of the repository, and is known by the content of what was brought.
 * @param inputs files of the repository that it reads besides
 * @param key over everything that decides the outcome, but for what the source holds
 * @param make @throws Unresolved
 */
export function deferredPlan(inputs: ReadonlySet<string>, key: string, make: () => Promise<MadePlan>): Plan {
  const made = once(make);
  return {
    inputs,
    key: planKey('elsewhere', key),
    fetched: async () => {
      const { plan } = await made();
      return planKey(plan.key, (await plan.fetched?.()) ?? '');
    },
    render: async () => {
      const { plan, notes, own } = await made();
      const outcome = await plan.render();
      if (outcome.status !== 'rendered') return outcome;
      return {
        ...outcome,
        objects: own ? outcome.objects : outcome.objects.map((one) => ({ ...one, path: null })),
        notes: [...(outcome.notes ?? []), ...notes],
      };
    },
  };
}
