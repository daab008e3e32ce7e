import type { JsonValue } from '../../../contract/index.js';
import { describeRef, groupOf } from '../../../kubernetes/index.js';
import { annotationsOf, at, type ObjectDifference } from '../model.js';
import { startsWithNames } from '../semantic/path.js';
import { recordsOf, stringsOf } from '../world.js';
import type { Impact } from './impact.js';

const HELP = 'Meant? An approving review opens this.';

/** Sources of Flux whose signatures are no longer verified. */
export function verification(object: ObjectDifference): Impact[] {
  if (
    groupOf(object.ref.apiVersion) !== 'source.toolkit.fluxcd.io' ||
    object.before === null ||
    object.after === null
  )
    return [];
  const changed = object.differences.some(({ path }) => startsWithNames(path, 'spec', 'verify'));
  if (!changed || at(object.before, 'spec', 'verify') === undefined) return [];
  const gone = at(object.after, 'spec', 'verify') === undefined;
  return [
    {
      object,
      field: ['spec', 'verify'],
      message: `${describeRef(object.ref)}: ${gone ? 'its signature is no longer verified' : 'how its signature is verified changes'}`,
      help: HELP,
      detail: ['verify', gone ? 'gone' : 'changed'],
    },
  ];
}

/** Argo CD and Flux deployments that look away, or act with more rights. */
export function deployers(object: ObjectDifference): Impact[] {
  const { before, after } = object;
  if (before === null || after === null) return [];
  const impacts: Impact[] = [];
  const tell = (field: readonly string[], message: string, detail: string): void => {
    impacts.push({
      object,
      field,
      message: `${describeRef(object.ref)}: ${message}`,
      help: HELP,
      detail: [detail],
    });
  };
  const group = groupOf(object.ref.apiVersion);
  if (group === 'argoproj.io') {
    for (const root of [['spec'], ['spec', 'template', 'spec']]) {
      const ignored = new Set(
        recordsOf(at(before, ...root, 'ignoreDifferences')).map((entry) => JSON.stringify(entry)),
      );
      const added = recordsOf(at(after, ...root, 'ignoreDifferences')).filter(
        (entry) => !ignored.has(JSON.stringify(entry)),
      );
      if (added.length > 0)
        tell(
          [...root, 'ignoreDifferences'],
          'more differences from the repository are ignored',
          'ignoreDifferences',
        );
      const heals = (side: ObjectDifference['after']): boolean =>
        at(side, ...root, 'syncPolicy', 'automated', 'selfHeal') === true &&
        at(side, ...root, 'syncPolicy', 'automated', 'enabled') !== false;
      if (heals(before) && !heals(after))
        tell([...root, 'syncPolicy'], 'self-healing is turned off', 'selfHeal');
      const options = new Set(stringsOf(at(before, ...root, 'syncPolicy', 'syncOptions')));
      for (const one of stringsOf(at(after, ...root, 'syncPolicy', 'syncOptions'))) {
        const loosens = LOOSENING.get(one);
        if (loosens !== undefined && !options.has(one))
          tell([...root, 'syncPolicy', 'syncOptions'], loosens, one);
      }
    }
  }
  if (group === 'kustomize.toolkit.fluxcd.io' || group === 'helm.toolkit.fluxcd.io') {
    const account = at(before, 'spec', 'serviceAccountName');
    const now = at(after, 'spec', 'serviceAccountName');
    if (account !== undefined && account !== now) {
      tell(
        ['spec', 'serviceAccountName'],
        now === undefined
          ? "it acts with the controller's own rights"
          : 'it acts with the rights of another service account',
        'serviceAccountName',
      );
    }
    if (at(before, 'spec', 'suspend') !== true && at(after, 'spec', 'suspend') === true)
      tell(['spec', 'suspend'], 'it is suspended: nothing is put right any more', 'suspend');
    const mode = (side: ObjectDifference['after']): JsonValue | undefined =>
      at(side, 'spec', 'driftDetection', 'mode');
    if (mode(before) !== undefined && mode(before) !== 'disabled' && mode(after) !== mode(before)) {
      const gone = mode(after) === undefined || mode(after) === 'disabled';
      if (gone || mode(before) === 'enabled')
        tell(
          ['spec'],
          gone ? 'drift is no longer detected' : 'drift is no longer put right',
          'driftDetection',
        );
    }
    const ignored = (side: ObjectDifference['after']): string[] =>
      recordsOf(at(side, 'spec', 'driftDetection', 'ignore')).map((entry) => JSON.stringify(entry));
    if (ignored(after).some((entry) => !ignored(before).includes(entry)))
      tell(['spec', 'driftDetection', 'ignore'], 'more drift is ignored', 'driftDetection.ignore');
    for (const way of ['install', 'upgrade']) {
      for (const field of ['disableSchemaValidation', 'disableOpenAPIValidation']) {
        if (at(before, 'spec', way, field) !== true && at(after, 'spec', way, field) === true)
          tell(['spec', way, field], 'what it deploys is no longer validated', `${way}.${field}`);
      }
    }
  }
  return impacts;
}

/** Sync options of Argo CD that look away. */
const LOOSENING: ReadonlyMap<string, string> = new Map([
  ['Validate=false', 'objects are no longer validated'],
  ['RespectIgnoreDifferences=true', 'ignored differences are no longer put right'],
  ['FailOnSharedResource=false', 'it takes over what other Applications own'],
]);

const ASIDE: readonly (readonly [annotation: string, values: RegExp, says: string])[] = [
  ['kustomize.toolkit.fluxcd.io/reconcile', /^disabled$/i, 'Flux leaves it as it is in the cluster'],
  [
    'kustomize.toolkit.fluxcd.io/ssa',
    /^(?:ignore|ifnotpresent|merge)$/i,
    'Flux does not put it right any more',
  ],
  ['argocd.argoproj.io/skip-reconcile', /^true$/, 'Argo CD does not look at it any more'],
  ['helm.toolkit.fluxcd.io/driftDetection', /^disabled$/i, 'its drift is no longer detected'],
  ['argocd.argoproj.io/compare-options', /IgnoreExtraneous/i, 'Argo CD does not say where it is out of sync'],
  ['argocd.argoproj.io/sync-options', /(?:^|,)\s*Validate=false/i, 'it is no longer validated'],
];

/** Objects whose annotations now tell their deployer to look away. */
export function setAside(object: ObjectDifference): Impact[] {
  const before = annotationsOf(object.base?.object ?? null);
  const after = annotationsOf(object.result?.object ?? null);
  if (object.base === null || object.result === null) return [];
  return ASIDE.flatMap(([name, values, says]): Impact[] => {
    if (!values.test(after[name] ?? '') || values.test(before[name] ?? '')) return [];
    return [
      {
        object,
        field: ['metadata', 'annotations', name],
        message: `${describeRef(object.ref)}: ${says} (${name})`,
        help: HELP,
        detail: ['aside', name],
      },
    ];
  });
}
