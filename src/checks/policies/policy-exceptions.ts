import { isExpired } from '../../config/index.js';
import { type Finding, finding, fingerprint, type Suppression } from '../../contract/index.js';
import { describeRef, type Manifest } from '../../kubernetes/index.js';
import { ruleMeans } from './kyverno/match.js';
import type { AdmissionRequest } from './kyverno/request.js';
import type { LoadedPolicy } from './packs.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from './values/json.js';
import { wildcardMatch } from './values/wildcard.js';
import type { Violation } from './violation.js';

/** The end of a PolicyException, as people of this gate and as Kyverno's cleanup controller write it. */
const UNTIL = 'gitops-gate/until';
const TTL = 'cleanup.kyverno.io/ttl';
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{6}Z$/;

/** True for PolicyException objects of both of Kyverno's groups. */
export function isPolicyException({ ref }: Manifest): boolean {
  return ref.kind === 'PolicyException' && /^(policies\.)?kyverno\.io\//.test(ref.apiVersion);
}

/**
 * The day on which a PolicyException stops counting; null where it names none. A lifetime (`ttl: 48h`) starts when the
 * cluster makes the object, which no repository knows: it is no day. A text that is no day ends it at once.
 */
function endOf(exception: JsonObject): string | null {
  const ends: string[] = [];
  const until = memberAt(exception, 'metadata', 'annotations', UNTIL);
  if (until !== undefined) ends.push(typeof until === 'string' && DAY.test(until) ? until : '');
  const ttl = text(memberAt(exception, 'metadata', 'labels', TTL));
  if (DAY.test(ttl)) ends.push(ttl);
  const moment = MOMENT.exec(ttl)?.[1];
  if (moment !== undefined) ends.push(moment);
  return ends.sort()[0] ?? null;
}

function hasEnded(exception: JsonObject, now: Date): boolean {
  const until = endOf(exception);
  return until !== null && isExpired({ until }, now);
}

/** The PolicyExceptions of some manifests that count on a day. */
export function exceptionsInForce(manifests: readonly Manifest[], now: Date): JsonObject[] {
  return manifests
    .filter((manifest) => isPolicyException(manifest) && !hasEnded(manifest.object, now))
    .map(({ object }) => object);
}

/** True where a PolicyException speaks of a policy. */
export function speaksOf(exception: JsonObject, policy: JsonObject): boolean {
  const name = text(memberAt(policy, 'metadata', 'name'));
  const namespace = text(memberAt(policy, 'metadata', 'namespace'));
  const spec = member(exception, 'spec');
  return (
    list(member(spec, 'exceptions')).some((item) =>
      [name, `${namespace}/${name}`].includes(text(member(item, 'policyName'))),
    ) || list(member(spec, 'policyRefs')).some((reference) => text(member(reference, 'name')) === name)
  );
}

/** What a report says of the PolicyExceptions that let an object pass a policy. */
export function suppressionBy(exceptions: readonly JsonObject[]): Suppression {
  const names = exceptions.map((exception) => text(memberAt(exception, 'metadata', 'name')));
  const ends = exceptions.map(endOf).filter((end) => end !== null);
  return {
    by: `PolicyException ${names.slice(0, 3).join(', ')}`,
    reason: 'the cluster lets it pass',
    until: ends.sort()[0] ?? null,
  };
}

/** PolicyExceptions of the base that have ended, or that name a rule which the policy that they name does not have. */
export function policyExceptionNotices(
  manifests: readonly Manifest[],
  policies: readonly LoadedPolicy[],
  now: Date,
): Finding[] {
  const seen = new Set<string>();
  return manifests.filter(isPolicyException).flatMap((manifest) => {
    const id = describeRef(manifest.ref);
    if (seen.has(id)) return [];
    seen.add(id);
    if (hasEnded(manifest.object, now)) {
      const end = endOf(manifest.object);
      return [notice(manifest, end === '' ? 'has an end that is no day' : `ended on ${end}`)];
    }
    const absent = absentRules(manifest.object, policies);
    return absent.length === 0
      ? []
      : [notice(manifest, `names what does not exist: ${absent.slice(0, 3).join(', ')}`)];
  });
}

/**
 * PolicyExceptions of the base that accept nothing: they select objects of the change's result, and none of these breaks a
 * rule that they speak of. One that selects no object at hand may be for others.
 */
export function unusedPolicyExceptions(
  manifests: readonly Manifest[],
  policies: readonly LoadedPolicy[],
  judged: readonly JudgedObjects[],
  now: Date,
): Finding[] {
  const seen = new Set<string>();
  return manifests.filter(isPolicyException).flatMap((manifest) => {
    const spec = member(manifest.object, 'spec');
    const spoken = policies.filter(({ policy }) => speaksOf(manifest.object, policy));
    const id = describeRef(manifest.ref);
    // those of the CEL kinds select by expressions, which have no objects of their own
    if (seen.has(id) || spoken.length === 0 || !isObject(spec) || member(spec, 'match') === undefined)
      return [];
    seen.add(id);
    if (hasEnded(manifest.object, now) || absentRules(manifest.object, policies).length > 0) return [];
    const names = new Set(spoken.map(({ policy }) => text(memberAt(policy, 'metadata', 'name'))));
    let selected = 0;
    for (const { requests, violations } of judged) {
      const own = [...requests]
        .filter(([, request]) => ruleMeans(spec, request) !== false)
        .map(([object]) => object);
      const used = violations.some(
        (violation) =>
          (violation.excepted ?? null) !== null &&
          own.includes(violation.manifest) &&
          names.has(violation.ruleId.split('/')[1] ?? ''),
      );
      if (used) return [];
      selected += own.length;
    }
    const objects =
      selected === 1 ? 'the object that it selects meets' : `the ${selected} objects that it selects meet`;
    return selected === 0
      ? []
      : [notice(manifest, `accepts nothing: ${objects} ${[...names].join(', ')} without it`)];
  });
}

/** The objects of one target or file as they were judged. */
export interface JudgedObjects {
  requests: ReadonlyMap<Manifest, AdmissionRequest>;
  violations: readonly Violation[];
}

/** Rules that an exception names of policies which are known and do not have them. */
function absentRules(exception: JsonObject, policies: readonly LoadedPolicy[]): string[] {
  return list(memberAt(exception, 'spec', 'exceptions')).flatMap((item) => {
    const name = text(member(item, 'policyName'));
    const named = policies.filter(({ policy }) => speaksOf({ spec: { exceptions: [item] } }, policy));
    const rules = named.flatMap(({ policy }) =>
      list(memberAt(policy, 'spec', 'rules')).map((rule) => text(member(rule, 'name'))),
    );
    if (rules.length === 0) return [];
    const known = rules.flatMap((rule) => [rule, `autogen-${rule}`, `autogen-cronjob-${rule}`]);
    return texts(member(item, 'ruleNames'))
      .filter((pattern) => !known.some((rule) => wildcardMatch(pattern, rule)))
      .map((pattern) => `${name}/${pattern}`);
  });
}

function notice(manifest: Manifest, why: string): Finding {
  const { kind, namespace, name } = manifest.ref;
  const position = manifest.locate(['metadata']);
  return finding({
    check: 'policies',
    ruleId: 'policies/exception-unused',
    action: 'inform',
    message: `${describeRef(manifest.ref)} ${why}`,
    help: `Remove it, or renew it: \`kubectl annotate --local -f FILE ${UNTIL}=YYYY-MM-DD --overwrite -o yaml\`.`,
    path: manifest.path,
    line: position?.line ?? null,
    object: manifest.ref,
    new: false,
    fingerprint: fingerprint('policies/exception-unused', kind, namespace, name, why),
  });
}
