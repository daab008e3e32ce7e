import { describe, expect, it } from '@jest/globals';
import { MemoryTree } from '../../src/git/index.js';
import { listTargets, type RenderOutcome, renderTarget } from '../../src/render/index.js';
import { changeOf, configOf, DEPLOYMENT, REPOSITORY, reachedBy } from './fixture.js';

function objects(outcome: RenderOutcome | undefined): readonly Record<string, unknown>[] {
  if (outcome?.status !== 'rendered') throw new Error(`not rendered: ${JSON.stringify(outcome)}`);
  return outcome.manifests.map((manifest) => manifest.object);
}

describe('targets', () => {
  it('lists kustomizations, charts with their values files and plain folders', async () => {
    const listed = await listTargets(new MemoryTree(REPOSITORY), { config: configOf() });
    expect(
      listed.map(({ name, kind, path, cluster, status }) => ({ name, kind, path, cluster, status })),
    ).toEqual(
      [
        ['directory/cluster', 'directory', 'cluster'],
        ['helm/charts/api@values-prod.yaml', 'helm', 'charts/api'],
        ['helm/charts/api@values.yaml', 'helm', 'charts/api'],
        ['kustomize/apps/web/base', 'kustomize', 'apps/web/base'],
        ['kustomize/apps/web/prod', 'kustomize', 'apps/web/prod'],
        ['kustomize/apps/web/staging', 'kustomize', 'apps/web/staging'],
      ].map(([name, kind, path]) => ({ name, kind, path, cluster: null, status: 'renderable' })),
    );
  });

  it('gives a target to every cluster whose paths it lies under', async () => {
    const clusters = [
      { name: 'eu', paths: ['apps/web/prod/**'] },
      { name: 'us', paths: ['apps/*/prod/**'] },
    ];
    const listed = await listTargets(new MemoryTree(REPOSITORY), { config: configOf({ clusters }) });
    expect(listed.map((target) => target.name).filter((name) => name.includes(':'))).toEqual([
      'eu:kustomize/apps/web/prod',
      'us:kustomize/apps/web/prod',
    ]);
  });

  it('lists only what diff.targets names', async () => {
    const config = configOf({ targets: ['kustomize/*/prod', 'helm/charts/api@values.yaml'] });
    const listed = await listTargets(new MemoryTree(REPOSITORY), { config });
    expect(listed.map((target) => target.name)).toEqual([
      'helm/charts/api@values.yaml',
      'kustomize/apps/web/prod',
    ]);
  });

  it('leaves out Components, library charts and subcharts', async () => {
    const tree = new MemoryTree({
      'part/kustomization.yaml':
        'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [cm.yaml]\n',
      'part/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: part}\n',
      'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
      'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
      'app/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    });
    const listed = await listTargets(tree, { config: configOf() });
    expect(listed.map((target) => target.name)).toEqual(['helm/app']);
  });

  it('renders one target by name', async () => {
    const tree = new MemoryTree(REPOSITORY);
    const options = { config: configOf({ clusters: [{ name: 'eu', paths: ['apps/web/prod/**'] }] }) };
    const [deployment] = objects(await renderTarget(tree, 'kustomize/apps/web/prod', options));
    expect(deployment).toMatchObject({ metadata: { name: 'web', namespace: 'prod' }, spec: { replicas: 3 } });
    expect(await renderTarget(tree, 'kustomize/nowhere', options)).toEqual({ status: 'absent' });
  });
});

describe('reached', () => {
  it('renders what a changed overlay file reaches, on both sides, and nothing else', async () => {
    const result = {
      ...REPOSITORY,
      'apps/web/staging/kustomization.yaml': 'namespace: other\nresources: [../base]\n',
    };
    const reached = await reachedBy(REPOSITORY, result);
    expect([...reached.keys()]).toEqual(['kustomize/apps/web/staging']);
    const target = reached.get('kustomize/apps/web/staging');
    expect(target?.touched).toBe(true);
    expect(objects(target?.base)[0]).toMatchObject({ metadata: { namespace: 'staging' } });
    expect(objects(target?.result)[0]).toMatchObject({ metadata: { namespace: 'other' } });
  });

  it('reaches every overlay of a changed base', async () => {
    const result = { ...REPOSITORY, 'apps/web/base/deployment.yaml': DEPLOYMENT.replace('1.27', '1.28') };
    expect([...(await reachedBy(REPOSITORY, result)).keys()]).toEqual([
      'kustomize/apps/web/base',
      'kustomize/apps/web/prod',
      'kustomize/apps/web/staging',
    ]);
  });

  it('renders a chart with each of its values files', async () => {
    const result = { ...REPOSITORY, 'charts/api/values-prod.yaml': 'replicas: 6\n' };
    const reached = await reachedBy(REPOSITORY, result);
    expect([...reached.keys()]).toEqual(['helm/charts/api@values-prod.yaml']);
    const [config] = objects(reached.get('helm/charts/api@values-prod.yaml')?.result);
    expect(config).toMatchObject({ metadata: { name: 'api' }, data: { replicas: '6' } });
  });

  it('reaches every values file of a chart whose templates read files', async () => {
    const base = { ...REPOSITORY, 'charts/api/templates/all.yaml': '{{/* .Files.Glob */}}' };
    const reached = await reachedBy(base, { ...base, 'charts/api/values-prod.yaml': 'replicas: 6\n' });
    expect([...reached.keys()]).toEqual(['helm/charts/api@values-prod.yaml', 'helm/charts/api@values.yaml']);
  });

  it('says absent of a side that does not have the target', async () => {
    const { 'cluster/namespace.yaml': namespace, ...rest } = REPOSITORY;
    const reached = await reachedBy(REPOSITORY, { ...rest, 'other/namespace.yaml': namespace ?? '' });
    expect(reached.get('directory/cluster')?.result).toEqual({ status: 'absent' });
    expect(reached.get('directory/other')?.base).toEqual({ status: 'absent' });
  });

  it('reaches nothing when no input changes', async () => {
    expect((await reachedBy(REPOSITORY, { ...REPOSITORY, 'README.md': '# Other\n' })).size).toBe(0);
  });

  it('knows which targets read a file', async () => {
    const rendered = await changeOf(REPOSITORY, REPOSITORY);
    const names = (await rendered.targetsReading('apps/web/prod/limits.yaml')).map((target) => target.name);
    await rendered.close();
    expect(names).toEqual(['kustomize/apps/web/prod']);
  });

  it('points at the file and line an object came from, and leaves no trace of asking', async () => {
    const result = { ...REPOSITORY, 'apps/web/base/deployment.yaml': DEPLOYMENT.replace('1.27', '1.28') };
    const reached = await reachedBy(REPOSITORY, result);
    const outcome = reached.get('kustomize/apps/web/prod')?.result;
    if (outcome?.status !== 'rendered') throw new Error('not rendered');
    const [manifest] = outcome.manifests;
    expect(manifest?.path).toBe('apps/web/base/deployment.yaml');
    expect(manifest?.locate(['spec', 'replicas'])?.line).toBe(6);
    expect(manifest?.object.metadata).toEqual({ name: 'web', namespace: 'prod' });
  });

  it('sees that a Secret of KSOPS changes, and never decrypts', async () => {
    const secret = (value: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\ntype: Opaque\nstringData: {user: "ENC[u]", password: "${value}"}\nsops: {mac: x}\n`;
    const files = (value: string) => ({
      'k/kustomization.yaml': 'namePrefix: a-\ngenerators: [ksops.yaml]\n',
      'k/ksops.yaml':
        'apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: k, annotations: {config.kubernetes.io/function: "exec: {path: ksops}"}}\nfiles: [secret.enc.yaml]\n',
      'k/secret.enc.yaml': secret(value),
    });
    const target = (await reachedBy(files('ENC[1]'), files('ENC[2]'))).get('kustomize/k');
    const [before] = objects(target?.base) as { metadata: object; data: Record<string, string> }[];
    const [after] = objects(target?.result) as { metadata: object; data: Record<string, string> }[];
    expect(before?.metadata).toMatchObject({ name: 'a-db', namespace: 'shop' });
    expect(after?.data.user).toBe(before?.data.user);
    expect(after?.data.password).not.toBe(before?.data.password);
    expect(JSON.stringify(before)).not.toContain('ENC');
  });

  it('tells what broke without paths of this machine', async () => {
    const broken = {
      ...REPOSITORY,
      'apps/web/staging/kustomization.yaml': 'resources: [../base, gone.yaml]\n',
    };
    const outcome = (await reachedBy(REPOSITORY, broken)).get('kustomize/apps/web/staging')?.result;
    expect(outcome?.status).toBe('failed');
    expect(JSON.stringify(outcome)).toContain('gone.yaml');
    expect(JSON.stringify(outcome)).not.toMatch(/\/tmp\/|\/tree/);
  });
});
