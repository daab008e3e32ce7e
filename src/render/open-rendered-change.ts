import { GateError } from '../contract/index.js';
import { type Change, EditedTree, type Tree } from '../git/index.js';
import { type RenderOptions, RenderSession } from './render-session.js';
import type { EditedTarget, RenderedChange, RenderedTarget, Target } from './rendered-change.js';
import { inParallel } from './run/worker-pool.js';
import { discover } from './targets/discovery.js';
import type { Plan } from './targets/plan.js';
import type { Side } from './targets/side.js';
import type { TargetSpec } from './targets/target-spec.js';

export interface OpenRenderedChangeOptions extends RenderOptions {
  change: Pick<Change, 'base' | 'head' | 'result'> & Partial<Pick<Change, 'treeOf'>>;
  /** Renders every target, not only those that the change can reach. */
  all?: boolean | undefined;
}

/** A RenderedChange with what doors tell of it; to be closed when the verdict is given. */
export interface OpenRenderedChange extends RenderedChange {
  /** Which sandbox is in force and how, or why there is none. */
  readonly sandboxDetail: string;
  close(): Promise<void>;
}

/**
 * Rendering of a change. Tools and sandbox are looked for here; trees are read and tools run when first asked.
 * Where there is no merge result the head stands for it.
 */
export async function openRenderedChange(options: OpenRenderedChangeOptions): Promise<OpenRenderedChange> {
  const { change } = options;
  const commitTree =
    options.commitTree ?? ((commit: string) => change.treeOf?.(commit) ?? unknownCommit(commit));
  const session = await RenderSession.open({ ...options, commitTree });
  return new ChangeRenderer(session, options);
}

function unknownCommit(commit: string): never {
  throw new GateError('missing-objects', `the commit ${commit} is not at hand`);
}

/** A target on both sides, planned. */
interface PlannedTarget {
  spec: TargetSpec;
  base: Plan | null;
  result: Plan | null;
}

interface Sides {
  base: Side;
  result: Side;
  planned: readonly PlannedTarget[];
  /** Paths whose content or mode differs between the two trees. */
  changed: ReadonlySet<string>;
}

class ChangeRenderer implements OpenRenderedChange {
  readonly #session: RenderSession;
  readonly #options: OpenRenderedChangeOptions;
  #sides: Promise<Sides> | null = null;
  #reached: Promise<readonly RenderedTarget[]> | null = null;

  constructor(session: RenderSession, options: OpenRenderedChangeOptions) {
    this.#session = session;
    this.#options = options;
  }

  get sandbox() {
    return this.#session.sandbox;
  }

  get sandboxDetail() {
    return this.#session.sandboxDetail;
  }

  get tools() {
    return this.#session.tools;
  }

  async targets(): Promise<readonly Target[]> {
    const { planned } = await this.#planned();
    return planned.map(({ spec }) => targetOf(spec));
  }

  reached(): Promise<readonly RenderedTarget[]> {
    this.#reached ??= this.#renderReached();
    return this.#reached;
  }

  async targetsReading(path: string): Promise<readonly Target[]> {
    const { planned } = await this.#planned();
    return planned
      .filter(({ base, result }) => base?.inputs.has(path) === true || result?.inputs.has(path) === true)
      .map(({ spec }) => targetOf(spec));
  }

  async edited(path: string, content: string, most: number): Promise<readonly EditedTarget[] | null> {
    const { change } = this.#options;
    const { result, planned } = await this.#planned();
    const reading = planned.filter((target) => target.result?.inputs.has(path) === true);
    if (reading.length > most) return null;
    if (reading.length === 0) return [];
    const tree = new EditedTree(change.result ?? change.head.tree, new Map([[path, content]]));
    const side = await this.#session.side(tree, false);
    const specs = await discover(side);
    return inParallel(reading, this.#session.workers, async ({ spec, result: plan }) => ({
      target: targetOf(spec),
      before: await this.#session.render(plan, result),
      after: await this.#session.render((await specs.get(spec.name)?.plan()) ?? null, side),
    }));
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #planned(): Promise<Sides> {
    this.#sides ??= this.#plan();
    return this.#sides;
  }

  async #plan(): Promise<Sides> {
    const { change } = this.#options;
    const base = await this.#session.side(change.base.tree, true);
    const result = await this.#session.side(change.result ?? change.head.tree, false);
    const [before, after] = [await discover(base), await discover(result)];
    const planned: PlannedTarget[] = [];
    for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const [old, young] = [before.get(name), after.get(name)];
      const spec = young ?? old;
      if (spec === undefined) continue;
      const plans = { base: (await old?.plan()) ?? null, result: (await young?.plan()) ?? null };
      if (plans.base !== null || plans.result !== null) planned.push({ spec, ...plans });
    }
    return { base, result, planned, changed: differing(base, result) };
  }

  async also(names: readonly string[]): Promise<readonly RenderedTarget[]> {
    const { planned } = await this.#planned();
    const wanted = new Set(names);
    return this.#renderAll(planned.filter(({ spec }) => wanted.has(spec.name)));
  }

  async #renderReached(): Promise<readonly RenderedTarget[]> {
    const { planned } = await this.#planned();
    const all = this.#options.all === true;
    return this.#renderAll(planned.filter((target) => all || target.base?.key !== target.result?.key));
  }

  async #renderAll(targets: readonly PlannedTarget[]): Promise<readonly RenderedTarget[]> {
    const { base, result, changed } = await this.#planned();
    return inParallel(targets, this.#session.workers, async (target) => {
      const before = await this.#session.render(target.base, base);
      const same = target.base !== null && target.base.key === target.result?.key;
      const after = same ? before : await this.#session.render(target.result, result);
      return {
        target: targetOf(target.spec),
        base: before,
        result: after,
        // What it is made of may lie in an object that another target renders: then its key alone tells.
        touched: !same || reads(target.base, changed) || reads(target.result, changed),
      };
    });
  }
}

function targetOf(spec: TargetSpec): Target {
  return { name: spec.name, kind: spec.kind, path: spec.path, cluster: spec.cluster };
}

function reads(plan: Plan | null, changed: ReadonlySet<string>): boolean {
  if (plan === null) return false;
  for (const path of changed) if (plan.inputs.has(path)) return true;
  return false;
}

function differing(base: Side, result: Side): Set<string> {
  const changed = new Set<string>();
  for (const [path, file] of result.view.files) {
    const old = base.view.files.get(path);
    if (old?.oid !== file.oid || old.mode !== file.mode) changed.add(path);
  }
  for (const path of base.view.files.keys()) if (!result.view.files.has(path)) changed.add(path);
  return changed;
}

/** A target of one tree as `gitops-gate targets` lists it. */
export interface ListedTarget extends Target {
  status: 'renderable' | 'unresolved';
  /** Why it cannot be rendered, where that is known without trying. */
  reason: string | null;
}

/** Every target of a tree, sorted by name, without rendering any. */
export async function listTargets(tree: Tree, options: RenderOptions): Promise<ListedTarget[]> {
  const session = await RenderSession.open(options);
  try {
    const specs = await discover(await session.side(tree, true));
    const listed: ListedTarget[] = [];
    for (const name of [...specs.keys()].sort()) {
      const spec = specs.get(name);
      const plan = (await spec?.plan()) ?? null;
      if (spec === undefined || plan === null) continue;
      const reason = plan.refusal ?? null;
      listed.push({ ...targetOf(spec), status: reason === null ? 'renderable' : 'unresolved', reason });
    }
    return listed;
  } finally {
    await session.close();
  }
}
