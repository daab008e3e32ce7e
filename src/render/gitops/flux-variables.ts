import { loadYaml } from '../../kubernetes/index.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { SubstitutionError, substitute } from './flux-substitute.js';
import { fluxYaml } from './flux-yaml.js';
import { namespaceOf, stringMap } from './kinds.js';
import { opaqueToken } from './opaque.js';
import type { Vantage, World } from './world.js';

/** The variables of a Flux Kustomization's postBuild, as far as they can be known offline. */
export interface FluxVariables {
  known: ReadonlyMap<string, string>;
  /** True when a source of them is not in the repository: a variable that is not known may then be anything. */
  open: boolean;
  /** `substituteStrategy: Always`. */
  always: boolean;
  /** Files that the variables come from. */
  inputs: readonly string[];
}

const NAME = /^[_A-Za-z][_A-Za-z0-9]*$/;
const SWITCH = 'kustomize.toolkit.fluxcd.io/substitute';

/**
 * Reads `spec.postBuild` (fluxcd/pkg/kustomize/kustomize_varsub.go LoadVariables): sources in their order, then the
 * inline ones, line breaks taken out. Values of Secrets are opaque.
 * @returns null where the Kustomization has no postBuild
 */
export async function fluxVariables(
  kustomization: JsonMap,
  world: World,
  from: Vantage,
): Promise<FluxVariables | null> {
  const postBuild = field(kustomization, 'spec', 'postBuild');
  if (!isMap(postBuild)) return null;
  const known = new Map<string, string>();
  const inputs: string[] = [];
  let open = false;
  for (const reference of list(postBuild, 'substituteFrom')) {
    const kind = text(reference, 'kind') ?? '';
    const name = text(reference, 'name') ?? '';
    const source = await world.find(kind, namespaceOf(kustomization), name, from);
    if (source === null) {
      open = true;
      continue;
    }
    if (source.path !== null) inputs.push(source.path);
    for (const [key, value] of valuesOf(source.object)) known.set(key, value);
  }
  for (const [key, value] of Object.entries(inlineOf(postBuild))) {
    if (typeof value === 'string') known.set(key, value.replaceAll('\n', ''));
  }
  return { known, open, always: text(postBuild, 'substituteStrategy') === 'Always', inputs };
}

function inlineOf(postBuild: JsonMap): JsonMap {
  const inline = field(postBuild, 'substitute');
  return isMap(inline) ? inline : {};
}

/** Data of a ConfigMap; of a Secret, or of what SOPS has encrypted, the keys with opaque values. */
export function valuesOf(object: JsonMap): Map<string, string> {
  const values = new Map<string, string>();
  const hidden = text(object, 'kind') === 'Secret' || isMap(field(object, 'sops'));
  for (const name of text(object, 'kind') === 'Secret' ? ['data', 'stringData'] : ['data']) {
    for (const [key, value] of stringMap(object, name)) {
      values.set(key, hidden ? opaqueToken(key) : value.replaceAll('\n', ''));
    }
  }
  return values;
}

/**
 * The objects with their variables substituted, each as YAML text, as Flux does it: a value that becomes a number is one.
 * @throws SubstitutionError naming the object whose form Flux would refuse
 */
export function substituteObjects(
  objects: readonly RenderedObject[],
  variables: FluxVariables,
): RenderedObject[] {
  for (const name of variables.known.keys()) {
    if (!NAME.test(name)) throw new SubstitutionError(`the variable name ${name} is not valid`);
  }
  if (variables.known.size === 0 && !variables.always && !variables.open) return [...objects];
  const value = (name: string): string | undefined =>
    variables.known.get(name) ?? (variables.open ? opaqueToken(name) : undefined);
  return objects.map((made) => {
    if (isSwitchedOff(made.object) || !JSON.stringify(made.object).includes('$')) return made;
    const { documents, problems } = loadYaml(Buffer.from(substitute(fluxYaml(made.object), value)), '');
    const read = documents[0]?.value;
    if (!isMap(read) || documents.length !== 1 || problems.some((problem) => problem.fatal)) {
      const name = `${String(made.object.kind)} ${text(made.object, 'metadata', 'name') ?? ''}`;
      throw new SubstitutionError(`after substitution ${name} is no YAML any more`);
    }
    return { object: read, path: made.path };
  });
}

function isSwitchedOff(object: JsonMap): boolean {
  const labels = stringMap(object, 'metadata', 'labels');
  const annotations = stringMap(object, 'metadata', 'annotations');
  return labels.get(SWITCH) === 'disabled' || annotations.get(SWITCH) === 'disabled';
}
