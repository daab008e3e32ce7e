/**
 * Holds our verdicts on random objects, and on random mutations of them, against kubeconform's:
 *
 *   npm run oracle:schemas -- KUBECONFORM SCHEMAS [COUNT] [SEED] [VERSION] [CRDS]
 *
 * SCHEMAS is the folder that bench/policies/json-schemas.mjs makes. With CRDS, the folder of CustomResourceDefinitions
 * that it was made from, the objects are custom ones. What we refuse beyond OpenAPI (enumerations,
 * formats, values, see docs/conformance.md) is counted; every other difference is printed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { manifests } from '../../bench/policies/manifests.js';
import {
  customKindsOf,
  loadManifests,
  type SchemaProblem,
  validateObject,
} from '../../src/kubernetes/index.js';
import { instanceOf, type Json, mutated, pick, seeded } from './generate.js';

const [kubeconform = '', schemas = '', count = '5000', seed = '7', version = '1.36', definitions = ''] =
  process.argv.slice(2);
if (kubeconform === '' || schemas === '') {
  process.stderr.write(
    'usage: npm run oracle:schemas -- KUBECONFORM SCHEMAS [COUNT] [SEED] [VERSION] [CRDS]\n' +
      'SCHEMAS is made by: node bench/policies/json-schemas.mjs SWAGGER|CRDS SCHEMAS\n',
  );
  process.exit(2);
}

/** Kinds that no manifest holds: requests to the API server, and lists. */
const NOT_OBJECTS = /(list|options|review|eviction|binding|scale|status|deleteoptions|watchevent)-/;
const random = seeded(Number(seed));
const kinds = readdirSync(schemas)
  .filter((name) => !NOT_OBJECTS.test(name))
  .map((name) => JSON.parse(readFileSync(join(schemas, name), 'utf8')) as Json)
  .filter((schema) => (schema.properties as Json).metadata !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'oracle-schemas-'));
const cases = new Map<string, { text: string; done: string }>();
const made = definitions === '' ? manifests(Number(count)) : [];
const plain = made.map((object) => ({ text: JSON.stringify(object), done: 'as made' }));
const varied = Array.from({ length: Number(count) }, (_, index) => {
  const schema = pick(random, kinds) ?? {};
  const object =
    index % 3 === 0 && made.length > 0
      ? (pick(random, manifests(40)) ?? {})
      : (instanceOf(schema, schema, random) as Json);
  return index % 5 === 0 ? { text: JSON.stringify(object), done: 'as made' } : mutated(object, random);
});
for (const [index, one] of [...plain, ...varied].entries()) {
  const name = `${String(index).padStart(6, '0')}.yaml`;
  cases.set(name, one);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), one.text);
}

interface Verdict {
  filename: string;
  status: string;
  msg: string;
}
const location = join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
const run = spawnSync(
  kubeconform,
  ['-strict', '-n', '1', '-output', 'json', '-verbose', '-schema-location', location, folder],
  { encoding: 'utf8', maxBuffer: 1 << 30 },
);
if (run.error !== undefined) throw run.error;
const verdicts = new Map<string, Verdict>(
  (JSON.parse(run.stdout) as { resources: Verdict[] }).resources.map((one) => [basename(one.filename), one]),
);

/** What OpenAPI says nothing of, and kubeconform therefore does not see. */
function beyondOpenApi({ code, message, path }: SchemaProblem): boolean {
  if (code === 'enum' || code === 'invalid-value' || code === 'deprecated-api' || code === 'removed-api')
    return true;
  // of custom objects kubeconform has no schema of metadata, and does not ask which versions are served
  if (definitions !== '' && (path[0] === 'metadata' || code === 'unknown-kind')) return true;
  if (code === 'required') return path.length === 2 && path[0] === 'metadata' && path[1] === 'name';
  return code === 'wrong-type' && /quantity|base64|a time such|too large/.test(message);
}

const crds = customKindsOf(
  (definitions === '' ? [] : readdirSync(definitions)).flatMap(
    (name) => loadManifests(readFileSync(join(definitions, name)), name).manifests,
  ),
);

let alike = 0;
let beyond = 0;
const differences = new Map<string, string[]>();
for (const [name, { text, done }] of cases) {
  const { manifests: read, problems } = loadManifests(Buffer.from(text), name);
  const found = read.flatMap(({ object }) => validateObject(object, { kubernetesVersion: version, crds }));
  const plainly = [
    ...problems.map(({ message }) => message),
    ...found.filter((problem) => !beyondOpenApi(problem)).map(({ message }) => message),
  ];
  const verdict = verdicts.get(name);
  const refused = verdict === undefined || verdict.status !== 'statusValid';
  if (refused ? plainly.length + found.length > 0 : plainly.length === 0) {
    alike += 1;
    if (!refused && found.length > 0) beyond += 1;
    continue;
  }
  const ref = read[0]?.ref;
  const reason = /: - at (.*)/s.exec(verdict?.msg ?? '')?.[1] ?? verdict?.msg ?? 'nothing';
  const what = refused ? `only kubeconform: ${reason}` : `only we: ${plainly[0]}`;
  const key = what.replace(/\d+/g, 'N');
  differences.set(key, [...(differences.get(key) ?? []), `${ref?.apiVersion} ${ref?.kind}, ${done}`]);
}
rmSync(folder, { recursive: true });
for (const [what, where] of [...differences].sort((a, b) => b[1].length - a[1].length))
  process.stdout.write(`${where.length} x ${what.slice(0, 300)}\n    ${where.slice(0, 2).join('; ')}\n`);
process.stdout.write(`${beyond} refused by us alone for what OpenAPI does not say\n`);
process.stdout.write(`${alike} of ${cases.size} alike\n`);
