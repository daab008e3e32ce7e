import type { CheckContext } from '../../../src/checks/index.js';
import { configSchema } from '../../../src/config/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { loadManifests, type Manifest } from '../../../src/kubernetes/index.js';
import type { RenderedTarget, RenderOutcome, Target, TargetKind } from '../../../src/render/index.js';

/** A side of a target: YAML text, nothing (absent), or an outcome. */
export type SideText = string | null | RenderOutcome;

export function manifests(text: string, path: string | null = 'apps/web.yaml'): Manifest[] {
  const loaded = loadManifests(Buffer.from(text), path ?? 'rendered.yaml');
  if (loaded.problems.length > 0) throw new Error(JSON.stringify(loaded.problems));
  return path === null
    ? loaded.manifests.map((manifest) => ({ ...manifest, path: null, locate: () => null }))
    : loaded.manifests;
}

function outcome(side: SideText, path: string | null): RenderOutcome {
  if (side === null) return { status: 'absent' };
  return typeof side === 'string' ? { status: 'rendered', manifests: manifests(side, path) } : side;
}

export interface FakeTarget {
  name?: string;
  kind?: TargetKind;
  cluster?: string | null;
  path?: string;
  file?: string | null;
  base: SideText;
  result: SideText;
  touched?: boolean;
}

export function target(fake: FakeTarget): RenderedTarget {
  const { name = 'kustomize/apps', kind = 'kustomize', cluster = null, path = 'apps', touched = true } = fake;
  const file = fake.file === undefined ? 'apps/web.yaml' : fake.file;
  const described: Target = { name, kind, path, cluster };
  return { target: described, base: outcome(fake.base, file), result: outcome(fake.result, file), touched };
}

/** A tree of one file that mentions all that the targets hold, so that nothing of them is unheard of. */
function known(targets: readonly RenderedTarget[]) {
  const sides = targets.flatMap(({ base, result }) => [base, result]);
  const text = Buffer.from(
    JSON.stringify(
      sides.flatMap((side) => (side.status === 'rendered' ? side.manifests.map(({ ref }) => ref) : [])),
    ),
  );
  return {
    files: async () => new Map([['known.json', { path: 'known.json', mode: 'file', oid: 'o' }]]),
    size: async () => text.length,
    read: async () => text,
  };
}

/** A context whose rendering is made of these targets. */
export function context(
  targets: readonly RenderedTarget[],
  config: Record<string, unknown> = {},
  more: Partial<CheckContext> & { beside?: readonly RenderedTarget[] } = {},
): CheckContext & { redactor: Redactor } {
  const { beside = [], ...rest } = more;
  const unused = (): never => {
    throw new Error('the diff does not ask for this');
  };
  return {
    change: new Proxy(
      { files: async () => [], base: { tree: known(targets) } } as unknown as CheckContext['change'],
      {
        get: (fake, name) => (name === 'files' || name === 'base' ? fake[name] : unused()),
      },
    ),
    config: {
      config: configSchema.parse({ version: 1, ...config }),
      exceptions: [],
      source: 'test',
      unconfigured: false,
      files: new Proxy({} as CheckContext['config']['files'], { get: unused }),
      digests: { config: 'sha256:0', keys: 'sha256:0' },
    },
    rendered: {
      targets: async () => [...targets, ...beside].map((one) => one.target),
      also: async (names) => beside.filter((one) => names.includes(one.target.name)),
      reached: async () => targets,
      targetsReading: async () => [],
      edited: async () => [],
      sandbox: 'none',
      tools: {},
    },
    now: new Date('2026-01-01T00:00:00Z'),
    redactor: new Redactor(),
    signal: new AbortController().signal,
    ...rest,
  };
}
