import type { Verdict } from '../contract/index.js';
import type { RepositoryName } from '../github/index.js';

/** One judgement that the App asks of the engine, exactly as the command line would ask it. */
export interface Judgement {
  /** The bare mirror. */
  gitDir: string;
  /** Full commit ids. */
  base: string;
  head: string;
  /** Name of the base branch, for people. */
  baseName: string;
  repository: RepositoryName;
  /** URLs by which manifests may name this repository. */
  urls: readonly string[];
  now: Date;
  signal: AbortSignal;
  /** What people wrote beside the commits, scanned for secrets. */
  texts?: readonly { what: string; text: string; help?: string }[];
  /** For a merge queue's group: heads of its pull requests that the gate found open. */
  queue?: readonly string[];
}

/** The engine, as the App sees it. */
export interface Engine {
  judge(judgement: Judgement): Promise<Verdict>;
  /**
   * The same verdict with findings opened by approvals (fingerprint to login), without judging again.
   */
  approve(verdict: Verdict, approvals: ReadonlyMap<string, string>): Verdict;
  /** Branches governed according to the configuration at a commit of the default branch. */
  governed(gitDir: string, commit: string): Promise<readonly string[] | null>;
  /** Checks that the configuration at a commit runs. */
  checks(gitDir: string, commit: string): Promise<readonly string[]>;
  /** True when the commit is in the mirror. */
  has(gitDir: string, commit: string): Promise<boolean>;
  /** The commit that a ref of the mirror names. */
  resolve(gitDir: string, ref: string): Promise<string>;
}
