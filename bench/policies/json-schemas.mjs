#!/usr/bin/env node
/**
 * Makes the folder of JSON schemas that kubeconform wants, out of the OpenAPI document of a Kubernetes release: a file
 * for each kind, every reference inside it, no fields beside those named, null allowed where a field is optional. That
 * is what yannh/kubernetes-json-schema publishes as `standalone-strict`; kubeconform fetches it where it has a network.
 *
 *   go mod download -json k8s.io/kubernetes@v1.36.3      # names the folder that holds api/openapi-spec/swagger.json
 *   node bench/policies/json-schemas.mjs SWAGGER DIR
 *   kubeconform -strict -schema-location 'DIR/{{.ResourceKind}}{{.KindSuffix}}.json' ...
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [swagger, out] = process.argv.slice(2);
if (swagger === undefined || out === undefined) {
  console.error('usage: json-schemas.mjs SWAGGER DIR');
  process.exit(2);
}
const { definitions } = JSON.parse(readFileSync(swagger, 'utf8'));

/** Types that the document describes by less than what they take; as openapi2jsonschema has them. */
const SPECIAL = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { oneOf: [{ type: 'string' }, { type: 'integer' }] },
};

/** A definition with all that it refers to inside; what refers to itself is kept once and pointed to. */
function expand(schema, inside, shared) {
  const name = schema.$ref?.replace('#/definitions/', '');
  if (name !== undefined) {
    if (SPECIAL[name] !== undefined) return SPECIAL[name];
    if (inside.includes(name)) {
      shared.add(name);
      return { $ref: `#/definitions/${name}` };
    }
    return expand(definitions[name], [...inside, name], shared);
  }
  const { properties, items, additionalProperties, required, type, format } = schema;
  const result = {};
  if (type !== undefined) result.type = type;
  if (format !== undefined) result.format = format;
  if (required !== undefined) result.required = required;
  if (items !== undefined) result.items = expand(items, inside, shared);
  if (properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([field, property]) => {
        const inner = expand(property, inside, shared);
        return [field, required?.includes(field) ? inner : nullable(inner)];
      }),
    );
  }
  if (additionalProperties !== undefined)
    result.additionalProperties = nullable(expand(additionalProperties, inside, shared));
  else if (properties !== undefined) result.additionalProperties = false;
  return result;
}

function nullable(schema) {
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  if (schema.oneOf !== undefined) return { oneOf: [...schema.oneOf, { type: 'null' }] };
  if (schema.$ref !== undefined) return { oneOf: [schema, { type: 'null' }] };
  return schema;
}

mkdirSync(out, { recursive: true });
let files = 0;
for (const [name, definition] of Object.entries(definitions)) {
  for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
    if (definition.properties?.apiVersion === undefined) continue;
    const shared = new Set();
    const schema = expand({ $ref: `#/definitions/${name}` }, [], shared);
    const kept = {};
    for (const one of shared) kept[one] = expand(definitions[one], [one], shared);
    schema.properties.apiVersion = { type: 'string', enum: [group === '' ? version : `${group}/${version}`] };
    schema.properties.kind = { type: 'string', enum: [kind] };
    const suffix = group === '' ? version : `${group.split('.')[0]}-${version}`;
    writeFileSync(
      join(out, `${kind.toLowerCase()}-${suffix}.json`),
      JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        ...schema,
        ...(shared.size > 0 ? { definitions: kept } : {}),
      }),
    );
    files += 1;
  }
}
console.log(`${files} schemas in ${out}`);
