import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { gitAddress } from '../remotes/git-address.js';
import type { RemoteReference } from '../remotes/remotes.js';
import { type AdmitChart, isChartManifest } from './chart.js';
import { type InflatedChart, inflatedCharts } from './inflated-charts.js';
import { type InputSet, Unresolved } from './input-set.js';
import { everyString, field, isMap, list, strings, text } from './json-shape.js';
import { addKsopsFiles, isKsops, ksopsStandIns } from './ksops.js';
import { kustomizationFile } from './kustomization-file.js';
import type { ParsedFiles } from './parsed-files.js';
import { isRemoteReference, withoutCredentials } from './remote-reference.js';
import type { TreeView } from './tree-view.js';

/** What one kustomization says of others, before it is known whether they can be rendered. */
export interface Analysis {
  component: boolean;
  files: InputSet;
  /** Of the files those whose objects it gives; what else it reads is text, configuration and patches to it. */
  given: ReadonlySet<string>;
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

/** An analysis that is being made. */
export interface Found extends Analysis {
  given: Set<string>;
  folders: string[];
  standIns: Map<string, Buffer>;
  remotes: RemoteReference[];
  charts: InflatedChart[];
}

/** Walks the fields of one kustomization that name files, folders or things elsewhere. */
export class KustomizationReader {
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
      if (found.kind === 'folder') this.#vendored(found.path);
      this.found.charts.push({ name, folder, remote: found.kind === 'folder' ? null : pull() });
      for (const path of values) this.#file(path);
    }
  }

  /** A chart that lies in the tree gives what its templates render to. */
  #vendored(folder: string): void {
    this.files.addFolder(folder);
    for (const { path } of this.view.under(folder)) if (isChartManifest(path)) this.found.given.add(path);
  }

  /** In kustomize's order: a URL, a file, a git repository, a folder (accumulateResources, FileLoader.New). */
  #fileOrFolder(entry: string, kind: 'resource' | 'folder'): void {
    if (this.#isElsewhere(entry)) {
      this.#remote({ entry, kind });
      return;
    }
    const found = this.files.add(this.folder, entry);
    if (found.kind === 'folder') this.found.folders.push(found.path);
    else if (found.kind === 'file') this.found.given.add(found.path);
    else if (found.kind === 'missing') this.#refuseRemote(entry);
  }

  #isElsewhere(entry: string, from = this.folder): boolean {
    if (isUrl(entry)) return true;
    return this.view.resolve(from, entry).kind !== 'file' && gitAddress(entry) !== null;
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
  async #configured(
    entry: string,
    from = this.folder,
    through: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    if (entry.includes('\n')) {
      for (const document of loadYaml(Buffer.from(entry), '').documents) {
        if (isKsops(document.value))
          throw new Unresolved(`${this.#name()} has a KSOPS generator written in place`);
        this.#plugin(document.value);
      }
      return;
    }
    if (this.#isElsewhere(entry, from)) {
      if (from !== this.folder) this.#refuseRemote(entry, true);
      this.#remote({ entry, kind: 'configuration' });
      return;
    }
    const found = this.files.add(from, entry);
    if (found.kind === 'folder') {
      if (through.has(found.path)) throw new Unresolved(`${this.#name()} configures itself by ${found.path}`);
      this.found.folders.push(found.path);
      // What the folder's kustomization lists are plugins as well.
      const file = kustomizationFile(this.view, found.path);
      const real = file === null ? null : this.view.resolve('', file);
      if (real?.kind !== 'file') return;
      const [document] = await this.parsed.documents(this.view, real.path);
      // Kustomize reads what they name from the folder of the kustomization that they configure.
      const within = new Set([...through, found.path]);
      for (const resource of strings(document, 'resources'))
        await this.#configured(resource, found.path, within);
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
    refuseProgram(document, this.#name());
    // Built-in plugins name their files in many fields: whatever string is a file of the tree may be read.
    for (const path of namedPaths(document)) {
      if (/^https?:\/\//i.test(path)) this.#refuseRemote(path);
      if (this.view.resolve(this.folder, path).kind === 'file') this.files.add(this.folder, path);
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

/** Whatever in a built-in plugin's configuration may be the path of a file: every string, and what follows a `key=`. */
export function* namedPaths(document: JsonValue): Generator<string> {
  for (const value of everyString(document)) {
    if (value.length > 1024 || value.includes('\n')) continue;
    const equals = value.indexOf('=');
    for (const path of equals < 0 ? [value] : [value, value.slice(equals + 1)]) if (path !== '') yield path;
  }
}

/**
 * Requires that the configuration of a generator, transformer or validator is one of kustomize's built-in ones.
 * @param shown what to call its kustomization
 * @throws Unresolved for functions and plugins, which are programs
 */
export function refuseProgram(document: JsonValue, shown: string): void {
  const kind = text(document, 'kind') ?? 'of no kind';
  const annotations = field(document, 'metadata', 'annotations');
  if (
    isMap(annotations) &&
    Object.keys(annotations).some((key) => /^(config\.kubernetes|config\.k8s)\.io\/function$/.test(key))
  ) {
    throw new Unresolved(`${shown} runs a function (${kind}), which the gate never does`);
  }
  if (text(document, 'apiVersion') !== 'builtin') {
    throw new Unresolved(`${shown} runs a plugin (${kind}), which the gate never does`);
  }
  if (kind === 'HelmChartInflationGenerator') {
    throw new Unresolved(`${shown} inflates Helm charts, which kustomize does only with --enable-helm`);
  }
}
