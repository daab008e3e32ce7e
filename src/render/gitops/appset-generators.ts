import { posix } from 'node:path';
import { compileGlobs } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { GenerationFailed, type TemplateRenderer } from './appset-templates.js';
import { crossingGlob } from './crossing-glob.js';
import type { GitOpsSide } from './gitops-object.js';
import { stringMap } from './kinds.js';

/** What one generator gives: sets of parameters, and the template of its own that goes before the ApplicationSet's. */
export interface Generated {
  params: JsonMap[];
  template: JsonValue;
}

const MOST_PARAMS = 10_000;
const DEEPEST = 4;
const ONLINE = ['scmProvider', 'pullRequest', 'plugin', 'clusterDecisionResource', 'oci'] as const;

/** Evaluates generators of one ApplicationSet offline (applicationset/generators). */
export class Generators {
  readonly #at: GitOpsSide;
  readonly #renderer: TemplateRenderer;
  /** Files that were read to know the parameters. */
  readonly inputs = new Set<string>();

  constructor(at: GitOpsSide, renderer: TemplateRenderer) {
    this.#at = at;
    this.#renderer = renderer;
  }

  /**
   * The parameters of one entry of `spec.generators` (generator_spec_processor.go Transform), its selector applied.
   * @throws Unresolved for a generator that only the cluster can evaluate; GenerationFailed for one that fails there too
   */
  async generate(generator: JsonMap, depth = 0): Promise<Generated> {
    if (depth > DEEPEST) throw new GenerationFailed('its generators are nested too deep');
    const { params, template } = await this.#params(generator, depth);
    if (params.length > MOST_PARAMS) throw new GenerationFailed('its generators give too many parameters');
    const selector = field(generator, 'selector');
    const selected = isMap(selector)
      ? params.filter((set) => matchesSelector(selector, flatten(set)))
      : params;
    return { params: selected, template };
  }

  async #params(generator: JsonMap, depth: number): Promise<Generated> {
    const online = ONLINE.find((name) => isMap(field(generator, name)));
    if (online !== undefined)
      throw new Unresolved(`its generator ${online} can only be evaluated in the cluster`);
    const made = async (
      name: string,
      params: (spec: JsonMap) => Promise<JsonMap[]>,
    ): Promise<Generated | null> => {
      const spec = field(generator, name);
      return isMap(spec) ? { params: await params(spec), template: field(spec, 'template') ?? null } : null;
    };
    const found =
      (await made('list', (spec) => Promise.resolve(this.#list(spec)))) ??
      (await made('clusters', (spec) => this.#clusters(spec))) ??
      (await made('git', (spec) => this.#git(spec))) ??
      (await made('matrix', (spec) => this.#matrix(spec, depth))) ??
      (await made('merge', (spec) => this.#merge(spec, depth)));
    if (found === null) throw new Unresolved('it has a generator that the gate does not know');
    return found;
  }

  #list(spec: JsonMap): JsonMap[] {
    const elements = list(spec, 'elements').filter(isMap);
    const written = text(spec, 'elementsYaml') ?? '';
    const { documents, problems } = loadYaml(Buffer.from(written), '');
    const more = documents[0]?.value ?? [];
    if (!Array.isArray(more) || problems.some((problem) => problem.fatal))
      throw new GenerationFailed('elementsYaml is no list');
    const own = this.#renderer.goTemplate ? elements : elements.map(flatElement);
    return [...own, ...more.filter(isMap)];
  }

  async #clusters(spec: JsonMap): Promise<JsonMap[]> {
    const { clusters } = this.#at.side.context.config.diff;
    if (clusters.length === 0) {
      throw new Unresolved('its clusters generator needs the clusters declared as `diff.clusters`');
    }
    const found = field(spec, 'selector');
    const selector = isMap(found) ? found : {};
    const selects =
      list(selector, 'matchExpressions').length > 0 || stringMap(selector, 'matchLabels').size > 0;
    const sets: JsonMap[] = [];
    for (const cluster of clusters) {
      const labels = { ...cluster.labels, 'argocd.argoproj.io/secret-type': 'cluster' };
      if (!matchesSelector(selector, new Map(Object.entries(labels)))) continue;
      const params: JsonMap = {
        name: cluster.name,
        nameNormalized: sanitizeName(cluster.name),
        server: cluster.server ?? '',
        project: '',
      };
      if (this.#renderer.goTemplate) params.metadata = { labels };
      else for (const [key, value] of Object.entries(labels)) params[`metadata.labels.${key}`] = value;
      sets.push(params);
    }
    const local = clusters.some(
      (cluster) => cluster.name === 'in-cluster' || cluster.server === 'https://kubernetes.default.svc',
    );
    if (!selects && !local) {
      const name = 'in-cluster';
      sets.push({ name, nameNormalized: name, server: 'https://kubernetes.default.svc', project: '' });
    }
    const params = await this.#withValues(spec, sets);
    return field(spec, 'flatList') === true ? [{ clusters: params }] : params;
  }

  async #git(spec: JsonMap): Promise<JsonMap[]> {
    const url = text(spec, 'repoURL') ?? '';
    const revision = text(spec, 'revision');
    if (!this.#at.repository.has(url)) {
      throw new Unresolved(`its git generator reads ${withoutCredentials(url)}, which is another repository`);
    }
    if (!this.#at.repository.follows(revision)) {
      throw new Unresolved(`its git generator follows ${revision ?? ''}, not the branch that is judged`);
    }
    const directories = list(spec, 'directories').filter(isMap);
    const sets = directories.length > 0 ? this.#directories(spec, directories) : await this.#files(spec);
    return this.#withValues(spec, sets);
  }

  #directories(spec: JsonMap, requested: readonly JsonMap[]): JsonMap[] {
    const matchers = requested.map((item) => ({
      exclude: field(item, 'exclude') === true,
      matches: pathMatch(text(item, 'path') ?? ''),
    }));
    const sets: JsonMap[] = [];
    for (const folder of [...this.#at.side.view.folders()].sort()) {
      if (folder === '' || folder.split('/').some((name) => name.startsWith('.'))) continue;
      const hits = matchers.filter(({ matches }) => matches(folder));
      if (hits.length === 0 || hits.some(({ exclude }) => exclude)) continue;
      sets.push(this.#pathParams(spec, folder, null));
    }
    return sets;
  }

  /** `git ls-files -- <glob>`, in which `*` crosses folders; a file holds a mapping or a list of them. */
  async #files(spec: JsonMap): Promise<JsonMap[]> {
    const requested = list(spec, 'files').filter(isMap);
    const globs = (exclude: boolean): string[] =>
      requested
        .filter((item) => (field(item, 'exclude') === true) === exclude)
        .map((item) => text(item, 'path') ?? '');
    const includes = gitGlobs(globs(false));
    const excludes = gitGlobs(globs(true));
    const { view } = this.#at.side;
    const paths = [...view.files.values()]
      .filter((file) => file.mode !== 'submodule' && includes(file.path) && !excludes(file.path))
      .map((file) => file.path)
      .sort();
    const sets: JsonMap[] = [];
    for (const path of paths) {
      this.inputs.add(path);
      const real = view.resolve('', path);
      if (real.kind !== 'file') throw new GenerationFailed(`${path} cannot be read`);
      const { documents, problems } = loadYaml(await view.read(real.path), path);
      if (problems.some((problem) => problem.fatal))
        throw new GenerationFailed(`${path} cannot be read as YAML`);
      const value = documents[0]?.value ?? {};
      for (const item of Array.isArray(value) ? value : [value]) {
        if (!isMap(item)) throw new GenerationFailed(`${path} holds no parameters`);
        const own = this.#renderer.goTemplate ? item : Object.fromEntries(flatten(item));
        sets.push({ ...own, ...this.#pathParams(spec, posix.dirname(path), posix.basename(path)) });
      }
    }
    return sets;
  }

  #pathParams(spec: JsonMap, folder: string, filename: string | null): JsonMap {
    const prefix = text(spec, 'pathParamPrefix') ?? '';
    const parts: [string, JsonValue][] = [
      ['basename', posix.basename(folder)],
      ['basenameNormalized', sanitizeName(posix.basename(folder))],
    ];
    if (filename !== null) parts.push(['filename', filename], ['filenameNormalized', sanitizeName(filename)]);
    const segments = folder.split('/');
    if (this.#renderer.goTemplate) {
      const path = { path: folder, segments, ...Object.fromEntries(parts) };
      return prefix === '' ? { path } : { [prefix]: { path } };
    }
    const name = prefix === '' ? 'path' : `${prefix}.path`;
    return Object.fromEntries([
      [name, folder],
      ...parts.map(([key, value]) => [`${name}.${key}`, value] as const),
      ...segments.map((segment, index) => [`${name}[${index}]`, segment] as const),
    ]);
  }

  /** `values`, filled in with the generator's own parameters only (value_interpolation.go). */
  async #withValues(spec: JsonMap, sets: readonly JsonMap[]): Promise<JsonMap[]> {
    const values = field(spec, 'values');
    if (!isMap(values)) return [...sets];
    const rendered = await this.#renderer.render(values, sets);
    return sets.map((params, index) => {
      const own = rendered[index];
      if (!isMap(own)) return params;
      if (this.#renderer.goTemplate) return { ...params, values: own };
      const flat = Object.entries(own).map(([key, value]) => [`values.${key}`, value] as const);
      return { ...params, ...Object.fromEntries(flat) };
    });
  }

  async #matrix(spec: JsonMap, depth: number): Promise<JsonMap[]> {
    const [first, second, third] = list(spec, 'generators').filter(isMap);
    if (first === undefined || second === undefined || third !== undefined) {
      throw new GenerationFailed('a matrix generator needs two generators');
    }
    const outer = (await this.generate(first, depth + 1)).params;
    const inner = await this.#renderer.render(second, outer);
    const sets: JsonMap[] = [];
    for (const [index, a] of outer.entries()) {
      const generator = inner[index];
      if (!isMap(generator)) continue;
      for (const b of (await this.generate(generator, depth + 1)).params) {
        sets.push(this.#renderer.goTemplate ? deepMerge(b, a) : combine(a, b));
      }
      if (sets.length > MOST_PARAMS) throw new GenerationFailed('its generators give too many parameters');
    }
    return sets;
  }

  async #merge(spec: JsonMap, depth: number): Promise<JsonMap[]> {
    const keys = strings(spec, 'mergeKeys');
    const generators = list(spec, 'generators').filter(isMap);
    if (keys.length === 0 || generators.length < 2) {
      throw new GenerationFailed('a merge generator needs merge keys and two generators');
    }
    const byKey = (sets: readonly JsonMap[]): Map<string, JsonMap> => {
      const found = new Map<string, JsonMap>();
      for (const set of sets) {
        const key = JSON.stringify(keys.map((name) => field(set, name) ?? null));
        if (found.has(key)) throw new GenerationFailed('the merge keys of a generator are not unique');
        found.set(key, set);
      }
      return found;
    };
    const sets: Map<string, JsonMap>[] = [];
    for (const generator of generators) sets.push(byKey((await this.generate(generator, depth + 1)).params));
    const merged = sets.shift() ?? new Map<string, JsonMap>();
    for (const overrides of sets) {
      for (const [key, set] of merged) {
        const override = overrides.get(key);
        if (override === undefined) continue;
        merged.set(key, this.#renderer.goTemplate ? deepMerge(set, override) : { ...set, ...override });
      }
    }
    return [...merged.values()];
  }
}

/** `metadata.name` made fit for a name (applicationset/utils SanitizeName). */
export function sanitizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** A list element in fasttemplate mode: strings, and `values` of strings. */
function flatElement(element: JsonMap): JsonMap {
  const flat: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(element)) {
    if (typeof value === 'string') flat.push([key, value]);
    else if (key === 'values' && isMap(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (typeof item !== 'string')
          throw new GenerationFailed(`the value ${name} of a list element is no string`);
        flat.push([`values.${name}`, item]);
      }
    } else throw new GenerationFailed(`${key} of a list element is no string`);
  }
  return Object.fromEntries(flat);
}

/** Nested values as one level with dotted keys, everything as text. */
function flatten(value: JsonMap): Map<string, string> {
  const flat = new Map<string, string>();
  const walk = (at: JsonValue, name: string): void => {
    if (isMap(at))
      for (const [key, item] of Object.entries(at)) walk(item, name === '' ? key : `${name}.${key}`);
    else if (Array.isArray(at)) for (const [index, item] of at.entries()) walk(item, `${name}.${index}`);
    else flat.set(name, at === null ? '<nil>' : String(at));
  };
  walk(value, '');
  return flat;
}

/** Two sets of flat strings; the same key with two values is an error (utils.CombineStringMaps). */
function combine(a: JsonMap, b: JsonMap): JsonMap {
  for (const [key, value] of Object.entries(b)) {
    if (Object.hasOwn(a, key) && a[key] !== value) {
      throw new GenerationFailed(`both generators of a matrix set ${key}`);
    }
  }
  return { ...a, ...b };
}

/** mergo.Merge with override: mappings deeply, and what is empty overrides nothing. */
export function deepMerge(base: JsonMap, over: JsonMap): JsonMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    if (isMap(old) && isMap(value)) merged.set(key, deepMerge(old, value));
    else if (old === undefined || !isEmpty(value)) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

/** A label selector over flat values (Argo CD's own, which allows any characters in values). */
function matchesSelector(selector: JsonMap, values: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of stringMap(selector, 'matchLabels')) if (values.get(key) !== value) return false;
  return list(selector, 'matchExpressions').every((expression) => {
    const value = values.get(text(expression, 'key') ?? '');
    const wanted = strings(expression, 'values');
    switch (text(expression, 'operator')) {
      case 'In':
        return value !== undefined && wanted.includes(value);
      case 'NotIn':
        return value === undefined || !wanted.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        throw new GenerationFailed('a selector has an operator that does not exist');
    }
  });
}

/** Go's path.Match: `*` and `?` do not cross a slash. */
function pathMatch(pattern: string): (path: string) => boolean {
  return compileGlobs([pattern.replace(/\*{2,}/g, '*').replace(/[{}]/g, '\\$&')]);
}

/** git's pathspecs: `*` crosses slashes, braces are nothing special, a folder stands for what is in it. */
function gitGlobs(patterns: readonly string[]): (path: string) => boolean {
  return compileGlobs(
    patterns.flatMap((pattern) => {
      const crossing = crossingGlob(pattern.replace(/[{}]/g, '\\$&'));
      return /[*?[]/.test(pattern) ? [crossing] : [crossing, `${crossing}/**`];
    }),
  );
}
