import { describeRef, groupOf, isRecord } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, type ObjectIndex, recordsOf, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { accountImpacts } from './rbac-accounts.js';
import {
  aggregators,
  bindingsOfRole,
  describeSubject,
  rightsOfRole,
  roleOf,
  secretsRead,
  subjectsOf,
} from './rbac-holders.js';
import { addedRights, dangerOf, describeRight } from './rbac-rules.js';

const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

/** New or wider rights, and new holders of rights. */
export const rbacWidened: ImpactRule = {
  describe: {
    id: 'diff/rbac-widened',
    title: 'Somebody gets new rights in the cluster',
    why: 'Rights are how one workload reaches the secrets and the nodes of all others.',
    help: 'If they are needed, an approving review opens it; name verbs, resources and resourceNames as narrowly as can be.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object) => {
      const accounts = accountImpacts(object, target, world);
      if (accounts.length > 0) return accounts;
      if (groupOf(object.ref.apiVersion) !== 'rbac.authorization.k8s.io' || object.after === null) return [];
      if (object.ref.kind === 'Role' || object.ref.kind === 'ClusterRole')
        return roleImpacts(object, target, world);
      if (object.ref.kind === 'RoleBinding' || object.ref.kind === 'ClusterRoleBinding')
        return isToldByRole(object, target) ? [] : bindingImpacts(object, world.scopeOf(target).result);
      return [];
    });
  },
};

function roleImpacts(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  const impacts: Impact[] = [];
  const { result } = world.scopeOf(target);
  const role = object.result;
  if (role === null) return [];
  const added = addedRights(at(object.before, 'rules'), at(object.after, 'rules'));
  if (added === null || added.length > 0) {
    const isNew = object.before === null;
    const rights = added ?? [];
    const dangers = [...new Set(rights.map(dangerOf).filter((danger) => danger !== null))];
    const words = rights.map(describeRight);
    const shown = words.length === 0 ? 'more rights than can be listed' : listed(words);
    const bindings = bindingsOfRole(role, result);
    const held = [...new Set(bindings.flatMap(subjectsOf))].sort();
    const read = bindings.flatMap(({ ref }) => secretsRead(rights, ref.namespace, result));
    impacts.push({
      object,
      field: ['rules'],
      severity:
        dangers.length > 0 || added === null || (isNew && held.some((one) => EVERYBODY.test(one)))
          ? 'error'
          : 'warning',
      message: `${describeRef(object.ref)} newly allows ${shown}${dangers.length > 0 ? `: it can ${dangers.join(', ')}` : ''}${isNew ? inPlaceOf(object, target) : ''}${held.length === 0 ? '' : `; held by ${listed(held)}`}${disclosed(read)}`,
      help: 'Needed? An approving review opens this. Else name verbs, resources and resourceNames as narrowly as can be.',
      // The bindings of a new role are told with it, so its holders are part of what is approved.
      detail: ['rules', ...words.slice().sort(), ...(isNew ? held : [])],
    });
  }
  const rule = at(object.after, 'aggregationRule');
  if (rule !== undefined && JSON.stringify(rule) !== JSON.stringify(at(object.before, 'aggregationRule'))) {
    impacts.push({
      object,
      field: ['aggregationRule'],
      message: `${describeRef(object.ref)} takes its rights from other roles by their labels`,
      help: 'Needed? An approving review opens this: every role with these labels adds to it.',
      detail: ['aggregationRule', JSON.stringify(rule)],
    });
  }
  const labels = (side: ObjectDifference['after']): string[] => {
    const map = at(side, 'metadata', 'labels');
    return isRecord(map)
      ? Object.keys(map).filter((key) => key.startsWith(AGGREGATE) && map[key] === 'true')
      : [];
  };
  const before = new Set(labels(object.before));
  for (const label of labels(object.after).filter((key) => !before.has(key))) {
    impacts.push({
      object,
      field: ['metadata', 'labels', label],
      message: `${describeRef(object.ref)} is added to the built-in role ${label.slice(AGGREGATE.length)}`,
      help: 'Needed? An approving review opens this: everybody who holds the built-in role gets these rights.',
      detail: ['aggregate', label],
    });
  }
  // Other roles take it over by labels of their own.
  const { base } = world.scopeOf(target);
  const former = new Set(
    (object.base === null ? [] : aggregators(object.base, base)).map(({ ref }) => ref.name),
  );
  for (const { ref } of aggregators(role, result)) {
    if (former.has(ref.name) || ref.name === object.ref.name) continue;
    impacts.push({
      object,
      field: ['metadata', 'labels'],
      message: `${describeRef(object.ref)} is added to ${describeRef(ref)} by its labels`,
      help: 'Needed? An approving review opens this: everybody who holds that role gets these rights.',
      detail: ['aggregated', ref.name],
    });
  }
  return impacts;
}

/** That a new role has no more rights than one that goes: it may just have another name. As a part of a sentence. */
function inPlaceOf({ ref, after }: ObjectDifference, target: TargetDifference): string {
  const former = target.objects.find(
    (one) =>
      one.action === 'delete' &&
      one.ref.kind === ref.kind &&
      one.ref.namespace === ref.namespace &&
      groupOf(one.ref.apiVersion) === groupOf(ref.apiVersion) &&
      addedRights(at(one.before, 'rules'), at(after, 'rules'))?.length === 0,
  );
  return former === undefined ? '' : `, no more than ${describeRef(former.ref)}, which goes`;
}

/** Who can newly read which Secrets, as the end of a sentence. */
function disclosed(secrets: readonly string[]): string {
  const distinct = [...new Set(secrets)];
  return distinct.length === 0 ? '' : `; they can now read ${listed(distinct)}`;
}

/** True for the binding of a role that is new in the same target, and told with all its holders. */
function isToldByRole(binding: ObjectDifference, target: TargetDifference): boolean {
  const role = roleName(binding.after);
  return target.objects.some((object) => {
    if (object.before !== null || object.after === null) return false;
    if (groupOf(object.ref.apiVersion) !== 'rbac.authorization.k8s.io') return false;
    if (`${object.ref.kind}/${object.ref.name}` !== role) return false;
    if (object.ref.kind === 'Role' && object.ref.namespace !== binding.ref.namespace) return false;
    return addedRights(undefined, at(object.after, 'rules'))?.length !== 0;
  });
}

function bindingImpacts(object: ObjectDifference, side: ObjectIndex): Impact[] {
  const subjects = (side: ObjectDifference['after']): string[] =>
    recordsOf(at(side, 'subjects')).map((subject) => describeSubject(subject, object.ref.namespace));
  const roleBefore = roleName(object.before);
  const role = roleName(object.after);
  const sameRole = roleBefore === role;
  const before = new Set(sameRole ? subjects(object.before) : []);
  const added = [...new Set(subjects(object.after))].filter((subject) => !before.has(subject)).sort();
  if (added.length === 0) return [];
  const cluster = kindKey(object.ref.apiVersion, object.ref.kind).endsWith('/ClusterRoleBinding');
  const binding = object.result;
  const rights = binding === null ? null : rightsOfRole(roleOf(binding), side);
  const dangers = [...new Set((rights ?? []).flatMap((right) => dangerOf(right) ?? []))];
  const powerful = dangers.length > 0 || added.some((subject) => EVERYBODY.test(subject));
  const read = secretsRead(rights ?? [], cluster ? '' : object.ref.namespace, side);
  return [
    {
      object,
      field: ['subjects'],
      severity: powerful ? 'error' : 'warning',
      message: `${describeRef(object.ref)} gives ${role.replace('/', ' ')} to ${listed(added)}${cluster ? ' in the whole cluster' : ` in ${object.ref.namespace === '' ? 'its namespace' : object.ref.namespace}`}${dangers.length > 0 ? `: they can ${dangers.join(', ')}` : ''}${disclosed(read)}`,
      help: 'Needed? An approving review opens this. Else bind a narrower role, in one namespace.',
      detail: ['subjects', role, ...added],
    },
  ];
}

/** Groups that hold more than anybody may know: all users, all accounts (of a namespace), and the administrators. */
const EVERYBODY =
  /^(?:Group system:(?:authenticated|unauthenticated|masters|nodes|serviceaccounts(?::.*)?)|User (?:system:anonymous|\*)|Group \*)$/;

function roleName(side: ObjectDifference['after']): string {
  return `${textOf(at(side, 'roleRef', 'kind'))}/${textOf(at(side, 'roleRef', 'name'))}`;
}

/** The first five of a list, and how many more. */
function listed(words: readonly string[]): string {
  return words.slice(0, 5).join(', ') + (words.length > 5 ? ` and ${words.length - 5} more` : '');
}
