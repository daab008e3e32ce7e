#!/usr/bin/env node
/**
 * Makes the folder of JSON schemas that kubeconform wants, out of the OpenAPI document of a Kubernetes release, or out of
 * the CustomResourceDefinitions in a folder: a file for each kind, every reference inside it, no fields beside those
 * named, null allowed where a field is optional. That is what yannh/kubernetes-json-schema publishes as
 * `standalone-strict`, which kubeconform fetches where it has a network, and what its script makes of definitions.
 *
 *   go mod download -json k8s.io/kubernetes@v1.36.3      # names the folder that holds api/openapi-spec/swagger.json
 *   node bench/policies/json-schemas.mjs SWAGGER DIR
 *   node bench/policies/json-schemas.mjs CRDS DIR
 *   kubeconform -strict -schema-location 'DIR/{{.ResourceKind}}{{.KindSuffix}}.json' ...
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const [swagger, out] = process.argv.slice(2);
if (swagger === undefined || out === undefined) {
  console.error('usage: json-schemas.mjs SWAGGER|CRDS DIR');
  process.exit(2);
}
const isFolder = statSync(swagger).isDirectory();
const { definitions } = isFolder ? { definitions: {} } : JSON.parse(readFileSync(swagger, 'utf8'));

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
/** What JSON schema says of values too, in the same words. */
const SAME = [
  'enum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'pattern',
  'required',
  'type',
];

/** The schema of a definition; fields are closed but for those that combinators only speak of. */
function structural(schema, isPart = false) {
  if (schema['x-kubernetes-int-or-string'] === true)
    return SPECIAL['io.k8s.apimachinery.pkg.util.intstr.IntOrString'];
  const result = Object.fromEntries(SAME.filter((key) => key in schema).map((key) => [key, schema[key]]));
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    if (key in schema) result[key] = schema[key].map((part) => structural(part, true));
  if ('not' in schema) result.not = structural(schema.not, true);
  if ('items' in schema) result.items = structural(schema.items, isPart);
  if ('properties' in schema) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([field, property]) => [
        field,
        optional(property, schema, field, isPart),
      ]),
    );
  }
  if (typeof schema.additionalProperties === 'object')
    result.additionalProperties = nullable(structural(schema.additionalProperties, isPart));
  else if (
    !isPart &&
    schema.type === 'object' &&
    schema.additionalProperties !== true &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true &&
    schema['x-kubernetes-embedded-resource'] !== true
  )
    result.additionalProperties = false;
  return result;
}

function optional(property, { required }, field, isPart) {
  const inner = structural(property, isPart);
  const { enum: values, ...rest } = inner;
  if (required?.includes(field) && property.nullable !== true) return inner;
  return nullable(values === undefined ? inner : { ...rest, enum: [...values, null] });
}

for (const file of isFolder ? readdirSync(swagger).filter((name) => /\.ya?ml$/.test(name)) : []) {
  for (const document of loadAll(readFileSync(join(swagger, file), 'utf8'))) {
    if (document?.kind !== 'CustomResourceDefinition') continue;
    const { group, names, versions } = document.spec;
    for (const { name, schema } of versions) {
      const made = structural(schema.openAPIV3Schema);
      made.properties.apiVersion = { type: 'string', enum: [`${group}/${name}`] };
      made.properties.kind = { type: 'string', enum: [names.kind] };
      made.properties.metadata = { type: 'object' };
      writeFileSync(
        join(out, `${names.kind.toLowerCase()}-${group.split('.')[0]}-${name}.json`),
        JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...made }),
      );
      files += 1;
    }
  }
}
console.log(`${files} schemas in ${out}`);
