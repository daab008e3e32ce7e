import { createHash } from 'node:crypto';
import type { CheckContext } from '../../../../src/checks/index.js';
import { configSchema, type TrustedConfig } from '../../../../src/config/index.js';
import { GateError, Redactor } from '../../../../src/contract/index.js';
import type { Change, FileChange, Tree, TreeFile } from '../../../../src/git/index.js';
import type { EditedTarget, RenderedChange, RenderedTarget } from '../../../../src/render/index.js';

export const NOW = new Date('2026-06-01T00:00:00Z');

const LINK = /^-> /;

function modeOf(content: string): TreeFile['mode'] {
  return LINK.test(content) ? 'symlink' : 'file';
}

/** A tree of files in memory; a content that begins with `-> ` is a symlink. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const entries = new Map<string, TreeFile>(
    Object.entries(files).map(([path, content]) => [
      path,
      { path, mode: modeOf(content), oid: createHash('sha1').update(content).digest('hex') },
    ]),
  );
  const contentOf = (path: string): Buffer => {
    const content = files[path];
    if (content === undefined) throw new GateError('internal', `${path} is not in the tree`);
    return Buffer.from(content.replace(LINK, ''));
  };
  return {
    oid: createHash('sha1').update(JSON.stringify(files)).digest('hex'),
    files: async () => entries,
    read: async (path, options) => {
      const content = contentOf(path);
      if (content.length > (options?.maxBytes ?? Number.POSITIVE_INFINITY))
        throw new GateError('limit', `${path} is too large`);
      return content;
    },
    size: async (path) => contentOf(path).length,
  };
}

/** A configuration with the given policies section. */
export function configOf(
  policies: Record<string, unknown> = {},
  files: Readonly<Record<string, string>> = {},
  exceptions: TrustedConfig['exceptions'] = [],
): TrustedConfig {
  return {
    config: configSchema.parse({ version: 1, policies }),
    exceptions,
    source: 'test',
    unconfigured: false,
    files: treeOf(files),
    digests: { config: '', keys: '' },
  };
}

/** A context for a change from one set of files to another, with the given targets already rendered. */
export function contextOf(options: {
  base: Readonly<Record<string, string>>;
  result: Readonly<Record<string, string>>;
  config?: TrustedConfig;
  targets?: readonly RenderedTarget[];
  reads?: (path: string) => readonly string[];
  edited?: (path: string, content: string) => readonly EditedTarget[] | null;
}): CheckContext {
  const { base, result, targets = [] } = options;
  const changes: FileChange[] = [];
  const file = (path: string, content: string): TreeFile => ({ path, mode: modeOf(content), oid: path });
  for (const path of new Set([...Object.keys(base), ...Object.keys(result)])) {
    if (base[path] === result[path]) continue;
    const before = base[path] === undefined ? null : file(path, base[path]);
    const after = result[path] === undefined ? null : file(path, result[path]);
    const status = before === null ? 'added' : after === null ? 'deleted' : 'modified';
    changes.push({ status, path, oldPath: before === null ? null : path, before, after });
  }
  const unused = async (): Promise<never> => {
    throw new Error('not part of this check');
  };
  const change: Change = {
    base: { commit: 'a'.repeat(40), tree: treeOf(base) },
    head: { commit: 'b'.repeat(40), tree: treeOf(result) },
    mergeBase: 'a'.repeat(40),
    result: treeOf(result),
    unmergeable: null,
    commits: [],
    files: async () => changes,
    filesOfCommit: unused,
    addedLines: unused,
    treeOf: unused,
    mergeOf: unused,
    readBlob: unused,
    close: async () => undefined,
  };
  const rendered: RenderedChange = {
    targets: async () => targets.map(({ target }) => target),
    reached: async () => targets,
    targetsReading: async (path) => {
      const names = options.reads?.(path) ?? [];
      return targets.map(({ target }) => target).filter(({ name }) => names.includes(name));
    },
    edited: async (path, content) => (options.edited === undefined ? [] : options.edited(path, content)),
    sandbox: 'none',
    tools: {},
  };
  return {
    change,
    config: options.config ?? configOf(),
    rendered,
    now: NOW,
    redactor: new Redactor(),
    signal: new AbortController().signal,
  };
}
