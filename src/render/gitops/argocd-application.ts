import type { ClusterConfig } from '../../config/index.js';
import { isClusterScoped } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, text } from '../inputs/json-shape.js';
import type { RenderNote } from '../rendered-change.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { fetchedBy } from '../targets/cached-render.js';
import {
  failedPlan,
  type Plan,
  planKey,
  planOfRefusal,
  type SideOutcome,
  unresolvedPlan,
} from '../targets/plan.js';
import { MissingValuesFile } from './argocd-helm.js';
import { EditRefused } from './argocd-kustomize.js';
import { sourcePlan, sourceReferences, sourcesOf } from './argocd-source-plan.js';
import type { GitOpsObject, GitOpsPlan, GitOpsSide } from './gitops-object.js';
import { nameOf, namespaceOf, renderedSpec } from './kinds.js';

/**
 * The plan of an Application: each of its sources rendered as the repo-server does (reposerver/repository
 * GenerateManifests), put together, namespaces filled in (controller/state.go normalisation).
 */
export async function applicationPlan(
  at: GitOpsSide,
  defined: GitOpsObject,
  cluster: ClusterConfig | null,
): Promise<GitOpsPlan | null> {
  const application = defined.object;
  const inputs = new Set(defined.path === null ? [] : [defined.path]);
  const spec = renderedSpec(application);
  const plans: Plan[] = [];
  const applied = new Set<string>();
  const given = new Set<string>();
  let defines = false;
  try {
    const sources = sourcesOf(application);
    if (sources.length === 0) throw new Unresolved('it names no source');
    const references = sourceReferences(at, sources);
    for (const source of sources) {
      const made = await sourcePlan(at, { application, source, references, cluster }, inputs);
      if (made === null) continue;
      const { plan } = made;
      for (const path of plan.inputs) inputs.add(path);
      for (const path of plan.inputs) if (plan.looked?.has(path) !== true) given.add(path);
      for (const path of made.applied ? plan.inputs : []) applied.add(path);
      defines ||= made.defines === true;
      if (plan.refusal !== undefined) return unresolvedPlan(inputs, `${plan.key}${spec}`, plan.refusal);
      plans.push(plan);
    }
  } catch (error) {
    if (error instanceof EditRefused || error instanceof MissingValuesFile) {
      return failedPlan(inputs, spec, error.message);
    }
    return planOfRefusal(inputs, spec, error);
  }
  const namespace = text(application, 'spec', 'destination', 'namespace') ?? '';
  const key = planKey('argocd', namespace, ...plans.map((plan) => plan.key));
  return {
    inputs,
    consulted: new Set([...inputs].filter((path) => !applied.has(path))),
    looked: new Set([...applied].filter((path) => !given.has(path))),
    defines,
    key,
    fetched: fetchedBy(plans),
    render: async (): Promise<SideOutcome> => {
      const objects: RenderedObject[] = [];
      const notes: RenderNote[] = [];
      for (const plan of plans) {
        const outcome = await plan.render();
        if (outcome.status !== 'rendered') return outcome;
        objects.push(...outcome.objects);
        notes.push(...(outcome.notes ?? []));
      }
      return {
        status: 'rendered',
        notes,
        objects: deduplicate(objects.map((made) => withNamespace(made, namespace))),
      };
    },
  };
}

/** Cluster-scoped objects have no namespace; all others get the destination's where they have none. */
function withNamespace(made: RenderedObject, namespace: string): RenderedObject {
  const { object } = made;
  const metadata = field(object, 'metadata');
  if (!isMap(metadata)) return made;
  const scoped = isClusterScoped(text(object, 'apiVersion') ?? '', text(object, 'kind') ?? '') === true;
  const own = text(object, 'metadata', 'namespace') ?? '';
  if (scoped && own !== '') {
    const { namespace: _, ...rest } = metadata;
    return { ...made, object: { ...object, metadata: rest } };
  }
  if (scoped || own !== '' || namespace === '') return made;
  return { ...made, object: { ...object, metadata: { ...metadata, namespace } } };
}

/** Of objects that several sources give, the last one counts. */
function deduplicate(objects: readonly RenderedObject[]): RenderedObject[] {
  const byIdentity = new Map<string, RenderedObject>();
  for (const made of objects) {
    const { object } = made;
    const group = (text(object, 'apiVersion') ?? '').split('/').slice(0, -1).join('/');
    const name = nameOf(object);
    // Objects with generateName have no identity yet.
    const key =
      name === '' ? `#${byIdentity.size}` : JSON.stringify([group, object.kind, namespaceOf(object), name]);
    byIdentity.set(key, made);
  }
  return [...byIdentity.values()];
}
