import type { TrustedConfig } from '../config/index.js';
import type { CheckResult, Redactor } from '../contract/index.js';
import type { Change } from '../git/index.js';
import type { RenderedChange } from '../render/index.js';

/** All that a check may look at. It reaches nothing else: no network, no clock, no environment, no disk. */
export interface CheckContext {
  change: Change;
  config: TrustedConfig;
  rendered: RenderedChange;
  /** The time at which the verdict is given; keys, certificates and exceptions are judged by it. */
  now: Date;
  /** Every secret value a check sees is registered here before it can reach any text. */
  redactor: Redactor;
  /**
   * For the group of a merge queue: heads of its pull requests, in queue order, each judged before and found open.
   * Commits that GitHub made of them (squashed, rebased) are known by their trees.
   */
  queue?: readonly string[];
  /** Heads of such a group that were judged and do not count, and why. */
  queueRefused?: readonly { what: string; reason: string }[];
  /** This repository's own URLs as the door knows them, beside `repositories` of the configuration. */
  repositoryUrls?: readonly string[];
  /**
   * Whether a commit (by its full id) is reachable from a governed branch; null where the clone cannot say (it is not
   * there, or history is cut off).
   */
  isGoverned?: (commit: string) => Promise<boolean | null>;
  /** Ends the check; a check that was ended reports what it could not verify. */
  signal: AbortSignal;
}

/** A check: a pure function from what is proposed to findings. */
export type Check = (context: CheckContext) => Promise<CheckResult>;
