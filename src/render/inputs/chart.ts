import type { JsonValue } from '../../contract/index.js';
import { isLfsPointer } from '../../git/index.js';
import { InputSet, Unresolved } from './input-set.js';
import { list, text } from './json-shape.js';
import type { ParsedFiles } from './parsed-files.js';
import { withoutCredentials } from './remote-reference.js';
import { joinPath, type TreeView } from './tree-view.js';

/** Where a dependency that lies elsewhere in the tree is put, as `helm dependency build` would. */
export interface LocalDependency {
  /** Folder of the dependency's chart. */
  from: string;
  /** Folder under the depending chart's `charts/`. */
  to: string;
}

/** All that a chart reads besides its values files. */
export interface ChartInputs {
  name: string;
  /** `library` charts are parts of others and cannot be installed. */
  library: boolean;
  files: InputSet;
  dependencies: readonly LocalDependency[];
  /** True when a schema of the chart refers to something outside its own file. */
  outsideSchema: boolean;
  /** True when a template asks for randomness or the time: what it gives differs from run to run. */
  random: boolean;
  /** True when a template asks whether it is an install or an upgrade. */
  phases: boolean;
  /** True when a template reads other files of the chart. */
  readsFiles: boolean;
  refusal: string | null;
}

const RANDOM =
  /\b(rand(AlphaNum|Alpha|Numeric|Ascii|Bytes|Int)|uuidv4|gen(PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|htpasswd|bcrypt|encryptAES|shuffle|now|ago|unixEpoch)\b/;
const MOST_DEPENDENCIES = 200;

/** Reads the charts of one tree; each folder once. */
export class Charts {
  readonly #view: TreeView;
  readonly #parsed: ParsedFiles;
  readonly #inputs = new Map<string, Promise<ChartInputs>>();

  constructor(view: TreeView, parsed: ParsedFiles) {
    this.#view = view;
    this.#parsed = parsed;
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
    const found: ChartInputs & { dependencies: LocalDependency[] } = {
      name: folder.slice(folder.lastIndexOf('/') + 1),
      library: false,
      files: new InputSet(this.#view),
      dependencies: [],
      outsideSchema: false,
      random: false,
      phases: false,
      readsFiles: false,
      refusal: null,
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
  async #dependencies(
    folder: string,
    placed: string,
    found: ChartInputs & { dependencies: LocalDependency[] },
    depth: number,
  ): Promise<void> {
    if (depth > 10 || found.dependencies.length > MOST_DEPENDENCIES) {
      throw new Unresolved(`the chart ${folder} has too many dependencies of its own`);
    }
    const wanted = list(await this.#chartFile(folder), 'dependencies');
    const old = joinPath(folder, 'requirements.yaml');
    const older =
      old !== null && this.#view.files.has(old)
        ? list((await this.#parsed.documents(this.#view, old))[0], 'dependencies')
        : [];
    const vendored = this.#view.children(joinPath(folder, 'charts') ?? '');
    const names = [...(vendored?.keys() ?? [])];
    for (const dependency of [...wanted, ...older]) {
      const name = text(dependency, 'name') ?? '';
      const repository = text(dependency, 'repository') ?? '';
      const local = names.some(
        (entry) => entry === name || (entry.startsWith(`${name}-`) && entry.endsWith('.tgz')),
      );
      if (local || name === '') continue;
      if (!repository.startsWith('file://')) {
        const where = repository === '' ? 'no repository' : withoutCredentials(repository);
        throw new Unresolved(
          `the chart ${folder} depends on ${name} of ${where}, which is not in the repository`,
        );
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

  /** Looks into the files for what decides how the chart must be rendered. */
  async #contents(found: ChartInputs): Promise<void> {
    for (const file of found.files.files.values()) {
      if (file.mode === 'symlink') continue;
      const schema = file.path.endsWith('values.schema.json');
      const template = /\.(tpl|ya?ml|txt|json)$/.test(file.path) && file.path.includes('templates/');
      // `tpl` runs what stands in values, so they are looked at as well.
      if (!schema && !template && !/\.ya?ml$/.test(file.path)) continue;
      const bytes = await this.#view.read(file.path);
      if (isLfsPointer(bytes))
        throw new Unresolved(`${file.path} is a Git LFS pointer: its content is not here`);
      const content = bytes.toString('utf8');
      if (
        schema &&
        /"\$(ref|id|dynamicRef|schema)"\s*:\s*"(?!#|https?:\/\/json-schema\.org\/)/.test(content)
      ) {
        found.outsideSchema = true;
      }
      if (template && asksForRandomness(content)) found.random = true;
      if (template && /\bIs(Install|Upgrade)\b/.test(content)) found.phases = true;
      if (/\bFiles\b/.test(content)) found.readsFiles = true;
    }
    // What a packed dependency asks for is not looked into: two renders tell.
    for (const path of found.files.files.keys()) {
      if (path.endsWith('.tgz')) found.random = found.phases = true;
    }
  }
}

/** True when a function whose result differs from run to run stands in one of the template's actions. */
function asksForRandomness(template: string): boolean {
  return template
    .split('{{')
    .slice(1)
    .some((rest) => {
      const end = rest.indexOf('}}');
      return RANDOM.test(end < 0 ? rest : rest.slice(0, end));
    });
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
