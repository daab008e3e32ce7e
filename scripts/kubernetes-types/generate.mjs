// Makes src/kubernetes/generated/types.ts; see README.md beside this file.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const releases = process.argv
  .slice(2)
  .map((file) => ({ minor: Number.parseInt(basename(file), 10), ...JSON.parse(readFileSync(file, 'utf8')) }))
  .sort((a, b) => a.minor - b.minor);
if (releases.length < 2) throw new Error('usage: generate.mjs 34.json 35.json ...');
const oldest = releases[0].minor;
const newest = releases.at(-1).minor;

/** What is required and enumerated, by `group/version.Type`, out of the declarations of kubernetes-models. */
function declarations() {
  const found = new Map();
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '_schemas' && entry.name !== 'node_modules') walk(path);
      } else if (entry.name.endsWith('.d.ts')) read(readFileSync(path, 'utf8'));
    }
  };
  const read = (text) => {
    const name = /\bas IIoK8s(\w+)/.exec(text)?.[1];
    const body = /export interface \w+[^{]*\{\n([\s\S]*?)\n\}/.exec(text)?.[1];
    if (name === undefined || body === undefined) return;
    const required = [];
    const enums = {};
    for (const match of body.matchAll(/^ {4}"([^"]+)"(\?)?: ([^\n]*);$/gm)) {
      const [, field, optional, type] = match;
      if (optional === undefined) required.push(field);
      if (field !== 'kind' && field !== 'apiVersion' && /^"[^"]*"( \| "[^"]*")+$/.test(type))
        enums[field] = type.split(' | ').map((word) => JSON.parse(word));
    }
    for (const match of body.matchAll(/^ {4}"([^"]+)": \{$/gm)) required.push(match[1]);
    found.set(name.toLowerCase(), { required, enums });
  };
  walk(join(root, 'node_modules/kubernetes-models'));
  walk(join(root, 'node_modules/@kubernetes-models/apimachinery'));
  return (type) => {
    const [pkg, name] = type.split('.');
    const [group, version] = pkg.split('/');
    const prefixes = {
      meta: 'apimachinerypkgapismeta',
      apiextensions: 'apiextensionsapiserverpkgapisapiextensions',
      apiregistration: 'kubeaggregatorpkgapisapiregistration',
    };
    return found.get(`${prefixes[group] ?? `api${group}`}${version}${name}`.toLowerCase());
  };
}

const declared = declarations();
const lists = new Map();
for (const line of readFileSync(join(import.meta.dirname, 'lists.tsv'), 'utf8')
  .trim()
  .split('\n')) {
  const [how, pkg, type, field, keys] = line.split('\t');
  const name = `${pkg}.${type}`;
  if (!lists.has(name)) lists.set(name, {});
  lists.get(name)[field] = how === 'map' ? keys.split(/[,+ ]+/) : how;
}

// Only what an object's specification reaches: status is written by controllers.
const kinds = {};
const reached = new Set();
for (const release of releases) {
  const visit = (type) => {
    const inner = type.replace(/^(\[\]|\{\})+/, '');
    if (!inner.includes('.') || reached.has(`${release.minor}:${inner}`)) return;
    reached.add(`${release.minor}:${inner}`);
    for (const { name, type: next } of release.types[inner] ?? []) if (name !== 'status') visit(next);
  };
  for (const { apiVersion, kind, type, ...cycle } of release.kinds) {
    visit(type);
    const key = `${apiVersion}/${kind}`;
    kinds[key] = {
      ...kinds[key],
      type,
      ...cycle,
      first: kinds[key]?.first ?? release.minor,
      last: release.minor,
    };
  }
}

const types = {};
for (const release of releases) {
  for (const [name, fields] of Object.entries(release.types)) {
    if (!reached.has(`${release.minor}:${name}`)) continue;
    types[name] ??= { fields: {}, seen: [] };
    types[name].seen.push(release.minor);
    for (const { name: field, type } of fields) {
      const known = types[name].fields[field] ?? { seen: [] };
      const wanted = field === 'status' && fields.some(({ name }) => name === 'metadata') ? 'any' : type;
      if (known.type !== undefined && known.type !== wanted)
        console.error(`${name}.${field}: ${known.type} became ${wanted}`);
      known.type = wanted;
      known.seen.push(release.minor);
      types[name].fields[field] = known;
    }
  }
}

const output = { types: {}, kinds: {} };
for (const name of Object.keys(types).sort()) {
  const { fields, seen } = types[name];
  const entry = { f: {} };
  for (const [field, known] of Object.entries(fields)) {
    entry.f[field] = known.type;
    if (known.seen[0] !== seen[0]) entry.since = { ...entry.since, [field]: known.seen[0] };
    if (known.seen.at(-1) !== seen.at(-1)) entry.until = { ...entry.until, [field]: known.seen.at(-1) };
  }
  const declaration = declared(name);
  const required = declaration?.required.filter(
    (field) => field in entry.f && field !== 'apiVersion' && field !== 'kind',
  );
  if (required?.length > 0) entry.r = required;
  if (declaration !== undefined && Object.keys(declaration.enums).length > 0) entry.e = declaration.enums;
  const semantics = lists.get(name);
  if (semantics !== undefined) {
    const wanted = Object.entries(semantics).filter(([field, how]) => how !== 'atomic' && field in entry.f);
    if (wanted.length > 0) entry.l = Object.fromEntries(wanted);
  }
  output.types[name] = entry;
}
for (const key of Object.keys(kinds).sort()) {
  const { type, introduced, deprecated, removed, replacement, first, last } = kinds[key];
  const entry = { t: type };
  if (introduced) entry.introduced = introduced;
  else if (first > oldest) entry.introduced = `1.${first}`;
  if (deprecated) entry.deprecated = deprecated;
  if (removed) entry.removed = removed;
  else if (last < newest) entry.removed = `1.${last + 1}`;
  if (replacement) entry.replacement = replacement;
  output.kinds[key] = entry;
}
const json = JSON.stringify(output).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
writeFileSync(
  join(root, 'src/kubernetes/generated/types.ts'),
  `// Made by scripts/kubernetes-types/generate.mjs: do not edit.

/** Releases of Kubernetes whose types are told apart, as minor versions of 1. */
export const RELEASES: readonly number[] = [${releases.map(({ minor }) => minor).join(', ')}];

/** Types and kinds as JSON, parsed at first use. */
export const TYPES_JSON =
  '${json}';
`,
);
console.log(
  Object.keys(output.types).length,
  'types',
  Object.keys(output.kinds).length,
  'kinds',
  json.length,
  'bytes',
);
