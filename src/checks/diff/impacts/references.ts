import type { JsonValue } from '../../../contract/index.js';
import {
  containersOf,
  type FieldPath,
  isRecord,
  type KubernetesObject,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { recordsOf, textOf } from '../world.js';

/** A mention of an object by another, of the same namespace unless it says so. */
export interface Reference {
  /** `v1` where it is absent. */
  apiVersion?: string;
  kind: string;
  name: string;
  /** '' for what lies in no namespace. */
  namespace?: string;
  /** The key it reads, or null where it takes all. */
  key: string | null;
  /** Where it is mentioned. */
  path: FieldPath;
}

/** The references that pods of an object cannot start without; optional ones are left out. */
export function referencesOf(object: KubernetesObject): Reference[] {
  const found: Reference[] = [];
  const add = (
    kind: Reference['kind'],
    name: JsonValue | undefined,
    key: JsonValue | undefined,
    path: FieldPath,
  ): void => {
    if (typeof name === 'string' && name !== '')
      found.push({ kind, name, key: typeof key === 'string' ? key : null, path });
  };
  for (const template of podTemplatesOf(object)) {
    for (const { container, path } of containersOf(template)) {
      for (const [index, variable] of recordsOf(container.env).entries()) {
        for (const [field, kind] of KEY_REFS) {
          const ref = at(variable, 'valueFrom', field);
          if (isRecord(ref) && ref.optional !== true) add(kind, ref.name, ref.key, [...path, 'env', index]);
        }
      }
      for (const [index, source] of recordsOf(container.envFrom).entries()) {
        for (const [field, kind] of FROM_REFS) {
          const ref = source[field];
          if (isRecord(ref) && ref.optional !== true) add(kind, ref.name, null, [...path, 'envFrom', index]);
        }
      }
    }
    for (const [index, volume] of recordsOf(template.spec.volumes).entries()) {
      const path = [...template.specPath, 'volumes', index];
      const { configMap, secret, persistentVolumeClaim, projected } = volume;
      if (isRecord(configMap)) addVolume('ConfigMap', configMap.name, configMap, path);
      if (isRecord(secret)) addVolume('Secret', secret.secretName, secret, path);
      if (isRecord(persistentVolumeClaim))
        add('PersistentVolumeClaim', persistentVolumeClaim.claimName, null, path);
      for (const source of recordsOf(isRecord(projected) ? projected.sources : undefined)) {
        if (isRecord(source.configMap)) addVolume('ConfigMap', source.configMap.name, source.configMap, path);
        if (isRecord(source.secret)) addVolume('Secret', source.secret.name, source.secret, path);
      }
    }
    const account = textOf(template.spec.serviceAccountName);
    if (account !== 'default')
      add('ServiceAccount', account, null, [...template.specPath, 'serviceAccountName']);
  }
  return found;

  function addVolume(
    kind: 'ConfigMap' | 'Secret',
    name: JsonValue | undefined,
    source: { [key: string]: JsonValue },
    path: FieldPath,
  ): void {
    if (source.optional === true) return;
    const items = recordsOf(source.items);
    if (items.length === 0) add(kind, name, null, path);
    for (const item of items) add(kind, name, item.key, path);
  }
}

const KEY_REFS = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
] as const;
const FROM_REFS = [
  ['configMapRef', 'ConfigMap'],
  ['secretRef', 'Secret'],
] as const;
