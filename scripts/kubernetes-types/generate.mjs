// Makes src/kubernetes/generated/types.ts; see README.md beside this file.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const releases = process.argv
  .slice(2)
  .map((file) => ({ minor: Number.parseInt(basename(file), 10), ...JSON.parse(readFileSync(file, 'utf8')) }))
  .sort((a, b) => a.minor - b.minor);
if (releases.length < 2) throw new Error('usage: generate.mjs 34.json 35.json ...');
const oldest = releases[0].minor;
const newest = releases.at(-1).minor;

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

/** What a release requires of a type's fields, and the values of its enumerations. */
function rulesOf(fields) {
  const isObject = fields.some(({ name }) => name === 'metadata');
  const checked = isObject ? fields.filter(({ name }) => name !== 'status') : fields;
  const required = checked.filter(({ required }) => required).map(({ name }) => name);
  const enums = checked.filter((field) => field.enum?.length > 0).map((field) => [field.name, field.enum]);
  return {
    ...(required.length > 0 ? { r: required.sort() } : {}),
    ...(enums.length > 0 ? { e: Object.fromEntries(enums) } : {}),
  };
}

const types = {};
for (const release of releases) {
  for (const [name, fields] of Object.entries(release.types)) {
    if (!reached.has(`${release.minor}:${name}`)) continue;
    types[name] ??= { fields: {}, seen: [], rules: new Map() };
    types[name].seen.push(release.minor);
    types[name].rules.set(release.minor, rulesOf(fields));
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
  // Those of the newest release, and of the others where they differ.
  const rules = types[name].rules.get(seen.at(-1));
  Object.assign(entry, rules);
  const others = seen
    .slice(0, -1)
    .map((minor) => [minor, types[name].rules.get(minor)])
    .filter(([, own]) => JSON.stringify(own) !== JSON.stringify(rules));
  if (others.length > 0) entry.was = Object.fromEntries(others);
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
