import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type Manifest, matchesSelector, objectKey } from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { type ObjectIndex, recordsOf, textOf } from '../world.js';
import { addedRights, dangerOf, type Right, readsSecrets, rightsOf } from './rbac-rules.js';

const GROUP = 'rbac.authorization.k8s.io';

/** A role as bindings name it: `ClusterRole/admin`, and the namespace of a Role. */
export interface RoleName {
  kind: string;
  name: string;
  namespace: string;
}

/** The role that a binding gives. */
export function roleOf(binding: Manifest): RoleName {
  const kind = textOf(at(binding.object, 'roleRef', 'kind'));
  return {
    kind,
    name: textOf(at(binding.object, 'roleRef', 'name')),
    namespace: kind === 'Role' ? binding.ref.namespace : '',
  };
}

export function bindingsOf(side: ObjectIndex): Manifest[] {
  return [...side.ofKind(`${GROUP}/RoleBinding`), ...side.ofKind(`${GROUP}/ClusterRoleBinding`)];
}

/** The bindings of a role, and of the roles that take its rights over by its labels. */
export function bindingsOfRole(role: Manifest, side: ObjectIndex): Manifest[] {
  const names = [role, ...aggregators(role, side)].map(({ ref }) => ref);
  return bindingsOf(side).filter((binding) => {
    const { kind, name, namespace } = roleOf(binding);
    return names.some((ref) => ref.kind === kind && ref.name === name && ref.namespace === namespace);
  });
}

/** ClusterRoles whose aggregationRule selects a ClusterRole. */
export function aggregators(role: Manifest, side: ObjectIndex): Manifest[] {
  if (role.ref.kind !== 'ClusterRole') return [];
  const labels = at(role.object, 'metadata', 'labels');
  return side
    .ofKind(`${GROUP}/ClusterRole`)
    .filter(({ object }) =>
      recordsOf(at(object, 'aggregationRule', 'clusterRoleSelectors')).some((selector) =>
        matchesSelector(selector, isRecord(labels) ? labels : {}),
      ),
    );
}

/** A service account; where its namespace is given later, its name alone. */
function accountName(namespace: string, name: string): string {
  return `ServiceAccount ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** `ServiceAccount shop/app`, `Group system:authenticated`. */
export function describeSubject(subject: { [key: string]: JsonValue }, namespace: string): string {
  const kind = textOf(subject.kind);
  const name = textOf(subject.name);
  if (kind !== 'ServiceAccount') return `${kind} ${name}`;
  return accountName(textOf(subject.namespace) || namespace, name);
}

export function subjectsOf(binding: Manifest): string[] {
  return recordsOf(at(binding.object, 'subjects')).map((subject) =>
    describeSubject(subject, binding.ref.namespace),
  );
}

/** Kinds that make the Secret of their name. */
const SECRETS = ['/Secret', 'bitnami.com/SealedSecret', 'external-secrets.io/ExternalSecret'];

/** Secrets named in one message. */
const MOST_SECRETS = 5;

/**
 * Which Secrets rights let their holder read, in a namespace ('' for the whole cluster): those at hand by name, or in
 * words. Empty where the rights read none.
 */
export function secretsRead(rights: readonly Right[], namespace: string, side: ObjectIndex): string[] {
  const reading = rights.filter(readsSecrets);
  if (reading.length === 0) return [];
  const all = reading.some(({ name }) => name === '');
  if (!all) {
    return [...new Set(reading.map(({ name }) => `${namespace === '' ? '*' : namespace}/${name}`))].sort();
  }
  const known = SECRETS.flatMap((kind) => side.ofKind(kind))
    .filter(({ ref }) => namespace === '' || ref.namespace === namespace)
    .map(({ ref }) => `${ref.namespace}/${ref.name}`);
  const where = namespace === '' ? 'every Secret of the cluster' : `every Secret of ${namespace}`;
  const names = [...new Set(known)].sort();
  if (names.length === 0) return [where];
  const more = names.length - MOST_SECRETS;
  return [`${where} (${names.slice(0, MOST_SECRETS).join(', ')}${more > 0 ? ` and ${more} more` : ''})`];
}

/** Built-in roles that read Secrets, or more. */
const POWERFUL = new Set(['cluster-admin', 'admin', 'edit']);

/** The rights of a role by name: those at hand, everything for the built-in ones, null where nobody knows. */
export function rightsOfRole(role: RoleName, side: ObjectIndex): Right[] | null {
  const found = side.get(objectKey({ apiVersion: `${GROUP}/v1`, ...role }));
  if (found !== undefined) return rightsOf(found.object.rules);
  if (role.kind === 'ClusterRole' && POWERFUL.has(role.name)) {
    return [{ group: '*', resource: '*', verb: '*', name: '', url: '' }];
  }
  return null;
}

/** What a service account holds by the bindings of a side, as `ClusterRole admin`, with what is dangerous of it. */
export function rolesOfAccount(
  namespace: string,
  name: string,
  side: ObjectIndex,
): { roles: string[]; dangers: string[] } {
  const wanted = new Set([
    accountName(namespace, name),
    `User system:serviceaccount:${namespace}:${name}`,
    `Group system:serviceaccounts:${namespace}`,
  ]);
  const held = bindingsOf(side).filter((binding) =>
    subjectsOf(binding).some((subject) => wanted.has(subject)),
  );
  const roles = held.map(roleOf);
  const rights = roles.flatMap((role) => rightsOfRole(role, side) ?? []);
  return {
    roles: [...new Set(roles.map(({ kind, name: role }) => `${kind} ${role}`))].sort(),
    dangers: [...new Set(rights.flatMap((right) => dangerOf(right) ?? []))].sort(),
  };
}

/** True where one account's rights, as far as they are at hand, are no more than another's. */
export function isNoMore(
  account: { namespace: string; name: string },
  than: { namespace: string; name: string },
  side: ObjectIndex,
): boolean {
  const rules = ({ namespace, name }: { namespace: string; name: string }): JsonValue[] =>
    bindingsOf(side)
      .filter((binding) => subjectsOf(binding).includes(accountName(namespace, name)))
      .flatMap((binding) => {
        const role = roleOf(binding);
        const found = side.get(objectKey({ apiVersion: `${GROUP}/v1`, ...role }));
        return found === undefined
          ? [{ apiGroups: ['?'], resources: [`${role.kind}/${role.name}`], verbs: ['?'] }]
          : recordsOf(found.object.rules);
      });
  return addedRights(rules(than), rules(account))?.length === 0;
}
