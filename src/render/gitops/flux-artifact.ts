import { createHash } from 'node:crypto';
import { compileGlobs } from '../../config/index.js';
import type { Tree, TreeFile } from '../../git/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { joinPath } from '../inputs/tree-view.js';

/** A tree whose files are those of another at other paths. */
export class ArtifactTree implements Tree {
  readonly oid: string;
  readonly #tree: Tree;
  readonly #files: ReadonlyMap<string, TreeFile>;
  readonly #origins: ReadonlyMap<string, string>;

  /** @param origins where each path comes from in the tree */
  constructor(tree: Tree, files: ReadonlyMap<string, TreeFile>, origins: ReadonlyMap<string, string>) {
    const placed = new Map<string, TreeFile>();
    for (const path of [...origins.keys()].sort()) {
      const file = files.get(origins.get(path) ?? '');
      if (file !== undefined) placed.set(path, { ...file, path });
    }
    this.#tree = tree;
    this.#files = placed;
    this.#origins = origins;
    const names = JSON.stringify([...placed.values()].map(({ path, oid, mode }) => [path, oid, mode]));
    this.oid = createHash('sha256').update(names).digest('hex');
  }

  files(): Promise<ReadonlyMap<string, TreeFile>> {
    return Promise.resolve(this.#files);
  }

  read(path: string, options?: { maxBytes?: number }): Promise<Buffer> {
    return this.#tree.read(this.origin(path), options);
  }

  size(path: string): Promise<number> {
    return this.#tree.size(this.origin(path));
  }

  /** The path in the tree that a path of the artifact stands for. */
  origin(path: string): string {
    return this.#origins.get(path) ?? path;
  }
}

/**
 * The files of an artifact that an ArtifactGenerator makes of this repository (source-watcher, `spec.artifacts[].copy`):
 * `@alias/dir/**` to `@artifact/dir/`, later copies over earlier ones.
 *
 * @param own the aliases of sources that are this repository
 * @throws Unresolved for a copy from elsewhere, or in a form that the gate does not know
 */
export function artifactTree(
  tree: Tree,
  files: ReadonlyMap<string, TreeFile>,
  artifact: JsonMap,
  own: ReadonlySet<string>,
): ArtifactTree {
  const origins = new Map<string, string>();
  for (const copy of list(artifact, 'copy')) {
    const from = /^@([^/]+)\/(?:(.*)\/)?\*\*$/.exec(text(copy, 'from') ?? '');
    const to = /^@artifact(?:\/(.*?))?\/?$/.exec(text(copy, 'to') ?? '');
    if (from === null || to === null || text(copy, 'strategy') === 'Merge') {
      throw new Unresolved('its artifact is copied together in a way that the gate does not know');
    }
    if (!own.has(from[1] ?? '')) throw new Unresolved('its artifact is copied from another repository');
    const source = joinPath('', from[2] ?? '');
    const target = joinPath('', to[1] ?? '');
    if (source === null || target === null) throw new Unresolved('its artifact leads out of the repository');
    const excluded = compileGlobs(strings(copy, 'exclude'));
    for (const path of files.keys()) {
      if (source !== '' && !path.startsWith(`${source}/`)) continue;
      const rest = source === '' ? path : path.slice(source.length + 1);
      if (!excluded(rest)) origins.set(target === '' ? rest : `${target}/${rest}`, path);
    }
  }
  return new ArtifactTree(tree, files, origins);
}
