import type { JsonValue } from '../../../contract/index.js';
import type { UserInfo } from '../kyverno/request.js';
import { isObject, type JsonObject, list, member, memberAt, text, textMap, texts } from '../values/json.js';

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

function entries(value: JsonValue | undefined): [string, JsonValue][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** A Values file of Kyverno's tests: what requests, lookups and namespaces give. */
export class TestValues {
  readonly #values: JsonObject;
  readonly #named: readonly [string, JsonValue][];

  /** @param named the `variables` given on the command line, which win. */
  constructor(values: JsonObject | null, named: readonly [string, JsonValue][] = []) {
    const spec = member(values ?? {}, 'spec');
    this.#values = isObject(spec) ? spec : (values ?? {});
    this.#named = named;
  }

  /** Values for one policy on one resource, by dotted name; `request.operation` is always there. */
  ofResource(policy: string, resource: string): Map<string, JsonValue> {
    const result = new Map<string, JsonValue>(entries(member(this.#values, 'globalValues')));
    for (const item of this.#policies(policy)) {
      for (const entry of list(member(item, 'resources'))) {
        if (text(member(entry, 'name')) !== resource) continue;
        for (const [key, value] of entries(member(entry, 'values'))) result.set(key, value);
      }
    }
    for (const [key, value] of this.#named) result.set(key, value);
    if (!result.has('request.operation')) result.set('request.operation', 'CREATE');
    return result;
  }

  /** Values for the lookups of one rule. */
  ofRule(policy: string, rule: string): ReadonlyMap<string, JsonValue> {
    return new Map(entries(member(this.#rule(policy, rule), 'values')));
  }

  /** Values for the lookups of a rule's foreach, one for each element. */
  ofElements(policy: string, rule: string): ReadonlyMap<string, readonly JsonValue[]> {
    const found = entries(member(this.#rule(policy, rule), 'foreachValues'));
    return found.length === 0 ? EMPTY : new Map(found.map(([key, value]) => [key, list(value)]));
  }

  /** Labels of a namespace. */
  namespaceLabels(namespace: string): ReadonlyMap<string, string> {
    for (const entry of list(member(this.#values, 'namespaceSelector'))) {
      if (text(member(entry, 'name')) === namespace) return textMap(member(entry, 'labels'));
    }
    return EMPTY;
  }

  /** Namespace objects that the file holds. */
  namespaces(): readonly JsonObject[] {
    return list(member(this.#values, 'namespaces')).filter(isObject);
  }

  /** The subresource that a kind of object stands for, '' where it is an object itself. */
  subresourceOf(kind: string): { subresource: string; parentKind: string } {
    for (const entry of list(member(this.#values, 'subresources'))) {
      if (text(memberAt(entry, 'subresource', 'kind')) !== kind) continue;
      const name = text(memberAt(entry, 'subresource', 'name'));
      return {
        subresource: name.slice(name.indexOf('/') + 1),
        parentKind: text(memberAt(entry, 'parentResource', 'kind')),
      };
    }
    return { subresource: '', parentKind: '' };
  }

  #policies(policy: string): readonly JsonValue[] {
    return list(member(this.#values, 'policies')).filter((item) => text(member(item, 'name')) === policy);
  }

  #rule(policy: string, rule: string): JsonValue {
    const rules = this.#policies(policy).flatMap((item) => list(member(item, 'rules')));
    return rules.find((item) => text(member(item, 'name')) === rule) ?? null;
  }
}

/** A UserInfo file of Kyverno's tests. */
export function userInfoOf(file: JsonObject): UserInfo {
  const user = member(file, 'userInfo');
  return {
    username: text(member(user, 'username')),
    groups: texts(member(user, 'groups')),
    roles: texts(member(file, 'roles')),
    clusterRoles: texts(member(file, 'clusterRoles')),
  };
}
