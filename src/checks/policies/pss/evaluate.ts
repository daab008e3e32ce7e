import type { JsonValue } from '../../../contract/index.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import { wildcardMatch } from '../values/wildcard.js';
import { CONTROLS } from './controls.js';
import type { ContainerView, PodView, PssViolation } from './violation.js';

const LATEST = 99;
const ROLES = ['containers', 'initContainers', 'ephemeralContainers'];

/** The minor version of `latest`, `v1.29` or `1.29`; null where it is none of them. */
export function minorOfStandard(version: string): number | null {
  if (version === '' || version === 'latest') return LATEST;
  const match = /^v?1\.(\d{1,3})$/.exec(version);
  return match === null ? null : Number(match[1]);
}

/** What of a Pod breaks a level of the Pod Security Standards. */
export function pssViolations(
  pod: { metadata: JsonObject; spec: JsonObject },
  level: 'baseline' | 'restricted',
  minor: number,
): PssViolation[] {
  const containers: ContainerView[] = ROLES.flatMap((role) =>
    list(member(pod.spec, role)).flatMap((container, index) =>
      isObject(container)
        ? [{ container, path: ['spec', role, index], image: text(member(container, 'image')) }]
        : [],
    ),
  );
  const view: PodView = { ...pod, containers, minor };
  return CONTROLS.filter((control) => level === 'restricted' || control.level === 'baseline').flatMap(
    (control) => control.check(view),
  );
}

/** A field as exclusions name it: `spec.containers[*].securityContext.privileged`. */
export function fieldName(violation: PssViolation): string {
  return violation.field
    .map((key, index) => (typeof key === 'number' ? '[*]' : index === 0 ? key : `.${key}`))
    .join('');
}

/**
 * Leaves out what exclusions (of a rule or of a PolicyException) let pass. One without images means the Pod's own fields
 * (and one setting that a container leaves to it), one with images those of matching containers.
 * Semantics: ApplyPodSecurityExclusion of Kyverno's pkg/pss.
 */
export function exclude(
  violations: readonly PssViolation[],
  exclusions: readonly JsonValue[],
): PssViolation[] {
  let left = [...violations];
  for (const exclusion of exclusions) {
    const images = texts(member(exclusion, 'images'));
    const field = text(member(exclusion, 'restrictedField'));
    const values = texts(member(exclusion, 'values'));
    let implicitLeft = images.length === 0 ? 1 : 0;
    left = left.filter((violation) => {
      if (violation.control !== text(member(exclusion, 'controlName'))) return true;
      if (field !== '' && field !== fieldName(violation)) return true;
      if (
        values.length > 0 &&
        !violation.values.every((value) => values.some((pattern) => wildcardMatch(pattern, value)))
      ) {
        return true;
      }
      const { image } = violation;
      if (images.length > 0)
        return image === null || !images.some((pattern) => wildcardMatch(pattern, image));
      if (image === null) return false;
      if (!violation.implicit || implicitLeft === 0) return true;
      implicitLeft -= 1;
      return false;
    });
  }
  return left;
}

/** The Pod that an object is or makes, with the path of its template; null where it makes none. */
export function podOf(
  object: JsonObject,
): { metadata: JsonObject; spec: JsonObject; prefix: string[] } | null {
  const kind = text(member(object, 'kind'));
  const prefix =
    kind === 'Pod'
      ? []
      : kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template']
        : ['spec', 'template'];
  const spec = memberAt(object, ...prefix, 'spec');
  const metadata = memberAt(object, ...prefix, 'metadata');
  return isObject(spec) ? { spec, metadata: isObject(metadata) ? metadata : {}, prefix } : null;
}
