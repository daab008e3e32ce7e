import type { JsonValue } from '../../../contract/index.js';
import type { Manifest } from '../../../kubernetes/index.js';
import { asObject, asText } from './secret-object.js';
import { walk } from './workload.js';

/** A Secret, or a store of the External Secrets Operator; a key of it where one is named. */
export interface Supply {
  kind: 'Secret' | 'SecretStore' | 'ClusterSecretStore';
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
  if (/^external-secrets\.io\//.test(ref.apiVersion)) {
    const store = asObject(asObject(object.spec)?.secretStoreRef);
    const name = asText(store?.name);
    if (name !== null) {
      const cluster = asText(store?.kind) === 'ClusterSecretStore';
      const kind = cluster ? 'ClusterSecretStore' : 'SecretStore';
      found.push({ from: manifest, to: { kind, namespace: cluster ? '' : ref.namespace, name, key: null } });
    }
    return found;
  }
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

/** What manifests supply: Secrets and the kinds whose controllers make them. A null key stands for any key. */
export function suppliesOf(manifest: Manifest): Supply[] {
  const { object, ref } = manifest;
  const spec = asObject(object.spec);
  const made = (name: string | null, keys: readonly string[] | null = null): Supply[] => {
    if (name === null || name === '') return [];
    const base = { kind: 'Secret', namespace: ref.namespace, name } as const;
    return keys === null ? [{ ...base, key: null }] : keys.map((key) => ({ ...base, key }));
  };
  const keysOf = (value: JsonValue | undefined): string[] => Object.keys(asObject(value) ?? {});
  switch (ref.kind) {
    case 'Secret': {
      const keys = [...keysOf(object.data), ...keysOf(object.stringData)];
      return made(ref.name, keys.length === 0 ? null : keys);
    }
    case 'SealedSecret':
      return made(asText(asObject(asObject(spec?.template)?.metadata)?.name) ?? ref.name);
    case 'ExternalSecret':
      return made(asText(asObject(spec?.target)?.name) ?? ref.name);
    case 'Certificate':
      return made(asText(spec?.secretName));
    case 'VaultStaticSecret':
    case 'VaultDynamicSecret':
    case 'VaultPKISecret':
      return made(asText(asObject(spec?.destination)?.name));
    case 'InfisicalSecret':
      return made(asText(asObject(spec?.managedSecretReference)?.secretName));
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

/**
 * References of the result that nothing in the result supplies and that are not as they were in the base. `lost`:
 * the base supplied them.
 */
export function danglingReferences(
  base: readonly Manifest[],
  result: readonly Manifest[],
): (Reference & { lost: boolean })[] {
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
    return [{ ...reference, lost: supplied(before, reference.to) }];
  });
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
