import type { JsonObject } from './values/json.js';

/** What a policy says of operations other than creating. */
export interface Operations {
  /** It compares with the object as it was, or means updates. */
  updates: boolean;
  /** It means deletions. */
  deletions: boolean;
}

const known = new WeakMap<JsonObject, Operations>();

/**
 * Which operations a policy speaks of. Policies that say nothing of them judge an object alike however it comes into the
 * cluster, so that one evaluation is enough. Policies are not changed once they are loaded, so the answer is kept.
 */
export function operationsOf(policy: JsonObject): Operations {
  let operations = known.get(policy);
  if (operations === undefined) {
    const written = JSON.stringify(policy);
    operations = {
      updates: /\boldObject\b|\bUPDATE\b/.test(written),
      deletions: speaksOfDeletion(policy),
    };
    known.set(policy, operations);
  }
  return operations;
}

/** True where a policy, or one rule of it, names the operation DELETE: without a word, rules mean no deletions. */
export function speaksOfDeletion(part: JsonObject): boolean {
  return /\bDELETE\b/.test(JSON.stringify(part));
}
