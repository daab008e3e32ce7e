import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import { scanTree } from '../../../src/checks/secrets/index.js';
import { danglingReferences } from '../../../src/checks/secrets/structure/references.js';
import { type JsonValue, Redactor } from '../../../src/contract/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { type Manifest, manifestsFromValues } from '../../../src/kubernetes/index.js';
import type { RenderedTarget } from '../../../src/render/index.js';
import { Workshop } from '../../git/real-repository.js';
import { judge, renderedFake } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const token = fill('{{base62:32}}', 'operators');

function made(...objects: JsonValue[]): Manifest[] {
  return manifestsFromValues(objects, { path: null });
}

function thing(apiVersion: string, kind: string, name: string, spec: JsonValue): JsonValue {
  return { apiVersion, kind, metadata: { name, namespace: 'pay' }, spec };
}

const VAULT = 'secrets.hashicorp.com/v1beta1';
const vault = (kind: string, name: string, spec: JsonValue): JsonValue => thing(VAULT, kind, name, spec);
const infisical = (kind: string, name: string, spec: JsonValue, version = 'v1alpha1'): JsonValue =>
  thing(`secrets.infisical.com/${version}`, kind, name, spec);
const secret = (name: string, ...keys: string[]): JsonValue => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'pay' },
  data: Object.fromEntries(keys.map((key) => [key, 'eA=='])),
});
const pod = (name: string, key: string): JsonValue =>
  thing('v1', 'Pod', 'app', {
    containers: [{ name: 'app', env: [{ name: 'P', valueFrom: { secretKeyRef: { name, key } } }] }],
  });

/** What dangles in a result, as `Kind namespace/name`. */
function dangling(...objects: JsonValue[]): string[] {
  return danglingReferences([], made(...objects)).map(
    ({ to, noKey }) => `${to.kind} ${to.namespace}/${to.name}${noKey ? ` without ${to.key}` : ''}`,
  );
}

describe('the Vault Secrets Operator', () => {
  const chain = [
    vault('VaultConnection', 'vault', { address: 'https://vault.corp.net', caCertSecretRef: 'ca' }),
    vault('VaultAuth', 'app', {
      vaultConnectionRef: 'vault',
      method: 'appRole',
      appRole: { secretRef: 'role' },
    }),
    vault('VaultStaticSecret', 'db', { vaultAuthRef: 'app', destination: { name: 'db', create: true } }),
  ];

  it('is followed from a secret to its login, its connection and their Secrets', () => {
    expect(dangling(...chain)).toEqual(['Secret pay/ca', 'Secret pay/role']);
    expect(dangling(...chain, secret('ca', 'ca.crt'), secret('role', 'id'))).toEqual([]);
    expect(dangling(...chain.slice(2))).toEqual(['VaultAuth pay/app']);
    expect(dangling(...chain.slice(1), secret('role', 'id'))).toEqual(['VaultConnection pay/vault']);
  });

  it('supplies its destinations; a login may be of another namespace, or the default', () => {
    expect(dangling(...chain, secret('ca', 'x'), secret('role', 'id'), pod('db', 'password'))).toEqual([]);
    const far = vault('VaultDynamicSecret', 'd', { vaultAuthRef: 'vault/app', destination: { name: 'd' } });
    expect(dangling(far)).toEqual(['VaultAuth vault/app']);
    expect(dangling(vault('VaultPKISecret', 'p', { destination: { name: 'p' } }))).toEqual([]);
    const transformed = vault('VaultStaticSecret', 't', {
      destination: { name: 't', transformation: { transformationRefs: [{ name: 'shape' }] } },
    });
    expect(dangling(transformed)).toEqual(['SecretTransformation pay/shape']);
    expect(
      dangling(vault('HCPVaultSecretsApp', 'h', { hcpAuthRef: 'hcp', destination: { name: 'h' } })),
    ).toEqual(['HCPAuth pay/hcp']);
  });
});

describe("Infisical's operator", () => {
  it('is followed in its first form', () => {
    const object = infisical('InfisicalSecret', 'x', {
      hostAPI: 'https://app.infisical.com/api',
      authentication: { universalAuth: { credentialsRef: { secretName: 'login', secretNamespace: 'ops' } } },
      tls: { caRef: { secretName: 'ca', secretNamespace: 'pay', key: 'ca.crt' } },
      managedSecretReference: { secretName: 'made', secretNamespace: 'pay' },
    });
    expect(dangling(object, pod('made', 'k'))).toEqual(['Secret ops/login', 'Secret pay/ca']);
  });

  it('is followed in its second', () => {
    const objects = [
      infisical(
        'InfisicalConnection',
        'c',
        { address: 'https://x', tls: { caCertificate: { name: 'ca', key: 'ca.crt' } } },
        'v1beta1',
      ),
      infisical(
        'InfisicalAuth',
        'a',
        {
          infisicalConnectionRef: { name: 'c' },
          universalAuth: { clientSecretRef: { name: 'login', key: 'secret', namespace: 'pay' } },
        },
        'v1beta1',
      ),
      infisical(
        'InfisicalStaticSecret',
        's',
        {
          infisicalAuthRef: { name: 'a', namespace: 'pay' },
          targets: [{ name: 'made', namespace: 'pay', kind: 'Secret' }],
        },
        'v1beta1',
      ),
    ];
    expect(dangling(...objects, pod('made', 'k'))).toEqual(['Secret pay/ca', 'Secret pay/login']);
    expect(dangling(...objects.slice(2))).toEqual(['InfisicalAuth pay/a']);
  });
});

describe('keys', () => {
  it('that a Secret, SealedSecret or ExternalSecret of known keys does not have dangle', () => {
    expect(dangling(secret('db', 'user'), pod('db', 'password'))).toEqual(['Secret pay/db without password']);
    const external = thing('external-secrets.io/v1', 'ExternalSecret', 'db', {
      data: [{ secretKey: 'user', remoteRef: { key: 'x' } }],
    });
    expect(dangling(external, pod('db', 'password'))).toEqual(['Secret pay/db without password']);
    expect(dangling(external, pod('db', 'user'))).toEqual([]);
    const open = thing('external-secrets.io/v1', 'ExternalSecret', 'db', {
      dataFrom: [{ extract: { key: 'x' } }],
    });
    expect(dangling(open, pod('db', 'password'))).toEqual([]);
    const sealed = thing('bitnami.com/v1alpha1', 'SealedSecret', 'db', { encryptedData: { user: 'x' } });
    expect(dangling(sealed, pod('db', 'password'))).toEqual(['Secret pay/db without password']);
  });
});

describe('a new reference to what nothing supplies', () => {
  const target = (name: string, base: Manifest[], result: Manifest[], cluster = 'prod'): RenderedTarget => ({
    target: { name, kind: 'kustomize', path: name, cluster },
    base: { status: 'rendered', manifests: base },
    result: { status: 'rendered', manifests: result },
    touched: true,
  });

  async function told(reached: RenderedTarget, others: RenderedTarget[]): Promise<string[]> {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('change', { 'x.txt': 'x\n' });
    const rendered = {
      ...renderedFake([reached]),
      targets: async () => [reached, ...others].map((item) => item.target),
      also: async (names: readonly string[]) => others.filter((item) => names.includes(item.target.name)),
    };
    const { result } = await judge(repository, { rendered });
    return result.findings.map((item) => `${item.action} ${item.message}`);
  }

  const before = made(secret('db', 'password'), pod('db', 'password'));
  const other = (name: string): JsonValue => ({
    ...(pod(name, 'k') as object),
    metadata: { name: 'new', namespace: 'pay' },
  });
  const after = made(secret('db', 'password'), pod('db', 'password'), other('gone'));

  it('asks for an approval where the cluster supplies all that it refers to', async () => {
    expect(await told(target('apps', before, after), [])).toEqual([
      'approve Pod pay/new refers to Secret pay/gone (key k), which nothing in that cluster supplies',
    ]);
  });

  it('is no finding where another target of the cluster supplies it, and is told where one of another does', async () => {
    const store = made(secret('gone', 'k'));
    expect(await told(target('apps', before, after), [target('store', store, store)])).toEqual([]);
    expect(await told(target('apps', before, after), [target('store', store, store, 'stage')])).toHaveLength(
      1,
    );
  });

  it('is told where Secrets are made by hand, or a target cannot be rendered', async () => {
    const hand = made(pod('by-hand', 'k'));
    expect(await told(target('apps', hand, [...hand, ...made(other('gone'))]), [])).toEqual([
      expect.stringMatching(/^inform /),
    ]);
    const broken: RenderedTarget = {
      ...target('broken', [], []),
      base: { status: 'failed', reason: 'x' },
      result: { status: 'failed', reason: 'x' },
    };
    expect(await told(target('apps', before, after), [broken])).toEqual([
      expect.stringMatching(/^inform .*nothing that was rendered supplies/),
    ]);
  });

  it('to a key that a Secret does not have is to fix', async () => {
    expect(
      await told(target('apps', before, made(secret('db', 'password'), pod('db', 'pasword'))), []),
    ).toEqual(['fix Pod pay/app refers to Secret pay/db (key pasword), which has no such key']);
  });
});

describe('a credential in an object of an operator', () => {
  const yaml = (object: JsonValue): string => JSON.stringify(object);

  async function closing(object: JsonValue): Promise<string[]> {
    const { findings } = await scanTree(new MemoryTree(new Map([['a.json', Buffer.from(yaml(object))]])), {
      redactor: new Redactor(),
      trust: null,
    });
    return findings.map((item) => `${item.action} ${item.ruleId}`);
  }

  it.each([
    ['header', vault('VaultConnection', 'v', { headers: { 'X-Vault-Token': token } })],
    [
      'login',
      infisical('InfisicalSecret', 'i', { authentication: { universalAuth: { clientSecret: token } } }),
    ],
    [
      'template',
      infisical('InfisicalSecret', 'i', { managedSecretReference: { template: { data: { zz: token } } } }),
    ],
    ['transformation', vault('SecretTransformation', 't', { templates: { zz: { text: token } } })],
    ['parameter', vault('VaultDynamicSecret', 'd', { params: { password: token } })],
  ] as const)('closes: %s', async (_, object) => {
    expect(await closing(object)).toContainEqual(expect.stringMatching(/^fix /));
  });

  it('is none where it is a reference or a template; a static login is told', async () => {
    const login = vault('VaultAuth', 'a', { method: 'appRole', appRole: { roleId: 'x', secretRef: 'role' } });
    expect(await closing(login)).toEqual(['inform secrets/static-credential']);
    const template = { templates: { url: { text: '{{ get .Secrets "password" }}' } } };
    expect(await closing(vault('SecretTransformation', 't', template))).toEqual([]);
  });
});
