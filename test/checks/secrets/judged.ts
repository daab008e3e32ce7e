import { secretsCheck } from '../../../src/checks/secrets/index.js';
import { type Config, configSchema, type TrustedConfig } from '../../../src/config/index.js';
import { type CheckResult, Redactor } from '../../../src/contract/index.js';
import { MemoryTree, openRepository, type Tree } from '../../../src/git/index.js';
import type { RenderedChange, RenderedTarget } from '../../../src/render/index.js';
import type { TestRepository } from '../../git/real-repository.js';

/** A rendering with these targets and nothing behind it. */
export function renderedFake(targets: readonly RenderedTarget[] = [], readsAll = false): RenderedChange {
  return {
    targets: async () => targets.map((item) => item.target),
    reached: async () => targets,
    targetsReading: async () => (readsAll ? targets.map((item) => item.target) : []),
    edited: async () => [],
    sandbox: 'none',
    tools: {},
  };
}

/** The configuration that says nothing but these settings of the secrets check, over the base's files. */
export function trusted(files: Tree, secrets: Partial<Config['secrets']> = {}): TrustedConfig {
  const config = configSchema.parse({ version: 1 });
  return {
    config: { ...config, secrets: { ...config.secrets, ...secrets } },
    exceptions: [],
    source: 'defaults',
    unconfigured: false,
    files,
    digests: { config: 'sha256:0', keys: 'sha256:0' },
  };
}

export interface Judged {
  result: CheckResult;
  redactor: Redactor;
}

/** Runs the check over main..feature of a real repository. */
export async function judge(
  repository: TestRepository,
  options: {
    base?: string;
    head?: string;
    secrets?: Partial<Config['secrets']>;
    rendered?: RenderedChange;
    now?: Date;
  } = {},
): Promise<Judged> {
  const opened = await openRepository(repository.dir);
  try {
    const base = await opened.resolve(options.base ?? 'main');
    const head = await opened.resolve(options.head ?? 'feature');
    const change = await opened.openChange({ base, head });
    const redactor = new Redactor();
    const result = await secretsCheck({
      change,
      config: trusted(change.base.tree, options.secrets),
      rendered: options.rendered ?? renderedFake(),
      now: options.now ?? new Date('2026-01-01T00:00:00Z'),
      redactor,
      signal: new AbortController().signal,
    });
    await change.close();
    return { result, redactor };
  } finally {
    await opened.close();
  }
}

/** `action rule path:line` of each finding, sorted. */
export function told(result: CheckResult): string[] {
  return result.findings
    .map((item) => `${item.action} ${item.ruleId.replace('secrets/', '')} ${item.path}:${item.line}`)
    .sort();
}

export const EMPTY = new MemoryTree();
