import { posix } from 'node:path';
import { compileGlobs } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import type { TreeView } from '../inputs/tree-view.js';
import { argoRevision } from '../remotes/git-revision.js';
import type { RenderNote } from '../rendered-change.js';
import { combine, flatElement, flatten, override, sanitizeName } from './appset-parameters.js';
import { checkSelector, matchesSelector } from './appset-selector.js';
import { GenerationFailed, type TemplateRenderer } from './appset-templates.js';
import { crossingGlob } from './crossing-glob.js';
import type { GitOpsSide } from './gitops-object.js';
import { goPathMatch } from './go-path-match.js';
import { stringMap } from './kinds.js';

/** What one generator gives: sets of parameters, and the template of its own that goes before the ApplicationSet's. */
export interface Generated {
  params: JsonMap[];
  template: JsonValue;
}

const MOST_PARAMS = 10_000;
const DEEPEST = 4;
/** Generators that are evaluated here, in the order of the fields of ApplicationSetGenerator. */
const KNOWN = ['list', 'clusters', 'git', 'matrix', 'merge'] as const;
const ONLINE = ['scmProvider', 'pullRequest', 'plugin', 'clusterDecisionResource', 'oci'] as const;

/** Evaluates generators of one ApplicationSet offline (applicationset/generators). */
export class Generators {
  readonly #at: GitOpsSide;
  readonly #renderer: TemplateRenderer;
  readonly #read: Set<string>;
  /** What is to be told of the repositories that were read. */
  readonly notes = new Map<string, RenderNote>();

  /** True once parameters came of another repository. */
  foreign = false;

  /** @param read files that are read to know the parameters are added to it */
  constructor(at: GitOpsSide, renderer: TemplateRenderer, read: Set<string>) {
    this.#at = at;
    this.#renderer = renderer;
    this.#read = read;
  }

  /**
   * What each generator of one entry of `spec.generators` gives, in the order of Argo CD's type; an entry may hold
   * several (generator_spec_processor.go Transform, GetRelevantGenerators). The entry's selector holds for all.
   * @throws Unresolved for a generator that only the cluster can evaluate; GenerationFailed for one that fails there too
   */
  async generate(generator: JsonMap, depth = 0): Promise<Generated[]> {
    if (depth > DEEPEST) throw new GenerationFailed('its generators are nested too deep');
    const found = field(generator, 'selector');
    const selector = isMap(found) ? found : null;
    if (selector !== null) checkSelector(selector);
    const generated: Generated[] = [];
    for (const { params, template } of await this.#params(generator, depth)) {
      if (params.length > MOST_PARAMS) throw new GenerationFailed('its generators give too many parameters');
      const selected =
        selector === null ? params : params.filter((set) => matchesSelector(selector, flatten(set)));
      generated.push({ params: selected, template });
    }
    return generated;
  }

  /** The parameters of a generator within another, which must be one. */
  async #only(generator: JsonMap, depth: number): Promise<JsonMap[]> {
    const [only, ...others] = await this.generate(generator, depth);
    if (only === undefined || others.length > 0) {
      throw new GenerationFailed('a generator within another is not exactly one');
    }
    return only.params;
  }

  async #params(generator: JsonMap, depth: number): Promise<Generated[]> {
    const generated: Generated[] = [];
    for (const [name, spec] of Object.entries(generator)) {
      if (name === 'selector' || spec === null) continue;
      if (ONLINE.some((online) => online === name))
        throw new Unresolved(`its generator ${name} can only be evaluated in the cluster`);
      if (!KNOWN.some((known) => known === name) || !isMap(spec))
        throw new Unresolved('it has a generator that the gate does not know');
    }
    for (const name of KNOWN) {
      const spec = field(generator, name);
      if (!isMap(spec)) continue;
      generated.push({
        params: await this.#given(name, spec, depth),
        template: field(spec, 'template') ?? null,
      });
    }
    return generated;
  }

  async #given(name: (typeof KNOWN)[number], spec: JsonMap, depth: number): Promise<JsonMap[]> {
    switch (name) {
      case 'list':
        return this.#list(spec);
      case 'clusters':
        return this.#clusters(spec);
      case 'git':
        return this.#git(spec);
      case 'matrix':
        return this.#matrix(spec, depth);
      case 'merge':
        return this.#merge(spec, depth);
    }
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
    const revision = text(spec, 'revision');
    const tree = this.#at.sources.of(text(spec, 'repoURL') ?? '', revision, () => argoRevision(revision));
    // Its Applications are targets themselves: what it reads is brought before anything is rendered.
    const brought = 'bring' in tree ? await tree.bring() : null;
    this.foreign ||= 'bring' in tree && !tree.own;
    for (const note of brought?.notes ?? []) this.notes.set(note.about, note);
    const { view } = brought?.side ?? this.#at.side;
    const directories = list(spec, 'directories').filter(isMap);
    const sets =
      directories.length > 0
        ? this.#directories(spec, directories, view)
        : await this.#files(spec, view, brought === null);
    return this.#withValues(spec, sets);
  }

  #directories(spec: JsonMap, requested: readonly JsonMap[], view: TreeView): JsonMap[] {
    const matchers = requested.map((item) => ({
      exclude: field(item, 'exclude') === true,
      matches: pathMatch(text(item, 'path') ?? ''),
    }));
    const sets: JsonMap[] = [];
    for (const folder of [...view.folders()].sort()) {
      if (folder === '' || folder.split('/').some((name) => name.startsWith('.'))) continue;
      const hits = matchers.filter(({ matches }) => matches(folder));
      if (hits.length === 0 || hits.some(({ exclude }) => exclude)) continue;
      sets.push(this.#pathParams(spec, folder, null));
    }
    return sets;
  }

  /** `git ls-files -- <glob>`, in which `*` crosses folders; a file holds a mapping or a list of them. */
  async #files(spec: JsonMap, view: TreeView, own: boolean): Promise<JsonMap[]> {
    const requested = list(spec, 'files').filter(isMap);
    const globs = (exclude: boolean): string[] =>
      requested
        .filter((item) => (field(item, 'exclude') === true) === exclude)
        .map((item) => text(item, 'path') ?? '');
    const includes = gitGlobs(globs(false));
    const excludes = gitGlobs(globs(true));
    const paths = [...view.files.values()]
      .filter((file) => file.mode !== 'submodule' && includes(file.path) && !excludes(file.path))
      .map((file) => file.path)
      .sort();
    const sets: JsonMap[] = [];
    for (const path of paths) {
      if (own) this.#read.add(path);
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
    const outer = await this.#only(first, depth + 1);
    const inner = await this.#interpolated(second, outer);
    const sets: JsonMap[] = [];
    for (const [index, a] of outer.entries()) {
      const generator = inner[index];
      if (generator === undefined) continue;
      for (const b of await this.#only(generator, depth + 1)) {
        sets.push(this.#renderer.goTemplate ? override(b, a) : combine(a, b));
      }
      if (sets.length > MOST_PARAMS) throw new GenerationFailed('its generators give too many parameters');
    }
    return sets;
  }

  /**
   * The second generator of a matrix filled in with the parameters of the first (utils RenderGeneratorParams): its
   * selector stays as it is written, and so does a value that needs parameters which only its own generator has.
   */
  async #interpolated(generator: JsonMap, outer: readonly JsonMap[]): Promise<JsonMap[]> {
    const name = KNOWN.find((known) => isMap(field(generator, known, 'values')));
    const made: JsonMap[] = [];
    const groups = new Map<string, number[]>();
    for (const [index, params] of outer.entries()) {
      const values = Object.entries(valuesOf(generator, name));
      const later = values.filter(
        ([, value]) => typeof value === 'string' && this.#renderer.lacks(value, params),
      );
      const key = JSON.stringify(later.map(([value]) => value));
      groups.set(key, [...(groups.get(key) ?? []), index]);
    }
    for (const [key, indexes] of groups) {
      const later = new Set(JSON.parse(key) as string[]);
      const written = Object.entries(valuesOf(generator, name));
      const kept = Object.fromEntries(written.filter(([value]) => later.has(value)));
      const now = Object.fromEntries(written.filter(([value]) => !later.has(value)));
      const template = withValues(generator, name, now);
      const params = indexes.flatMap((index): JsonMap[] =>
        outer[index] === undefined ? [] : [outer[index]],
      );
      for (const [position, filled] of (await this.#renderer.render(template, params)).entries()) {
        const index = indexes[position];
        if (index === undefined || !isMap(filled)) continue;
        const whole = withValues(filled, name, { ...valuesOf(filled, name), ...kept });
        const selector = field(generator, 'selector');
        made[index] = selector === undefined ? whole : { ...whole, selector };
      }
    }
    return made;
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
    for (const generator of generators) sets.push(byKey(await this.#only(generator, depth + 1)));
    const merged = sets.shift() ?? new Map<string, JsonMap>();
    for (const overrides of sets) {
      for (const [key, set] of merged) {
        const found = overrides.get(key);
        if (found === undefined) continue;
        merged.set(key, this.#renderer.goTemplate ? override(set, found) : { ...set, ...found });
      }
    }
    return [...merged.values()];
  }
}

function valuesOf(generator: JsonMap, name: string | undefined): JsonMap {
  const values = name === undefined ? undefined : field(generator, name, 'values');
  return isMap(values) ? values : {};
}

function withValues(generator: JsonMap, name: string | undefined, values: JsonMap): JsonMap {
  const spec = name === undefined ? undefined : field(generator, name);
  return name === undefined || !isMap(spec) ? generator : { ...generator, [name]: { ...spec, values } };
}

function pathMatch(pattern: string): (path: string) => boolean {
  return (path) => goPathMatch(pattern, path) === true;
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
