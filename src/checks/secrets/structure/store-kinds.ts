import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath, Manifest } from '../../../kubernetes/index.js';
import { kindOfName } from '../key-name.js';
import { objectName, type SecretFinding } from '../secret-finding.js';
import { templateLiteral } from '../template-literal.js';
import type { Field } from './field.js';
import { asObject, asText } from './secret-object.js';
import { walk } from './workload.js';

/** Literals in the kinds that are made to hold references, and credentials that a workload identity could replace. */

/** Fields whose values are literals of a Secret, by kind; `*` is any key, `[]` any item. */
const LITERALS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ExternalSecret: [
    ['spec', 'target', 'template', 'data', '*'],
    ['spec', 'target', 'template', 'templateFrom', '[]', 'literal'],
  ],
  ClusterExternalSecret: [['spec', 'externalSecretSpec', 'target', 'template', 'data', '*']],
  PushSecret: [['spec', 'template', 'data', '*']],
  Fake: [['spec', 'data', '*']],
  SopsSecret: [
    ['spec', 'secretTemplates', '[]', 'stringData', '*'],
    ['spec', 'secretTemplates', '[]', 'data', '*'],
  ],
  SecretProviderClass: [['spec', 'parameters', '*']],
  SecretTransformation: [['spec', 'templates', '*', 'text']],
  VaultStaticSecret: [['spec', 'destination', 'transformation', 'templates', '*', 'text']],
  VaultDynamicSecret: [
    ['spec', 'destination', 'transformation', 'templates', '*', 'text'],
    ['spec', 'params', '*'],
  ],
  InfisicalSecret: [
    ['spec', 'managedSecretReference', 'template', 'data', '*'],
    ['spec', 'managedKubeSecretReferences', '[]', 'template', 'data', '*'],
  ],
  InfisicalStaticSecret: [['spec', 'targets', '[]', 'template', 'data', '*']],
  InfisicalDynamicSecret: [['spec', 'managedSecretReference', 'template', 'data', '*']],
};

/** Objects whose logins refer to Secrets: a credential in clear is in no field that they know, and in the repository. */
const LOGINS = /^(?:secrets\.hashicorp\.com|secrets\.infisical\.com)\//;

/** Names of parameters of a SecretProviderClass that are settings, whatever they look like. */
const SETTINGS =
  /^(?:objects|roleName|vault\w*|keyvaultName|tenantI[dD]|clientID|use\w+|userAssignedIdentityID|cloudName|region|audience|\w*[pP]ath)$/;

/** Groups of the kinds above: the same kind of another group is something else. */
const GROUPS =
  /^(?:external-secrets\.io|generators\.external-secrets\.io|isindir\.github\.com|secrets-store\.csi\.x-k8s\.io|kubernetes-client\.io|secrets\.hashicorp\.com|secrets\.infisical\.com)\//;

/** Literals where the kind asks for a reference. */
export function literalFields(manifest: Manifest): Field[] {
  const { object, ref } = manifest;
  const fields: Field[] = [];
  const put = (path: FieldPath, name: string, written: string): void => {
    // A template is none, unless it puts literals together.
    const value = written.includes('{{') ? templateLiteral(written)?.text : written;
    if (value === undefined) return;
    fields.push({ context: 'secret', name, value, binary: null, path, object: ref, type: '' });
  };
  if (GROUPS.test(ref.apiVersion)) {
    for (const pattern of LITERALS[ref.kind] ?? []) {
      for (const { path, value } of matching(object, pattern, [])) {
        const name = String(path[path.length - 1]);
        if (ref.kind !== 'SecretProviderClass' || !SETTINGS.test(name)) put(path, name, value);
      }
    }
  }
  if (ref.kind === 'SecretStore' || ref.kind === 'ClusterSecretStore') {
    walk(asObject(object.spec) ?? {}, ['spec'], (node, path) => {
      const value = Array.isArray(node) ? null : asText(node.value);
      // `clientSecret: {value: ...}` beside `{secretRef: ...}`: delinea, beyondtrust, scaleway and others.
      if (value !== null) put([...path, 'value'], String(path[path.length - 1]), value);
    });
  }
  if (LOGINS.test(ref.apiVersion)) {
    walk(asObject(object.spec) ?? {}, ['spec'], (node, path) => {
      if (Array.isArray(node)) return;
      for (const [name, value] of Object.entries(node)) {
        const text = typeof value === 'string' ? value : '';
        if (text === '' || (kindOfName(name) === null && !/^X-Vault-Token$/i.test(name))) continue;
        const at: FieldPath = [...path, name];
        fields.push({ context: 'literal', name, value: text, binary: null, path: at, object: ref, type: '' });
      }
    });
  }
  fields.push(...agentFields(manifest));
  return fields;
}

function matching(
  value: JsonValue | undefined,
  pattern: readonly string[],
  path: FieldPath,
): { path: FieldPath; value: string }[] {
  const [part, ...rest] = pattern;
  if (part === undefined) {
    const text = asText(value);
    return text === null || text === '' ? [] : [{ path, value: text }];
  }
  if (part === '[]') {
    return Array.isArray(value) ? value.flatMap((item, index) => matching(item, rest, [...path, index])) : [];
  }
  const object = asObject(value);
  if (object === null) return [];
  const keys = part === '*' ? Object.keys(object) : Object.hasOwn(object, part) ? [part] : [];
  return keys.flatMap((key) => matching(object[key], rest, [...path, key]));
}

/** Annotations of the Vault agent injector that may carry a literal (auth-config-*, agent-inject-token). */
function agentFields({ object, ref }: Manifest): Field[] {
  const fields: Field[] = [];
  walk({ metadata: object.metadata ?? null, spec: object.spec ?? null }, [], (node, path) => {
    if (Array.isArray(node) || path[path.length - 1] !== 'annotations') return;
    for (const [key, value] of Object.entries(node)) {
      const text = asText(value);
      if (text === null || !/^vault\.hashicorp\.com\/(?:auth-config-|agent-inject-token$)/.test(key))
        continue;
      const name = key.slice(key.indexOf('/') + 1);
      fields.push({
        context: 'config',
        name,
        value: text,
        binary: null,
        path: [...path, key],
        object: ref,
        type: '',
      });
    }
  });
  return fields;
}

/** Providers whose static credentials a workload identity replaces: path below `spec.provider`, and the better way. */
const STATIC: readonly { path: readonly string[]; provider: string; instead: string }[] = [
  {
    path: ['aws', 'auth', 'secretRef'],
    provider: 'AWS',
    instead: 'auth.jwt.serviceAccountRef (IRSA) or EKS Pod Identity',
  },
  { path: ['gcpsm', 'auth', 'secretRef'], provider: 'Google Cloud', instead: 'auth.workloadIdentity' },
  { path: ['azurekv', 'authSecretRef'], provider: 'Azure', instead: 'authType: WorkloadIdentity' },
  { path: ['vault', 'auth', 'tokenSecretRef'], provider: 'Vault', instead: 'auth.kubernetes' },
  { path: ['vault', 'auth', 'appRole'], provider: 'Vault', instead: 'auth.kubernetes' },
];

/** Logins of operators that keep a long-lived credential: path below `spec`. */
const STATIC_LOGINS: Readonly<Record<string, readonly (typeof STATIC)[number][]>> = {
  VaultAuth: [{ path: ['appRole'], provider: 'Vault', instead: 'method: kubernetes or jwt' }],
  HCPAuth: [{ path: ['servicePrincipal'], provider: 'HCP', instead: 'workload identity federation' }],
  InfisicalSecret: [
    { path: ['authentication', 'serviceToken'], provider: 'Infisical', instead: 'kubernetesAuth' },
    { path: ['authentication', 'universalAuth'], provider: 'Infisical', instead: 'kubernetesAuth' },
  ],
  InfisicalAuth: [
    { path: ['universalAuth'], provider: 'Infisical', instead: 'kubernetesAuth' },
    { path: ['universal'], provider: 'Infisical', instead: 'kubernetes auth' },
  ],
};

/** Stores that keep a long-lived credential in the cluster though the provider can do without: told, never closing. */
export function staticCredentials(manifest: Manifest): SecretFinding[] {
  const { ref } = manifest;
  const store = ref.kind === 'SecretStore' || ref.kind === 'ClusterSecretStore';
  const above = store ? ['spec', 'provider'] : ['spec'];
  const logins = store ? STATIC : LOGINS.test(ref.apiVersion) ? (STATIC_LOGINS[ref.kind] ?? []) : [];
  return logins.flatMap(({ path, provider: name, instead }) => {
    let node: JsonValue | undefined = manifest.object;
    for (const part of [...above, ...path]) node = asObject(node)?.[part];
    if (node === undefined || node === null) return [];
    const field: FieldPath = [...above, ...path];
    const position = manifest.locate(field);
    return [
      {
        rule: 'static-credential',
        action: 'inform',
        confidence: 'certain',
        message: `${objectName(ref)} uses a static ${name} credential where workload identity would do`,
        help: `use ${instead}`,
        line: position?.line ?? 1,
        endLine: position?.endLine ?? 1,
        column: null,
        value: null,
        token: false,
        object: ref,
        place: [ref.namespace, ref.name, ...path],
      } satisfies SecretFinding,
    ];
  });
}
