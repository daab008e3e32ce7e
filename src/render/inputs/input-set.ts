import { createHash } from 'node:crypto';
import type { TreeFile } from '../../git/index.js';
import type { Resolved, TreeView } from './tree-view.js';

/** Raised while a target is looked at: it cannot be rendered, and why, in one line for people. */
export class Unresolved extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Unresolved';
  }
}

/** Raised for a file above the gate's own limit: nobody has looked at it, and no approval makes that good. */
export class TooLarge extends Unresolved {
  constructor(reason: string) {
    super(reason);
    this.name = 'TooLarge';
  }
}

/**
 * All that one target reads from one tree: real files with the symlinks that lead to them. A render sees these files and
 * no others, so that whatever is not in the set cannot change what comes out.
 */
export class InputSet {
  readonly view: TreeView;
  readonly files = new Map<string, TreeFile>();

  constructor(view: TreeView) {
    this.view = view;
  }

  /**
   * Adds the file that a path leads to, and the symlinks on the way.
   * @returns what the path leads to; 'missing' adds nothing
   * @throws Unresolved when the path leaves the tree or runs into a submodule
   */
  add(folder: string, path: string): Resolved {
    const found = this.view.resolve(folder, path);
    if (found.kind === 'refused') throw new Unresolved(found.reason);
    if (found.kind === 'missing') return found;
    for (const link of found.links) this.#put(link);
    if (found.kind === 'file') this.#put(found.path);
    return found;
  }

  /** Adds every file under a folder, with what the symlinks among them lead to. */
  addFolder(folder: string, seen: Set<string> = new Set()): void {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const file of this.view.under(folder)) {
      if (file.mode === 'submodule') throw new Unresolved(`${file.path} is a submodule`);
      this.files.set(file.path, file);
      if (file.mode !== 'symlink') continue;
      const found = this.add('', file.path);
      if (found.kind === 'folder') this.addFolder(found.path, seen);
    }
  }

  addAll(other: Iterable<TreeFile>): void {
    for (const file of other) this.files.set(file.path, file);
  }

  /** SHA-256 over paths, modes and object ids. */
  digest(): string {
    const hash = createHash('sha256');
    for (const path of [...this.files.keys()].sort()) {
      const file = this.files.get(path);
      if (file !== undefined) hash.update(`${path}\0${file.mode}\0${file.oid}\n`);
    }
    return hash.digest('hex');
  }

  #put(path: string): void {
    const file = this.view.files.get(path);
    if (file !== undefined) this.files.set(path, file);
  }
}
