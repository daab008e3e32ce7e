import type { JsonValue } from '../../../contract/index.js';
import type { Manifest } from '../../../kubernetes/index.js';
import { isOperatorObject, operatorReferences, operatorSupplies } from './operator-references.js';
import { asObject, asText } from './secret-object.js';
import { walk } from './workload.js';

/** A Secret, a store of the External Secrets Operator, an operator's connection; a key of it where one is named. */
export interface Supply {
  kind: string;
  namespace: string;
  name: string;
  key: string | null;
}

export interface Reference {
  from: Manifest;
  to: Supply;
}

/** What manifests refer to: env, envFrom, volumes, imagePullSecrets, ingress TLS, secretStoreRef. Optional ones not. */
export function referencesOf(manifest: Manifest): Reference[] {
  const { object, ref } = manifest;
  const found: Reference[] = [];
  const secret = (name: JsonValue | undefined, key: JsonValue | undefined = undefined): void => {
    const text = asText(name);
    if (text !== null && text !== '' && !/[${<]/.test(text)) {
      found.push({
        from: manifest,
        to: { kind: 'Secret', namespace: ref.namespace, name: text, key: asText(key) },
      });
    }
  };
  if (isOperatorObject(ref.apiVersion))
    return operatorReferences(manifest).map((to) => ({ from: manifest, to }));
  if (/^external-secrets\.io\//.test(ref.apiVersion)) return storeReferences(manifest);
  walk(object, [], (node, path) => {
    if (Array.isArray(node) || node.optional === true) return;
    const last = path[path.length - 1];
    if (last === 'secretKeyRef') secret(node.name, node.key);
    else if (last === 'secretRef' && path.includes('envFrom')) secret(node.name);
    else if (last === 'secret' && typeof node.secretName === 'string' && path.includes('volumes'))
      secret(node.secretName);
    else if (typeof last === 'number' && path[path.length - 2] === 'imagePullSecrets') secret(node.name);
    else if (typeof last === 'number' && path[path.length - 2] === 'tls' && ref.kind === 'Ingress')
      secret(node.secretName);
  });
  return found;
}

/** Stores that an External Secret or PushSecret names, also one for each value; Secrets that a store's login reads. */
function storeReferences(manifest: Manifest): Reference[] {
  const { object, ref } = manifest;
  const found: Reference[] = [];
  walk(asObject(object.spec) ?? {}, ['spec'], (node, path) => {
    if (Array.isArray(node)) return;
    const last = path[path.length - 1];
    const name = asText(node.name);
    if (name === null || name === '' || /[${<{]/.test(name)) return;
    const listed = typeof last === 'number' && path[path.length - 2] === 'secretStoreRefs';
    if (last === 'secretStoreRef' || last === 'storeRef' || listed) {
      const cluster = asText(node.kind) === 'ClusterSecretStore';
      const kind = cluster ? 'ClusterSecretStore' : 'SecretStore';
      found.push({ from: manifest, to: { kind, namespace: cluster ? '' : ref.namespace, name, key: null } });
    } else if (
      /Store$/.test(ref.kind) &&
      /SecretRef$|^secretRef$/.test(String(last)) &&
      node.key !== undefined
    ) {
      const namespace = asText(node.namespace) ?? ref.namespace;
      if (namespace !== '')
        found.push({ from: manifest, to: { kind: 'Secret', namespace, name, key: asText(node.key) } });
    }
  });
  return found;
}

/** Keys that an ExternalSecret's Secret has, where its data and template alone say so; null for any. */
function externalKeys(spec: { [key: string]: JsonValue } | null): string[] | null {
  const template = asObject(asObject(spec?.target)?.template);
  if (Array.isArray(spec?.dataFrom) && spec.dataFrom.length > 0) return null;
  const names = (Array.isArray(spec?.data) ? spec.data : []).flatMap(
    (item) => asText(asObject(item)?.secretKey) ?? [],
  );
  if (template !== null) {
    const made = Object.keys(asObject(template.data) ?? {});
    if (template.templateFrom !== undefined) return null;
    if (made.length > 0) return asText(template.mergePolicy) === 'Merge' ? [...made, ...names] : made;
  }
  return names.length === 0 ? null : names;
}

/** What manifests supply: Secrets and the kinds whose controllers make them. A null key stands for any key. */
export function suppliesOf(manifest: Manifest): Supply[] {
  const { object, ref } = manifest;
  const spec = asObject(object.spec);
  const made = (name: string | null, keys: readonly string[] | null = null): Supply[] => {
    if (name === null || name === '') return [];
    const base = { kind: 'Secret', namespace: ref.namespace, name } as const;
    return keys === null ? [{ ...base, key: null }] : keys.map((key) => ({ ...base, key }));
  };
  if (isOperatorObject(ref.apiVersion)) return operatorSupplies(manifest);
  const keysOf = (value: JsonValue | undefined): string[] => Object.keys(asObject(value) ?? {});
  switch (ref.kind) {
    case 'Secret': {
      const keys = [...keysOf(object.data), ...keysOf(object.stringData)];
      return made(ref.name, keys.length === 0 ? null : keys);
    }
    case 'SealedSecret': {
      const template = asObject(spec?.template);
      const keys = [...keysOf(spec?.encryptedData), ...keysOf(template?.data)];
      return made(asText(asObject(template?.metadata)?.name) ?? ref.name, keys.length === 0 ? null : keys);
    }
    case 'ExternalSecret':
      return made(asText(asObject(spec?.target)?.name) ?? ref.name, externalKeys(spec));
    case 'Certificate':
      return made(asText(spec?.secretName));
    case 'SopsSecret': {
      const templates = spec?.secretTemplates;
      return Array.isArray(templates) ? templates.flatMap((item) => made(asText(asObject(item)?.name))) : [];
    }
    case 'SecretProviderClass': {
      const objects = spec?.secretObjects;
      return Array.isArray(objects)
        ? objects.flatMap((item) => made(asText(asObject(item)?.secretName)))
        : [];
    }
    case 'Ingress': {
      // cert-manager's ingress-shim and its kin make the Secret of a TLS entry when an issuer is annotated.
      const annotations = Object.keys(asObject(asObject(object.metadata)?.annotations) ?? {});
      const tls = spec?.tls;
      if (!annotations.some((key) => key.includes('issuer')) || !Array.isArray(tls)) return [];
      return tls.flatMap((item) => made(asText(asObject(item)?.secretName)));
    }
    case 'SecretStore':
      return [{ kind: 'SecretStore', namespace: ref.namespace, name: ref.name, key: null }];
    case 'ClusterSecretStore':
      return [{ kind: 'ClusterSecretStore', namespace: '', name: ref.name, key: null }];
    default:
      return [];
  }
}

/** How a reference of the result came to lead nowhere. */
export interface Dangling extends Reference {
  /** The base supplied what it names. */
  lost: boolean;
  /** What it names is there, all its keys are known, and the one it asks for is not among them. */
  noKey: boolean;
}

/** References of the result that nothing in the result supplies and that are not as they were in the base. */
export function danglingReferences(base: readonly Manifest[], result: readonly Manifest[]): Dangling[] {
  const before = index(base);
  const after = index(result);
  const old = new Set(
    base
      .flatMap(referencesOf)
      .filter(({ to }) => !supplied(before, to))
      .map(textOf),
  );
  const seen = new Set<string>();
  return result.flatMap(referencesOf).flatMap((reference) => {
    const id = textOf(reference);
    if (supplied(after, reference.to) || old.has(id) || seen.has(id)) return [];
    seen.add(id);
    const noKey = reference.to.key !== null && supplied(after, { ...reference.to, key: null });
    return [{ ...reference, lost: supplied(before, reference.to), noKey }];
  });
}

/**
 * True where the manifests supply everything of a kind that they refer to: then nothing of it is made by hand, and what
 * nobody supplies is missing.
 */
export function suppliesAll(manifests: readonly Manifest[], kind: string): boolean {
  const known = index(manifests);
  const wanted = manifests.flatMap(referencesOf).filter(({ to }) => to.kind === kind);
  return wanted.length > 0 && wanted.every(({ to }) => supplied(known, to));
}

function textOf({ from, to }: Reference): string {
  return JSON.stringify([from.ref, to]);
}

function index(manifests: readonly Manifest[]): Map<string, Set<string | null>> {
  const found = new Map<string, Set<string | null>>();
  for (const supply of manifests.flatMap(suppliesOf)) {
    const name = `${supply.kind}/${supply.namespace}/${supply.name}`;
    const keys = found.get(name);
    if (keys === undefined) found.set(name, new Set([supply.key]));
    else keys.add(supply.key);
  }
  return found;
}

function supplied(index: ReadonlyMap<string, ReadonlySet<string | null>>, wanted: Supply): boolean {
  const keys = index.get(`${wanted.kind}/${wanted.namespace}/${wanted.name}`);
  return keys !== undefined && (wanted.key === null || keys.has(null) || keys.has(wanted.key));
}
