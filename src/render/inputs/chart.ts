import { GateError, type JsonValue } from '../../contract/index.js';
import { isLfsPointer } from '../../git/index.js';
import type { ChartReference, RemoteChart } from '../remotes/remote-charts.js';
import { type WantedDependency, wantedDependencies } from './chart-dependencies.js';
import { InputSet, TooLarge, Unresolved } from './input-set.js';
import { text } from './json-shape.js';
import type { ParsedFiles } from './parsed-files.js';
import { withoutCredentials } from './remote-reference.js';
import { addTraits, isTemplate, outsideSchemaIn, type TemplateTraits } from './template-traits.js';
import { joinPath, type TreeView } from './tree-view.js';

/** Where a dependency that lies elsewhere in the tree is put, as `helm dependency build` would. */
export interface LocalDependency {
  /** Folder of the dependency's chart. */
  from: string;
  /** Folder under the depending chart's `charts/`. */
  to: string;
}

/** A dependency that is fetched, and where `helm dependency build` would put it. */
export interface RemoteDependency {
  chart: RemoteChart;
  name: string;
  /** The depending chart's `charts/` folder. */
  folder: string;
}

/** A chart of elsewhere, where it may be fetched. @throws Unresolved when not */
export type AdmitChart = (reference: ChartReference) => RemoteChart;

/** All that a chart reads besides its values files, and what its templates ask for. */
export interface ChartInputs extends TemplateTraits {
  name: string;
  /** `library` charts are parts of others and cannot be installed. */
  library: boolean;
  files: InputSet;
  dependencies: readonly LocalDependency[];
  remoteDependencies: readonly RemoteDependency[];
  /** Why `helm dependency build` would refuse to bring what is missing, or null. */
  lockProblem: string | null;
  /** True when a schema of the chart refers to something outside its own file. */
  outsideSchema: boolean;
  refusal: string | null;
  /** True where the refusal is a limit of the gate's own. */
  limited: boolean;
}

/** Inputs that are being collected. */
interface Found extends ChartInputs {
  dependencies: LocalDependency[];
  remoteDependencies: RemoteDependency[];
}

const MOST_DEPENDENCIES = 200;

/** Reads the charts of one tree; each folder once. */
export class Charts {
  readonly #view: TreeView;
  readonly #parsed: ParsedFiles;
  readonly #admit: AdmitChart | null;
  readonly #inputs = new Map<string, Promise<ChartInputs>>();

  /** @param admit null where nothing is fetched */
  constructor(view: TreeView, parsed: ParsedFiles, admit: AdmitChart | null = null) {
    this.#view = view;
    this.#parsed = parsed;
    this.#admit = admit;
  }

  /** The inputs of the chart in a folder; never throws: what cannot be read is a refusal. */
  inputs(folder: string): Promise<ChartInputs> {
    const known = this.#inputs.get(folder);
    if (known !== undefined) return known;
    const made = this.#collect(folder);
    this.#inputs.set(folder, made);
    return made;
  }

  async #collect(folder: string): Promise<ChartInputs> {
    const found: Found = {
      name: folder.slice(folder.lastIndexOf('/') + 1),
      library: false,
      files: new InputSet(this.#view),
      dependencies: [],
      remoteDependencies: [],
      lockProblem: null,
      outsideSchema: false,
      random: false,
      phases: false,
      readsFiles: false,
      lookup: false,
      refusal: null,
      limited: false,
    };
    try {
      found.files.addFolder(folder);
      const chart = await this.#chartFile(folder);
      const name = text(chart, 'name');
      if (name !== null && name !== '') found.name = name;
      found.library = text(chart, 'type') === 'library';
      await this.#dependencies(folder, folder, found, 0);
      await this.#contents(found);
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      found.refusal = error.message;
      found.limited = error instanceof TooLarge;
    }
    return found;
  }

  async #chartFile(folder: string): Promise<JsonValue> {
    const path = joinPath(folder, 'Chart.yaml') ?? 'Chart.yaml';
    const real = this.#view.resolve('', path);
    if (real.kind !== 'file') throw new Unresolved(`${path} is not a file`);
    return (await this.#parsed.documents(this.#view, real.path))[0] ?? null;
  }

  /** Finds what Chart.yaml (or requirements.yaml of Helm 2) wants and charts/ does not hold. */
  async #dependencies(folder: string, placed: string, found: Found, depth: number): Promise<void> {
    if (depth > 10 || found.dependencies.length + found.remoteDependencies.length > MOST_DEPENDENCIES) {
      throw new Unresolved(`the chart ${folder} has too many dependencies of its own`);
    }
    const chart = await this.#chartFile(folder);
    const old = await this.#beside(folder, 'requirements.yaml');
    const lock =
      (await this.#beside(folder, 'Chart.lock')) ?? (await this.#beside(folder, 'requirements.lock'));
    const { wanted, lockProblem } = wantedDependencies(chart, old ?? null, lock);
    const vendored = this.#view.children(joinPath(folder, 'charts') ?? '');
    const names = [...(vendored?.keys() ?? [])];
    for (const dependency of wanted) {
      const { name, repository } = dependency;
      const local = names.some(
        (entry) => entry === name || (entry.startsWith(`${name}-`) && entry.endsWith('.tgz')),
      );
      if (local || name === '') continue;
      found.lockProblem ??= lockProblem;
      if (!repository.startsWith('file://')) {
        found.remoteDependencies.push(this.#remote(folder, placed, dependency));
        continue;
      }
      const resolved = this.#view.resolve(folder, repository.slice('file://'.length));
      if (resolved.kind !== 'folder') {
        throw new Unresolved(
          `the chart ${folder} depends on ${withoutCredentials(repository)}, which is not in the repository`,
        );
      }
      const to = `${placed}/charts/${name}`;
      found.files.addFolder(resolved.path);
      found.dependencies.push({ from: resolved.path, to });
      await this.#dependencies(resolved.path, to, found, depth + 1);
    }
  }

  /** A file of the chart as YAML; undefined where there is none. */
  async #beside(folder: string, name: string): Promise<JsonValue | undefined> {
    const path = joinPath(folder, name);
    if (path === null || !this.#view.files.has(path)) return undefined;
    const real = this.#view.resolve('', path);
    if (real.kind !== 'file') throw new Unresolved(`${path} is not a file`);
    return (await this.#parsed.documents(this.#view, real.path))[0] ?? null;
  }

  #remote(folder: string, placed: string, { name, version, repository }: WantedDependency): RemoteDependency {
    const where = repository === '' ? 'no repository' : withoutCredentials(repository);
    const missing = `the chart ${folder} depends on ${name} of ${where}`;
    if (!/^(https?|oci):\/\//.test(repository)) {
      throw new Unresolved(
        `${missing}, which is not in the repository${repository === '' ? '' : ': name its URL, or vendor it'}`,
      );
    }
    if (!/^[\w.-]+$/.test(name)) throw new Unresolved(`the chart ${folder} depends on a chart of no name`);
    if (this.#admit === null) throw new Unresolved(`${missing}, which is not in the repository`);
    const reference = repository.startsWith('oci://')
      ? { url: `${repository.replace(/\/+$/, '')}/${name}`, chart: '', version }
      : { url: repository, chart: name, version };
    return { chart: this.#admit(reference), name, folder: `${placed}/charts` };
  }

  async #read(path: string): Promise<Buffer> {
    try {
      return await this.#view.read(path);
    } catch (error) {
      if (error instanceof GateError && error.code === 'limit') throw new TooLarge(error.message);
      throw error;
    }
  }

  /** Looks into the files for what decides how the chart must be rendered. */
  async #contents(found: Found): Promise<void> {
    for (const file of found.files.files.values()) {
      if (file.mode === 'symlink') continue;
      const schema = file.path.endsWith('values.schema.json');
      // `tpl` runs what stands in values, so they are looked at as well.
      if (!schema && !isTemplate(file.path) && !/\.ya?ml$/.test(file.path)) continue;
      const bytes = await this.#read(file.path);
      if (isLfsPointer(bytes))
        throw new Unresolved(`${file.path} is a Git LFS pointer: its content is not here`);
      const content = bytes.toString('utf8');
      if (schema && outsideSchemaIn(content)) found.outsideSchema = true;
      addTraits(found, file.path, content);
    }
    // What a packed dependency asks for is not looked into: two renders tell.
    const packed = [...found.files.files.keys()].some((path) => path.endsWith('.tgz'));
    if (packed || found.remoteDependencies.length > 0) found.random = found.phases = true;
  }
}

/** True for a file of a chart that is rendered to objects, or applied as it stands. */
export function isChartManifest(path: string): boolean {
  return /(^|\/)(templates|crds)\//.test(path) || path.endsWith('.tgz');
}

/** Values files beside a chart: those that people choose between (`values-prod.yaml`, `prod.values.yaml`). */
export function valuesFiles(view: TreeView, folder: string): string[] {
  const names = [...(view.children(folder) ?? [])]
    .filter(([name, kind]) => (kind === 'file' || kind === 'link') && isValuesFile(name))
    .map(([name]) => (folder === '' ? name : `${folder}/${name}`));
  return names.sort();
}

/** True for `values.yaml` and its like: not a manifest, whatever folder it is in. */
export function isValuesFile(name: string): boolean {
  return /^(values([._-].*)?|.*[._-]values)\.ya?ml$/.test(name);
}
