/**
 * Makes src/kubernetes/generated/families: the schemas of well-known custom kinds, a file a family. The definitions
 * are those that the projects publish in their Go modules; those of Flux's other controllers are read from the
 * declarations of @kubernetes-models/flux-cd. See README.md beside this file.
 *
 *   node scripts/kubernetes-types/families.mjs
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { loadAll } from 'js-yaml';
import { declaredKinds } from './declarations.mjs';

const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'src/kubernetes/generated/families');

/** name of the file, name to people, licence, Go module, folders or files with definitions. */
const FAMILIES = [
  ['argo-cd', 'Argo CD', 'Apache-2.0', 'github.com/argoproj/argo-cd/v3@v3.6.1', ['manifests/crds']],
  [
    'argo-rollouts',
    'Argo Rollouts',
    'Apache-2.0',
    'github.com/argoproj/argo-rollouts@v1.10.2',
    ['manifests/crds'],
  ],
  [
    'cert-manager',
    'cert-manager',
    'Apache-2.0',
    'github.com/cert-manager/cert-manager@v1.21.2',
    ['deploy/crds'],
  ],
  [
    'external-secrets',
    'External Secrets',
    'Apache-2.0',
    'github.com/external-secrets/external-secrets@v1.3.2',
    ['config/crds/bases'],
  ],
  [
    'gateway-api',
    'Gateway API',
    'Apache-2.0',
    'sigs.k8s.io/gateway-api@v1.7.0',
    // The experimental channel has every field of the standard one.
    ['config/crd/standard', 'config/crd/experimental'],
  ],
  [
    'flux-kustomize',
    "Flux's kustomize-controller",
    'Apache-2.0',
    'github.com/fluxcd/kustomize-controller@v1.10.1',
    ['config/crd/bases'],
  ],
  [
    'flux-source',
    "Flux's source-controller",
    'Apache-2.0',
    'github.com/fluxcd/source-controller@v1.10.1',
    ['config/crd/bases'],
  ],
  ['istio', 'Istio', 'Apache-2.0', 'istio.io/api@v1.31.1', ['kubernetes/customresourcedefinitions.gen.yaml']],
  ['karpenter', 'Karpenter', 'Apache-2.0', 'sigs.k8s.io/karpenter@v1.15.0', ['pkg/apis/crds']],
  ['keda', 'KEDA', 'Apache-2.0', 'github.com/kedacore/keda/v2@v2.21.0', ['config/crd/bases']],
  [
    'kyverno',
    'Kyverno',
    'Apache-2.0',
    'github.com/kyverno/kyverno@v1.19.1',
    ['config/crds/kyverno', 'config/crds/policies.kyverno.io'],
  ],
  ['metallb', 'MetalLB', 'Apache-2.0', 'go.universe.tf/metallb@v0.16.2', ['config/crd/bases']],
  [
    'prometheus-operator',
    'Prometheus Operator',
    'Apache-2.0',
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    ['example/prometheus-operator-crd'],
  ],
  [
    'sealed-secrets',
    'Sealed Secrets',
    'Apache-2.0',
    'github.com/bitnami-labs/sealed-secrets@v0.40.0',
    ['helm/sealed-secrets/crds'],
  ],
  [
    'traefik',
    'Traefik',
    'MIT',
    'github.com/traefik/traefik/v3@v3.7.13',
    ['docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml'],
  ],
  [
    'volume-snapshots',
    'Volume Snapshots',
    'Apache-2.0',
    'github.com/kubernetes-csi/external-snapshotter/client/v8@v8.7.0',
    ['config/crd'],
  ],
];
const FLUX = {
  file: 'flux',
  title: '@kubernetes-models/flux-cd',
  licence: 'MIT',
  source: '@kubernetes-models/flux-cd@4.0.0',
  groups: ['helm.toolkit.fluxcd.io', 'image.toolkit.fluxcd.io', 'notification.toolkit.fluxcd.io'],
};

/**
 * The folder that the Go command keeps a module in. It complains of modules that want a newer Go than the one at hand,
 * which matters only to who builds them: they are there all the same.
 */
function moduleFolder(module) {
  const { stdout } = spawnSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' });
  const { Dir, Error: problem } = JSON.parse(stdout);
  const folder = Dir ?? join(execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim(), module);
  if (!existsSync(folder)) throw new Error(problem);
  return folder;
}

function definitionFiles(path) {
  if (/\.ya?ml$/.test(path)) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(path, name));
}

/** Kinds by `group/Kind` as src/kubernetes/schema/families.ts reads them; later files win, version by version. */
function kindsOf(folder, paths) {
  const kinds = {};
  for (const file of paths.flatMap((path) => definitionFiles(join(folder, path)))) {
    for (const document of loadAll(readFileSync(file, 'utf8'))) {
      if (document?.kind !== 'CustomResourceDefinition') continue;
      const { group, names, scope, versions } = document.spec;
      const key = `${group}/${names.kind}`;
      kinds[key] ??= { plural: names.plural, scope, versions: {} };
      for (const { name, served, deprecated, schema } of versions) {
        if (!served || schema?.openAPIV3Schema === undefined) continue;
        kinds[key].versions[name] = {
          ...(deprecated === true ? { deprecated } : {}),
          schema: whole(schema.openAPIV3Schema),
        };
      }
    }
  }
  return kinds;
}

/** What the checker evaluates, in the order of the names: the rest is left out. */
const KEPT = [
  'additionalProperties',
  'allOf',
  'anyOf',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'not',
  'nullable',
  'oneOf',
  'pattern',
  'properties',
  'required',
  'type',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
];
/** Formats that values have as other types in validation rules. */
const TYPED_FORMATS = ['byte', 'date', 'date-time', 'duration'];

function whole(schema) {
  const kept = pruned(schema);
  // Controllers write it, and whoever writes it by hand is not heard.
  if (kept.properties?.status !== undefined)
    kept.properties.status = { 'x-kubernetes-preserve-unknown-fields': true };
  return kept;
}

function pruned(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = {};
  for (const key of KEPT) {
    const value = schema[key];
    if (value === undefined) continue;
    if (key === 'properties') {
      kept[key] = Object.fromEntries(
        Object.entries(value).map(([name, property]) => [name, pruned(property)]),
      );
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key)) kept[key] = value.map(pruned);
    else if (['items', 'not', 'additionalProperties'].includes(key)) kept[key] = pruned(value);
    else kept[key] = value;
  }
  if (schema.default !== undefined) kept.default = schema.default;
  if (TYPED_FORMATS.includes(schema.format)) kept.format = schema.format;
  return kept;
}

/** What the licence of a package asks to keep: MIT's own text, Apache's notices and copyright lines. */
function noticeOf(folder, licence) {
  const named = (pattern) => readdirSync(folder).filter((name) => pattern.test(name));
  const read = (names) => names.map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const own = read(named(/^licen[cs]e(\.\w+)?$/i)).join('\n');
  const text =
    licence === 'MIT'
      ? own
      : [...(own.match(/^ *Copyright \d.*$/gm) ?? []), ...read(named(/^notice(\.\w+)?$/i))].join('\n');
  if (text === '') return '';
  return `${text
    .split('\n')
    .map((line) => `//   ${line.trim()}`.trimEnd())
    .join('\n')}\n`;
}

function write(file, title, licence, source, folder, kinds) {
  const text = JSON.stringify(kinds);
  const packed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  }).toString('base64');
  writeFileSync(
    join(out, `${file}.ts`),
    `// Made by scripts/kubernetes-types/families.mjs from ${source} (${licence}): do not edit.
${noticeOf(folder, licence)}
/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  '${packed}';
`,
  );
  const version = source.slice(source.lastIndexOf('@') + 1).replace(/^v/, '');
  const scopes = {};
  for (const key of Object.keys(kinds).sort()) {
    const slash = key.indexOf('/');
    const group = key.slice(0, slash);
    scopes[group] ??= {};
    scopes[group][key.slice(slash + 1)] = kinds[key].scope;
  }
  console.log(
    `${title} ${version}: ${Object.keys(kinds).length} kinds, ${text.length} -> ${packed.length} bytes`,
  );
  return { file, title, source, licence, version, scopes };
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const made = FAMILIES.map(([file, title, licence, module, paths]) =>
  write(file, title, licence, module, moduleFolder(module), kindsOf(moduleFolder(module), paths)),
);
const folder = mkdtempSync(join(tmpdir(), 'families-'));
execFileSync('npm', ['pack', '--silent', FLUX.source], { cwd: folder });
execFileSync('tar', ['xzf', readdirSync(folder)[0]], { cwd: folder });
made.push(
  write(
    FLUX.file,
    FLUX.title,
    FLUX.licence,
    FLUX.source,
    join(folder, 'package'),
    declaredKinds(join(folder, 'package'), FLUX.groups, join(root, 'node_modules')),
  ),
);
rmSync(folder, { recursive: true });

made.sort((a, b) => (a.file < b.file ? -1 : 1));
const name = (file) => file.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
const lines = made.flatMap(({ file, title, source, version, scopes }) => [
  '  {',
  `    name: ${JSON.stringify(`${title} ${version}`)},`,
  `    source: ${JSON.stringify(source)},`,
  `    kinds: ${name(file)},`,
  `    scopes: ${JSON.stringify(scopes)},`,
  '  },',
]);
writeFileSync(
  join(out, 'index.ts'),
  `// Made by scripts/kubernetes-types/families.mjs: do not edit.
${made.map(({ file }) => `import { KINDS as ${name(file)} } from './${file}.js';`).join('\n')}

/** A family of custom kinds. */
export interface PackedFamily {
  /** With the version that the schemas are of. */
  name: string;
  /** The package that they were taken from. */
  source: string;
  /** JSON, Brotli, base64. */
  kinds: string;
  /** By group and kind. */
  scopes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const FAMILIES: readonly PackedFamily[] = [
${lines.join('\n')}
];
`,
);
execFileSync('node_modules/.bin/biome', ['format', '--write', join(out, 'index.ts')], { cwd: root });
