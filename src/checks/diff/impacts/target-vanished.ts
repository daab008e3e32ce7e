import { type Manifest, objectKey } from '../../../kubernetes/index.js';
import { at, manifestsOf, type TargetDifference } from '../model.js';
import { recordsOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

function isDeployed({ target }: TargetDifference): boolean {
  return target.kind === 'argocd' || target.kind === 'flux' || target.kind === 'helmrelease';
}

/** A new target that holds all that this one held: it was moved. */
function successorOf(target: TargetDifference, world: World): TargetDifference | null {
  // Of what Argo CD or Flux deploys, the old deployment is deleted first, and what it deployed with it.
  if (isDeployed(target)) return null;
  const keys = manifestsOf(target.base).map(({ ref }) => objectKey(ref));
  for (const other of world.targets) {
    if (
      other === target ||
      other.result.status !== 'rendered' ||
      // What held the same before is another environment, not a successor.
      other.base.status !== 'absent' ||
      other.target.cluster !== target.target.cluster
    )
      continue;
    const held = world.resultKeys(other);
    if (keys.every((key) => held.has(key))) return other;
  }
  return null;
}

/** The objects of a target by kind and name, whatever namespace a deployer gives them. */
function contentOf(target: TargetDifference): string {
  return JSON.stringify(
    manifestsOf(target.base)
      .map(({ ref }) => `${ref.kind}/${ref.name}`)
      .sort(),
  );
}

/**
 * True when the deletion of a deployer (an Application, a Kustomization) is told as such, and this target is what it
 * deployed, or the very folder that it deployed it from.
 */
function isExplained(target: TargetDifference, world: World): boolean {
  return world.targets.some((other) => {
    if (other.result.status !== 'absent') return false;
    const owner = world.deletedOwnerOf(other);
    return owner !== null && (other === target || foldersOf(owner).includes(target.target.path));
  });
}

/** The folders that a deployer takes its manifests from, as paths of the repository. */
function foldersOf({ object }: Manifest): string[] {
  const sources = recordsOf(at(object, 'spec', 'sources')).map(({ path }) => path);
  return [at(object, 'spec', 'path'), at(object, 'spec', 'source', 'path'), ...sources]
    .filter((path) => typeof path === 'string')
    .map((path) => path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, ''));
}

function isNamed({ object, ref }: Manifest): boolean {
  return ref.name !== '' || typeof at(object, 'metadata', 'generateName') === 'string';
}

/** True for a target that is gone and that nobody could render while it was there. */
function isUnknown({ base, result }: TargetDifference): boolean {
  return result.status === 'absent' && (base.status === 'unresolved' || base.status === 'failed');
}

/** Whole targets that are no longer there. */
export const targetVanished: ImpactRule = {
  describe: {
    id: 'diff/target-vanished',
    title: 'A whole target vanishes',
    why: 'All its objects leave the repository at once: what prunes will delete every one of them, what does not will leave them behind for nobody to care for.',
    help: 'If it is meant, an approving review opens it; if not, restore the folder.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (isUnknown(target)) {
      if (isExplained(target, world)) return [];
      return [
        {
          object: null,
          message: `${target.target.name} vanishes; what it held is not known, for it could not be rendered`,
          help: `Meant? An approving review opens this. Not meant? Restore ${target.target.path}.`,
          detail: ['unknown', target.target.kind, target.target.path],
        },
      ];
    }
    // What has no name is no object that a cluster could hold (ksonnet's app.yaml, tools' own settings).
    const count = manifestsOf(target.base).filter(isNamed).length;
    if (target.result.status !== 'absent' || target.base.status !== 'rendered' || count === 0) return [];
    if (isExplained(target, world)) return [];
    const successor = successorOf(target, world);
    const objects = `${count} object${count === 1 ? '' : 's'}`;
    if (successor !== null) {
      return [
        {
          object: null,
          action: 'inform',
          severity: 'notice',
          message: `${target.target.name} is gone; ${successor.target.name} holds all its ${objects}`,
          help: 'Nothing to do where the move is meant.',
          detail: [contentOf(target)],
        },
      ];
    }
    return [
      {
        object: null,
        message: `${target.target.name} vanishes with ${objects}`,
        help: `Meant? An approving review opens this. Not meant? Restore ${target.target.path}.`,
        detail: [contentOf(target)],
      },
    ];
  },
};
