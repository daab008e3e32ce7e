import type { NotVerified } from '../../contract/index.js';
import { type JsonObject, list, member, memberAt, text } from './values/json.js';

const KYVERNO = /^(?:policies\.)?kyverno\.io\//;
const GATEKEEPER = /^(?:templates|constraints|mutations)\.gatekeeper\.sh\//;

/** What the cluster does by a policy and this check does not, or null where it does all of it. */
function leftOut(policy: JsonObject): string | null {
  const apiVersion = text(member(policy, 'apiVersion'));
  const kind = text(member(policy, 'kind'));
  if (GATEKEEPER.test(apiVersion)) return "Gatekeeper's policies are not evaluated";
  if (apiVersion.startsWith('admissionregistration.k8s.io/') && kind === 'MutatingAdmissionPolicy')
    return 'what it changes on admission is not changed here';
  if (!KYVERNO.test(apiVersion)) return null;
  if (/GeneratingPolicy$/.test(kind)) return 'what it generates is not made here';
  if (/DeletingPolicy$|CleanupPolicy$/.test(kind)) return 'what it deletes on its schedule is not looked for';
  if (/MutatingPolicy$/.test(kind)) return 'what it changes on admission is not changed here';
  if (kind !== 'ClusterPolicy' && kind !== 'Policy') return null;
  const rules = list(memberAt(policy, 'spec', 'rules'));
  const has = (block: string): boolean => rules.some((rule) => member(rule, block) !== undefined);
  if (has('generate')) return 'what its rules generate is not made here';
  return has('mutate') ? 'what its rules change is seen by its own rules alone' : null;
}

/**
 * Tells of policies by which the cluster does something to objects that this check does not do: they generate, delete, or change
 * what other policies see, or are of a kind that is not evaluated. It closes nothing: what they refuse is judged where they
 * refuse.
 */
export function policiesNotRun(policies: readonly JsonObject[]): NotVerified[] {
  return policies.flatMap((policy) => {
    const reason = leftOut(policy);
    const what = `${text(member(policy, 'kind'))} ${text(memberAt(policy, 'metadata', 'name'))}`;
    return reason === null ? [] : [{ what, reason, closes: false }];
  });
}
