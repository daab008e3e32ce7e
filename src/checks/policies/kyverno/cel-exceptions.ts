import type { PolicyScope } from '../admission/scope.js';
import { conditionsHold, type Verdict } from '../admission/validations.js';
import type { Binding } from '../cel/language.js';
import { toCel } from '../cel/values.js';
import { type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import type { PolicyEnvironment } from './environment.js';

/** What PolicyExceptions mean for a request: it is let pass, cannot be judged, or is judged with what they allow. */
export type Excepted =
  | { kind: 'skipped'; message: string }
  | { kind: 'failed'; verdict: Verdict }
  | { kind: 'judged'; allowed: Binding };

/** PolicyExceptions of policies.kyverno.io that name a policy. */
function exceptionsFor(policy: JsonObject, environment: PolicyEnvironment): JsonObject[] {
  const name = text(memberAt(policy, 'metadata', 'name'));
  const kind = text(member(policy, 'kind'));
  return environment.exceptions.filter((exception) =>
    list(memberAt(exception, 'spec', 'policyRefs')).some(
      (reference) => text(member(reference, 'name')) === name && text(member(reference, 'kind')) === kind,
    ),
  );
}

/**
 * Applies the PolicyExceptions that name one of Kyverno's CEL policies, and puts what they allow into its scope. One without images or values lets the request pass; what
 * the others allow is `exceptions.allowedImages` and `exceptions.allowedValues` in the policy's expressions.
 * Semantics: Evaluate in pkg/cel/policies/{vpol,mpol,gpol}/compiler and their like.
 */
export function excepted(policy: JsonObject, scope: PolicyScope, environment: PolicyEnvironment): Excepted {
  const images: string[] = [];
  const values: string[] = [];
  for (const exception of exceptionsFor(policy, environment)) {
    const held = conditionsHold(memberAt(exception, 'spec', 'matchConditions'), scope);
    if (held === false) continue;
    if (held !== true) return { kind: 'failed', verdict: held };
    const some = [
      texts(memberAt(exception, 'spec', 'images')),
      texts(memberAt(exception, 'spec', 'allowedValues')),
    ];
    if (some.every((items) => items.length === 0)) {
      const name = text(memberAt(exception, 'metadata', 'name'));
      return { kind: 'skipped', message: `rule is skipped due to policy exception ${name}` };
    }
    images.push(...(some[0] ?? []));
    values.push(...(some[1] ?? []));
  }
  const allowed = { value: toCel({ allowedImages: images, allowedValues: values }) };
  scope.bindings.set('exceptions', allowed);
  return { kind: 'judged', allowed };
}
