import { field, isMap, type JsonMap, text } from '../inputs/json-shape.js';
import type { RenderNote } from '../rendered-change.js';
import type { Plan, SideOutcome } from '../targets/plan.js';

/** The plan of an object that is not applied by itself, which says so; others as they are. */
export function withPause(plan: Plan, object: JsonMap): Plan {
  const note = pauseOf(object);
  if (note === null) return plan;
  const render = async (): Promise<SideOutcome> => {
    const outcome = await plan.render();
    if (outcome.status !== 'rendered') return outcome;
    return { ...outcome, notes: [...(outcome.notes ?? []), note] };
  };
  return { ...plan, render };
}

/**
 * Why nothing of an object is applied until somebody lets it (Flux `spec.suspend`; Argo CD's automated sync off, or
 * `skip-reconcile`), or null.
 */
function pauseOf(object: JsonMap): RenderNote | null {
  const paused = (text: string): RenderNote => ({ kind: 'paused', about: text, text });
  if (text(object, 'kind') !== 'Application') {
    return field(object, 'spec', 'suspend') === true
      ? paused('it is suspended (spec.suspend): nothing is applied until it is resumed')
      : null;
  }
  const annotations = field(object, 'metadata', 'annotations');
  if (isMap(annotations) && annotations['argocd.argoproj.io/skip-reconcile'] === 'true') {
    return paused(
      'it is not reconciled (argocd.argoproj.io/skip-reconcile): nothing is applied until that is taken away',
    );
  }
  const automated = field(object, 'spec', 'syncPolicy', 'automated');
  return isMap(automated) && field(automated, 'enabled') !== false
    ? null
    : paused(
        'it is not synchronised by itself (syncPolicy.automated): nothing is applied until somebody does',
      );
}
