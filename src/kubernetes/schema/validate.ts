import { groupOf, isRecord, versionOf } from '../identity.js';
import type { KubernetesObject } from '../manifest.js';
import { isBuiltInGroup } from '../scope.js';
import { KNOWN_RELEASES, kindType } from '../types.js';
import { checkOf } from './built-in.js';
import { checkCustom } from './custom.js';
import type { CustomKinds } from './custom-types.js';
import { shippedKind } from './families.js';
import { checkName } from './names.js';
import { formatPath, type Report, type SchemaProblem, type SchemaProblemCode } from './problem.js';
import { DID_YOU_MEAN } from './suggestion.js';
import { minorOf } from './version.js';

/** What an object is judged by. */
export interface SchemaOptions {
  /** Of the cluster, e.g. `1.36`; releases outside the known ones are judged by the nearest. */
  kubernetesVersion: string;
  /** Definitions at hand, from `customKindsOf`; of widely used kinds that are not among them the shipped one is asked. */
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
  let family: string | null = null;
  const report: Report = (path, code, said) => {
    if (problems.length >= MAX_PROBLEMS) return;
    const message = typeof said === 'string' ? said : said();
    const place = formatPath(path);
    const text = place === '' ? message : `${place} ${message}`;
    const confidence = family === null ? 'certain' : confidenceOf(code, message);
    problems.push({ path: [...path], code, message: text, confidence, family });
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
  const shipped = declared === undefined ? shippedKind(group, kind) : null;
  const version = (declared ?? shipped)?.versions.get(versionOf(apiVersion));
  if (declared !== undefined && version?.served !== true) {
    const served = [...declared.versions.values()].filter((one) => one.served).map((one) => one.name);
    report(
      ['apiVersion'],
      'unknown-kind',
      `${kind} of ${group} is not served in ${versionOf(apiVersion)}, only in ${served.join(', ')}`,
    );
    return problems;
  }
  if (version === undefined) {
    report(
      [],
      'no-schema',
      `no definition of ${kind} (${apiVersion}) is at hand: its fields were not checked`,
    );
    return problems;
  }
  checkIdentity(object, report);
  family = shipped?.family ?? null;
  if (version.deprecated)
    report(['apiVersion'], 'deprecated-api', `${kind} ${apiVersion} is deprecated by its definition`);
  if (version.schema === null) report([], 'no-schema', `the definition of ${kind} has no schema`);
  else checkCustom(object, version.schema, minor, report);
  return problems;
}

/**
 * How far the definition of another version of a project can be believed. Fields are added, and enumerations and
 * requirements widened, within one API version; types are not changed. A field that is spelled almost as one that
 * exists is a slip.
 */
function confidenceOf(code: SchemaProblemCode, message: string): SchemaProblem['confidence'] {
  if (code === 'unknown-field') return message.includes(DID_YOU_MEAN) ? 'likely' : 'guess';
  return code === 'wrong-type' ? 'likely' : code === 'limit' ? 'certain' : 'guess';
}

/** An object needs a name of its own, or a prefix to make one of. */
function checkIdentity(object: KubernetesObject, report: Report): void {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  if (metadata.name === undefined && metadata.generateName === undefined) {
    report(['metadata', 'name'], 'required', 'is required');
  }
}

/** Whether a built-in API exists in a release. Returns its type where its fields are known. */
function checkLife(apiVersion: string, kind: string, minor: number, report: Report): string | null {
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
