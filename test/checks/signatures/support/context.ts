import type { CheckContext } from '../../../../src/checks/index.js';
import { configSchema } from '../../../../src/config/index.js';
import { Redactor } from '../../../../src/contract/index.js';
import { type MemoryFile, MemoryTree } from '../../../../src/git/index.js';
import { type FakeChange, renderedAs } from './change.js';

export const NOW = new Date('2026-11-22T12:00:00Z');

/** A context around a change, with signature settings and keyring files. */
export function contextOf(
  change: FakeChange,
  signatures: object = {},
  keys: Readonly<Record<string, MemoryFile>> = {},
  options: Partial<CheckContext> & { unconfigured?: boolean } = {},
): CheckContext {
  const { unconfigured = false, ...rest } = options;
  const files = Object.entries(keys).map(([name, file]) => [`.gitops-gate/keys/${name}`, file] as const);
  return {
    change,
    config: {
      config: configSchema.parse({ version: 1, signatures }),
      exceptions: [],
      source: 'test',
      unconfigured,
      files: new MemoryTree(files),
      digests: { config: '', keys: '' },
    },
    rendered: renderedAs(),
    now: NOW,
    redactor: new Redactor(),
    signal: new AbortController().signal,
    ...rest,
  };
}
