import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/**
 * GitHub's own OpenAPI description (the part in openapi.json) as a judge of requests and answers. Beside what the
 * schemas say it refuses properties that the description does not name: the real server ignores them, so that a
 * misspelt one passes in silence.
 */

type Schema = { [key: string]: unknown };

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Body {
  required?: boolean;
  content: { [type: string]: { schema: Schema } };
}

interface Operation {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: Body;
  responses: { [status: string]: (Partial<Body> & { $ref?: string }) | undefined };
}

interface Description {
  paths: { [path: string]: { [method: string]: Operation } };
  components: { [kind: string]: { [name: string]: unknown } };
}

/** An operation that a request was found to call. */
export interface MatchedOperation {
  /** As the description names it: `checks/create`. */
  id: string;
  /** `/repos/{owner}/{repo}/check-runs` */
  template: string;
  params: ReadonlyMap<string, string>;
}

interface Route extends MatchedOperation {
  method: string;
  pattern: RegExp;
  names: string[];
  operation: Operation;
}

const description = JSON.parse(
  readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'),
) as Description;
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false });
ajv.addSchema({ $id: 'github', components: convert(description.components) });

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a choice with null, and references name the one schema document. */
function convert(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(convert);
  if (node === null || typeof node !== 'object') return node;
  const source = node as Schema;
  if (typeof source.$ref === 'string') return { $ref: `github${source.$ref}` };
  const out: Schema = {};
  for (const [key, value] of Object.entries(source)) if (key !== 'nullable') out[key] = convert(value);
  return source.nullable === true ? { anyOf: [{ type: 'null' }, out] } : out;
}

function dereference<T>(node: T | { $ref: string }): T {
  if (node === null || typeof node !== 'object' || !('$ref' in node) || typeof node.$ref !== 'string')
    return node as T;
  const found = node.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Schema)[part], description);
  return dereference(found as T);
}

const routes: Route[] = Object.entries(description.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const names: string[] = [];
    const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    return {
      id: operation.operationId,
      template,
      params: new Map(),
      method: method.toUpperCase(),
      pattern: new RegExp(`^${pattern}$`),
      names,
      operation,
    };
  }),
);
// A literal segment beats a parameter: `/pulls/{n}/reviews` before `/pulls/{n}`.
routes.sort((a, b) => a.names.length - b.names.length || b.template.length - a.template.length);

/** The operation that a method and path call, or null when the description (as cut) has none. */
export function matchOperation(method: string, path: string): MatchedOperation | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = route.pattern.exec(path);
    if (!match) continue;
    const params = new Map(
      route.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
    );
    return { id: route.id, template: route.template, params };
  }
  return null;
}

const compiled = new Map<string, ValidateFunction>();

function validator(key: string, schema: Schema): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const made = ajv.compile(convert(schema) as Schema);
  compiled.set(key, made);
  return made;
}

function problemsOf(key: string, schema: Schema, value: unknown): string[] {
  const validate = validator(key, schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`,
  );
}

/** Names of the properties that a schema allows anywhere in its combinations; null when it allows any. */
function propertiesOf(node: Schema | { $ref: string }): Map<string, Schema> | null {
  const schema = dereference<Schema>(node);
  const names = new Map<string, Schema>();
  const open = schema.additionalProperties;
  if (open !== undefined && open !== false) return null;
  for (const [name, child] of Object.entries(
    (schema.properties as Record<string, Schema> | undefined) ?? {},
  )) {
    names.set(name, child);
  }
  let said = schema.properties !== undefined;
  for (const word of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const part of (schema[word] as Schema[] | undefined) ?? []) {
      const inner = propertiesOf(part);
      if (inner === null) continue;
      said = true;
      for (const [name, child] of inner) names.set(name, child);
    }
  }
  return said ? names : null;
}

function unknownProperties(node: Schema, value: unknown, at: string): string[] {
  const schema = dereference<Schema>(node);
  if (Array.isArray(value)) {
    const items = schema.items as Schema | undefined;
    return items ? value.flatMap((item, index) => unknownProperties(items, item, `${at}/${index}`)) : [];
  }
  if (value === null || typeof value !== 'object') return [];
  const known = propertiesOf(schema);
  if (known === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const inner = known.get(name);
    return inner
      ? unknownProperties(inner, child, `${at}/${name}`)
      : [`${at}/${name} is not in the description`];
  });
}

function routeOf(operation: MatchedOperation): Route {
  const route = routes.find((candidate) => candidate.id === operation.id);
  if (!route) throw new Error(`no operation ${operation.id}`);
  return route;
}

/** What is wrong with a request; empty when it is as described. */
export function checkRequest(operation: MatchedOperation, query: URLSearchParams, body: unknown): string[] {
  const route = routeOf(operation);
  const problems: string[] = [];
  const parameters = (route.operation.parameters ?? []).map((parameter) => dereference<Parameter>(parameter));
  const queries = new Map(parameters.filter((one) => one.in === 'query').map((one) => [one.name, one]));
  for (const [name, text] of query) {
    const parameter = queries.get(name);
    if (!parameter) {
      problems.push(`query ${name} is not in the description`);
      continue;
    }
    const type = dereference<Schema>(parameter.schema).type;
    const value = type === 'integer' ? Number(text) : type === 'boolean' ? text === 'true' : text;
    problems.push(
      ...problemsOf(`${route.id}?${name}`, parameter.schema, value).map((said) => `query ${name}: ${said}`),
    );
  }
  for (const parameter of parameters) {
    if (parameter.in === 'query' && parameter.required && !query.has(parameter.name)) {
      problems.push(`query ${parameter.name} is missing`);
    }
    if (parameter.in === 'path') {
      const text = operation.params.get(parameter.name) ?? '';
      const value = dereference<Schema>(parameter.schema).type === 'integer' ? Number(text) : text;
      problems.push(...problemsOf(`${route.id}/${parameter.name}`, parameter.schema, value));
    }
  }
  const requestBody = route.operation.requestBody;
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) {
    if (body !== undefined) problems.push('the operation takes no body');
    return problems;
  }
  if (body === undefined) {
    if (requestBody?.required) problems.push('the body is missing');
    return problems;
  }
  problems.push(...problemsOf(`${route.id}>`, schema, body), ...unknownProperties(schema, body, ''));
  return problems;
}

/** What is wrong with an answer; an answer that the description does not list is wrong. */
export function checkAnswer(operation: MatchedOperation, status: number, body: unknown): string[] {
  const route = routeOf(operation);
  const listed = route.operation.responses[String(status)];
  // Any operation may answer these, whether or not the description lists them.
  if (!listed) return status >= 400 ? [] : [`status ${status} is not in the description of ${route.id}`];
  const schema = dereference<Partial<Body>>(listed as Partial<Body>).content?.['application/json']?.schema;
  if (!schema || status >= 400) return [];
  return problemsOf(`${route.id}<${status}`, schema, body);
}
