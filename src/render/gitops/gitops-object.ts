import type { JsonMap } from '../inputs/json-shape.js';
import type { Plan } from '../targets/plan.js';
import type { Side } from '../targets/side.js';
import { GitArtifacts } from './git-artifact.js';
import type { GitOpsKind } from './kinds.js';
import type { OwnRepository } from './own-repository.js';
import type { SourceTrees } from './source-trees.js';
import type { World } from './world.js';

/** An object of Argo CD or Flux that is rendered itself, as it reaches its cluster. */
export interface GitOpsObject {
  kind: GitOpsKind;
  object: JsonMap;
  /** File it stands in or was rendered from, where known. */
  path: string | null;
  /** Cluster that it is applied to, where known. */
  cluster: string | null;
  /** True where files of another repository have a say in it: what it names is not what this repository names. */
  foreign?: boolean;
}

/** One side with what its GitOps objects need of each other. */
export interface GitOpsSide {
  side: Side;
  world: World;
  repository: OwnRepository;
  /** What GitRepositories that are this repository hold of it. */
  artifacts: GitArtifacts;
  /** The trees that sources name. */
  sources: SourceTrees;
}

/** The same with another tree in the place of the repository's: what the objects refer to stays where it is. */
export function inTree(at: GitOpsSide, side: Side): GitOpsSide {
  return { ...at, side, artifacts: new GitArtifacts(side) };
}

/** The plan of a GitOps object. */
export interface GitOpsPlan extends Plan {
  /** Inputs that are only looked into (values, variables, sources): objects in them are not among what it renders. */
  readonly consulted?: ReadonlySet<string>;
  /** True where it may give further GitOps objects though no file of the tree says so. */
  readonly defines?: boolean;
  /** True where files of another repository decide what it gives. */
  readonly foreign?: boolean;
}
