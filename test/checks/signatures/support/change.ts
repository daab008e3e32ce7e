import { type Change, type Commit, changesBetween, MemoryTree } from '../../../../src/git/index.js';
import type { RenderedChange, Target } from '../../../../src/render/index.js';

/** A change held in memory: trees by commit, and the trees that merges give. */
export class FakeChange implements Change {
  readonly base: Change['base'];
  readonly head: Change['head'];
  readonly mergeBase: string | null = 'b'.repeat(40);
  readonly result = null;
  readonly unmergeable = null;
  readonly commits: Commit[] = [];
  readonly trees = new Map<string, MemoryTree>();
  readonly merges = new Map<string, string | null>();
  readonly objects = new Map<string, Buffer>();

  constructor(base: MemoryTree = new MemoryTree()) {
    this.base = { commit: 'b'.repeat(40), tree: base };
    this.head = this.base;
    this.put('b'.repeat(40), base);
  }

  /** Makes a tree known under a commit and under its own id. */
  put(commit: string, tree: MemoryTree): void {
    this.trees.set(commit, tree);
    this.trees.set(tree.oid, tree);
  }

  add(commit: Commit, tree?: MemoryTree): Commit {
    this.commits.push(commit);
    this.objects.set(commit.sha, commit.raw);
    if (tree !== undefined) this.put(commit.sha, tree);
    return commit;
  }

  async files() {
    return changesBetween(this.base.tree, await this.treeOf(this.commits.at(-1)?.sha ?? this.base.commit));
  }

  async filesOfCommit(commit: Commit) {
    const parent = commit.parents[0];
    const before = parent === undefined ? new MemoryTree() : await this.treeOf(parent);
    return changesBetween(before, await this.treeOf(commit.sha));
  }

  async addedLines() {
    return [];
  }

  async treeOf(commit: string) {
    const tree = this.trees.get(commit);
    if (tree === undefined) throw new Error(`no tree of ${commit}`);
    return tree;
  }

  async mergeOf(first: string, second: string) {
    return this.merges.get(`${first} ${second}`) ?? null;
  }

  async readBlob(oid: string) {
    const bytes = this.objects.get(oid);
    if (bytes === undefined) throw new Error(`no object ${oid}`);
    return bytes;
  }

  async close() {}
}

/** A rendering in which targets read what they are said to read. */
export function renderedAs(reading: Readonly<Record<string, readonly Target[]>> = {}): RenderedChange {
  return {
    targets: async () => Object.values(reading).flat(),
    reached: async () => [],
    targetsReading: async (path) => reading[path] ?? [],
    edited: async () => [],
    sandbox: 'none',
    tools: {},
  };
}
