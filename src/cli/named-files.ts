import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileBehind } from '../checks/policies/index.js';
import { GateError, LIMITS, type NotVerified } from '../contract/index.js';
import { DiskTree, locateRepository, type Tree, type TreeFile } from '../git/index.js';
import { openNamedPath } from './named-path.js';

/** What `-` is called where nothing says what it stands for. */
const STDIN = 'stdin.yaml';

/** A file on disk that belongs to the set. */
export interface DiskFile {
  tree: DiskTree;
  /** Its path in its own tree. */
  inner: string;
  /** Its path as the user would write it. */
  shown: string;
  /** The folder of the repository that it lies in, in which it is called as in the set; null for none. */
  repository: string | null;
}

/**
 * The manifest files of several paths as one tree. A file is called by its path in the repository that it lies in (else on
 * the disk), as configurations name it; one that is named twice is there once.
 */
export class NamedFiles implements Tree {
  readonly oid = 'named';
  readonly #disk = new Map<string, DiskFile>();
  readonly #contents = new Map<string, Buffer>();
  readonly #files = new Map<string, TreeFile>();
  readonly #repositories = new Map<string, string | null>();
  #stdin: string | null = null;
  /** What of the paths is not judged, and why. */
  readonly leftOut: NotVerified[] = [];

  /**
   * @param named files and folders; `-` is standard input
   * @param stdin what standard input holds, and the file that it stands for
   * @throws GateError `usage` for a path that is not there
   */
  static async open(
    named: readonly string[],
    stdin: { content: Buffer; path: string | undefined } | null,
  ): Promise<NamedFiles> {
    const set = new NamedFiles();
    for (const one of named.filter((given) => given !== '-')) await set.#add(one);
    // what an editor holds is newer than what lies on the disk
    if (stdin !== null) {
      const place = stdin.path === undefined ? null : path.resolve(stdin.path);
      const name = place === null ? STDIN : nameOf(place, set.#repositoryOf(path.dirname(place)));
      set.#disk.delete(name);
      set.#contents.set(name, stdin.content);
      set.#files.set(name, { path: name, mode: 'file', oid: name });
      if (place === null) set.#stdin = name;
    }
    return set;
  }

  /** A file of the set as the user would write it; other places as they are. */
  shown(name: string): string {
    return name === this.#stdin ? '-' : (this.#disk.get(name)?.shown ?? name);
  }

  /** Where a file of the set lies; null for standard input. */
  onDisk(name: string): DiskFile | null {
    return this.#disk.get(name) ?? null;
  }

  async files(): Promise<ReadonlyMap<string, TreeFile>> {
    return this.#files;
  }

  async read(name: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const file = this.#disk.get(name);
    if (file !== undefined) return file.tree.read(file.inner, options);
    const bytes = this.#contents.get(name);
    if (bytes === undefined) throw new GateError('internal', `${name} is not one of the files`);
    const limit = options.maxBytes ?? LIMITS.blobBytes;
    if (bytes.length > limit) throw new GateError('limit', `${name} has more than ${limit} bytes`);
    return bytes;
  }

  async size(name: string): Promise<number> {
    return (await this.read(name)).length;
  }

  async #add(named: string): Promise<void> {
    const { tree, shown } = await openNamedPath(named);
    const paths = [...(await tree.files()).keys()];
    for (const { path: skipped, reason } of tree.skipped)
      this.leftOut.push({ what: shown(skipped), reason: `not judged: ${reason}`, closes: true });
    const charts = paths.filter((file) => path.posix.basename(file) === 'Chart.yaml').map(path.posix.dirname);
    const templates = new Map<string, number>();
    for (const file of paths.filter(isManifestFile)) {
      const chart = charts.find((folder) => file.startsWith(path.posix.join(folder, 'templates/')));
      const folder = chart ?? chartAround(path.join(tree.root, file));
      if (folder !== null) templates.set(folder, (templates.get(folder) ?? 0) + 1);
      else await this.#take(tree, file, shown(file));
    }
    if (paths.length === 1 && !paths.some(isManifestFile) && path.basename(named) === paths[0])
      this.leftOut.push({ what: named, reason: 'neither YAML nor JSON, by its name', closes: false });
    for (const [folder, count] of templates) {
      const what = path.isAbsolute(folder) ? path.relative(process.cwd(), folder) || '.' : shown(folder);
      const reason = `${count} ${count === 1 ? 'template' : 'templates'} of a Helm chart: judge what it gives, \`gitops-gate render TARGET | gitops-gate lint -\` (\`gitops-gate targets\` lists them)`;
      this.leftOut.push({ what, reason, closes: false });
    }
  }

  #repositoryOf(folder: string): string | null {
    let root = this.#repositories.get(folder);
    if (root === undefined) {
      root = repositoryOf(folder);
      this.#repositories.set(folder, root);
    }
    return root;
  }

  async #take(tree: DiskTree, file: string, shown: string): Promise<void> {
    const inner = await fileBehind(tree, file);
    if (inner === null) await this.#follow(path.join(tree.root, file), shown);
    else
      this.#put(
        tree,
        inner,
        (await tree.files()).get(inner),
        inner === file ? shown : beside(shown, file, inner),
      );
  }

  /** A symlink that leads out of the folder named, to a file of the same repository. */
  async #follow(link: string, shown: string): Promise<void> {
    const target = existing(link);
    const repository = this.#repositoryOf(path.dirname(link));
    if (target === null || repository === null || !isWithin(repository, target)) {
      this.leftOut.push({
        what: shown,
        reason: 'the symlink leads to no file of the repository',
        closes: true,
      });
      return;
    }
    const tree = await DiskTree.open(target);
    for (const [inner, entry] of await tree.files())
      this.#put(tree, inner, entry, beside(shown, link, target));
  }

  #put(tree: DiskTree, inner: string, entry: TreeFile | undefined, shown: string): void {
    const place = path.join(tree.root, inner);
    const repository = this.#repositoryOf(path.dirname(place));
    const name = nameOf(place, repository);
    if (entry === undefined || this.#files.has(name)) return;
    this.#disk.set(name, { tree, inner, shown, repository });
    this.#files.set(name, { ...entry, path: name });
  }
}

/** A file as the user would write it, by another of its tree. */
function beside(shown: string, file: string, inner: string): string {
  return path.join(path.dirname(shown), path.relative(path.dirname(file), inner));
}

function isWithin(folder: string, place: string): boolean {
  return place.startsWith(folder + path.sep);
}

function isManifestFile(file: string): boolean {
  return /\.(ya?ml|json)$/i.test(file);
}

/** The chart that a file named by itself is a template of; null for none. */
function chartAround(file: string): string | null {
  const parts = file.split(path.sep);
  const index = parts.lastIndexOf('templates');
  if (index < 1) return null;
  const folder = parts.slice(0, index).join(path.sep);
  return isFile(path.join(folder, 'Chart.yaml')) ? folder : null;
}

function isFile(place: string): boolean {
  return existing(place) !== null;
}

function existing(place: string): string | null {
  try {
    return realpathSync(place);
  } catch {
    // what is not there has no place
    return null;
  }
}

/** A file by its path in its repository; outside of one, by its path on the disk. */
function nameOf(file: string, root: string | null): string {
  const name = root !== null && isWithin(root, file) ? path.relative(root, file) : file;
  return name
    .split(path.sep)
    .filter((part) => part !== '')
    .join('/');
}

function repositoryOf(folder: string): string | null {
  try {
    return existing(locateRepository(folder).shown);
  } catch (error) {
    if (error instanceof GateError) return null;
    throw error;
  }
}
