import {
  describeRef,
  groupOf,
  isBuiltInGroup,
  isClusterScoped,
  isRecord,
  type Manifest,
  objectKey,
  versionOf,
} from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, type ObjectIndex, type Scope, stringsOf, textOf, type World } from '../world.js';
import { servedVersions } from './definition-narrowed.js';
import type { Impact, ImpactRule } from './impact.js';
import { type Reference, referencesOf } from './references.js';
import { usesOf } from './uses.js';

/**
 * What objects need and will not find. That something is missing is certain only where this change takes it away, or
 * where the object is at hand without the key; what is nowhere in the reached targets may be made by others.
 */
export const missingReference: ImpactRule = {
  describe: {
    id: 'diff/missing-reference',
    title: 'Something that an object needs will not be there',
    why: 'Pods that mention a ConfigMap, Secret, key, claim or account that does not exist do not start; objects of a kind or namespace that does not exist are refused.',
    help: 'Bring back what is named, or take the reference out.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.result.status !== 'rendered') return [];
    const scope = world.scopeOf(target);
    const changed = new Map(
      target.objects.flatMap((object) => (object.result === null ? [] : [[object.result, object] as const])),
    );
    return target.result.manifests.flatMap((manifest) => [
      ...missingOf(manifest, changed.get(manifest) ?? null, scope),
      ...missingHome(manifest, changed.get(manifest) ?? null, scope),
      ...newHome(manifest, changed.get(manifest) ?? null, target, world),
    ]);
  },
};

function missingOf(manifest: Manifest, object: ObjectDifference | null, scope: Scope): Impact[] {
  const former = object?.base == null ? [] : referencesOf(object.base.object);
  const seen = new Set<string>();
  const needed = referencesOf(manifest.object).map((reference) => ({ reference, used: false }));
  const used = usesOf(manifest).map((reference) => ({ reference, used: true }));
  return [...needed, ...used].flatMap(({ reference, used }): Impact[] => {
    const id = `${reference.kind}/${reference.name}/${reference.key ?? ''}`;
    if (seen.has(id)) return [];
    seen.add(id);
    const state = stateOf(reference, manifest, scope.result);
    if (state === 'there') return [];
    const before = stateOf(reference, manifest, scope.base);
    const isNew =
      object !== null &&
      !former.some(
        (one) => one.kind === reference.kind && one.name === reference.name && one.key === reference.key,
      );
    const what =
      reference.key === null || state === 'absent'
        ? `${reference.kind} ${reference.name}`
        : `key ${reference.key} of ${reference.kind} ${reference.name}`;
    const common = { object, manifest, field: reference.path, detail: [id] };
    const subject = describeRef(manifest.ref);
    if (before === 'there') {
      return [
        {
          ...common,
          message: `${subject} needs ${what}, which this change takes away`,
          help: `Bring ${what} back, or take the reference out.`,
        },
      ];
    }
    if (!isNew || used) return [];
    if (state === 'no key') {
      return [
        {
          ...common,
          message: `${subject} needs ${what}, which it does not have`,
          help: `Add the key to ${reference.kind} ${reference.name}, or name one that it has.`,
        },
      ];
    }
    return [
      {
        ...common,
        action: 'inform',
        severity: 'notice',
        confidence: 'guess',
        message: `${subject} needs ${what}, which is not among the objects at hand`,
        help: 'Nothing to do if something else makes it; else add it to this change.',
      },
    ];
  });
}

/** Kinds whose controllers make the Secret or ConfigMap of their name (or of their target). */
const MAKERS: readonly (readonly [string, readonly string[]])[] = [
  ['bitnami.com/SealedSecret', ['spec', 'template', 'metadata', 'name']],
  ['external-secrets.io/ExternalSecret', ['spec', 'target', 'name']],
  ['cert-manager.io/Certificate', ['spec', 'secretName']],
];

function stateOf(reference: Reference, from: Manifest, side: ObjectIndex): 'there' | 'absent' | 'no key' {
  const { apiVersion = 'v1', namespace = from.ref.namespace } = reference;
  const key = objectKey({ apiVersion, kind: reference.kind, namespace, name: reference.name });
  // Kinds of one's own that lie in no namespace are told by where they are.
  const found = side.get(key) ?? side.get(objectKey({ ...reference, apiVersion, namespace: '' }));
  if (found === undefined) {
    if (reference.kind !== 'Secret') return 'absent';
    return MAKERS.some(([kind, path]) =>
      side
        .ofKind(kind)
        .some(
          ({ ref, object }) =>
            ref.namespace === from.ref.namespace &&
            (textOf(at(object, ...path)) || ref.name) === reference.name,
        ),
    )
      ? 'there'
      : 'absent';
  }
  if (reference.key === null) return 'there';
  const { key: wanted } = reference;
  const has = (['data', 'stringData', 'binaryData'] as const).some((field) => {
    const map = found.object[field];
    return isRecord(map) && Object.hasOwn(map, wanted);
  });
  return has ? 'there' : 'no key';
}

/** A custom object in a version that its definition does not serve any more, or never did. */
function missingVersion(
  manifest: Manifest,
  object: ObjectDifference | null,
  scope: Scope,
  kind: string,
): Impact[] {
  const { ref } = manifest;
  const definition = scope.result.definitionOf(kind);
  if (definition === undefined) return [];
  const served = servedVersions(definition.object);
  const version = versionOf(ref.apiVersion);
  if (served.size === 0 || served.has(version)) return [];
  const former = scope.base.definitionOf(kind);
  const wasServed = former !== undefined && servedVersions(former.object).has(version);
  const isNew = object !== null && object.base?.ref.apiVersion !== ref.apiVersion;
  if (!wasServed && !isNew) return [];
  return [
    {
      object,
      manifest,
      field: ['apiVersion'],
      message: `${describeRef(ref)} is written in ${version}, which ${describeRef(definition.ref)} does not serve`,
      help: `Write it in ${[...served].join(' or ')}.`,
      detail: ['version', kind, version],
    },
  ];
}

/** The definition of a custom object's kind and the namespace it lies in, where this change takes them away. */
function missingHome(manifest: Manifest, object: ObjectDifference | null, scope: Scope): Impact[] {
  const { ref } = manifest;
  const impacts: Impact[] = [];
  const group = groupOf(ref.apiVersion);
  if (!isBuiltInGroup(group)) {
    const kind = kindKey(ref.apiVersion, ref.kind);
    if (scope.base.definitionOf(kind) !== undefined && scope.result.definitionOf(kind) === undefined) {
      impacts.push({
        object,
        manifest,
        field: ['kind'],
        message: `${describeRef(ref)} stays, but this change takes the definition of ${ref.kind} away`,
        help: `Bring back the CustomResourceDefinition of ${kind}, or remove the object.`,
        detail: ['definition', kind],
      });
    }
    impacts.push(...missingVersion(manifest, object, scope, kind));
  }
  if (ref.namespace !== '' && isClusterScoped(ref.apiVersion, ref.kind) !== true) {
    const key = objectKey({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: ref.namespace });
    if (scope.base.get(key) !== undefined && scope.result.get(key) === undefined) {
      impacts.push({
        object,
        manifest,
        field: ['metadata', 'namespace'],
        message: `${describeRef(ref)} stays, but this change takes Namespace ${ref.namespace} away`,
        help: `Bring back Namespace ${ref.namespace}, or remove the object.`,
        detail: ['namespace', ref.namespace],
      });
    }
  }
  return impacts;
}

/** Namespaces that each cluster has. */
const OWN_NAMESPACES = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** A new object of a group, or in a namespace, that nothing in the base mentions and the change does not make. */
function newHome(
  { ref }: Manifest,
  object: ObjectDifference | null,
  target: TargetDifference,
  world: World,
): Impact[] {
  const isNew = (name: string): boolean => world.surroundings.unheardOf?.has(name) === true;
  if (object?.action !== 'create') return [];
  const told = {
    object,
    action: 'inform' as const,
    severity: 'notice' as const,
    confidence: 'guess' as const,
  };
  const impacts: Impact[] = [];
  const group = groupOf(ref.apiVersion);
  const served = (world.clusterOf(target)?.apiVersions ?? []).some((version) => groupOf(version) === group);
  if (isNew(group) && !served) {
    impacts.push({
      ...told,
      field: ['apiVersion'],
      message: `${describeRef(ref)} is the first of ${group} here, and no definition of ${ref.kind} is among the objects at hand`,
      help: 'Nothing to do if something else installs it; else add its CustomResourceDefinition, or the chart that brings it.',
      detail: ['first', group],
      edit: ['first', group],
    });
  }
  const isMade = OWN_NAMESPACES.has(ref.namespace) || makesNamespace(target, world);
  if (isNew(ref.namespace) && !isMade) {
    impacts.push({
      ...told,
      field: ['metadata', 'namespace'],
      message: `Namespace ${ref.namespace}, which ${describeRef(ref)} lies in, is not among the objects at hand`,
      help: 'Nothing to do if something else makes it; else add it, or let the deployer make it (CreateNamespace=true, install.createNamespace).',
      detail: ['first namespace', ref.namespace],
      edit: ['first namespace', ref.namespace],
    });
  }
  return impacts;
}

/** True where the deployer of a target makes its namespace. */
function makesNamespace(target: TargetDifference, world: World): boolean {
  const owner = world.governorOf(target)?.manifest.object ?? null;
  return (
    stringsOf(at(owner, 'spec', 'syncPolicy', 'syncOptions')).includes('CreateNamespace=true') ||
    at(owner, 'spec', 'install', 'createNamespace') === true
  );
}
