import type { JsonValue } from '../../../contract/index.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { labelsOf } from '../kyverno/request.js';
import { selectorMatches } from '../kyverno/selector.js';
import { isObject, type JsonObject, member, text } from '../values/json.js';

/**
 * The parameter objects of a `paramRef`, from the repository; null stands for a policy to be run with none
 * (parameterNotFoundAction Allow gives no run at all). Semantics: CollectParams of the API server's policy plugin.
 */
export function paramsFor(
  kind: JsonObject,
  reference: JsonValue | undefined,
  environment: PolicyEnvironment,
): readonly JsonObject[] | { missing: string } {
  const apiVersion = text(member(kind, 'apiVersion'));
  const name = text(member(kind, 'kind'));
  const wanted = text(member(reference, 'name'));
  const namespace = text(member(reference, 'namespace')) || environment.request.namespace;
  const { objects } = environment;
  const allow = text(member(reference, 'parameterNotFoundAction')) === 'Allow';
  if (wanted !== '') {
    const found =
      objects.get(apiVersion, name, namespace, wanted) ?? objects.get(apiVersion, name, '', wanted);
    if (found !== null) return [found];
    return allow && objects.complete ? [] : { missing: `parameters ${name} ${namespace}/${wanted}` };
  }
  const selector = member(reference, 'selector');
  const found = objects
    .list(apiVersion, name, text(member(reference, 'namespace')))
    .filter((object) => !isObject(selector) || selectorMatches(selector, labelsOf(object)));
  if (found.length > 0) return found;
  return allow && objects.complete ? [] : { missing: `parameters of kind ${name}` };
}
