import { describeRef } from '../../../kubernetes/index.js';
import { fieldPathIn, type TargetDifference } from '../model.js';
import { formatChangePath, startsWithNames } from '../semantic/path.js';
import type { Impact, ImpactRule } from './impact.js';
import { isDeployer } from './removal.js';

/** Fields that decide where a deployer puts its objects, under whose rights, or what it takes them for. */
const WHERE: readonly (readonly string[])[] = [
  ['spec', 'destination'],
  ['spec', 'project'],
  ['spec', 'template', 'spec', 'destination'],
  ['spec', 'template', 'spec', 'project'],
  ['spec', 'targetNamespace'],
  ['spec', 'storageNamespace'],
  ['spec', 'releaseName'],
  ['spec', 'kubeConfig'],
  ['spec', 'namePrefix'],
  ['spec', 'nameSuffix'],
  ['spec', 'path'],
  ['spec', 'source', 'path'],
  ['spec', 'sources', 'path'],
];

/** Applications, Kustomizations and HelmReleases that deploy elsewhere than before. */
export const targetMoved: ImpactRule = {
  describe: {
    id: 'diff/target-moved',
    title: 'A deployment moves to another cluster, namespace, project or path',
    why: 'Everything it deployed is deleted at the old place and made at the new one.',
    help: 'If the move is meant, an approving review opens it.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (!isDeployer(object) || object.result === null || object.base === null) return [];
      const moves = object.differences.filter(({ path }) =>
        WHERE.some((names) => startsWithNames(path, ...names)),
      );
      const [first] = moves;
      if (first === undefined) return [];
      const paths = moves.map(({ path }) => formatChangePath(path));
      return [
        {
          object,
          field: fieldPathIn(object.result.object, first.path),
          message: `${describeRef(object.ref)} deploys elsewhere: ${paths.slice(0, 4).join(', ')} changes`,
          help: 'Meant? An approving review opens this. What it deployed before is deleted or left behind at the old place.',
          detail: paths,
        },
      ];
    });
  },
};
