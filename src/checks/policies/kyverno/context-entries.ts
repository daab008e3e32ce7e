import type { JsonValue } from '../../../contract/index.js';
import { search } from '../jmespath/interpreter.js';
import { JmesPathError } from '../jmespath/language.js';
import { isObject, list, member, memberAt, text } from '../values/json.js';
import type { PolicyEnvironment } from './environment.js';
import { MissingDataError, PolicyError } from './errors.js';
import type { JsonContext } from './json-context.js';
import { substitute } from './variables.js';

/**
 * Adds the entries of a `context` block; each is loaded when an expression first names it. Entries that ask the cluster
 * or a registry take the declared value of their name, then what the repository holds; else using them is an error
 * that says what is missing.
 */
export function addContextEntries(
  entries: JsonValue | undefined,
  context: JsonContext,
  environment: PolicyEnvironment,
): JsonContext {
  let top = context;
  for (const entry of list(entries)) {
    const name = text(member(entry, 'name'));
    if (name === '') throw new PolicyError('a context entry without a name');
    const variable = member(entry, 'variable');
    // a declared value stands for what would be looked up
    if (context.has(name) && !isObject(variable)) continue;
    // each entry sees those before it, and its own name as it was before
    const below = top;
    top = below.layer();
    top.defer(name, () =>
      isObject(variable) ? variableEntry(name, variable, below) : lookup(entry, below, environment),
    );
  }
  return top;
}

/** Sets the declared values of a rule. */
export function addDeclared(context: JsonContext, declared: ReadonlyMap<string, JsonValue>): void {
  for (const [name, value] of declared) context.merge(name, value);
}

function variableEntry(name: string, variable: JsonValue, context: JsonContext): JsonValue {
  const path = text(substitute(member(variable, 'jmesPath') ?? '', context));
  const fallback = substitute(member(variable, 'default') ?? null, context);
  const value = member(variable, 'value');
  const found = resolved(path, value, fallback, context);
  const result = found ?? fallback;
  if (result === null)
    throw new PolicyError(`failed to add context entry for variable ${name} since it evaluated to nil`);
  return result;
}

function resolved(
  path: string,
  value: JsonValue | undefined,
  fallback: JsonValue,
  context: JsonContext,
): JsonValue {
  const given = value === undefined || value === null ? null : substitute(value, context);
  if (path === '') return given;
  try {
    return given === null ? context.query(path) : search(path, given, context.functions);
  } catch (error) {
    if (error instanceof JmesPathError && fallback !== null) return fallback;
    throw error;
  }
}

function lookup(entry: JsonValue, context: JsonContext, environment: PolicyEnvironment): JsonValue {
  const configMap = member(entry, 'configMap');
  if (isObject(configMap)) {
    const name = text(substitute(member(configMap, 'name') ?? '', context));
    const namespace = text(substitute(member(configMap, 'namespace') ?? '', context)) || 'default';
    const found = environment.objects.get('v1', 'ConfigMap', namespace, name);
    if (found === null) throw new MissingDataError(`ConfigMap ${namespace}/${name}`);
    return { data: member(found, 'data') ?? {}, metadata: member(found, 'metadata') ?? {} };
  }
  const apiCall = member(entry, 'apiCall');
  if (isObject(apiCall)) return callApi(apiCall, context, environment);
  const reference = member(entry, 'globalReference');
  if (isObject(reference))
    throw new MissingDataError(`global context entry ${text(member(reference, 'name'))}`);
  const registry = member(entry, 'imageRegistry');
  if (isObject(registry)) {
    const image = substitute(member(registry, 'reference') ?? '', context);
    throw new MissingDataError(`the registry's data of ${text(image)}`);
  }
  throw new PolicyError(`context entry ${text(member(entry, 'name'))} is of no known kind`);
}

/** Plurals that an API path of a lookup may name, with the kind that the repository's objects have. */
const LISTABLE: ReadonlyMap<string, readonly [apiVersion: string, kind: string]> = new Map([
  ['configmaps', ['v1', 'ConfigMap']],
  ['namespaces', ['v1', 'Namespace']],
]);

/**
 * Only a named object is answered from the repository: what else the cluster holds is not known, so a list never is.
 */
function callApi(call: JsonValue, context: JsonContext, environment: PolicyEnvironment): JsonValue {
  const url =
    text(substitute(member(call, 'urlPath') ?? '', context)) || text(memberAt(call, 'service', 'url'));
  const path = text(substitute(member(call, 'jmesPath') ?? '', context));
  const named = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/([a-z]+)\/([^/]+)$/.exec(url);
  const kind = LISTABLE.get(named?.[2] ?? '');
  const found =
    named === null || kind === undefined
      ? null
      : environment.objects.get(kind[0], kind[1], named[1] ?? '', named[3] ?? '');
  if (found !== null) return path === '' ? found : search(path, found, context.functions);
  throw new MissingDataError(`the API server's answer to ${url}`);
}
