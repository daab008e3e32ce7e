/**
 * Holds our verdicts by the validation rules of definitions (x-kubernetes-validations) against the API server's own code, on
 * random objects of every kind that has rules, new ones and changed ones:
 *
 *   npm run oracle:validations -- BINARY CRDS [COUNT] [SEED]
 *
 * CRDS is a folder of CustomResourceDefinitions; the binary is made with Go and the modules of Kubernetes:
 *
 *   cp conformance/schemas/validations/main.go DIR && cd DIR && go mod init validations &&
 *     go get k8s.io/apiextensions-apiserver@v0.36.6 && go build -o BINARY .
 *
 * Objects that the API server refuses for their types, before it asks the rules, are counted apart.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeRules } from '../../src/checks/policies/definition-rules/validation-rules.js';
import type { JsonValue } from '../../src/contract/index.js';
import {
  customKindsOf,
  definitionOf,
  type KubernetesObject,
  loadManifests,
} from '../../src/kubernetes/index.js';
import { type Json, pick, type Random, seeded } from './generate.js';

const [binary = '', folder = '', count = '2000', seed = '7'] = process.argv.slice(2);
if (binary === '' || folder === '') {
  process.stderr.write('usage: npm run oracle:validations -- BINARY CRDS [COUNT] [SEED]\n');
  process.exit(2);
}
const random = seeded(Number(seed));
const definitions = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name))
  .flatMap((name) => loadManifests(readFileSync(join(folder, name)), name).manifests)
  .filter(({ object }) => object.kind === 'CustomResourceDefinition');
const crds = customKindsOf(definitions);

interface Case {
  definition: JsonValue;
  version: string;
  object: KubernetesObject;
  old: KubernetesObject | null;
}

/** A version of a kind whose schema has rules. */
interface Kind {
  definition: JsonValue;
  apiVersion: string;
  version: string;
  kind: string;
  schema: Json;
}

const kinds = definitions.flatMap(({ object }): Kind[] => {
  const { group, names } = object.spec as { group: string; names: { kind: string } };
  const found = crds.get(`${group}/${names.kind}`);
  return [...(found?.versions.values() ?? [])].flatMap(({ name, schema }) =>
    schema !== null && JSON.stringify(schema).includes('x-kubernetes-validations')
      ? [{ definition: object, apiVersion: `${group}/${name}`, version: name, kind: names.kind, schema }]
      : [],
  );
});

const TEXTS = [
  '',
  'a',
  'b',
  '5',
  '10m',
  '1h',
  'example.com',
  'Exact',
  'https://a.example.com/b',
  'A-b',
  '50%',
  '10.0.0.0/8',
];

function textFor(schema: Json, from: Random): string {
  switch (schema.format) {
    case 'date-time':
      return pick(from, ['2026-01-31T12:00:00Z', '2020-02-29T00:00:00.5+02:00']) ?? '';
    case 'date':
      return pick(from, ['2026-01-31', '2020-02-29']) ?? '';
    case 'duration':
      return pick(from, ['1h', '90s', '3 days']) ?? '';
    case 'byte':
      return pick(from, ['aGVsbG8=', '']) ?? '';
    default:
      return pick(from, TEXTS) ?? '';
  }
}

/** A value of a schema: small numbers, short lists, few texts, so that rules on two values at once meet both answers. */
function valueFor(schema: Json, from: Random, depth: number): JsonValue {
  if (schema.nullable === true && from() < 0.1) return null;
  if (Array.isArray(schema.enum)) return pick(from, schema.enum) ?? null;
  if (schema['x-kubernetes-int-or-string'] === true) return pick(from, [1, 0, '5', '50%']) ?? 1;
  switch (schema.type) {
    case 'string':
      return textFor(schema, from);
    case 'integer':
      return Math.floor(from() * 6) - 1;
    case 'number':
      return pick(from, [0, 1, 1.5, 2]) ?? 0;
    case 'boolean':
      return from() < 0.5;
    case 'array': {
      const length = Math.max(Number(schema.minItems ?? 0), Math.floor(from() * 3));
      const items = Array.from({ length }, () => valueFor(schema.items as Json, from, depth + 1));
      // a set or map with doubles is refused by its type, whatever the rules say
      return schema['x-kubernetes-list-type'] === undefined ? items : [...uniqueBy(items, schema).values()];
    }
    default:
      return mapOf(schema, from, depth);
  }
}

function uniqueBy(items: readonly JsonValue[], schema: Json): Map<string, JsonValue> {
  const keys = schema['x-kubernetes-list-map-keys'] as string[] | undefined;
  return new Map(
    items.map((item) => [JSON.stringify(keys?.map((key) => (item as Json)[key] ?? null) ?? item), item]),
  );
}

function mapOf(schema: Json, from: Random, depth: number): Json {
  const map: Json = {};
  const required = (schema.required ?? []) as string[];
  for (const [key, property] of Object.entries((schema.properties ?? {}) as Json)) {
    if (depth === 0 && ['apiVersion', 'kind', 'metadata', 'status'].includes(key)) continue;
    const chance = depth < 2 ? 0.8 : depth < 5 ? 0.4 : 0.2;
    if (required.includes(key) || from() < chance) map[key] = valueFor(property as Json, from, depth + 1);
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object' && additionalProperties !== null) {
    for (const key of ['a', 'b']) {
      if (from() < 0.5) map[key] = valueFor(additionalProperties as Json, from, depth + 1);
    }
  } else if (schema['x-kubernetes-preserve-unknown-fields'] === true && from() < 0.5)
    map.extra = Math.floor(from() * 2);
  return map;
}

/** The object with one part made anew. */
function changed(value: JsonValue, schema: Json, from: Random, depth = 0): JsonValue {
  if (Array.isArray(value) && value.length > 0 && from() < 0.8) {
    const index = Math.floor(from() * value.length);
    return value.map((item, at) =>
      at === index ? changed(item, schema.items as Json, from, depth + 1) : item,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const properties = (schema.properties ?? {}) as Json;
    const key = pick(
      from,
      Object.keys(value).filter((name) => Object.hasOwn(properties, name) && name !== 'metadata'),
    );
    if (key !== undefined && from() < 0.9)
      return { ...value, [key]: changed(value[key] ?? null, properties[key] as Json, from, depth + 1) };
  }
  return valueFor(schema, from, depth);
}

const cases = Array.from({ length: Number(count) }, (_, index): Case => {
  const kind = kinds[index % kinds.length];
  if (kind === undefined) throw new Error(`${folder} holds no definition with rules`);
  const { definition, version, apiVersion, schema } = kind;
  const head = {
    apiVersion,
    kind: kind.kind,
    metadata: { name: pick(random, ['a', 'cluster', 'default']) ?? 'a' },
  };
  const old = { ...mapOf(schema, random, 0), ...head };
  if (index % 2 === 0) return { definition, version, object: old, old: null };
  const after = random() < 0.3 ? mapOf(schema, random, 0) : (changed(old, schema, random) as Json);
  return { definition, version, object: { ...after, ...head }, old };
});

interface Answer {
  blocked: boolean;
  errors: { type: string; field: string; detail: string }[] | null;
  error?: string;
}
const run = spawnSync(binary, {
  input: cases.map((one) => JSON.stringify(one)).join('\n'),
  encoding: 'utf8',
  maxBuffer: 1 << 30,
});
if (run.error !== undefined) throw run.error;
const answers = run.stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

/** What a refusal says, without how it is introduced: errors of an evaluation by the rule alone. */
function told(detail: string): string {
  const plain = detail.replace(/^(?:forbidden|required value|duplicate value): /, '');
  const rule = /(?:evaluating rule|macro signature for rule): ([\s\S]*)$/.exec(plain)?.[1];
  return (rule ?? plain).replace(/\s+/g, ' ').trim().slice(0, 290);
}

const counts = { alike: 0, refused: 0, blocked: 0 };
const differences = new Map<string, string[]>();
for (const [index, one] of cases.entries()) {
  const answer = answers[index];
  if (answer === undefined) throw new Error(`the binary ended early: ${run.stderr}`);
  const definition = definitionOf(one.object, crds);
  if (answer.blocked || definition === null) {
    counts.blocked += 1;
    continue;
  }
  const { broken, unknown } = judgeRules({
    object: one.object,
    old: one.old,
    definition,
    refused: [],
    now: new Date(0),
  });
  const ours = new Set(broken.flatMap(({ messages }) => messages.map(told)));
  const theirs = new Set((answer.errors ?? []).map(({ detail }) => told(detail)));
  const odd = [
    ...[...ours].filter((text) => !theirs.has(text)).map((text) => `only we: ${text}`),
    ...[...theirs].filter((text) => !ours.has(text)).map((text) => `only they: ${text}`),
    ...unknown.map((text) => `not verified: ${text}`),
    ...(answer.error === undefined ? [] : [`they failed: ${answer.error}`]),
  ];
  if (odd.length === 0) {
    counts.alike += 1;
    if (theirs.size > 0) counts.refused += 1;
  }
  for (const what of odd) {
    const key = `${one.object.kind} ${what}`;
    differences.set(key, [
      ...(differences.get(key) ?? []),
      JSON.stringify({ object: one.object, old: one.old }),
    ]);
  }
}
for (const [what, where] of [...differences].sort((a, b) => b[1].length - a[1].length))
  process.stdout.write(`${where.length} x ${what.slice(0, 400)}\n    ${(where[0] ?? '').slice(0, 600)}\n`);
process.stdout.write(
  `${kinds.length} versions of kinds; ${counts.blocked} refused for their types, before the rules\n`,
);
process.stdout.write(
  `${counts.alike} of ${cases.length - counts.blocked} alike, ${counts.refused} of them refused\n`,
);
