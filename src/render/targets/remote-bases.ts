import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type JsonValue, LIMITS } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import type { InflatedChart } from '../inputs/inflated-charts.js';
import { TooLarge, Unresolved } from '../inputs/input-set.js';
import { isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { type KustomizationInputs, Kustomizations } from '../inputs/kustomization.js';
import { KUSTOMIZATION_FILES, kustomizationFile } from '../inputs/kustomization-file.js';
import { namedPaths, refuseProgram } from '../inputs/kustomization-reader.js';
import type { ParsedFiles } from '../inputs/parsed-files.js';
import { relativePath, type TreeView } from '../inputs/tree-view.js';
import { archiveTraits, chartFiles } from '../remotes/chart-archive.js';
import { type GitAddress, gitAddress, httpsUrl } from '../remotes/git-address.js';
import { hostOf, plain, urlOf } from '../remotes/remote-policy.js';
import type { RemoteReference, Remotes } from '../remotes/remotes.js';
import type { RenderNote } from '../rendered-change.js';
import type { PlacedFile } from '../run/workspace.js';
import { lookupNote, movingChart } from './fetched-charts.js';
import { isMovingUrl } from './moving-revision.js';
import { withReplaced } from './replaced-references.js';

/** Where fetched repositories lie beside the tree: a name that hardly any tree holds, and none is overwritten. */
const FOLDER = '.gitops-gate-remotes';
const FILE = '.gitops-gate-remote-';
const DEEPEST = 8;
const MOST_PARTS = 100;

/** Where kustomize would say that something placed here comes from (api/resource origin.go). */
export interface RemoteOrigin {
  repo: string;
  ref: string | null;
  path: string;
}

/** Everything of elsewhere that one kustomization is built with. */
export interface BroughtBases {
  /** Files to be put beside those of the tree, rewritten kustomizations among them. */
  layout: ReadonlyMap<string, PlacedFile>;
  /** The kustomization that is built, with its remotes replaced; null where it names none itself. Not in `layout`. */
  root: JsonMap | null;
  /** True where a kustomization among them, or the one that is built, inflates Helm charts. */
  inflates: boolean;
  /** Stands for the content of all that was brought. */
  digest: string;
  notes: readonly RenderNote[];
  /** What a path of the layout stands for; null for a path of the tree. */
  originOf(path: string): RemoteOrigin | null;
  /** A message of the tool with addresses in the place of where they were put. */
  shown(message: string): string;
}

/** A kustomization whose remotes are to be brought, in a tree that is mounted somewhere. */
interface Part {
  view: TreeView;
  inputs: KustomizationInputs;
  /** Folder of the layout that the tree is mounted at; '' for the repository itself. */
  mount: string;
  /** Folder that is built. */
  folder: string;
  /** What its kustomization says, where the gate has edited it. */
  document: JsonMap | null;
}

interface Placed {
  prefix: string;
  origin: RemoteOrigin;
  shown: string;
}

/**
 * Brings the bases and files that kustomizations name by URL, and those that these name in turn, and puts them beside
 * the tree: kustomize reads them as folders and files, as it reads its own clones.
 */
export class RemoteBases {
  readonly #remotes: Remotes;
  readonly #parsed: ParsedFiles;
  readonly #layout = new Map<string, PlacedFile>();
  readonly #placed: Placed[] = [];
  readonly #notes = new Map<string, RenderNote>();
  readonly #hash = createHash('sha256');
  readonly #inflate: boolean;
  #rootDocument: JsonMap | null = null;
  #count = 0;
  #inflates = false;

  private constructor(remotes: Remotes, parsed: ParsedFiles, inflate: boolean) {
    this.#remotes = remotes;
    this.#parsed = parsed;
    this.#inflate = inflate;
  }

  /**
   * @param from whose kustomization it is; `inflate`: whether kustomize is given --enable-helm
   * @throws Unresolved
   */
  static async bring(
    remotes: Remotes,
    parsed: ParsedFiles,
    root: Omit<Part, 'mount'>,
    from: { host: string | null; inflate: boolean },
  ): Promise<BroughtBases> {
    const bases = new RemoteBases(remotes, parsed, from.inflate);
    await bases.#attach({ ...root, mount: '' }, from.host, 0);
    return {
      inflates: bases.#inflates,
      layout: bases.#layout,
      root: bases.#rootDocument,
      digest: bases.#hash.digest('hex'),
      notes: [...bases.#notes.values()],
      originOf: (path) => bases.#originOf(path),
      shown: (message) => bases.#shown(message),
    };
  }

  async #attach(part: Part, host: string | null, depth: number): Promise<void> {
    for (const path of part.inputs.files.files.keys()) {
      if (/(^|\/)\.gitops-gate-remote/.test(path)) {
        throw new Unresolved(`${path} has a name that the gate itself uses for what it fetches`);
      }
    }
    if (depth > DEEPEST) throw new Unresolved('bases name bases of other repositories without end');
    for (const chart of [...part.inputs.charts.values()].flat()) await this.#placeChart(part, chart);
    for (const folder of [...part.inputs.remotes.keys()].sort()) {
      const references = part.inputs.remotes.get(folder) ?? [];
      const replaced = new Map<string, string>();
      for (const reference of references) {
        if (replaced.has(reference.entry)) continue;
        replaced.set(reference.entry, await this.#place(part, folder, reference, host, depth));
      }
      const own = folder === part.folder ? part.document : null;
      const file = kustomizationFile(part.view, folder);
      const rewritten = withReplaced(own ?? (await this.#document(part.view, file)), replaced);
      if (part.mount === '' && folder === part.folder) this.#rootDocument = rewritten;
      else if (file !== null) {
        this.#layout.set(below(part.mount, file), { bytes: Buffer.from(JSON.stringify(rewritten)) });
      }
    }
  }

  /** Unpacks a chart where kustomize would have helm pull it to. */
  async #placeChart({ mount }: Part, { name, folder, remote }: InflatedChart): Promise<void> {
    this.#inflates = true;
    if (remote === null) return;
    const fetched = await remote.fetch();
    const place = below(mount, folder);
    for (const { path, bytes } of chartFiles(fetched.archive))
      this.#layout.set(`${place}/${path}`, { bytes });
    this.#hash.update(`chart\0${place}\0${fetched.digest}\0`);
    const traits = archiveTraits(fetched.archive);
    for (const note of [...movingChart(remote, fetched), ...(traits.lookup ? [lookupNote(name)] : [])]) {
      this.#notes.set(`${note.kind} ${note.about}`, note);
    }
  }

  async #document(view: TreeView, file: string | null): Promise<JsonMap> {
    const real = file === null ? null : view.resolve('', file);
    if (real?.kind !== 'file') throw new Unresolved('a kustomization with a remote base is not a file');
    const [document] = await this.#parsed.documents(view, real.path);
    if (!isMap(document)) throw new Unresolved(`${real.path} is not a kustomization`);
    return document;
  }

  /** Brings one remote and says by which path its kustomization reads it now. */
  async #place(
    part: Part,
    folder: string,
    reference: RemoteReference,
    host: string | null,
    depth: number,
  ): Promise<string> {
    this.#count += 1;
    if (this.#count > MOST_PARTS) throw new Unresolved('it is made of too many bases of other repositories');
    const { entry, kind } = reference;
    const isPlugin = kind === 'configuration';
    this.#remotes.admit(reference, host === null ? { trusted: false } : { host });
    const address = kind === 'file' ? null : gitAddress(entry);
    if (kind !== 'folder' && /^https?:/i.test(entry)) {
      const file = await this.#remotes.files.file(entry);
      if ('bytes' in file && (kind === 'file' || areResources(file.bytes))) {
        if (isPlugin) requirePlugins(part, folder, entry, file.bytes);
        return this.#placeFile(part, folder, entry, file.bytes);
      }
      if (address === null) {
        const why = 'status' in file ? `answers ${file.status}` : 'gives no manifests';
        throw new Unresolved(`${hostOf(entry)} ${why} for a resource of the kustomization`);
      }
    }
    if (address === null) throw new Unresolved(`${shownUrl(entry)} is no address that can be fetched`);
    return this.#placeTree(part, folder, address, { depth, isPlugin });
  }

  #placeFile(part: Part, folder: string, url: string, bytes: Buffer): string {
    const name = `${FILE}${this.#count}.yaml`;
    const path = below(part.mount, folder === '' ? name : `${folder}/${name}`);
    this.#layout.set(path, { bytes });
    this.#hash.update(`file\0${url}\0`).update(createHash('sha256').update(bytes).digest());
    const address = gitAddress(url);
    const origin =
      address === null
        ? { repo: '', ref: null, path: url }
        : { repo: address.cloneUrl, ref: address.ref, path: address.path };
    this.#placed.push({ prefix: path, origin, shown: url });
    if (isMovingUrl(url))
      this.#note(shownUrl(url), `${shownUrl(url)} names no version: what it holds may change`);
    return name;
  }

  async #placeTree(
    part: Part,
    folder: string,
    address: GitAddress,
    { depth, isPlugin }: { depth: number; isPlugin: boolean },
  ): Promise<string> {
    const { view, commit, moves } = await this.#remotes.trees.tree(address);
    const source = this.#remotes.trees.source(address);
    const shown = `${source}${address.path === '' ? '' : `//${address.path}`}`;
    const root = view.resolve('', address.path);
    if (root.kind !== 'folder') {
      throw new Unresolved(`${source} has no folder ${address.path} at ${address.ref ?? 'HEAD'}`);
    }
    const mount = `${FOLDER}/${this.#count}`;
    const host = urlOf(httpsUrl(address) ?? source).host;
    const kustomizations = new Kustomizations(view, this.#parsed, {
      admit: (reference) => this.#remotes.admit(reference, { host }),
      inflate: this.#inflate
        ? { admitChart: (reference) => this.#remotes.admitChart(reference, { host }) }
        : null,
    });
    const inputs = await kustomizations.inputs(root.path);
    if (inputs.refusal !== null) {
      throw new (inputs.limited ? TooLarge : Unresolved)(`${inputs.refusal} (of ${shown})`);
    }
    for (const file of inputs.files.files.values()) {
      this.#layout.set(`${mount}/${file.path}`, { view, file });
      const plain =
        isPlugin && file.mode !== 'symlink' && !KUSTOMIZATION_FILES.includes(posix.basename(file.path));
      if (plain) requirePlugins(part, folder, shown, await view.read(file.path, LIMITS.manifestBytes));
    }
    if (isPlugin && inputs.remotes.size > 0) {
      throw new Unresolved(`${shown} generates or transforms by what it names elsewhere in its turn`);
    }
    for (const [path, bytes] of inputs.standIns) this.#layout.set(`${mount}/${path}`, { bytes });
    this.#hash.update(`tree\0${source}\0${commit}\0${root.path}\0`);
    this.#placed.push({
      prefix: `${mount}/`,
      origin: { repo: address.cloneUrl, ref: address.ref, path: '' },
      shown,
    });
    if (moves) {
      const ref = address.ref ?? 'its newest commit';
      this.#note(
        `${shown} ${ref}`,
        `${shown} is followed at ${ref}, which moves (now ${commit.slice(0, 12)})`,
      );
    }
    const nested: Part = { view, inputs, mount, folder: root.path, document: null };
    await this.#attach(nested, host, depth + 1);
    const from = below(part.mount, folder);
    return relativePath(from, root.path === '' ? mount : `${mount}/${root.path}`);
  }

  #note(about: string, text: string): void {
    this.#notes.set(about, { kind: 'moves', about, text });
  }

  #originOf(path: string): RemoteOrigin | null {
    for (const { prefix, origin } of this.#placed) {
      if (path === prefix) return origin;
      if (prefix.endsWith('/') && path.startsWith(prefix)) {
        return { ...origin, path: path.slice(prefix.length) };
      }
    }
    return null;
  }

  #shown(message: string): string {
    let text = message;
    for (const { prefix, shown } of [...this.#placed].reverse()) {
      const name = prefix.endsWith('/') ? prefix.slice(0, -1) : posix.basename(prefix);
      text = text.replaceAll(new RegExp(`(\\.\\./|\\./)*${escaped(name)}(?![\\w])`, 'g'), shownUrl(shown));
    }
    return text;
  }
}

/**
 * Requires that what generates or transforms, and comes from elsewhere, is of kustomize's built-in kinds, and reads no
 * file of the tree that is not read anyhow: a change of that would not be seen.
 * @throws Unresolved
 */
function requirePlugins(part: Part, folder: string, url: string, bytes: Buffer): void {
  const { documents, problems } = loadYaml(bytes, '');
  if (problems.some((problem) => problem.fatal))
    throw new Unresolved(`${shownUrl(url)} cannot be read as YAML`);
  for (const { value } of documents) {
    if (value === null) continue;
    refuseProgram(value, shownUrl(url));
    for (const path of namedPaths(value)) {
      const found = part.view.resolve(folder, path);
      const read = found.kind === 'file' && part.inputs.files.files.has(found.path);
      if (/^https?:\/\//i.test(path) || (found.kind === 'file' && !read)) {
        throw new Unresolved(`${shownUrl(url)} reads ${path.slice(0, 100)}, which only it names`);
      }
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function below(mount: string, path: string): string {
  return mount === '' ? path : path === '' ? mount : `${mount}/${path}`;
}

function shownUrl(url: string): string {
  return plain(url.replace(/[?#].*$/, '')).slice(0, 200);
}

/** Whether kustomize would take what a URL gives for resources: else it tries a git repository (accumulateResources). */
function areResources(bytes: Buffer): boolean {
  const { documents, problems } = loadYaml(bytes, '');
  if (problems.some((problem) => problem.fatal)) return false;
  return documents.every(({ value }) => value === null || isResource(value));
}

function isResource(value: JsonValue): boolean {
  return text(value, 'kind') !== null || list(value, 'items').length > 0;
}
