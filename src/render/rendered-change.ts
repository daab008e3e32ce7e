import type { SandboxKind, TargetStatus } from '../contract/index.js';
import type { Manifest } from '../kubernetes/index.js';

/** What can be rendered: the design's target names say which (`kustomize/apps/prod`, `prod:flux/flux-system/apps`). */
export type TargetKind = 'kustomize' | 'helm' | 'directory' | 'argocd' | 'flux' | 'helmrelease';

export interface Target {
  name: string;
  kind: TargetKind;
  /** Folder (or file of the Application, Kustomization or HelmRelease) in the tree. */
  path: string;
  cluster: string | null;
}

/** One side (base or result) of a target. `absent`: the target does not exist on that side. */
export type RenderOutcome =
  | { status: 'rendered'; manifests: readonly Manifest[] }
  | { status: 'absent' }
  | { status: 'unresolved'; reason: string }
  | { status: 'failed'; reason: string };

/** A target that the change can reach, rendered on both sides. */
export interface RenderedTarget {
  target: Target;
  base: RenderOutcome;
  result: RenderOutcome;
  /** True when a file the target reads is changed by the change itself. */
  touched: boolean;
}

/** Rendering of the change: computed once, shared by the checks, started at first use. */
export interface RenderedChange {
  /** Every target of base and result, without rendering any. */
  targets(): Promise<readonly Target[]>;
  /** The targets that the change can reach, rendered. */
  reached(): Promise<readonly RenderedTarget[]>;
  /** Names of targets whose rendering reads a given file of base or result. */
  targetsReading(path: string): Promise<readonly Target[]>;
  readonly sandbox: SandboxKind;
  /** Versions of the tools in use, by name. */
  readonly tools: Readonly<Record<string, string>>;
}

export type { TargetStatus };
