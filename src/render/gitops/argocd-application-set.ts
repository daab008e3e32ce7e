import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { failedPlan, planKey, planOfRefusal } from '../targets/plan.js';
import { Generators } from './appset-generators.js';
import { deepMerge } from './appset-parameters.js';
import { FastTemplateRenderer, GenerationFailed, GoTemplateRenderer } from './appset-templates.js';
import { declareSource, sourcesOf } from './argocd-source-plan.js';
import type { GitOpsObject, GitOpsPlan, GitOpsSide } from './gitops-object.js';
import { namespaceOf } from './kinds.js';

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/**
 * The plan of an ApplicationSet: its Applications are what it renders to (applicationset/controllers/template
 * GenerateApplications). They are made when it is planned, for they are targets themselves.
 */
export async function applicationSetPlan(at: GitOpsSide, defined: GitOpsObject): Promise<GitOpsPlan | null> {
  const { object } = defined;
  const goTemplate = field(object, 'spec', 'goTemplate') === true;
  const read = new Set<string>();
  const inputs = (): Set<string> => new Set([...(defined.path === null ? [] : [defined.path]), ...read]);
  const spec = JSON.stringify(field(object, 'spec') ?? null);
  try {
    const renderer = goTemplate
      ? new GoTemplateRenderer(at.side.context, strings(object, 'spec', 'goTemplateOptions'))
      : new FastTemplateRenderer();
    const generators = new Generators(at, renderer, read);
    const applications: JsonMap[] = [];
    for (const source of sourcesOf(field(object, 'spec', 'template') ?? null)) declareSource(at, source);
    for (const generator of list(object, 'spec', 'generators').filter(isMap)) {
      for (const { params, template } of await generators.generate(generator)) {
        const merged = mergedTemplate(template, field(object, 'spec', 'template') ?? null);
        const rendered = await renderer.render(merged, params);
        const patch = text(object, 'spec', 'templatePatch');
        const patches = patch === null ? [] : await renderer.render(patch, params);
        for (const [index, made] of rendered.entries()) {
          // Without parameters the template is taken as it is, and gets no finalizer (RenderTemplateParams).
          const empty = Object.keys(params[index] ?? {}).length === 0;
          applications.push(applicationOf(object, empty ? merged : made, patches[index] ?? null, !empty));
        }
      }
    }
    const objects = applications.map((application) => ({ object: application, path: defined.path }));
    return {
      inputs: inputs(),
      consulted: read,
      foreign: generators.foreign || defined.foreign === true,
      key: planKey('applicationset', JSON.stringify(applications)),
      render: () => Promise.resolve({ status: 'rendered', objects, notes: [...generators.notes.values()] }),
    };
  } catch (error) {
    if (error instanceof GenerationFailed) return failedPlan(inputs(), spec, error.message);
    return planOfRefusal(inputs(), spec, error);
  }
}

/** A generator's own template over the ApplicationSet's (mergo.Merge fills in what the former leaves empty). */
function mergedTemplate(own: JsonValue, shared: JsonValue): JsonValue {
  if (!isMap(own)) return shared;
  return isMap(shared) ? deepMerge(shared, own) : own;
}

function applicationOf(set: JsonMap, rendered: JsonValue, patch: JsonValue, finalized: boolean): JsonMap {
  const metadata: JsonMap = {};
  for (const name of ['name', 'labels', 'annotations', 'finalizers'] as const) {
    const value = field(rendered, 'metadata', name);
    if (value !== undefined) metadata[name] = value;
  }
  const preserved = field(set, 'spec', 'syncPolicy', 'preserveResourcesOnDeletion') === true;
  if (finalized && !preserved && list(rendered, 'metadata', 'finalizers').length === 0) {
    metadata.finalizers = [FINALIZER];
  }
  const made: JsonMap = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata,
    spec: field(rendered, 'spec') ?? {},
  };
  const patched = typeof patch === 'string' ? patchedApplication(made, patch) : made;
  const own = field(patched, 'metadata');
  const namespace = namespaceOf(set);
  return {
    ...patched,
    metadata: { ...(isMap(own) ? own : {}), ...(namespace === '' ? {} : { namespace }) },
  };
}

/**
 * `templatePatch` over an Application (applyTemplatePatch): lists are replaced, for Applications have no merge keys, but
 * finalizers are added; whatever it says of the project, that stays.
 */
function patchedApplication(application: JsonMap, written: string): JsonMap {
  const { documents, problems } = loadYaml(Buffer.from(written), '');
  if (problems.some((problem) => problem.fatal)) throw new GenerationFailed('templatePatch is no YAML');
  const patch = documents[0]?.value ?? null;
  if (patch === null) return application;
  if (!isMap(patch)) throw new GenerationFailed('templatePatch is no mapping');
  const merged = mergeStrategically(application, patch);
  const spec = field(merged, 'spec');
  const project = field(application, 'spec', 'project');
  return { ...merged, spec: { ...(isMap(spec) ? spec : {}), ...(project === undefined ? {} : { project }) } };
}

/** A strategic merge (apimachinery strategicpatch) of what an Application can hold. */
function mergeStrategically(base: JsonMap, patch: JsonMap): JsonMap {
  const { $patch: directive, ...rest } = patch;
  const merged = new Map(directive === 'replace' || directive === 'delete' ? [] : Object.entries(base));
  if (directive === 'delete') return {};
  for (const [key, value] of Object.entries(rest)) {
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else if (key === 'finalizers' && Array.isArray(value) && Array.isArray(old)) {
      merged.set(key, [...new Set([...value, ...old])]);
    } else merged.set(key, isMap(value) ? mergeStrategically(isMap(old) ? old : {}, value) : value);
  }
  return Object.fromEntries(merged);
}
