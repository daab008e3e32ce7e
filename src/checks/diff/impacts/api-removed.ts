import { describeRef, kindType, minorOf } from '../../../kubernetes/index.js';
import type { TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** Objects of an API that the cluster's release no longer has (or does not have yet). */
export const apiRemoved: ImpactRule = {
  describe: {
    id: 'diff/api-removed',
    title: "The cluster's Kubernetes does not serve this API",
    why: 'The API server refuses the object: the sync fails after the merge.',
    help: 'Use the apiVersion that the message names.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const version = world.kubernetesVersionOf(target);
    const minor = minorOf(version);
    if (minor === null) return [];
    return target.objects.flatMap((object) => {
      const { apiVersion, kind } = object.ref;
      // What the base already has is not made worse by a change of another field.
      if (object.action === 'delete' || object.base?.ref.apiVersion === apiVersion) return [];
      const known = kindType(apiVersion, kind);
      if (known === null) return [];
      const since = known.introduced === undefined ? null : minorOf(known.introduced);
      const end = known.removed === undefined ? null : minorOf(known.removed);
      const gone = end !== null && minor >= end;
      if (!gone && !(since !== null && minor < since)) return [];
      const instead = known.replacement === undefined ? '' : `: use ${known.replacement}`;
      return [
        {
          object,
          field: ['apiVersion'],
          message: gone
            ? `${describeRef(object.ref)}: ${apiVersion} was removed in Kubernetes ${known.removed}, the cluster runs ${version}`
            : `${describeRef(object.ref)}: ${apiVersion} exists from Kubernetes ${known.introduced} on, the cluster runs ${version}`,
          help: gone
            ? `Write it in an API that is served${instead}.`
            : 'Use an older apiVersion, or upgrade the cluster first.',
          detail: [apiVersion],
        },
      ];
    });
  },
};
