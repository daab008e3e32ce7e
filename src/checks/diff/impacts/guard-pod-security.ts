import type { JsonValue } from '../../../contract/index.js';
import { describeRef } from '../../../kubernetes/index.js';
import { at, type ObjectDifference } from '../model.js';
import { kindKey, textOf } from '../world.js';
import type { Impact } from './impact.js';

const HELP = 'Meant? An approving review opens this.';

const LEVELS = ['privileged', 'baseline', 'restricted'];
const LABEL = 'pod-security.kubernetes.io/';

/** Where an object writes the labels of namespaces: its own, or those of the namespace that its Application makes. */
const PLACES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['/Namespace', [['metadata', 'labels']]],
  ['argoproj.io/Application', [['spec', 'syncPolicy', 'managedNamespaceMetadata', 'labels']]],
  [
    'argoproj.io/ApplicationSet',
    [['spec', 'template', 'spec', 'syncPolicy', 'managedNamespaceMetadata', 'labels']],
  ],
]);

/** Pod Security levels of a namespace that go down, and opt-outs from other guards by label. */
export function podSecurity(object: ObjectDifference): Impact[] {
  if (object.action === 'delete' || object.after === null) return [];
  const places = PLACES.get(kindKey(object.ref.apiVersion, object.ref.kind)) ?? [];
  return places.flatMap((place) => judged(object, place));
}

function judged(object: ObjectDifference, place: readonly string[]): Impact[] {
  const label = (side: ObjectDifference['after'], name: string): JsonValue | undefined =>
    at(side, ...place, name);
  const impacts: Impact[] = [];
  const before = LEVELS.indexOf(textOf(label(object.before, `${LABEL}enforce`)));
  const after = LEVELS.indexOf(textOf(label(object.after, `${LABEL}enforce`)));
  if ((object.before !== null && Math.max(after, 0) < before) || (object.before === null && after === 0)) {
    impacts.push({
      object,
      field: [...place, `${LABEL}enforce`],
      message: `${describeRef(object.ref)}: Pod Security goes ${before < 0 ? '' : `from ${LEVELS[before]} `}to ${LEVELS[after] ?? 'none'}`,
      help: HELP,
      detail: ['pod-security', LEVELS[after] ?? 'none'],
    });
  }
  const version = (side: ObjectDifference['after']): string => textOf(label(side, `${LABEL}enforce-version`));
  if (
    object.before !== null &&
    before > 0 &&
    after === before &&
    isOlder(version(object.after), version(object.before))
  ) {
    impacts.push({
      object,
      field: [...place, `${LABEL}enforce-version`],
      message: `${describeRef(object.ref)}: Pod Security is that of ${version(object.after)}, which asks for less`,
      help: HELP,
      detail: ['pod-security', 'version'],
    });
  }
  for (const [name, value] of OPT_INS) {
    if (object.before === null || label(object.before, name) !== value || label(object.after, name) === value)
      continue;
    impacts.push({
      object,
      field: place,
      message: `${describeRef(object.ref)} loses its label ${name}: ${value}, by which a guard looks at it`,
      help: HELP,
      detail: ['opt-in', name],
    });
  }
  for (const [name, value] of OPT_OUTS) {
    if (label(object.after, name) === undefined || label(object.before, name) === label(object.after, name))
      continue;
    if (value !== null && label(object.after, name) !== value) continue;
    impacts.push({
      object,
      field: [...place, name],
      message: `${describeRef(object.ref)} opts out of a guard by its label ${name}`,
      help: HELP,
      detail: ['opt-out', name],
    });
  }
  return impacts;
}
const OPT_OUTS: readonly (readonly [string, string | null])[] = [
  ['admission.gatekeeper.sh/ignore', null],
  ['istio-injection', 'disabled'],
];
/** Labels by which guards look at a namespace at all. */
const OPT_INS: readonly (readonly [string, string])[] = [
  ['istio-injection', 'enabled'],
  ['istio.io/dataplane-mode', 'ambient'],
  ['policy.sigstore.dev/include', 'true'],
];

/** True where a version of the standards (`v1.25`; `latest` and none are the newest) is older than another. */
function isOlder(version: string, than: string): boolean {
  const minor = (text: string): number => {
    const found = /^v1\.(\d{1,4})$/.exec(text)?.[1];
    return found === undefined ? Number.POSITIVE_INFINITY : Number(found);
  };
  return minor(version) < minor(than);
}
