import type { JsonValue } from '../../../contract/index.js';
import type { Manifest } from '../../../kubernetes/index.js';
import { asObject, asText } from './secret-object.js';
import { walk } from './workload.js';

/** A thing that an operator's object names, by kind; a null key is any. */
export interface Named {
  kind: string;
  namespace: string;
  name: string;
  key: string | null;
}

const VAULT = /^secrets\.hashicorp\.com\//;
const INFISICAL = /^secrets\.infisical\.com\//;

/** True for objects of the Vault Secrets Operator and of Infisical's, whose references have a form of their own. */
export function isOperatorObject(apiVersion: string): boolean {
  return VAULT.test(apiVersion) || INFISICAL.test(apiVersion);
}

/**
 * What objects of the two operators refer to.
 *
 * Vault (hashicorp/vault-secrets-operator, api/v1beta1): `vaultAuthRef`, `vaultConnectionRef` and `hcpAuthRef` are
 * `name` or `namespace/name`; an empty one is the operator's own default, which lives with the operator. `secretRef` and
 * `caCertSecretRef` name Secrets. Infisical (docs, Kubernetes operator): `*Ref`, `*Reference` with `secretName` and
 * `secretNamespace` in v1alpha1, with `name` and `namespace` in v1beta1.
 */
export function operatorReferences(manifest: Manifest): Named[] {
  const { object, ref } = manifest;
  const found: Named[] = [];
  const put = (kind: string, value: JsonValue | undefined): void => {
    const named = vaultName(kind, value, ref.namespace);
    if (named !== null && !/[${<]/.test(named.name)) found.push(named);
  };
  walk(asObject(object.spec) ?? {}, ['spec'], (node, path) => {
    if (Array.isArray(node)) return;
    const last = path[path.length - 1];
    if (VAULT.test(ref.apiVersion)) {
      put('VaultAuth', node.vaultAuthRef);
      put('VaultConnection', node.vaultConnectionRef);
      put('VaultAuthGlobal', node.vaultAuthGlobalRef);
      put('HCPAuth', node.hcpAuthRef);
      put('Secret', node.secretRef);
      put('Secret', node.caCertSecretRef);
      const transformations = node.transformationRefs;
      for (const item of Array.isArray(transformations) ? transformations : [])
        put('SecretTransformation', item);
      return;
    }
    put('InfisicalAuth', node.infisicalAuthRef);
    put('InfisicalConnection', node.infisicalConnectionRef);
    if (
      typeof last !== 'string' ||
      /^managed/i.test(last) ||
      path.some((part) => /^managed/i.test(String(part)))
    )
      return;
    const old = asText(node.secretName);
    const now = isReferenceKey(last) ? asText(node.name) : null;
    const name = old ?? now;
    if (name === null || name === '' || /[${<]/.test(name)) return;
    const namespace = asText(node.secretNamespace) ?? asText(node.namespace) ?? ref.namespace;
    found.push({ kind: 'Secret', namespace, name, key: asText(node.key) });
  });
  return found;
}

function vaultName(kind: string, value: JsonValue | undefined, own: string): Named | null {
  const object = asObject(value);
  const text = object === null ? (typeof value === 'string' ? value : null) : asText(object.name);
  if (text === null || text === '') return null;
  const split = text.indexOf('/');
  const namespace = object === null ? null : asText(object.namespace);
  return split === -1
    ? { kind, namespace: namespace ?? own, name: text, key: null }
    : { kind, namespace: text.slice(0, split), name: text.slice(split + 1), key: null };
}

/** What objects of the two operators make or are for others to refer to. */
export function operatorSupplies(manifest: Manifest): Named[] {
  const { object, ref } = manifest;
  const spec = asObject(object.spec);
  const own: Named = { kind: ref.kind, namespace: ref.namespace, name: ref.name, key: null };
  const secret = (name: JsonValue | undefined, namespace: JsonValue | undefined = undefined): Named[] => {
    const text = asText(name);
    if (text === null || text === '') return [];
    return [{ kind: 'Secret', namespace: asText(namespace) ?? ref.namespace, name: text, key: null }];
  };
  if (VAULT.test(ref.apiVersion)) return [own, ...secret(asObject(spec?.destination)?.name)];
  const managed = asObject(spec?.managedSecretReference);
  const several = [spec?.managedKubeSecretReferences, spec?.targets].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [
    own,
    ...secret(managed?.secretName, managed?.secretNamespace),
    ...several.flatMap((item) => {
      const target = asObject(item);
      if (target?.kind === 'ConfigMap') return [];
      return secret(target?.secretName ?? target?.name, target?.secretNamespace ?? target?.namespace);
    }),
  ];
}

/** `hmacSecretRef`, `clientIdRef`, `tokenRef`: fields whose `name` is that of a Secret. */
function isReferenceKey(key: string): boolean {
  if (/^(?:(?:clientId|token|password|username|ca)Ref|caCertificate)$/.test(key)) return true;
  return /^\w+Ref$/.test(key) && key.indexOf('Secret', 1) !== -1;
}
