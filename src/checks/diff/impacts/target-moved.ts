import { describeRef, groupOf } from '../../../kubernetes/index.js';
import { fieldPathIn, type ObjectDifference, type TargetDifference } from '../model.js';
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
  ['spec', 'sourceRef'],
  ['spec', 'chartRef'],
  ['spec', 'chart', 'spec', 'sourceRef'],
  ['spec', 'chart', 'spec', 'chart'],
  ['spec', 'source', 'path'],
  ['spec', 'source', 'repoURL'],
  ['spec', 'source', 'chart'],
  ['spec', 'sources', 'path'],
  ['spec', 'sources', 'repoURL'],
  ['spec', 'sources', 'chart'],
  ['spec', 'template', 'spec', 'source', 'path'],
  ['spec', 'template', 'spec', 'source', 'repoURL'],
  ['spec', 'template', 'spec', 'sources', 'path'],
  ['spec', 'template', 'spec', 'sources', 'repoURL'],
];

/** Sources of Flux: another URL is another source. */
function isSource({ ref }: ObjectDifference): boolean {
  return groupOf(ref.apiVersion) === 'source.toolkit.fluxcd.io';
}

/** Applications, Kustomizations and HelmReleases that deploy elsewhere, or from elsewhere, than before. */
export const targetMoved: ImpactRule = {
  describe: {
    id: 'diff/target-moved',
    title: 'A deployment moves to another cluster, namespace, project or source',
    why: 'Everything it deployed is deleted at the old place and made at the new one.',
    help: 'If the move is meant, an approving review opens it.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (object.result === null || object.base === null) return [];
      const places = isDeployer(object) ? WHERE : isSource(object) ? [['spec', 'url']] : [];
      const moves = object.differences.filter(({ path }) =>
        places.some((names) => startsWithNames(path, ...names)),
      );
      const [first] = moves;
      if (first === undefined) return [];
      const paths = moves.map(({ path }) => formatChangePath(path));
      return [
        {
          object,
          field: fieldPathIn(object.result.object, first.path),
          message: `${describeRef(object.ref)} deploys elsewhere, or something else: ${paths.slice(0, 4).join(', ')} ${paths.length === 1 ? 'changes' : 'change'}`,
          help: 'Meant? An approving review opens this. What it deployed before is deleted or left behind at the old place.',
          detail: paths,
          cause: moves.map(({ path, from, to }) =>
            JSON.stringify([formatChangePath(path), from ?? null, to ?? null]),
          ),
        },
      ];
    });
  },
};
