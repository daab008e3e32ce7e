import {
  type CheckResult,
  emptyResult,
  type Finding,
  type FindingInput,
  finding,
} from '../../src/contract/index.js';
import type { RegisteredCheck } from '../../src/gate/index.js';
import { type Change, changesBetween, type MemoryFile, MemoryTree } from '../../src/git/index.js';
import type { RenderedChange, Target } from '../../src/render/index.js';

export type Files = Record<string, MemoryFile>;

/** A change between trees in memory, with no commits. Files of `after` that are null are deleted. */
export function changeOf(
  before: Files,
  after: Record<string, MemoryFile | null>,
  options: { unmergeable?: string } = {},
): Change {
  const base = new MemoryTree(before);
  const files: Files = { ...before };
  for (const [path, file] of Object.entries(after)) {
    if (file === null) delete files[path];
    else files[path] = file;
  }
  const result = new MemoryTree(files);
  const unmergeable = options.unmergeable ?? null;
  return {
    base: { commit: 'b'.repeat(40), tree: base },
    head: { commit: 'a'.repeat(40), tree: result },
    mergeBase: 'c'.repeat(40),
    result: unmergeable === null ? result : null,
    unmergeable,
    commits: [],
    files: () => changesBetween(base, result),
    filesOfCommit: () => Promise.resolve([]),
    addedLines: () => Promise.resolve([]),
    treeOf: () => Promise.reject(new Error('no commits here')),
    mergeOf: () => Promise.resolve(null),
    readBlob: () => Promise.reject(new Error('no blobs here')),
    close: () => Promise.resolve(),
  };
}

/** A rendering with the given targets; each reads the files of its folder. */
export function rendering(targets: readonly Partial<Target>[] = []): RenderedChange {
  const all = targets.map(
    (target): Target => ({ name: 't', kind: 'kustomize', path: 't', cluster: null, ...target }),
  );
  return {
    targets: () => Promise.resolve(all),
    reached: () => Promise.resolve([]),
    targetsReading: (path) => Promise.resolve(all.filter((target) => path === `reads-${target.name}`)),
    edited: async () => [],
    sandbox: 'none',
    tools: { kustomize: '5.8.0', helm: '4.2.3' },
  };
}

export function findingOf(fields: Partial<FindingInput> = {}): Finding {
  return finding({
    check: 'policies',
    ruleId: 'policies/no-privileged/containers',
    action: 'fix',
    message: 'message',
    help: 'help',
    fingerprint: 'f1',
    ...fields,
  });
}

/** A check of the registry that gives the result, or does as the function says. */
export function checkOf(
  name: RegisteredCheck['name'],
  result: Partial<CheckResult> | (() => Promise<CheckResult>),
  needsResult = false,
): RegisteredCheck {
  return {
    name,
    needsResult,
    load: () =>
      Promise.resolve(
        typeof result === 'function' ? result : () => Promise.resolve({ ...emptyResult(name), ...result }),
      ),
    rules: () => Promise.resolve([]),
  };
}
