import type { JsonValue } from '../../contract/index.js';
import { evaluateAdmissionPolicy } from './admission/validating-admission-policy.js';
import type { AuthorizerAnswer } from './cel/authorizer.js';
import { generateHandler } from './generate/generate-rule.js';
import { evaluateGeneratingPolicy } from './generate/generating-policy.js';
import { evaluateClusterPolicy, type RuleHandlers } from './kyverno/cluster-policy.js';
import { type ClusterObjects, NO_OBJECTS, type PolicyEnvironment } from './kyverno/environment.js';
import { evaluateImageValidatingPolicy } from './kyverno/image-validating-policy.js';
import { validatePodSecurity } from './kyverno/pod-security.js';
import type { AdmissionRequest } from './kyverno/request.js';
import { validateCel } from './kyverno/validate-cel.js';
import { errorOutcome } from './kyverno/validate-rule.js';
import { evaluateValidatingPolicy } from './kyverno/validating-policy.js';
import { verifyImages } from './kyverno/verify-images.js';
import { mutateRule } from './mutate/mutate-rule.js';
import { evaluateMutatingAdmissionPolicy, evaluateMutatingPolicy } from './mutate/mutating-policy.js';
import type { RuleResult, RuleType } from './result.js';
import { Budget } from './values/budget.js';
import { type JsonObject, member, memberAt, text } from './values/json.js';

/** What an evaluation depends on besides policy and request; everything has a default but the time. */
export interface EvaluationOptions {
  now: Date;
  declared?: (rule: string) => ReadonlyMap<string, JsonValue>;
  declaredEach?: (rule: string) => ReadonlyMap<string, readonly JsonValue[]>;
  objects?: ClusterObjects;
  exceptions?: readonly JsonObject[];
  /** Declared answers of the cluster's authorizer. */
  authorizer?: readonly AuthorizerAnswer[];
  /** Declared data of images in registries, by reference. */
  imageData?: ReadonlyMap<string, JsonValue>;
  /**
   * Objects that generate rules copy, by the name of the rule. Where it is given these rules are run, as tests do; else they
   * are told.
   */
  cloneSources?: (rule: string) => readonly JsonObject[];
  /** Steps that one policy may take on one object. */
  steps?: number;
}

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

const HANDLERS: RuleHandlers = {
  verifyImages,
  cel: validateCel,
  podSecurity: validatePodSecurity,
  mutate: mutateRule,
};

/**
 * Evaluates one policy on one request, whatever its kind: ClusterPolicy and Policy of kyverno.io, ValidatingPolicy,
 * ImageValidatingPolicy, MutatingPolicy and GeneratingPolicy of policies.kyverno.io, ValidatingAdmissionPolicy. A policy that does not mean
 * the object gives no results. Never throws for what policy or object hold: what cannot be evaluated is an `error`.
 */
export function evaluatePolicy(
  policy: JsonObject,
  request: AdmissionRequest,
  options: EvaluationOptions,
): RuleResult[] {
  const environment: PolicyEnvironment = {
    request,
    now: options.now,
    declared: options.declared ?? (() => NOTHING),
    declaredEach: options.declaredEach ?? (() => NOTHING),
    objects: options.objects ?? NO_OBJECTS,
    exceptions: options.exceptions ?? [],
    budget: new Budget(options.steps),
    authorizer: options.authorizer ?? [],
    imageData: options.imageData ?? NOTHING,
  };
  try {
    return dispatch(policy, environment, options);
  } catch (error) {
    // a policy whose very shape ends the evaluation is an error of that policy, not of the gate
    const outcome = errorOutcome('the policy could not be evaluated', error);
    const name = text(memberAt(policy, 'metadata', 'name'));
    return [{ policy: name, rule: '', ran: '', type: typeOfKind(policy), patched: null, ...outcome }];
  }
}

/** What a policy of a kind does with what it means. */
function typeOfKind(policy: JsonObject): RuleType {
  const kind = text(member(policy, 'kind'));
  if (/Mutating(?:Admission)?Policy$/.test(kind)) return 'mutate';
  return kind.endsWith('GeneratingPolicy') ? 'generate' : 'validate';
}

function handlersFor({ cloneSources }: EvaluationOptions): RuleHandlers {
  return cloneSources === undefined ? HANDLERS : { ...HANDLERS, generate: generateHandler(cloneSources) };
}

function dispatch(
  policy: JsonObject,
  environment: PolicyEnvironment,
  options: EvaluationOptions,
): RuleResult[] {
  switch (text(member(policy, 'kind'))) {
    case 'ClusterPolicy':
    case 'Policy':
      return evaluateClusterPolicy(policy, environment, handlersFor(options));
    case 'ValidatingPolicy':
    case 'NamespacedValidatingPolicy':
      return evaluateValidatingPolicy(policy, environment);
    case 'ImageValidatingPolicy':
    case 'NamespacedImageValidatingPolicy':
      return evaluateImageValidatingPolicy(policy, environment);
    case 'MutatingPolicy':
    case 'NamespacedMutatingPolicy':
      return evaluateMutatingPolicy(policy, environment);
    case 'GeneratingPolicy':
    case 'NamespacedGeneratingPolicy':
      // as generate rules: run where somebody wants to see what is made, else told
      return options.cloneSources === undefined ? [] : evaluateGeneratingPolicy(policy, environment);
    case 'MutatingAdmissionPolicy':
      return evaluateMutatingAdmissionPolicy(policy, environment);
    case 'ValidatingAdmissionPolicy':
      return evaluateAdmissionPolicy(policy, environment);
    default:
      return [];
  }
}
