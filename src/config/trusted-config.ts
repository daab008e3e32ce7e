import type { Tree } from '../git/index.js';
import type { Config, Exception } from './schema.js';

/**
 * What the gate obeys: read from the tip of the base (or from a file outside the repository), never from the head.
 */
export interface TrustedConfig {
  readonly config: Config;
  readonly exceptions: readonly Exception[];
  /** Where it came from, for people: `.gitops-gate/config.yaml of main (3f2c1ab)`, a file, or `defaults`. */
  readonly source: string;
  /** True when there is no configuration at all. */
  readonly unconfigured: boolean;
  /**
   * Files that the configuration names (keys, policies, baseline, schemas): the base's tree, or the folder of
   * `--config`. Paths in the configuration are relative to it.
   */
  readonly files: Tree;
  /** `sha256:<hex>` over the configuration and exceptions, and over the keys. */
  readonly digests: { config: string; keys: string };
}
