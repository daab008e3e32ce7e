const KiB = 1024;
const MiB = 1024 * KiB;

/**
 * Bounds put on every input before it is parsed. What exceeds one is "not verified", with the bound in the reason.
 * Sizes are bytes, times are milliseconds.
 */
export const LIMITS = {
  /** A blob that is scanned or parsed. */
  blobBytes: 20 * MiB,
  /** A manifest file that is parsed as YAML or JSON. */
  manifestBytes: 10 * MiB,
  /** Depth of nesting in a YAML or JSON document. */
  yamlDepth: 100,
  /** Nodes of one document after its aliases are expanded. */
  yamlNodes: 1_000_000,
  /** Documents in one file. */
  yamlDocuments: 20_000,
  /** A commit or tag object. */
  commitBytes: 1 * MiB,
  /** Commits in one change. */
  commits: 5_000,
  /** Files that a change touches. */
  changedFiles: 20_000,
  /** Files in one tree. */
  treeFiles: 500_000,
  /** A line that is matched by a rule whole; longer ones are matched in windows. */
  lineBytes: 1 * MiB,
  /** Armored signature or key. */
  armorBytes: 64 * KiB,
  keyringBytes: 16 * MiB,
  /** Configuration, exceptions and other trusted files. */
  configBytes: 1 * MiB,
  /** One file handed to the secrets engine, in milliseconds. */
  scanMs: 10_000,
  /** One call of helm or kustomize. */
  renderMs: 60_000,
  /** What one target renders to. */
  renderBytes: 64 * MiB,
  /** One policy on one object. */
  policyMs: 1_000,
} as const;
