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
  | {
      status: 'rendered';
      manifests: readonly Manifest[];
      /** What was taken for granted; absent where nothing was. */
      notes?: readonly RenderNote[];
    }
  | { status: 'absent' }
  | { status: 'unresolved'; reason: string }
  | {
      status: 'failed';
      reason: string;
      /** True where it met a limit of the gate's, or the tool is missing: nobody knows that it fails in the cluster. */
      unknown?: boolean;
    };

/** Something that a render took for granted and that may be otherwise in the cluster. */
export interface RenderNote {
  /** `moves`: content that may change without a commit here; `lookup`: a chart asks the cluster; `paused`: not applied. */
  kind: 'moves' | 'lookup' | 'paused';
  /** What it is about: equal where it is the same thing. */
  about: string;
  /** A clause for people, without a full stop. */
  text: string;
}

/** A target that the change can reach, rendered on both sides. */
export interface RenderedTarget {
  target: Target;
  base: RenderOutcome;
  result: RenderOutcome;
  /** True when a file the target reads, or anything else that it is made of, is changed by the change itself. */
  touched: boolean;
}

/** A target of the result beside the same target where files hold something else. */
export interface EditedTarget {
  target: Target;
  before: RenderOutcome;
  after: RenderOutcome;
}

/** Rendering of the change: computed once, shared by the checks, started at first use. */
export interface RenderedChange {
  /** Every target of base and result, without rendering any. */
  targets(): Promise<readonly Target[]>;
  /** The targets that the change can reach, rendered. */
  reached(): Promise<readonly RenderedTarget[]>;
  /** Names of targets whose rendering reads a given file of base or result. */
  targetsReading(path: string): Promise<readonly Target[]>;
  /**
   * Targets by their names, rendered on both sides though the change need not reach them; names that no target has are
   * left out. Absent where nothing but what the change reaches can be rendered.
   */
  also?(names: readonly string[]): Promise<readonly RenderedTarget[]>;
  /**
   * Every target of the result that reads a file, rendered as it is and as it would be if the file held this; null where
   * more than `most` targets read it.
   */
  edited(path: string, content: string, most: number): Promise<readonly EditedTarget[] | null>;
  readonly sandbox: SandboxKind;
  /** Versions of the tools in use, by name. */
  readonly tools: Readonly<Record<string, string>>;
}

export type { TargetStatus };
