import type { JsonValue } from '../../../contract/index.js';
import type { RuleResult, RuleType } from '../result.js';
import { isObject, type JsonObject, member, memberAt, text } from '../values/json.js';
import { ruleNamed, rulesFor } from './autogen.js';
import { evaluateConditions } from './conditions.js';
import { addContextEntries, addDeclared } from './context-entries.js';
import type { PolicyEnvironment } from './environment.js';
import { MissingDataError } from './errors.js';
import { matchingException } from './exceptions.js';
import { extractsImages, imagesVariable } from './images.js';
import { JsonContext } from './json-context.js';
import { ruleMeans } from './match.js';
import { ofUnknownNamespace } from './namespace-selector.js';
import { requestVariable, serviceAccountOf } from './request.js';
import { errorOutcome, type Outcome, RuleValidator } from './validate-rule.js';

/** What evaluates the kinds of rule that have a file of their own. Null: the rule has nothing to say. */
export interface RuleHandlers {
  cel(rule: JsonObject, environment: PolicyEnvironment): Outcome | null;
  podSecurity(
    rule: JsonObject,
    environment: PolicyEnvironment,
    exempted: readonly JsonObject[],
  ): Outcome | null;
  verifyImages(rule: JsonObject, environment: PolicyEnvironment): Outcome | null;
  mutate(
    rule: JsonObject,
    context: JsonContext,
    environment: PolicyEnvironment,
  ): (Outcome & { patched: JsonObject | null }) | null;
  /** Where there is none, generate rules are told and not run. */
  generate?(
    policy: JsonObject,
    rule: JsonObject,
    context: JsonContext,
    environment: PolicyEnvironment,
  ): (Outcome & { generated: readonly JsonObject[] }) | null;
}

function typeOf(rule: JsonObject): RuleType {
  if (member(rule, 'mutate') !== undefined) return 'mutate';
  if (member(rule, 'generate') !== undefined) return 'generate';
  return member(rule, 'verifyImages') !== undefined && member(rule, 'validate') === undefined
    ? 'verifyImages'
    : 'validate';
}

/**
 * Evaluates a ClusterPolicy or Policy of kyverno.io on one request. Mutating rules come first and what they make of
 * the object is what the others see. Semantics: pkg/engine of kyverno/kyverno.
 */
export function evaluateClusterPolicy(
  policy: JsonObject,
  environment: PolicyEnvironment,
  handlers: RuleHandlers,
): RuleResult[] {
  if (!policyMeans(policy, environment)) return [];
  const rules = rulesFor(policy, environment.request.kind.kind);
  const results: RuleResult[] = [];
  let current = environment;
  for (const phase of ['mutate', 'validate'] as const) {
    for (const rule of rules) {
      const type = typeOf(rule);
      if ((type === 'mutate') !== (phase === 'mutate')) continue;
      const result = evaluateRule(policy, rule, type, current, handlers);
      if (result === null) continue;
      results.push(result);
      if (result.patched !== null) {
        const resource = result.patched;
        current = { ...current, request: { ...current.request, resource, object: resource } };
      }
      if (text(memberAt(policy, 'spec', 'applyRules')) === 'One' && result.status !== 'skip') break;
    }
  }
  return results;
}

function policyMeans(policy: JsonObject, { request }: PolicyEnvironment): boolean {
  if (text(member(policy, 'kind')) !== 'Policy') return true;
  return (
    request.namespace !== '' &&
    request.namespace === (text(memberAt(policy, 'metadata', 'namespace')) || 'default')
  );
}

function contextFor(name: string, rule: JsonObject, environment: PolicyEnvironment): JsonContext {
  const { request, now, budget } = environment;
  const context = new JsonContext({ now, budget });
  context.set('request', requestVariable(request));
  if (request.user !== null) {
    const account = serviceAccountOf(request.user.username);
    context.set('serviceAccountName', account.name);
    context.set('serviceAccountNamespace', account.namespace);
  }
  const declared = environment.declared(name);
  if (request.user === null) withholdUser(context, [...declared.keys()]);
  context.defer('images', () => {
    if (extractsImages(rule, request.resource))
      throw new MissingDataError('what images the object names (imageExtractors)');
    return imagesVariable(request.resource);
  });
  addDeclared(context, declared);
  return context;
}

/** Where nobody is declared, who applies the object is not known, unless what is asked of them is declared by its own name. */
function withholdUser(context: JsonContext, declared: readonly string[]): void {
  for (const name of ['serviceAccountName', 'serviceAccountNamespace']) context.defer(name, unknownUser);
  const unknown = ABOUT_USER.filter(
    (part) => !declared.some((name) => name === 'request' || `${name}.`.startsWith(`request.${part}.`)),
  );
  if (unknown.length === ABOUT_USER.length) context.withhold(NAMES_USER, WHO_APPLIES);
  else if (unknown.length > 0) context.withhold(naming(unknown), WHO_APPLIES);
}

function unknownUser(): never {
  throw new MissingDataError(WHO_APPLIES);
}

/** Expressions that name parts of the request. */
function naming(parts: readonly string[]): RegExp {
  return new RegExp(`\\brequest\\s*\\.\\s*"?(?:${parts.join('|')})\\b`);
}

const ABOUT_USER = ['userInfo', 'roles', 'clusterRoles'];
const NAMES_USER = naming(ABOUT_USER);
const WHO_APPLIES = 'who applies the object (policies.request)';

function evaluateRule(
  policy: JsonObject,
  rule: JsonObject,
  type: RuleType,
  environment: PolicyEnvironment,
  handlers: RuleHandlers,
): RuleResult | null {
  const ran = text(member(rule, 'name'));
  const policyName = text(memberAt(policy, 'metadata', 'name'));
  const means = ruleMeans(rule, environment.request);
  // what is changed or made for some labels alone is not taken for granted
  if (means === false || (means === 'unknown' && type !== 'validate' && type !== 'verifyImages')) return null;
  const found = runRule(policy, rule, type, environment, handlers);
  if (found === null) return null;
  const outcome = means === 'unknown' ? ofUnknownNamespace(found, environment.request) : found;
  return { policy: policyName, rule: ruleNamed(policy, ran), ran, type, patched: null, ...outcome };
}

type RuleOutcome = Outcome & { patched?: JsonObject | null; generated?: readonly JsonObject[] };

function runRule(
  policy: JsonObject,
  rule: JsonObject,
  type: RuleType,
  environment: PolicyEnvironment,
  handlers: RuleHandlers,
): RuleOutcome | null {
  let context: JsonContext;
  try {
    const base = contextFor(ruleNamed(policy, text(member(rule, 'name'))), rule, environment);
    context = addContextEntries(member(rule, 'context'), base, environment);
  } catch (error) {
    return errorOutcome('failed to load context', error);
  }
  try {
    const conditions = evaluateConditions(member(rule, 'preconditions'), context);
    if (!conditions.holds)
      return skip(['preconditions not met', conditions.message].filter((part) => part !== '').join('; '));
  } catch (error) {
    return errorOutcome('failed to evaluate preconditions', error);
  }
  let exempted: readonly JsonObject[] = [];
  try {
    const excepted = matchingException(policy, text(member(rule, 'name')), context, environment);
    const isPodSecurity = memberAt(rule, 'validate', 'podSecurity') !== undefined;
    if (excepted !== null && !(isPodSecurity && excepted.podSecurity.length > 0)) {
      return skip(`rule is skipped due to policy exceptions ${excepted.name}`);
    }
    exempted = excepted?.podSecurity ?? [];
  } catch (error) {
    return errorOutcome('failed to evaluate policy exceptions', error);
  }
  if (type === 'generate') {
    if (handlers.generate === undefined) return skip('what generate rules make is not made offline');
    return handlers.generate(policy, rule, context, environment);
  }
  if (type === 'mutate') return handlers.mutate(rule, context, environment);
  if (type === 'verifyImages') return handlers.verifyImages(rule, environment);
  if (isObject(memberAt(rule, 'validate', 'podSecurity')))
    return handlers.podSecurity(rule, environment, exempted);
  return validate(rule, context, environment, handlers);
}

function skip(message: string): Outcome {
  return { status: 'skip', message, path: null, missing: null };
}

function validate(
  rule: JsonObject,
  context: JsonContext,
  environment: PolicyEnvironment,
  handlers: RuleHandlers,
): Outcome | null {
  const block: JsonValue | undefined = member(rule, 'validate');
  if (isObject(member(block, 'cel'))) return handlers.cel(rule, environment);
  if (isObject(member(block, 'manifests'))) {
    return {
      status: 'error',
      message: 'signatures of manifests',
      path: null,
      missing: 'the signature of the manifest',
    };
  }
  return new RuleValidator(rule, environment).run(context);
}
