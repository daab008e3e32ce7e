import { type Config, type KustomizeBuildOptions, kustomizeBuildOptions } from '../../config/index.js';
import type { Tree } from '../../git/index.js';
import { Charts } from '../inputs/chart.js';
import { Kustomizations } from '../inputs/kustomization.js';
import type { ParsedFiles } from '../inputs/parsed-files.js';
import { TreeView } from '../inputs/tree-view.js';
import type { ChartReference } from '../remotes/remote-charts.js';
import type { RemoteOwner, Remotes } from '../remotes/remotes.js';
import type { RenderCache } from '../run/render-cache.js';
import type { ToolRunner } from '../run/tool-runner.js';
import type { Toolbox } from '../tools/toolbox.js';
import type { FileKinds } from './file-kinds.js';

/** What both sides of a change share. */
export interface RenderContext {
  config: Config;
  toolbox: Toolbox;
  runner: ToolRunner;
  cache: RenderCache;
  parsed: ParsedFiles;
  kinds: FileKinds;
  /** False without a sandbox: schemas that refer to elsewhere could then be followed. */
  sandboxed: boolean;
  /** URLs by which objects name this very repository. */
  repositoryUrls: readonly string[];
  /** URLs that the base gives to the GitRepository of `flux bootstrap`, in one form. */
  bootstrapped: Set<string>;
  /** Brings charts and bases from elsewhere; null where the door lets nothing be fetched. */
  remotes: Remotes | null;
  /** Branches that are governed; undefined where neither the configuration nor the door names any. */
  branches: readonly string[] | undefined;
  /** The files of a commit of this repository, null where the clone does not hold it; absent where there is no clone. */
  commitTree?: ((commit: string) => Promise<Tree | null>) | undefined;
}

/** One tree (base, result, or any revision) with what has been found out about it. */
export class Side {
  readonly view: TreeView;
  readonly context: RenderContext;
  readonly kustomizations: Kustomizations;
  readonly charts: Charts;
  /** Whose tree it is: what a trusted one names may be fetched (`diff.remotes: declared`). */
  readonly owner: RemoteOwner;

  private constructor(view: TreeView, context: RenderContext, owner: RemoteOwner) {
    this.view = view;
    this.owner = owner;
    this.context = context;
    const { remotes } = context;
    const admitChart =
      remotes === null ? null : (reference: ChartReference) => remotes.admitChart(reference, owner);
    this.kustomizations = new Kustomizations(view, context.parsed, {
      admit: remotes === null ? null : (reference) => remotes.admit(reference, owner),
      inflate: buildOptionsOf(context.config).enableHelm ? { admitChart } : null,
    });
    this.charts = new Charts(view, context.parsed, admitChart);
  }

  static async open(tree: Tree, context: RenderContext, owner: RemoteOwner): Promise<Side> {
    return new Side(await TreeView.open(tree), context, owner);
  }

  /** Of a tree that is open already. */
  static of(view: TreeView, context: RenderContext, owner: RemoteOwner): Side {
    return new Side(view, context, owner);
  }
}

/** How kustomize is called for Argo CD and for plain kustomizations; an option that is refused says nothing. */
export function buildOptionsOf({ diff }: Config): KustomizeBuildOptions {
  const options = kustomizeBuildOptions(diff.kustomizeBuildOptions);
  return 'unknown' in options ? { enableHelm: false, unrestricted: false } : options;
}
