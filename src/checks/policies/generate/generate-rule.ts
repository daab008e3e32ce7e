import { isClusterScoped } from '../../../kubernetes/index.js';
import { evaluateConditions } from '../kyverno/conditions.js';
import { addContextEntries } from '../kyverno/context-entries.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { MissingDataError, PolicyError } from '../kyverno/errors.js';
import type { JsonContext } from '../kyverno/json-context.js';
import { selectorMatches } from '../kyverno/selector.js';
import { errorOutcome, type Outcome } from '../kyverno/validate-rule.js';
import { substitute } from '../kyverno/variables.js';
import {
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  memberAt,
  setMember,
  sizeOf,
  text,
  textMap,
  texts,
} from '../values/json.js';
import { copyFor, GeneratedObjects, identityOf, type ObjectIdentity } from './generated-objects.js';

/** What a generating rule came to, with the objects it makes. */
export type GenerateOutcome = Outcome & { generated: readonly JsonObject[] };

/** Evaluates a rule whose match, context and preconditions hold. Null: it generates nothing by its form. */
export type GenerateHandler = (
  policy: JsonObject,
  rule: JsonObject,
  context: JsonContext,
  environment: PolicyEnvironment,
) => GenerateOutcome | null;

/**
 * What evaluates the `generate` rules of one policy for one trigger: data, clone, cloneList and foreach of them.
 * `synchronize` only decides what happens to a target that is there already; no object is ever put into a cluster. A source
 * that is not given and a target that cannot be are errors. Semantics: Kyverno's pkg/background/generate.
 * @param sourcesOf objects given to be copied, by the rule's name, beside those of the environment
 */
export function generateHandler(sourcesOf: (rule: string) => readonly JsonObject[]): GenerateHandler {
  let shared: GeneratedObjects | null = null;
  return (policy, rule, context, environment) => {
    const generate = member(rule, 'generate');
    if (!isObject(generate)) return null;
    shared ??= new GeneratedObjects(environment.objects);
    const given = [environment.request.resource, ...sourcesOf(text(member(rule, 'name')))];
    try {
      const run = new GenerateRun(policy, generate, given, shared, environment);
      const generated = run.run(context);
      const message = generated.length === 0 ? 'nothing to generate' : 'generated';
      return { status: 'pass', message, path: null, missing: null, generated };
    } catch (error) {
      return { ...errorOutcome('generation failed', error), generated: [] };
    }
  };
}

/** Fields of a generate block, or of one of its foreach, that say what is made. */
const PATTERN = ['apiVersion', 'kind', 'namespace', 'name', 'data', 'clone', 'cloneList'];

class GenerateRun {
  readonly #made: (() => JsonObject)[] = [];

  constructor(
    readonly policy: JsonObject,
    readonly generate: JsonObject,
    readonly given: readonly JsonObject[],
    readonly objects: GeneratedObjects,
    readonly environment: PolicyEnvironment,
  ) {}

  run(context: JsonContext): JsonObject[] {
    const foreach = list(member(this.generate, 'foreach')).filter(isObject);
    if (foreach.length === 0) this.#pattern(this.generate, context);
    for (const block of foreach) this.#each(block, context);
    return this.#made.map((read) => read());
  }

  #each(block: JsonObject, context: JsonContext): void {
    const found = context.query(text(member(block, 'list')));
    const elements = Array.isArray(found) ? found : [found];
    for (const [index, element] of elements.entries()) {
      this.environment.budget.spend();
      if (element === null) continue;
      const layer = context.layer();
      layer.set('element', element);
      layer.set('element0', element);
      layer.set('elementIndex', index);
      layer.set('elementIndex0', index);
      const top = addContextEntries(member(block, 'context'), layer, this.environment);
      if (evaluateConditions(member(block, 'preconditions'), top).holds) this.#pattern(block, top);
    }
  }

  #pattern(block: JsonObject, context: JsonContext): void {
    const pattern = emptyObject();
    for (const key of PATTERN) {
      const value = member(block, key);
      if (value !== undefined) setMember(pattern, key, substitute(value, context));
    }
    const cloned = text(memberAt(pattern, 'clone', 'name'));
    const kinds = texts(memberAt(pattern, 'cloneList', 'kinds'));
    if (cloned !== '') this.#clone(pattern, cloned);
    else if (kinds.length > 0) this.#cloneList(pattern, kinds);
    else this.#data(pattern);
  }

  #data(pattern: JsonObject): void {
    const data = member(pattern, 'data') ?? null;
    // without data an object is made of its name alone
    if (data !== null && !isObject(data)) throw new PolicyError('the data of a generate rule is no object');
    this.#put(this.#target(pattern), data ?? emptyObject());
  }

  #clone(pattern: JsonObject, name: string): void {
    const target = this.#target(pattern);
    const namespace = text(memberAt(pattern, 'clone', 'namespace'));
    this.#stayWithin(namespace, 'copy from');
    if (namespace === target.namespace && name === target.name) return;
    const identity = { apiVersion: target.apiVersion, kind: target.kind, namespace, name };
    this.environment.budget.spend(1 + this.given.length);
    const source = this.objects.source(identity, this.given);
    if (source === null) {
      const place = namespace === '' ? name : `${namespace}/${name}`;
      throw new MissingDataError(`${identity.apiVersion} ${identity.kind} ${place}, which is to be copied,`);
    }
    this.#put(target, this.#copy(source, target));
  }

  #cloneList(pattern: JsonObject, kinds: readonly string[]): void {
    const block = member(pattern, 'cloneList');
    const namespace = text(member(block, 'namespace'));
    const targetNamespace = text(member(pattern, 'namespace'));
    const selector = member(block, 'selector');
    this.#stayWithin(namespace, 'copy from');
    for (const kind of kinds) {
      this.environment.budget.spend(1 + this.given.length);
      const slash = kind.lastIndexOf('/');
      if (slash < 0) throw new PolicyError(`cloneList names ${kind} without its apiVersion`);
      const named = { apiVersion: kind.slice(0, slash), kind: kind.slice(slash + 1) };
      for (const source of this.objects.sources({ ...named, namespace }, this.given)) {
        this.environment.budget.spend();
        const labels = textMap(memberAt(source, 'metadata', 'labels'));
        if (isObject(selector) && !selectorMatches(selector, labels)) continue;
        const from = identityOf(source);
        if (from.namespace === targetNamespace) continue;
        const target = { ...named, namespace: targetNamespace, name: from.name };
        this.#check(target);
        this.#put(target, this.#copy(source, target));
      }
    }
  }

  #copy(source: JsonObject, { namespace }: ObjectIdentity): JsonObject {
    // paid for before it is copied
    this.environment.budget.spend(sizeOf(source));
    return copyFor(namespace, source);
  }

  #put(target: ObjectIdentity, content: JsonObject): void {
    this.environment.budget.spend(sizeOf(content) + this.given.length);
    const synchronize = member(this.generate, 'synchronize') === true;
    const read = this.objects.put(target, content, { synchronize, given: this.given });
    if (read !== null) this.#made.push(read);
  }

  #target(pattern: JsonObject): ObjectIdentity {
    const target = {
      apiVersion: text(member(pattern, 'apiVersion')),
      kind: text(member(pattern, 'kind')),
      namespace: text(member(pattern, 'namespace')),
      name: text(member(pattern, 'name')),
    };
    for (const key of ['apiVersion', 'kind', 'name'] as const) {
      if (target[key] === '') throw new PolicyError(`what is generated has no ${key}`);
    }
    this.#check(target);
    return target;
  }

  /** Kyverno refuses such policies where it knows the scope before variables are filled in. */
  #check({ apiVersion, kind, namespace }: ObjectIdentity): void {
    const clusterScoped = isClusterScoped(apiVersion, kind);
    if (clusterScoped === false && namespace === '')
      throw new PolicyError(`what is generated, ${kind}, needs a namespace`);
    if (clusterScoped === true && namespace !== '')
      throw new PolicyError(`what is generated, ${kind}, has no namespaces`);
    this.#stayWithin(namespace, 'generate in');
  }

  /** A Policy, which belongs to a namespace, makes and copies objects only there. */
  #stayWithin(namespace: string, what: string): void {
    if (text(member(this.policy, 'kind')) !== 'Policy') return;
    const own = text(memberAt(this.policy, 'metadata', 'namespace')) || 'default';
    if (namespace !== own)
      throw new PolicyError(
        `a Policy of ${own} cannot ${what} ${namespace === '' ? 'all namespaces' : namespace}`,
      );
  }
}
