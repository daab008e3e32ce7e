import type { JsonValue } from '../../../contract/index.js';
import {
  asStored,
  type CustomDefinition,
  type FieldPath,
  isUnresolved,
  type KubernetesObject,
  type OpenApiSchema,
} from '../../../kubernetes/index.js';
import type { Binding } from '../cel/language.js';
import { Optional } from '../cel/values.js';
import { Budget, PolicyLimitError } from '../values/budget.js';
import { isObject, list, member, text, texts } from '../values/json.js';
import { unescapedName } from './property-name.js';
import { type RuleVerdict, ValidationRule } from './rule.js';
import { isSeen, TypedValues } from './typed-value.js';

/** A field that breaks rules of its definition. */
export interface BrokenRule {
  path: FieldPath;
  /** What the rules say of it, each once. */
  messages: string[];
}

/** What the validation rules of a definition say of an object. */
export interface RulesVerdict {
  broken: BrokenRule[];
  /** Why rules could not be judged; each once. */
  unknown: string[];
}

/** What is judged, and what is known besides. */
export interface RulesQuestion {
  object: KubernetesObject;
  /** The object as it was, or null where it is new. */
  old: KubernetesObject | null;
  definition: CustomDefinition;
  /** Fields that the schema refuses: what rules say of them is not told again. */
  refused: readonly FieldPath[];
  now: Date;
  steps?: number;
}

/**
 * Evaluates `x-kubernetes-validations` on an object: with defaults filled in, on every level of the schema, transition rules
 * where the old value is known. What takes too many steps, or cannot be evaluated, is `unknown`.
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go.
 */
export function judgeRules(question: RulesQuestion): RulesVerdict {
  if (!hasRules(question.definition.schema)) return { broken: [], unknown: [] };
  const judge = new RulesJudge(question);
  try {
    judge.run();
  } catch (error) {
    if (error instanceof PolicyLimitError) judge.unknown.add(error.message);
    else if (error instanceof RangeError) judge.unknown.add('nested too deeply');
    else throw error;
  }
  return { broken: judge.problems(), unknown: [...judge.unknown] };
}

const seen = { rules: new WeakMap<object, boolean>(), parts: new WeakMap<object, boolean>() };

/** True where a schema has rules. Those below `allOf` alone do not count: the API server does not see them either. */
function hasRules(schema: JsonValue | undefined): boolean {
  return findsRules(schema, 'rules');
}

/** The same, with those below `allOf`. */
function asksBelow(schema: JsonValue | undefined): boolean {
  return findsRules(schema, 'parts');
}

function findsRules(schema: JsonValue | undefined, within: 'rules' | 'parts'): boolean {
  if (!isObject(schema)) return false;
  const known = seen[within].get(schema);
  if (known !== undefined) return known;
  const below = (key: string): boolean => findsRules(member(schema, key), within);
  const properties = member(schema, 'properties');
  const found =
    list(member(schema, 'x-kubernetes-validations')).length > 0 ||
    below('items') ||
    below('additionalProperties') ||
    (isObject(properties) && Object.values(properties).some((property) => findsRules(property, within))) ||
    (within === 'parts' && list(member(schema, 'allOf')).some((part) => findsRules(part, within)));
  seen[within].set(schema, found);
  return found;
}

/** A value with its old one, where they stand, and whether they are whole objects. */
interface Place {
  value: JsonValue;
  old: JsonValue | undefined;
  path: FieldPath;
  isRoot: boolean;
}

class RulesJudge {
  readonly unknown = new Set<string>();
  readonly #broken = new Map<string, { path: FieldPath; messages: Set<string> }>();
  readonly #question: RulesQuestion;
  readonly #budget: Budget;
  readonly #values: TypedValues;
  readonly #oldValues: TypedValues;
  /** True where there is an old object of another version: what a conversion makes of it is not known. */
  readonly #isOldUnknown: boolean;

  constructor(question: RulesQuestion) {
    const { object, old } = question;
    this.#question = question;
    this.#budget = new Budget(question.steps);
    this.#values = new TypedValues(new WeakMap(), this.#budget);
    this.#oldValues = new TypedValues(null, this.#budget);
    this.#isOldUnknown = old !== null && old.apiVersion !== object.apiVersion;
  }

  run(): void {
    const { definition, object, old } = this.#question;
    const stored = (one: KubernetesObject): KubernetesObject =>
      named(asStored(one, definition, () => this.#budget.spend()));
    const before = old === null || this.#isOldUnknown ? undefined : stored(old);
    const place = { value: stored(object), old: before, path: [], isRoot: true };
    this.#visit(definition.schema, definition.schema, place);
  }

  problems(): BrokenRule[] {
    return [...this.#broken.values()].map(({ path, messages }) => ({ path, messages: [...messages] }));
  }

  /** @param rules the schema whose rules are asked: the node's own, or a part of its allOf */
  #visit(rules: OpenApiSchema, node: OpenApiSchema, place: Place): void {
    this.#budget.spend();
    if (place.value === null) return;
    for (const written of list(member(rules, 'x-kubernetes-validations')))
      this.#ask(new ValidationRule(written), node, place);
    for (const part of list(member(rules, 'allOf'))) if (isObject(part)) this.#visit(part, node, place);
    if (Array.isArray(place.value)) this.#visitItems(rules, node, place.value, place);
    else if (isObject(place.value)) this.#visitFields(rules, node, place.value, place);
  }

  #visitItems(
    rules: OpenApiSchema,
    node: OpenApiSchema,
    items: readonly JsonValue[],
    { old, path }: Place,
  ): void {
    const [itemRules, itemNode] = [member(rules, 'items'), member(node, 'items')];
    if (!isObject(itemRules) || !isObject(itemNode) || !isSeen(itemNode) || !asksBelow(itemRules)) return;
    const oldOf = correlated(node, list(old));
    for (const [index, value] of items.entries()) {
      const place = { value, old: oldOf(value), path: [...path, index], isRoot: isEmbedded(itemNode) };
      this.#visit(itemRules, itemNode, place);
    }
  }

  #visitFields(
    rules: OpenApiSchema,
    node: OpenApiSchema,
    fields: { [key: string]: JsonValue },
    { old, path }: Place,
  ): void {
    const [ruleProperties, properties] = [member(rules, 'properties'), member(node, 'properties')];
    const [ruleRest, rest] = [member(rules, 'additionalProperties'), member(node, 'additionalProperties')];
    for (const [key, value] of Object.entries(fields)) {
      const below = member(ruleProperties, key);
      const [own, schema] =
        below === undefined && member(properties, key) === undefined
          ? [ruleRest, rest]
          : [below, member(properties, key)];
      if (!isObject(own) || !isObject(schema) || !isSeen(schema) || !asksBelow(own)) continue;
      this.#visit(own, schema, {
        value,
        old: member(old, key),
        path: [...path, key],
        isRoot: isEmbedded(schema),
      });
    }
  }

  #ask(rule: ValidationRule, node: OpenApiSchema, { value, old, path, isRoot }: Place): void {
    if (rule.source === '') return;
    this.#budget.spend(10);
    const hasOld = old !== undefined && old !== null;
    if (rule.usesOld && !hasOld) {
      if (this.#isOldUnknown) {
        this.unknown.add(
          'a rule compares with the object in another version, and what it is converted to is not known',
        );
        return;
      }
      if (!rule.isOldOptional) return;
    }
    const bindings = new Map<string, Binding>([
      ['self', { value: this.#values.of(value, node, path, isRoot) }],
    ]);
    const before = hasOld ? this.#oldValues.of(old, node, path, isRoot) : undefined;
    if (rule.isOldOptional) bindings.set('oldSelf', { value: new Optional(before) });
    else if (before !== undefined) bindings.set('oldSelf', { value: before });
    const verdict = rule.evaluate({
      bindings,
      context: { budget: this.#budget, now: this.#question.now },
      origins: this.#values.origins ?? new WeakMap(),
    });
    this.#take(verdict, rule, value, path);
  }

  #take(verdict: RuleVerdict, rule: ValidationRule, value: JsonValue, path: FieldPath): void {
    if (verdict.status === 'holds') return;
    if (verdict.status === 'unknown') {
      this.unknown.add(verdict.reason);
      return;
    }
    if (isUnfilled(value)) {
      // the shipped definition is a guess anyway; by the repository's own nothing passes unseen
      if (this.#question.definition.family === null)
        this.unknown.add(`something still fills in or decrypts what this rule reads: ${verdict.message}`);
      return;
    }
    const { refused } = this.#question;
    // what the schema says of a field is not said again, and no reason to be silent of others
    if (verdict.status === 'error' && refused.some((field) => startsWith(field, path))) return;
    const place = this.#placeOf(verdict.place, rule, path);
    if (refused.some((field) => startsWith(place, field))) return;
    const key = JSON.stringify(place);
    const found = this.#broken.get(key) ?? { path: place, messages: new Set() };
    found.messages.add(verdict.message);
    this.#broken.set(key, found);
  }

  /** The rule's own fieldPath; else the field that decided, where it lies below the rule; else where the rule stands. */
  #placeOf(decided: FieldPath | null, rule: ValidationRule, path: FieldPath): FieldPath {
    if (rule.fieldPath.length > 0) return [...path, ...rule.fieldPath];
    if (decided === null || !startsWith(decided, path)) return path;
    return decided.map((key) => (typeof key === 'string' ? unescapedName(key) : key));
  }
}

/** The old item of a list of keyed items (x-kubernetes-list-type `map`) that an item continues; of other lists none. */
function correlated(
  schema: OpenApiSchema,
  items: readonly JsonValue[],
): (item: JsonValue) => JsonValue | undefined {
  const keys = texts(member(schema, 'x-kubernetes-list-map-keys'));
  if (text(member(schema, 'x-kubernetes-list-type')) !== 'map' || keys.length === 0) return () => undefined;
  const identity = (item: JsonValue): string | null => {
    const values = keys.map((key) => member(item, key));
    const isKeyed = values.every((value) => value !== undefined && typeof value !== 'object');
    return isKeyed ? JSON.stringify(values) : null;
  };
  const old = new Map<string, JsonValue>();
  for (const item of items) {
    const key = identity(item);
    if (key !== null && !old.has(key)) old.set(key, item);
  }
  return (item) => old.get(identity(item) ?? '');
}

function isEmbedded(schema: OpenApiSchema): boolean {
  return member(schema, 'x-kubernetes-embedded-resource') === true;
}

/** A name that the API server makes is made before the rules are asked: as long as one of its making. */
function named(object: KubernetesObject): KubernetesObject {
  const metadata = member(object, 'metadata');
  const prefix = text(member(metadata, 'generateName'));
  if (prefix === '' || !isObject(metadata) || text(member(metadata, 'name')) !== '') return object;
  return { ...object, metadata: { ...metadata, name: `${prefix}bcdfg` } };
}

function startsWith(path: FieldPath, start: FieldPath): boolean {
  return start.length <= path.length && start.every((key, index) => path[index] === key);
}

/** True where a value holds text that is not what will be applied: a variable, a ciphertext of SOPS. */
function isUnfilled(value: JsonValue): boolean {
  const pending: JsonValue[] = [value];
  while (pending.length > 0) {
    const current = pending.pop();
    if (typeof current === 'string' && (isUnresolved(current) || current.startsWith('ENC[AES256_GCM,')))
      return true;
    if (Array.isArray(current)) for (const item of current) pending.push(item);
    else if (isObject(current)) {
      for (const [key, item] of Object.entries(current))
        if (key !== 'metadata' || current !== value) pending.push(item);
    }
  }
  return false;
}
