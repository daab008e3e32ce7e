import type { JsonValue } from '../../../contract/index.js';
import { isClusterScoped } from '../../../kubernetes/index.js';
import { constraintsMatch } from '../admission/constraints.js';
import { fromVerdict, resultsOf } from '../admission/policy-result.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, errorVerdict } from '../admission/validations.js';
import { type CelScope, evaluateCel } from '../cel/program.js';
import { CelError, type CelValue, fromCel, Native } from '../cel/values.js';
import { excepted } from '../kyverno/cel-exceptions.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { isInPolicyNamespace } from '../kyverno/validating-policy.js';
import type { RuleResult } from '../result.js';
import { clone, isObject, type JsonObject, list, member, memberAt, setMember, text } from '../values/json.js';
import { renderTemplate } from './generation-template.js';

/**
 * Evaluates a GeneratingPolicy of policies.kyverno.io (and its namespaced kind) and gives the objects that it would make: by
 * `generator.Apply` in its expressions, or by templates. Whether they are there already is not asked: nothing is put into a cluster.
 * Semantics: Kyverno's pkg/cel/policies/gpol and GenerateResources in pkg/cel/libs/context.go, as for its command line.
 */
export function evaluateGeneratingPolicy(policy: JsonObject, environment: PolicyEnvironment): RuleResult[] {
  const spec = member(policy, 'spec');
  const { request } = environment;
  if (!isObject(spec) || !isInPolicyNamespace(policy, request)) return [];
  if (constraintsMatch(member(spec, 'matchConstraints'), request) !== true) return [];
  const result = generate(policy, spec, environment);
  return result === null ? [] : [result];
}

function generate(policy: JsonObject, spec: JsonObject, environment: PolicyEnvironment): RuleResult | null {
  const result = resultsOf(policy, 'generate');
  const generator = new Generator(text(memberAt(policy, 'metadata', 'namespace')));
  const natives = new Map([['generator', generator]]);
  const scope = celScope(environment, { variables: member(spec, 'variables'), kyverno: true, natives });
  const verdict = excepted(policy, scope, environment);
  if (verdict.kind === 'skipped') return result('skip', verdict.message);
  if (verdict.kind === 'failed') return fromVerdict(verdict.verdict, result);
  const held = conditionsHold(member(spec, 'matchConditions'), scope);
  if (held === false) return null;
  if (held !== true) return fromVerdict(held, result);
  try {
    for (const generation of list(member(spec, 'generate'))) run(generation, scope, generator);
    for (const annotation of list(member(spec, 'auditAnnotations')))
      evaluateCel(text(member(annotation, 'valueExpression')), scope);
  } catch (error) {
    return fromVerdict(errorVerdict(error), result);
  }
  const generated = generator.made;
  return result('pass', generated.length === 0 ? 'nothing to generate' : 'generated', { generated });
}

function run(generation: JsonValue, scope: CelScope, generator: Generator): void {
  const template = member(generation, 'template');
  if (!isObject(template)) {
    evaluateCel(text(member(generation, 'expression')), scope);
    return;
  }
  for (const object of renderTemplate(template, scope)) {
    const namespace = text(memberAt(object, 'metadata', 'namespace'));
    if (generator.namespace !== '' && namespace !== '' && namespace !== generator.namespace)
      throw new CelError(`a policy of namespace ${generator.namespace} cannot generate into ${namespace}`);
    generator.make(generator.namespace === '' ? namespace : generator.namespace, object);
  }
}

/** Fields of metadata that the command line takes from what is generated. */
const DROPPED = ['uid', 'managedFields', 'annotations', 'resourceVersion', 'creationTimestamp'];

/** `generator.Apply`: notes what is to be made. */
class Generator extends Native {
  readonly typeName = 'kyverno.generator';
  readonly made: JsonObject[] = [];

  /** @param namespace of the policy, which is all it may generate into; '' for policies of the cluster */
  constructor(readonly namespace: string) {
    super();
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    if (method !== 'Apply' && method !== 'apply')
      throw new CelError(`undeclared method '${method}' of ${this.typeName}`);
    const [target, objects] = this.namespace === '' ? args : [this.namespace, args[0]];
    if (typeof target !== 'string' || !Array.isArray(objects)) throw new CelError('no such overload: Apply');
    for (const object of objects) {
      const value = fromCel(object);
      if (!isObject(value)) throw new CelError('generator.Apply needs objects');
      this.make(target, value);
    }
    return true;
  }

  /** @throws CelError for an object that is not the policy's to make */
  make(namespace: string, object: JsonObject): void {
    const kind = text(member(object, 'kind'));
    const items = member(object, 'items');
    if (kind.endsWith('List') && Array.isArray(items)) {
      for (const item of items) if (isObject(item)) this.make(namespace, item);
      return;
    }
    const ofCluster = isClusterScoped(text(member(object, 'apiVersion')), kind) === true;
    if (ofCluster && this.namespace !== '')
      throw new CelError(`a policy of namespace ${this.namespace} cannot generate a ${kind} of the cluster`);
    const copy = clone(object);
    const target = ofCluster ? '' : namespace;
    const written = member(copy, 'metadata');
    const metadata = isObject(written) ? written : {};
    const from = text(member(metadata, 'namespace'));
    if (from !== '' && from !== target) delete metadata.ownerReferences;
    for (const field of DROPPED) delete metadata[field];
    if (target === '') delete metadata.namespace;
    else setMember(metadata, 'namespace', target);
    setMember(copy, 'metadata', metadata);
    this.made.push(copy);
  }
}
