import type { JsonValue } from '../../../contract/index.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { labelsOf } from '../kyverno/request.js';
import { selectorMatches } from '../kyverno/selector.js';
import { isObject, type JsonObject, member, memberAt, text } from '../values/json.js';

/**
 * The parameter objects of a `paramRef`, from the repository; null stands for a policy to be run with none
 * (parameterNotFoundAction Allow gives no run at all). Semantics: CollectParams of the API server's policy plugin.
 */
export function paramsFor(
  kind: JsonObject,
  reference: JsonValue | undefined,
  environment: PolicyEnvironment,
  isBound = true,
): readonly (JsonObject | null)[] | { missing: string } {
  const apiVersion = text(member(kind, 'apiVersion'));
  const name = text(member(kind, 'kind'));
  const wanted = text(member(reference, 'name'));
  // a binding that names no parameters is evaluated without
  if (isBound && reference === undefined) return [null];
  const namespace = text(member(reference, 'namespace')) || environment.request.namespace;
  const { objects } = environment;
  const allow = text(member(reference, 'parameterNotFoundAction')) === 'Allow';
  if (wanted !== '') {
    const found =
      objects.get(apiVersion, name, namespace, wanted) ?? objects.get(apiVersion, name, '', wanted);
    // another namespace's parameters of the same name are not these
    if (found !== null && isWithin(found, namespace)) return [found];
    return allow && objects.complete ? [] : { missing: `parameters ${name} ${namespace}/${wanted}` };
  }
  const selector = member(reference, 'selector');
  const found = objects
    .list(apiVersion, name, '')
    .filter((object) => isWithin(object, namespace))
    .filter((object) => !isObject(selector) || selectorMatches(selector, labelsOf(object)));
  if (found.length > 0) return found;
  return allow && objects.complete ? [] : { missing: `parameters of kind ${name}` };
}

/** True for parameters of a namespace or of the whole cluster (or of a manifest that leaves its namespace to who applies it). */
function isWithin(object: JsonObject, namespace: string): boolean {
  const own = text(memberAt(object, 'metadata', 'namespace'));
  return own === '' || own === namespace;
}
