import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { evaluatePolicy, requestFor } from '../../src/checks/policies/index.js';
import type { JsonValue } from '../../src/contract/index.js';
import { isClusterScoped, KNOWN_RELEASES, validateObject } from '../../src/kubernetes/index.js';

type Json = { [key: string]: JsonValue };

// Random mutations of the library's resources, judged by this engine and by the real kyverno command line.
// usage: npm run oracle:kyverno -- LIBRARY KYVERNO [TESTS] [SEED]
const [library = '', kyverno = 'kyverno', tests = '60', seedText = '1'] = process.argv.slice(2);
if (library === '' || spawnSync(kyverno, ['version']).error !== undefined) {
  process.stderr.write(
    'usage: npm run oracle:kyverno -- LIBRARY KYVERNO [TESTS] [SEED] (kyverno must be installed)\n',
  );
  process.exit(2);
}
let seed = Number(seedText);

/** A small generator of our own, so that a seed gives the same run everywhere (mulberry32). */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}

function documents(path: string): Json[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' })
    .map((document) => document.toJS({ maxAliasCount: 1000 }) as Json | null)
    .filter((document) => document !== null && typeof document === 'object');
}

const SCALARS: readonly JsonValue[] = ['', 'x', 'latest', '*', 0, 1, 22, 1000, true, false, '1Gi', '500m'];

/** Deletes, doubles or changes one field somewhere below spec, data, rules or metadata's maps. */
function mutate(object: Json): Json {
  const copy = structuredClone(object);
  const places: { parent: Json | JsonValue[]; key: string | number }[] = [];
  const visit = (value: JsonValue, depth: number): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      const named = depth === 0 && ['apiVersion', 'kind'].includes(String(key));
      const identity = depth === 1 && ['name', 'namespace'].includes(String(key));
      if (!named && !identity && !(depth === 0 && key === 'metadata')) places.push({ parent: value, key });
      visit(item, depth + 1);
    }
  };
  visit(copy, 0);
  const place = pick(places);
  if (place === undefined) return copy;
  const { parent, key } = place;
  const what = random();
  if (Array.isArray(parent)) {
    if (what < 0.5) parent.splice(Number(key), 1);
    else if (typeof parent[Number(key)] === 'object')
      parent.push(structuredClone(parent[Number(key)] ?? null));
    else parent[Number(key)] = pick(SCALARS) ?? '';
  } else if (what < 0.5 || typeof parent[key] === 'object') delete parent[key];
  else parent[key] = pick(SCALARS) ?? '';
  return copy;
}

/** Versions that Kyverno's derived rules name: it asks the API server to convert the others to them. */
const CONVERTED_TO: ReadonlyMap<string, string> = new Map([
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => [kind, 'apps/v1'] as const),
  ...['CronJob', 'Job'].map((kind) => [kind, 'batch/v1'] as const),
  ['ReplicationController', 'v1'],
]);

/** An object with its whole numbers as the command line shows them to globs: `2.2E+01`. */
function withScientificNumbers(value: JsonValue): JsonValue {
  if (typeof value === 'number') {
    return value.toExponential().replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => {
      return `E${sign}${digits.padStart(2, '0')}`;
    });
  }
  if (Array.isArray(value)) return value.map(withScientificNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withScientificNumbers(item)]));
}

/** True where our answer is Kyverno's once whole numbers are written as it writes them. */
function isForNumbers(policy: Json, object: Json, ran: string, their: string | undefined): boolean {
  const { spec = null } = object;
  const request = requestFor({ ...object, spec: withScientificNumbers(spec) });
  return evaluatePolicy(policy, request, { now: new Date() }).some(
    (result) => result.ran === ran && result.status === their,
  );
}

/** True where a Pod or controller holds the spec of a Pod. */
function hasPod({ kind, spec }: Json): boolean {
  const steps = kind === 'Pod' ? [] : ['template', 'spec'];
  const inSpec = kind === 'CronJob' ? ['jobTemplate', 'spec', ...steps] : steps;
  let at: JsonValue | undefined = spec;
  for (const step of inSpec) {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return false;
    at = at[step];
  }
  return typeof at === 'object' && at !== null;
}

/**
 * Why a difference is meant, as docs/conformance.md has it: by what the object is and what was answered, never by which
 * policy or test it is. Null where nothing explains it.
 */
function meant(
  policy: Json,
  object: Json,
  ran: string,
  ours: string,
  their: string | undefined,
): string | null {
  const { apiVersion, kind } = object;
  const converted = CONVERTED_TO.get(String(kind));
  if (
    their === undefined &&
    ran.startsWith('autogen-') &&
    converted !== undefined &&
    apiVersion !== converted
  )
    return 'an older version of a controller, which the command line does not convert';
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return null;
  const problems = validateObject(
    { ...object, apiVersion, kind },
    { kubernetesVersion: `1.${KNOWN_RELEASES.newest}` },
  );
  const closes = ours === 'fail' || ours === 'error';
  if (ours === 'error' && !hasPod(object)) return 'a Pod or controller that has no Pod';
  if (closes && problems.some(({ code }) => code === 'wrong-type'))
    return 'an object that no API server takes: refused here, otherwise there';
  return isForNumbers(policy, object, ran, their) ? 'a whole number under a glob, in digits here' : null;
}

interface Result {
  policy: string;
  rule?: string;
  result: string;
  message?: string;
  resources?: { kind: string; name: string }[];
}

function theirs(policies: readonly string[], file: string): Map<string, string> | null {
  const run = spawnSync(kyverno, ['apply', ...policies, '--resource', file, '--policy-report'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const start = run.stdout.indexOf('apiVersion: openreports.io');
  if (start < 0) return null;
  const results = new Map<string, string>();
  for (const { policy, rule = '', result, resources = [] } of (
    parse(run.stdout.slice(start)) as { results?: Result[] }
  ).results ?? []) {
    for (const { kind, name } of resources) results.set([policy, rule, kind, name].join(' '), result);
  }
  return results;
}

const files = readdirSync(library, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('kyverno-test.yaml'))
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'oracle-kyverno-'));
let compared = 0;
let different = 0;
const explained = new Map<string, number>();
for (let round = 0; round < Number(tests); round += 1) {
  const name = pick(files) ?? '';
  const at = dirname(join(library, name));
  const test = documents(join(library, name))[0];
  if (
    test === undefined ||
    test.variables !== undefined ||
    test.userinfo !== undefined ||
    test.context !== undefined
  )
    continue;
  const paths = ((test.policies ?? []) as string[]).map((path) => join(at, path));
  const policies = paths
    .flatMap(documents)
    .filter((policy) => !/Mutat|Generat|Delet/.test(String(policy.kind)));
  const resources = ((test.resources ?? []) as string[]).flatMap((path) => documents(join(at, path)));
  if (policies.length === 0 || resources.length === 0) continue;
  const mutated = Array.from({ length: 12 }, (_, index) => {
    const object = mutate(pick(resources) ?? {});
    const metadata = (object.metadata ?? {}) as Json;
    object.metadata = { ...metadata, name: `m${index}` };
    return object;
  });
  const file = join(folder, 'resources.yaml');
  writeFileSync(file, mutated.map((object) => stringify(object, { version: '1.1' })).join('---\n'));
  const expected = theirs(paths, file);
  if (expected === null) continue;
  for (const object of mutated) {
    const metadata = object.metadata as Json;
    const scoped = isClusterScoped(String(object.apiVersion), String(object.kind));
    if (metadata.namespace === undefined && scoped !== true) metadata.namespace = 'default';
    for (const policy of policies) {
      for (const result of evaluatePolicy(policy, requestFor(object), { now: new Date() })) {
        if (result.type !== 'validate') continue;
        const key = [result.policy, result.ran, String(object.kind), String(metadata.name)].join(' ');
        const other = expected.get(key);
        if (other === undefined && (result.status === 'skip' || result.rule === '')) continue;
        compared += 1;
        if (other === result.status) continue;
        const reason = meant(policy, object, result.ran, result.status, other);
        if (reason !== null) {
          explained.set(reason, (explained.get(reason) ?? 0) + 1);
          continue;
        }
        different += 1;
        process.stdout.write(
          `${name} ${key}: gate ${result.status}, kyverno ${other ?? 'nothing'} (${result.message.slice(0, 140)})\n${JSON.stringify(object)}\n`,
        );
      }
    }
  }
}
rmSync(folder, { recursive: true });
let apart = 0;
for (const [reason, count] of explained) {
  apart += count;
  process.stdout.write(`${count} meant: ${reason}\n`);
}
process.stdout.write(`${compared - different - apart} of ${compared} alike, ${different} unexplained\n`);
process.exitCode = different === 0 ? 0 : 1;
