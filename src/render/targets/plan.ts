import { createHash } from 'node:crypto';
import { GateError } from '../../contract/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import { TooLarge, Unresolved } from '../inputs/input-set.js';
import type { RenderNote } from '../rendered-change.js';
import type { RenderedObject } from '../run/rendered-objects.js';

/** What one target gives on one side, before it is turned into manifests. */
export type SideOutcome =
  | { status: 'rendered'; objects: readonly RenderedObject[]; notes?: readonly RenderNote[] | undefined }
  /** Manifests as they stand in their files, with positions. */
  | { status: 'read'; manifests: readonly Manifest[] }
  | { status: 'unresolved'; reason: string }
  | { status: 'failed'; reason: string; lasting: boolean };

/** How one target is rendered on one side, worked out without running anything. */
export interface Plan {
  /** Every path of the tree that is read; what is not here cannot change the outcome. */
  readonly inputs: ReadonlySet<string>;
  /** Of those what it looks into without giving the objects that stand there: texts, patches, a chart's other files. */
  readonly looked?: ReadonlySet<string> | undefined;
  /** Equal keys give equal outcomes: SHA-256 over inputs, arguments and tool versions. */
  readonly key: string;
  /** Why nothing can be rendered, where that is known beforehand. */
  readonly refusal?: string;
  /**
   * Brings what the plan needs from elsewhere and stands for its content; absent where it needs nothing. What is kept of
   * a render is kept by this too, for a branch, a tag or a range moves. @throws Unresolved
   */
  readonly fetched?: (() => Promise<string>) | undefined;
  /** Renders. @throws Unresolved */
  render(): Promise<SideOutcome>;
}

/** A key over everything that decides an outcome. */
export function planKey(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

/** A plan for what cannot be rendered; it still has inputs, so that a change to them is seen. */
export function unresolvedPlan(inputs: ReadonlySet<string>, digest: string, reason: string): Plan {
  return {
    inputs,
    refusal: reason,
    key: planKey('unresolved', digest, reason),
    render: () => Promise.resolve({ status: 'unresolved', reason }),
  };
}

/** A plan of what certainly fails in the cluster too. */
export function failedPlan(inputs: ReadonlySet<string>, digest: string, reason: string): Plan {
  return {
    inputs,
    key: planKey('failed', digest, reason),
    render: () => Promise.resolve({ status: 'failed', reason, lasting: true }),
  };
}

/** A plan for what met a limit of the gate's own before anything was run: nobody knows what it renders to. */
export function limitedPlan(inputs: ReadonlySet<string>, digest: string, reason: string): Plan {
  return {
    inputs,
    key: planKey('limited', digest, reason),
    render: () => Promise.resolve({ status: 'failed', reason, lasting: false }),
  };
}

/** The plan of what is refused before it is run: by a limit, or for what cannot be known here. */
export function refusedPlan(
  inputs: ReadonlySet<string>,
  digest: string,
  { refusal, limited }: { refusal: string; limited: boolean },
): Plan {
  return limited ? limitedPlan(inputs, digest, refusal) : unresolvedPlan(inputs, digest, refusal);
}

/**
 * The plan of what could not be planned for this reason.
 * @throws the error itself, where it is none that says so
 */
export function planOfRefusal(inputs: ReadonlySet<string>, digest: string, error: unknown): Plan {
  if (error instanceof Unresolved) {
    return refusedPlan(inputs, digest, { refusal: error.message, limited: error instanceof TooLarge });
  }
  if (error instanceof GateError && error.code === 'limit') return limitedPlan(inputs, digest, error.message);
  throw error;
}
