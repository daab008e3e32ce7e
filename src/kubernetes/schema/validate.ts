import { groupOf, isRecord, versionOf } from '../identity.js';
import type { FieldPath, KubernetesObject } from '../manifest.js';
import { isBuiltInGroup } from '../scope.js';
import { KNOWN_RELEASES, kindType } from '../types.js';
import { checkOf } from './built-in.js';
import { checkCustom } from './custom.js';
import type { CustomKinds } from './custom-types.js';
import { checkName } from './names.js';
import { formatPath, type SchemaProblem, type SchemaProblemCode } from './problem.js';
import { minorOf } from './version.js';

/** What an object is judged by. */
export interface SchemaOptions {
  /** Of the cluster, e.g. `1.36`; releases outside the known ones are judged by the nearest. */
  kubernetesVersion: string;
  /** Definitions at hand, from `customKindsOf`. */
  crds?: CustomKinds;
}

const MAX_PROBLEMS = 200;

/**
 * Everything in which an object does not fit its kind: unknown fields, wrong types, missing fields, values outside an
 * enumeration, and whether the API exists in the cluster's release. At most 200 problems are given.
 * Semantics: strict field validation of the API server (`kubectl apply --validate=strict`).
 */
export function validateObject(object: KubernetesObject, options: SchemaOptions): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const report = (path: FieldPath, code: SchemaProblemCode, message: string): void => {
    if (problems.length >= MAX_PROBLEMS) return;
    const place = formatPath(path);
    problems.push({ path: [...path], code, message: place === '' ? message : `${place} ${message}` });
  };
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    report([typeof apiVersion === 'string' ? 'kind' : 'apiVersion'], 'required', 'is required');
    return problems;
  }
  const minor = minorOf(options.kubernetesVersion) ?? KNOWN_RELEASES.newest;
  const group = groupOf(apiVersion);
  if (isBuiltInGroup(group)) {
    const type = checkLife(apiVersion, kind, minor, report);
    if (type !== null) {
      checkOf(type, minor)(object, [], report);
      checkIdentity(object, report);
      checkName(object, apiVersion, kind, report);
    }
    return problems;
  }
  const declared = options.crds?.get(`${group}/${kind}`);
  if (declared === undefined) {
    report(
      [],
      'no-schema',
      `no definition of ${kind} (${apiVersion}) is at hand: its fields were not checked`,
    );
    return problems;
  }
  const version = declared.versions.get(versionOf(apiVersion));
  if (version === undefined || !version.served) {
    const served = [...declared.versions.values()].filter((one) => one.served).map((one) => one.name);
    report(
      ['apiVersion'],
      'unknown-kind',
      `${kind} of ${group} is not served in ${versionOf(apiVersion)}, only in ${served.join(', ')}`,
    );
    return problems;
  }
  if (version.deprecated)
    report(['apiVersion'], 'deprecated-api', `${kind} ${apiVersion} is deprecated by its definition`);
  checkIdentity(object, report);
  if (version.schema === null) report([], 'no-schema', `the definition of ${kind} has no schema`);
  else checkCustom(object, version.schema, minor, report);
  return problems;
}

/** An object needs a name of its own, or a prefix to make one of. */
function checkIdentity(
  object: KubernetesObject,
  report: (path: FieldPath, code: SchemaProblemCode, message: string) => void,
): void {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  if (metadata.name === undefined && metadata.generateName === undefined) {
    report(['metadata', 'name'], 'required', 'is required');
  }
}

/** Whether a built-in API exists in a release. Returns its type where its fields are known. */
function checkLife(
  apiVersion: string,
  kind: string,
  minor: number,
  report: (path: FieldPath, code: SchemaProblemCode, message: string) => void,
): string | null {
  const known = kindType(apiVersion, kind);
  if (known === null) {
    report(['kind'], 'unknown-kind', `Kubernetes has no kind ${kind} in ${apiVersion}`);
    return null;
  }
  const reached = (version: string | undefined): boolean => {
    const from = version === undefined ? null : minorOf(version);
    return from !== null && minor >= from;
  };
  const instead = known.replacement === undefined ? '' : `: use ${known.replacement}`;
  if (reached(known.removed)) {
    report(
      ['apiVersion'],
      'removed-api',
      `${kind} ${apiVersion} was removed in Kubernetes ${known.removed}, the cluster runs 1.${minor}${instead}`,
    );
  } else if (known.introduced !== undefined && !reached(known.introduced)) {
    report(
      ['apiVersion'],
      'unknown-kind',
      `${kind} ${apiVersion} exists from Kubernetes ${known.introduced} on, the cluster runs 1.${minor}`,
    );
  } else if (reached(known.deprecated)) {
    const end = known.removed === undefined ? '' : ` and goes in ${known.removed}`;
    report(
      ['apiVersion'],
      'deprecated-api',
      `${kind} ${apiVersion} is deprecated since Kubernetes ${known.deprecated}${end}${instead}`,
    );
  }
  return known.type;
}
