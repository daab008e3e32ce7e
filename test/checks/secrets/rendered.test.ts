import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { type Manifest, manifestsFromValues } from '../../../src/kubernetes/index.js';
import type { RenderedTarget } from '../../../src/render/index.js';
import { Workshop } from '../../git/real-repository.js';
import { judge, renderedFake, told } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const password = fill('{{password}}', 'rendered');

function manifests(...objects: JsonValue[]): Manifest[] {
  return manifestsFromValues(objects, { path: null });
}

function secret(data: Record<string, string>, name = 'db'): JsonValue {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'pay' },
    data: Object.fromEntries(encoded),
  };
}

function pod(reference: JsonValue): JsonValue {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'pay' },
    spec: { containers: [{ name: 'app', env: [{ name: 'P', valueFrom: { secretKeyRef: reference } }] }] },
  };
}

async function rendering(
  base: Manifest[],
  result: Manifest[],
  files: Record<string, string> = { 'x.txt': 'x\n' },
) {
  const repository = workshop.repository();
  repository.commit('base');
  repository.git('checkout', '-q', '-b', 'feature');
  repository.commit('change', files);
  const target: RenderedTarget = {
    target: { name: 'helm/app', kind: 'helm', path: 'app', cluster: 'prod' },
    base: { status: 'rendered', manifests: base },
    result: { status: 'rendered', manifests: result },
    touched: true,
  };
  return judge(repository, { rendered: renderedFake([target]) });
}

describe('rendered manifests', () => {
  it('close for plaintext that a template puts into a Secret, wherever its value stands', async () => {
    const files = { 'app/values.yaml': `motd: ${password}\n` };
    const { result } = await rendering([], manifests(secret({ password })), files);
    expect(result.findings).toMatchObject([
      { ruleId: 'secrets/rendered-secret', action: 'fix', targets: ['helm/app'], clusters: ['prod'] },
    ]);
    expect(JSON.stringify(result)).not.toContain(password);
  });

  it('say nothing of a new overlay whose Secret the base renders in another', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('change', { 'app/values.yaml': `motd: ${password}\n` });
    const rendered = (objects: Manifest[]) => ({ status: 'rendered', manifests: objects }) as const;
    const overlay = (name: string, base: RenderedTarget['base'], object: JsonValue): RenderedTarget => ({
      target: { name, kind: 'kustomize', path: name, cluster: null },
      base,
      result: rendered(manifests(object)),
      touched: true,
    });
    const known = overlay('old', rendered(manifests(secret({ password }))), secret({ password }));
    const judged = async (object: JsonValue) =>
      (
        await judge(repository, {
          rendered: renderedFake([known, overlay('new', { status: 'absent' }, object)]),
        })
      ).result.findings;
    expect(await judged(secret({ password }))).toEqual([]);
    expect(await judged(secret({ password }, 'other'))).toMatchObject([{ action: 'fix', targets: ['new'] }]);
  });

  it('only tell of values that the chart makes, and say nothing of those the base renders alike', async () => {
    const made = manifests(secret({ password }));
    expect(told((await rendering([], made)).result)).toEqual(['inform rendered-secret null:null']);
    expect(told((await rendering(made, made)).result)).toEqual([]);
    const { redactor } = await rendering(made, made);
    expect(redactor.redact(password)).toBe('[redacted]');
  });

  it('close when what something refers to goes, tell when it was never seen', async () => {
    const reference = pod({ name: 'db', key: 'password' });
    const both = manifests(secret({ password: '<path:pay#pw>' }), reference);
    expect(told((await rendering(both, manifests(reference))).result)).toEqual([
      'fix dangling-reference null:null',
    ]);
    expect(told((await rendering([], manifests(reference))).result)).toEqual([
      'inform dangling-reference null:null',
    ]);
    expect(told((await rendering(both, both)).result)).toEqual([]);
    const otherKey = manifests(secret({ pw: '<path:pay#pw>' }), reference);
    expect(told((await rendering(both, otherKey)).result)).toEqual(['fix dangling-reference null:null']);
    const optional = manifests(pod({ name: 'nowhere', key: 'x', optional: true }));
    expect(told((await rendering([], optional)).result)).toEqual([]);
  });

  it('take External Secrets, Sealed Secrets and stores for what they supply', async () => {
    const external = (kind: string): JsonValue => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'db', namespace: 'pay' },
      spec: { secretStoreRef: { name: 'vault', kind }, target: { name: 'db' } },
    });
    const store: JsonValue = {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: 'vault' },
      spec: {},
    };
    const reference = pod({ name: 'db', key: 'password' });
    const good = manifests(store, external('ClusterSecretStore'), reference);
    expect(told((await rendering([], good)).result)).toEqual([]);
    const wrong = manifests(store, external('SecretStore'), reference);
    expect(told((await rendering([], wrong)).result)).toEqual(['inform dangling-reference null:null']);
  });
});
