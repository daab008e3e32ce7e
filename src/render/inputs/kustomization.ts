import type { JsonValue } from '../../contract/index.js';
import type { RemoteReference } from '../remotes/remotes.js';
import type { InflatedChart } from './inflated-charts.js';
import { InputSet, TooLarge, Unresolved } from './input-set.js';
import { text } from './json-shape.js';
import { KUSTOMIZATION_FILES, kustomizationFile } from './kustomization-file.js';
import {
  type Analysis,
  type Found,
  KustomizationReader,
  type KustomizationRights,
} from './kustomization-reader.js';
import type { ParsedFiles } from './parsed-files.js';
import type { TreeView } from './tree-view.js';

/** Everything a kustomization reads, with what it includes. */
export interface KustomizationInputs {
  /** True for `kind: Component`, which is no target by itself. */
  component: boolean;
  files: InputSet;
  /** Of the files those that it only looks into: texts of generators, configuration, patches. */
  looked: ReadonlySet<string>;
  /** Folders of all kustomizations it includes, itself left out. */
  includes: ReadonlySet<string>;
  /** What is put in the place of files that ask for decryption. */
  standIns: ReadonlyMap<string, Buffer>;
  /** By folder what its kustomization names that is elsewhere and may be fetched. */
  remotes: ReadonlyMap<string, readonly RemoteReference[]>;
  /** By folder the Helm charts that its kustomization inflates. */
  charts: ReadonlyMap<string, readonly InflatedChart[]>;
  refusal: string | null;
  /** True where the refusal is a limit of the gate's own. */
  limited: boolean;
}

/** Reads kustomizations of one tree and what they lead to; each folder once. */
export class Kustomizations {
  readonly #view: TreeView;
  readonly #parsed: ParsedFiles;
  readonly #rights: KustomizationRights;
  readonly #analyses = new Map<string, Promise<Analysis>>();
  readonly #inputs = new Map<string, Promise<KustomizationInputs>>();

  constructor(
    view: TreeView,
    parsed: ParsedFiles,
    rights: KustomizationRights = { admit: null, inflate: null },
  ) {
    this.#view = view;
    this.#parsed = parsed;
    this.#rights = rights;
  }

  /** The inputs of the kustomization in a folder; never throws: what cannot be read is a refusal. */
  inputs(folder: string): Promise<KustomizationInputs> {
    const known = this.#inputs.get(folder);
    if (known !== undefined) return known;
    const made = this.#collect(folder);
    this.#inputs.set(folder, made);
    return made;
  }

  /** The inputs of a kustomization that the gate wrote itself (edited or generated), as if it were in that folder. */
  async inputsOf(folder: string, kustomization: JsonValue): Promise<KustomizationInputs> {
    const found = this.#nothing();
    try {
      await this.#reader(folder, found).read(kustomization);
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      found.refusal = error.message;
      found.limited = error instanceof TooLarge;
    }
    return this.#collect(folder, found);
  }

  async #collect(folder: string, written: Analysis | null = null): Promise<KustomizationInputs> {
    const root = written ?? (await this.#analysis(folder));
    const files = new InputSet(this.#view);
    const given = new Set<string>();
    const includes = new Set<string>();
    const standIns = new Map<string, Buffer>();
    const remotes = new Map<string, readonly RemoteReference[]>();
    const charts = new Map<string, readonly InflatedChart[]>();
    let refusal: string | null = null;
    let limited = false;
    const pending = [folder];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const analysis = next === folder ? root : await this.#analysis(next);
      files.addAll(analysis.files.files.values());
      for (const path of analysis.given) given.add(path);
      for (const [path, bytes] of analysis.standIns) standIns.set(path, bytes);
      if (analysis.remotes.length > 0) remotes.set(next, analysis.remotes);
      if (analysis.charts.length > 0) charts.set(next, analysis.charts);
      // What nobody could look at outweighs what an approval may accept.
      if (refusal === null || (analysis.limited && !limited)) refusal = analysis.refusal ?? refusal;
      limited ||= analysis.limited;
      for (const included of analysis.folders) {
        if (included === folder || includes.has(included)) continue;
        includes.add(included);
        pending.push(included);
      }
    }
    const looked = new Set([...files.files.keys()].filter((path) => !given.has(path)));
    return {
      component: root.component,
      files,
      looked,
      includes,
      standIns,
      remotes,
      charts,
      refusal,
      limited,
    };
  }

  #analysis(folder: string): Promise<Analysis> {
    const known = this.#analyses.get(folder);
    if (known !== undefined) return known;
    const made = this.#analyse(folder);
    this.#analyses.set(folder, made);
    return made;
  }

  async #analyse(folder: string): Promise<Analysis> {
    const found = this.#nothing();
    try {
      for (const name of KUSTOMIZATION_FILES) found.files.add(folder, name);
      for (const path of found.files.files.keys()) found.given.add(path);
      const path = kustomizationFile(this.#view, folder);
      if (path === null) return found;
      const real = this.#view.resolve('', path);
      if (real.kind !== 'file') throw new Unresolved(`${path} is a symlink that leads to no file`);
      const [document] = await this.#parsed.documents(this.#view, real.path);
      if (document !== undefined) {
        found.component = text(document, 'kind') === 'Component';
        await this.#reader(folder, found).read(document);
      }
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      found.refusal = error.message;
      found.limited = error instanceof TooLarge;
    }
    return found;
  }

  #nothing(): Found {
    return {
      component: false,
      files: new InputSet(this.#view),
      given: new Set(),
      folders: [],
      standIns: new Map(),
      remotes: [],
      charts: [],
      refusal: null,
      limited: false,
    };
  }

  #reader(folder: string, found: Found): KustomizationReader {
    return new KustomizationReader(this.#view, this.#parsed, this.#rights, folder, found);
  }
}
