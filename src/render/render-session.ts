import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { GateError, type SandboxKind } from '../contract/index.js';
import type { Tree } from '../git/index.js';
import { ParsedFiles } from './inputs/parsed-files.js';
import type { Credentials } from './remotes/bounded-get.js';
import { Remotes } from './remotes/remotes.js';
import type { RenderOutcome } from './rendered-change.js';
import { DiskRenderCache, MemoryRenderCache, type RenderCache } from './run/render-cache.js';
import { outcomeWithManifests } from './run/rendered-manifests.js';
import { SourcePositions } from './run/source-positions.js';
import { ToolRunner } from './run/tool-runner.js';
import { Workspace } from './run/workspace.js';
import { NoSandbox } from './sandbox/no-sandbox.js';
import { probeSandbox, type SandboxChoice } from './sandbox/probe.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { FileKinds } from './targets/file-kinds.js';
import type { Plan } from './targets/plan.js';
import { type RenderContext, Side } from './targets/side.js';
import { renderPlan } from './targets/side-outcome.js';
import { openToolbox, toolVersions } from './tools/toolbox.js';

/** What a door decides about rendering; nothing of it comes from the change. */
export interface RenderOptions {
  config: Config;
  /** Overrides `diff.sandbox`: the App and every fork are `required`. */
  sandbox?: 'required' | 'auto' | 'off' | undefined;
  /** Which sandboxes may be used, best first (both by default). */
  sandboxes?: readonly SandboxChoice[] | undefined;
  /** Folder that keeps unpacked tools; the user's cache folder by default. */
  toolsFolder?: string | undefined;
  /** The packaged tools' layer.zip, for a door that is installed without the package. */
  toolsArchive?: string | undefined;
  /** Results kept between runs: a folder and what it is bound to. In memory, for this run, when absent. */
  cache?: { folder: string; repository: string } | RenderCache | undefined;
  /** Programs that run at a time; 2 by default. */
  workers?: number | undefined;
  /** This repository's own URLs, as the door knows them, beside `repositories` of the configuration. */
  repositoryUrls?: readonly string[] | undefined;
  /** The files of any commit of this repository, for objects that pin one; `missing-objects` where it is not there. */
  commitTree?: ((commit: string) => Promise<Tree>) | undefined;
  /** The branch that the change goes to, where the door knows its name. */
  branch?: string | undefined;
  /**
   * Lets charts and bases be fetched as `diff.remotes` allows; nothing is fetched when absent. They are kept in the folder, by
   * default beside what is rendered of the same repository.
   */
  fetch?:
    | {
        folder?: string | undefined;
        credentials?: ReadonlyMap<string, Credentials> | undefined;
        /** Bytes that may be brought in all, unpacked ones among them; 1 GiB by default. */
        runBytes?: number | undefined;
      }
    | undefined;
  signal?: AbortSignal | undefined;
}

/** Tools, sandbox, cache and temporary folder for a number of renders. To be closed. */
export class RenderSession {
  readonly context: RenderContext;
  readonly sandbox: SandboxKind;
  /** What sandbox is in force, or why there is none. */
  readonly sandboxDetail: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly workers: number;
  readonly #workspace: Workspace;
  readonly #positions = new SourcePositions();

  private constructor(context: RenderContext, sandbox: Sandbox, workspace: Workspace, workers: number) {
    this.context = context;
    this.sandbox = sandbox.kind;
    this.sandboxDetail = sandbox.detail;
    this.tools = toolVersions(context.toolbox);
    this.workers = workers;
    this.#workspace = workspace;
  }

  static async open(options: RenderOptions): Promise<RenderSession> {
    const { config } = options;
    const mode = options.sandbox ?? config.diff.sandbox;
    const workspace = await Workspace.create();
    try {
      const [toolbox, sandbox] = await Promise.all([
        openToolbox({
          helm: config.diff.helm,
          kustomize: config.diff.kustomize,
          cacheFolder: options.toolsFolder,
          archive: options.toolsArchive,
        }),
        mode === 'off'
          ? new NoSandbox('switched off by diff.sandbox', null, workspace.home)
          : probeSandbox(workspace.root, options.sandboxes),
      ]);
      const refusal =
        mode === 'required' && sandbox.kind === 'none'
          ? `a sandbox is required and this machine has none (${sandbox.detail}); see docs/sandbox.md`
          : null;
      const context: RenderContext = {
        config,
        toolbox,
        runner: new ToolRunner(sandbox, workspace, refusal, options.signal),
        cache: cacheOf(options.cache),
        parsed: new ParsedFiles(),
        kinds: new FileKinds(),
        sandboxed: sandbox.kind !== 'none',
        bootstrapped: new Set(),
        remotes:
          options.fetch === undefined
            ? null
            : new Remotes({
                folder: fetchedFolder(options.cache),
                ...options.fetch,
                scratch: workspace.root,
                remotes: config.diff.remotes,
                signal: options.signal,
              }),
        branches: branchesOf(config, options.branch),
        commitTree: options.commitTree === undefined ? undefined : orMissing(options.commitTree),
        repositoryUrls: [...config.repositories, ...(options.repositoryUrls ?? [])],
      };
      return new RenderSession(context, sandbox, workspace, options.workers ?? 2);
    } catch (error) {
      await workspace.close();
      throw error;
    }
  }

  /** @param trusted true for the base, or a tree that the user chose */
  side(tree: Tree, trusted: boolean): Promise<Side> {
    return Side.open(tree, this.context, { trusted });
  }

  /** Renders one plan to what the checks see; a plan that is not there is `absent`. */
  async render(plan: Plan | null, side: Side): Promise<RenderOutcome> {
    if (plan === null) return { status: 'absent' };
    return outcomeWithManifests(await renderPlan(plan), side, this.#positions);
  }

  async close(): Promise<void> {
    await this.context.remotes?.close();
    await this.#workspace.close();
  }
}

/** Null for what a clone does not hold: that is no error where an object names it. */
function orMissing(treeOf: (commit: string) => Promise<Tree>): (commit: string) => Promise<Tree | null> {
  return async (commit) => {
    try {
      return await treeOf(commit);
    } catch (error) {
      if (error instanceof GateError && error.code === 'missing-objects') return null;
      throw error;
    }
  };
}

function branchesOf(config: Config, branch: string | undefined): readonly string[] | undefined {
  if (config.branches === undefined && branch === undefined) return undefined;
  return [...(config.branches ?? []), ...(branch === undefined ? [] : [branch])];
}

/** No repository sees what another one has fetched. */
function fetchedFolder(cache: RenderOptions['cache']): string | undefined {
  if (cache === undefined || !('folder' in cache)) return undefined;
  return join(cache.folder, 'fetched', createHash('sha256').update(cache.repository).digest('hex'));
}

function cacheOf(cache: RenderOptions['cache']): RenderCache {
  if (cache === undefined) return new MemoryRenderCache();
  return 'folder' in cache ? new DiskRenderCache(cache.folder, cache.repository) : cache;
}
