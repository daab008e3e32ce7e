import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { gitAddress } from '../remotes/git-address.js';
import type { RemoteReference } from '../remotes/remotes.js';
import type { AdmitChart } from './chart.js';
import { type InflatedChart, inflatedCharts } from './inflated-charts.js';
import { InputSet, TooLarge, Unresolved } from './input-set.js';
import { everyString, field, isMap, list, strings, text } from './json-shape.js';
import { addKsopsFiles, isKsops, ksopsStandIns } from './ksops.js';
import type { ParsedFiles } from './parsed-files.js';
import { isRemoteReference, withoutCredentials } from './remote-reference.js';
import type { TreeView } from './tree-view.js';

/** Names under which kustomize finds a kustomization, in its order (api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** The kustomization file of a folder, or null. A folder with two is left to kustomize, which refuses it. */
export function kustomizationFile(view: TreeView, folder: string): string | null {
  const children = view.children(folder);
  if (children === null) return null;
  const name = KUSTOMIZATION_FILES.find((candidate) => {
    const kind = children.get(candidate);
    return kind === 'file' || kind === 'link';
  });
  if (name === undefined) return null;
  return folder === '' ? name : `${folder}/${name}`;
}

/** What one kustomization says of others, before it is known whether they can be rendered. */
interface Analysis {
  component: boolean;
  files: InputSet;
  /** Folders with kustomizations that this one includes. */
  folders: readonly string[];
  /** Files that are replaced in a render, by path: generators that decrypt. */
  standIns: ReadonlyMap<string, Buffer>;
  /** What it names that is elsewhere and may be fetched. */
  remotes: readonly RemoteReference[];
  /** Helm charts that it inflates. */
  charts: readonly InflatedChart[];
  /** Why it cannot be rendered offline, or null. */
  refusal: string | null;
  /** True where the refusal is a limit of the gate's own. */
  limited: boolean;
}

/** Everything a kustomization reads, with what it includes. */
export interface KustomizationInputs {
  /** True for `kind: Component`, which is no target by itself. */
  component: boolean;
  files: InputSet;
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

/** What a tree's kustomizations may do. */
export interface KustomizationRights {
  /** Whether what is elsewhere may be fetched; null where nothing is. */
  admit: AdmitRemote | null;
  /** Charts of `helmCharts` that are elsewhere; null where kustomize is not given --enable-helm. */
  inflate: { admitChart: AdmitChart | null } | null;
}

/** Says whether what a kustomization names elsewhere may be fetched. @throws Unresolved when not */
export type AdmitRemote = (reference: RemoteReference) => void;

/** Fields whose entries are a file, a folder with a kustomization, or a URL. */
const FILE_OR_FOLDER = ['resources', 'bases', 'components'] as const;
/** Fields whose entries are a file, a folder, or a whole document written in place. */
const CONFIGURED = ['generators', 'transformers', 'validators'] as const;
/** Fields whose entries are files (patchesStrategicMerge: or patches written in place). */
const FILES = ['crds', 'configurations', 'patchesStrategicMerge'] as const;
/** Fields whose entries name a file as `path`. */
const WITH_PATH = ['patches', 'patchesJson6902', 'replacements'] as const;

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

  async #collect(folder: string, given: Analysis | null = null): Promise<KustomizationInputs> {
    const root = given ?? (await this.#analysis(folder));
    const files = new InputSet(this.#view);
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
    return { component: root.component, files, includes, standIns, remotes, charts, refusal, limited };
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

/** An analysis that is being made. */
interface Found extends Analysis {
  folders: string[];
  standIns: Map<string, Buffer>;
  remotes: RemoteReference[];
  charts: InflatedChart[];
}

/** Walks the fields of one kustomization that name files, folders or things elsewhere. */
class KustomizationReader {
  constructor(
    private readonly view: TreeView,
    private readonly parsed: ParsedFiles,
    private readonly rights: KustomizationRights,
    private readonly folder: string,
    private readonly found: Found,
  ) {}

  private get files(): InputSet {
    return this.found.files;
  }

  async read(kustomization: JsonValue): Promise<void> {
    for (const name of FILE_OR_FOLDER) {
      const kind = name === 'components' ? 'folder' : 'resource';
      for (const entry of strings(kustomization, name)) this.#fileOrFolder(entry, kind);
    }
    for (const name of CONFIGURED) {
      for (const entry of strings(kustomization, name)) await this.#configured(entry);
    }
    for (const name of FILES) for (const entry of strings(kustomization, name)) this.#file(entry);
    for (const name of WITH_PATH) {
      for (const entry of list(kustomization, name)) {
        const path = text(entry, 'path');
        if (path !== null) this.#file(path);
      }
    }
    const schema = text(kustomization, 'openapi', 'path');
    if (schema !== null) this.#file(schema);
    for (const name of ['configMapGenerator', 'secretGenerator']) {
      for (const generator of list(kustomization, name)) this.#generator(generator);
    }
    this.#charts(kustomization);
  }

  #charts(kustomization: JsonValue): void {
    const { inflate } = this.rights;
    for (const { name, folder, values, pull } of inflatedCharts(
      kustomization,
      this.folder,
      inflate,
      this.#name(),
    )) {
      const found = this.view.resolve('', folder);
      if (found.kind === 'folder') this.files.addFolder(found.path);
      this.found.charts.push({ name, folder, remote: found.kind === 'folder' ? null : pull() });
      for (const path of values) this.#file(path);
    }
  }

  /** In kustomize's order: a URL, a file, a git repository, a folder (accumulateResources, FileLoader.New). */
  #fileOrFolder(entry: string, kind: 'resource' | 'folder'): void {
    const url = isUrl(entry);
    const local = url ? null : this.view.resolve(this.folder, entry).kind;
    if (url || (local !== 'file' && gitAddress(entry) !== null)) {
      this.#remote({ entry, kind });
      return;
    }
    const found = this.files.add(this.folder, entry);
    if (found.kind === 'folder') this.found.folders.push(found.path);
    else if (found.kind === 'missing') this.#refuseRemote(entry);
  }

  #file(entry: string): void {
    // Patches may be written in place: a path never holds a line break.
    if (entry.includes('\n')) return;
    if (isUrl(entry)) this.#remote({ entry, kind: 'file' });
    else if (this.files.add(this.folder, entry).kind === 'missing') this.#refuseRemote(entry);
  }

  #remote(reference: RemoteReference): void {
    const { admit } = this.rights;
    if (admit === null) this.#refuseRemote(reference.entry, true);
    else admit(reference);
    this.found.remotes.push(reference);
  }

  #refuseRemote(entry: string, certain = false): void {
    if (entry.includes('\n') || !(certain || isRemoteReference(entry))) return;
    throw new Unresolved(
      `${this.#name()} reads ${withoutCredentials(entry)}, which is not in the repository`,
    );
  }

  #generator(generator: JsonValue): void {
    const env = text(generator, 'env');
    for (const path of [...(env === null ? [] : [env]), ...strings(generator, 'envs')]) this.#file(path);
    for (const entry of strings(generator, 'files')) {
      const equals = entry.indexOf('=');
      this.#file(equals < 0 ? entry : entry.slice(equals + 1));
    }
  }

  /** A generator, transformer or validator: a file, a folder of them, or the document itself. */
  async #configured(entry: string): Promise<void> {
    if (entry.includes('\n')) {
      for (const document of loadYaml(Buffer.from(entry), '').documents) {
        if (isKsops(document.value))
          throw new Unresolved(`${this.#name()} has a KSOPS generator written in place`);
        this.#plugin(document.value);
      }
      return;
    }
    const found = this.files.add(this.folder, entry);
    if (found.kind === 'folder') {
      this.found.folders.push(found.path);
      // What the folder's kustomization lists are plugins as well.
      const file = kustomizationFile(this.view, found.path);
      const real = file === null ? null : this.view.resolve('', file);
      if (real?.kind !== 'file') return;
      const [document] = await this.parsed.documents(this.view, real.path);
      const reader = new KustomizationReader(
        this.view,
        this.parsed,
        { admit: null, inflate: null },
        found.path,
        this.found,
      );
      for (const resource of strings(document, 'resources')) await reader.#configured(resource);
    } else if (found.kind === 'file') {
      const documents = await this.parsed.documents(this.view, found.path);
      for (const document of documents) this.#plugin(document);
      if (documents.some(isKsops)) await this.#standIn(found.path, documents);
    } else {
      this.#refuseRemote(entry);
    }
  }

  /** Puts in the place of a file with KSOPS generators what gives the same Secrets with unknown values. */
  async #standIn(path: string, documents: readonly JsonValue[]): Promise<void> {
    const replaced: JsonValue[] = [];
    for (const document of documents) {
      if (isKsops(document)) replaced.push(...(await ksopsStandIns(this.view, this.folder, document)));
      else replaced.push(document);
    }
    this.found.standIns.set(
      path,
      Buffer.from(replaced.map((document) => JSON.stringify(document)).join('\n---\n')),
    );
  }

  #plugin(document: JsonValue): void {
    if (!isMap(document)) return;
    if (isKsops(document)) {
      addKsopsFiles(this.files, this.folder, document);
      return;
    }
    const kind = text(document, 'kind') ?? 'of no kind';
    const annotations = field(document, 'metadata', 'annotations');
    if (
      isMap(annotations) &&
      Object.keys(annotations).some((key) => /^(config\.kubernetes|config\.k8s)\.io\/function$/.test(key))
    ) {
      throw new Unresolved(`${this.#name()} runs a function (${kind}), which the gate never does`);
    }
    if (text(document, 'apiVersion') !== 'builtin') {
      throw new Unresolved(`${this.#name()} runs a plugin (${kind}), which the gate never does`);
    }
    if (kind === 'HelmChartInflationGenerator') {
      throw new Unresolved(
        `${this.#name()} inflates Helm charts, which kustomize does only with --enable-helm`,
      );
    }
    // Built-in plugins name their files in many fields: whatever string is a file of the tree may be read.
    for (const value of everyString(document)) {
      if (value.length > 1024 || value.includes('\n')) continue;
      const equals = value.indexOf('=');
      for (const path of equals < 0 ? [value] : [value, value.slice(equals + 1)]) {
        if (/^https?:\/\//i.test(path)) this.#refuseRemote(path);
        if (path === '' || this.view.resolve(this.folder, path).kind !== 'file') continue;
        this.files.add(this.folder, path);
      }
    }
  }

  #name(): string {
    return this.folder === '' ? 'the kustomization' : `the kustomization ${this.folder}`;
  }
}

/** What kustomize's loader gets over http, whatever lies at that path (IsRemoteFile). */
function isUrl(entry: string): boolean {
  return /^https?:/i.test(entry) && !entry.includes('\n');
}
