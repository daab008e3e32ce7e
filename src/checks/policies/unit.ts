import type { Manifest } from '../../kubernetes/index.js';

/** What is judged as one: a rendered target, or a file that no target reads. */
export interface Unit {
  /** Target's name, or the file's path. */
  name: string;
  target: string | null;
  cluster: string | null;
  base: readonly Manifest[];
  result: readonly Manifest[];
}
