import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { configSchema } from '../../../src/config/index.js';
import { clustersIn, clustersOfLayout, clustersYaml } from '../../../src/render/index.js';
import { fluxKustomization } from '../gitops/fixture.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const of = (value: object | string) =>
  clustersIn(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'clusters');

const secret = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `cluster-${name}`, labels: { 'argocd.argoproj.io/secret-type': 'cluster', ...labels } },
  data: {
    name: base64(name),
    server: base64(`https://${name}.example.com`),
    config: base64('{"bearerToken":"never-shown"}'),
  },
});

describe('clusters that Argo CD knows', () => {
  it('as `argocd cluster list -o json` prints them', () => {
    const clusters = of([
      {
        server: 'https://kubernetes.default.svc',
        name: 'in-cluster',
        config: { tlsClientConfig: { insecure: false } },
        info: { serverVersion: '1.35', apiVersions: ['v1', 'apps/v1'] },
      },
      {
        server: 'https://p.example.com',
        name: 'prod',
        labels: { env: 'prod' },
        serverVersion: 'v1.34.2+k3s1',
      },
    ]);
    expect(clusters).toEqual([
      {
        name: 'in-cluster',
        server: 'https://kubernetes.default.svc',
        kubernetesVersion: '1.35',
        apiVersions: ['apps/v1', 'v1'],
      },
      { name: 'prod', server: 'https://p.example.com', labels: { env: 'prod' }, kubernetesVersion: '1.34.2' },
    ]);
  });

  it('as Secrets, alone and in a List, without what is secret in them', () => {
    const prod = secret('prod', { env: 'prod', 'argocd.argoproj.io/kubernetes-version': 'v1.33' });
    const expected = {
      name: 'prod',
      server: 'https://prod.example.com',
      labels: { env: 'prod' },
      kubernetesVersion: '1.33',
    };
    expect(of(prod)).toEqual([expected]);
    const other = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: { name: base64('x') } };
    expect(of({ apiVersion: 'v1', kind: 'List', items: [prod, other] })).toEqual([expected]);
    expect(of(`${stringify(prod)}---\n${stringify(secret('dev'))}`)).toHaveLength(2);
    expect(clustersYaml(of(prod))).not.toContain('never');
  });

  it('and nothing out of what is something else', () => {
    for (const text of ['', 'a: 1', '[1, null, {}]', '{', 'kind: Secret']) expect(of(text)).toEqual([]);
  });
});

describe("Flux's layout", () => {
  it('names a cluster for each folder with flux-system or Flux objects', async () => {
    const files: Record<string, string> = {
      'clusters/prod/flux-system/gotk-sync.yaml': '',
      'clusters/dev/apps.yaml': fluxKustomization({}),
      'clusters/docs/readme.yaml': 'a: 1',
      'clusters/README.md': '',
      'apps/x.yaml': '',
    };
    const read = async (path: string) => Buffer.from(files[path] ?? '');
    expect(await clustersOfLayout('clusters', Object.keys(files), read)).toEqual([
      { name: 'dev', paths: ['clusters/dev/**'] },
      { name: 'prod', paths: ['clusters/prod/**'] },
    ]);
  });
});

it('what is printed is a configuration that the gate takes', () => {
  const labels = { on: 'yes', __proto__x: '0777' };
  const yaml = clustersYaml([
    ...of([{ name: 'prod', server: 'https://p.example.com', labels, info: { serverVersion: '1.30' } }]),
    { name: 'prod', paths: ['clusters/prod/**'] },
  ]);
  const { diff } = configSchema.parse({ version: 1, ...parse(yaml, { version: '1.1' }) });
  expect(diff.clusters).toMatchObject([
    { name: 'prod', labels, kubernetesVersion: '1.30', paths: ['clusters/prod/**'] },
  ]);
});
