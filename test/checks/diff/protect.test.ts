import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

const CLUSTERS = [
  { name: 'staging-eu', labels: { env: 'staging', region: 'eu', tier: '2' } },
  { name: 'prod-eu', labels: { env: 'prod', region: 'eu', tier: '1' } },
];
const CONFIG = {
  diff: { clusters: CLUSTERS, protect: [{ clusters: ['prod-eu'], after: ['staging-eu'] }] },
};

const web = (image: string, extra = '', replicas = 2) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "${image}"${extra}}
`;

/** What the diff says of protection: `action message`. */
async function said(
  changed: FakeTarget[],
  beside: FakeTarget[] = [],
  config: Record<string, unknown> = CONFIG,
): Promise<string[]> {
  const { findings } = await diffCheck(context(changed.map(target), config, { beside: beside.map(target) }));
  return findings
    .filter(({ ruleId }) => ruleId === 'diff/reaches-protected')
    .map(({ action, message }) => `${action} ${message}`);
}

const prod = (base: string | null, result: string | null, name = 'prod-eu:kustomize/apps/web/prod-eu') => ({
  name,
  cluster: 'prod-eu',
  path: 'apps/web/prod-eu',
  base,
  result,
});
const staging = (base: string | null, result = base, name = 'staging-eu:kustomize/apps/web/staging-eu') => ({
  name,
  cluster: 'staging-eu',
  path: 'apps/web/staging-eu',
  base,
  result,
});

describe('a change of production is proved to be in staging', () => {
  it('where the base of the same target there has each changed field', async () => {
    expect(
      await said([prod(web('web:1', '', 5), web('web:2', '', 5))], [staging(web('web:2', '', 1))]),
    ).toEqual(['inform prod-eu gets what staging-eu has already']);
  });

  it('not where it has another value', async () => {
    expect(await said([prod(web('web:1'), web('web:3'))], [staging(web('web:2'))])).toEqual([
      'approve prod-eu gets this change before staging-eu: Deployment shop/web has another spec.template.spec.containers[name=web].image there',
    ]);
  });

  it('not where staging gets it by the very same change', async () => {
    const both = [prod(web('web:1'), web('web:2')), staging(web('web:1'), web('web:2'))];
    expect(await said(both)).toEqual([
      'approve prod-eu gets this change at once with staging-eu, which should have it first',
    ]);
  });

  it('also where staging changes again by the same change', async () => {
    const both = [prod(web('web:1'), web('web:2')), staging(web('web:2'), web('web:2', ', args: [a]'))];
    expect(await said(both)).toEqual(['inform prod-eu gets what staging-eu has already']);
  });

  it.each([
    ['no counterpart', [], /no counterpart there/],
    [
      'one that cannot be rendered',
      [{ ...staging(null), base: { status: 'failed' as const, reason: 'x' } }],
      /cannot be rendered/,
    ],
    [
      'one without the object',
      [staging('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')],
      /is not there/,
    ],
    [
      'another target of the cluster',
      [staging(web('web:2'), web('web:2'), 'staging-eu:kustomize/other')],
      /no counterpart/,
    ],
  ])('not by %s', async (_, beside, words) => {
    const [told] = await said([prod(web('web:1'), web('web:2'))], beside);
    expect(told).toMatch(/^approve /);
    expect(told).toMatch(words);
  });

  it('what is made must be there alike, what is deleted must be gone', async () => {
    const settings = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg, namespace: shop}\ndata: {host: "${value}"}\n`;
    const filler = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: shop}\n';
    const make = (there: string) =>
      said(
        [prod(filler, `${filler}---\n${settings('web.prod.example.com')}`)],
        [staging(`${filler}---\n${there}`)],
      );
    // The name of the place may differ, and nothing else.
    expect(await make(settings('web.staging.example.com'))).toEqual([
      'inform prod-eu gets what staging-eu has already',
    ]);
    expect((await make(settings('web.other.example.com')))[0]).toMatch(
      /^approve .*has another data.host there/,
    );
    const gone = (there: string) => said([prod(`${filler}---\n${settings('a')}`, filler)], [staging(there)]);
    expect(await gone(filler)).toEqual(['inform prod-eu gets what staging-eu has already']);
    expect((await gone(`${filler}---\n${settings('a')}`))[0]).toMatch(/is still there/);
  });

  it('a number among the labels, or a place in an image, makes no two versions alike', async () => {
    expect((await said([prod(web('web:0'), web('web:1'))], [staging(web('web:2'))]))[0]).toMatch(/^approve/);
    expect((await said([prod(web('web:0'), web('web:prod'))], [staging(web('web:staging'))]))[0]).toMatch(
      /^approve/,
    );
  });

  it('names of Applications differ by the place alone', async () => {
    const app = (cluster: string, name: string, base: string, result: string): FakeTarget => ({
      name: `${cluster}:argocd/argocd/${name}`,
      kind: 'argocd',
      cluster,
      base,
      result,
    });
    const change = app('prod-eu', 'web-prod', web('web:1'), web('web:2'));
    expect(await said([change], [app('staging-eu', 'web-staging', web('web:2'), web('web:2'))])).toEqual([
      'inform prod-eu gets what staging-eu has already',
    ]);
    expect(
      (await said([change], [app('staging-eu', 'shop-staging', web('web:2'), web('web:2'))]))[0],
    ).toMatch(/no counterpart/);
  });

  it('every earlier cluster must have it', async () => {
    const config = {
      diff: {
        clusters: [...CLUSTERS, { name: 'test' }],
        protect: [{ clusters: ['prod-eu'], after: ['test', 'staging-eu'] }],
      },
    };
    const [told] = await said([prod(web('web:1'), web('web:2'))], [staging(web('web:2'))], config);
    expect(told).toMatch(/^approve prod-eu gets this change before test:/);
  });

  it('a place that is protected by its path', async () => {
    const config = {
      diff: { clusters: CLUSTERS, protect: [{ paths: ['live/**'], after: ['staging-eu'] }] },
    };
    const live = (image: string): FakeTarget => ({
      name: 'kustomize/live/web',
      path: 'live/web',
      cluster: null,
      base: web('web:1'),
      result: web(image),
    });
    const there = staging(web('web:2'), web('web:2'), 'staging-eu:kustomize/staging/web');
    expect((await said([live('web:2')], [there], config))[0]).toMatch(/^inform/);
    expect((await said([live('web:3')], [there], config))[0]).toMatch(/^approve/);
  });
});

describe('commits of this repository', () => {
  const OWN = 'https://git.example.com/acme/config';
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const app = (revision: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\nspec: {source: {repoURL: "${OWN}.git", path: a, targetRevision: "${revision}"}, destination: {namespace: n}}\n`;
  const run = async (isGoverned?: (id: string) => Promise<boolean | null>, revision = commit) => {
    const { findings } = await diffCheck(
      context(
        [target({ base: app('main'), result: app(revision) })],
        { branches: ['main'] },
        {
          repositoryUrls: [`git@git.example.com:acme/config.git`],
          ...(isGoverned === undefined ? {} : { isGoverned }),
        },
      ),
    );
    return findings
      .filter(({ ruleId }) => ruleId === 'diff/source-ungoverned')
      .map(({ action, message }) => `${action} ${message}`);
  };
  it('ask for nothing where a governed branch reaches them', async () => {
    const asked: string[] = [];
    const answer = async (id: string) => asked.push(id) > 0;
    expect(await run(answer)).toEqual([]);
    expect(asked).toEqual([commit]);
  });
  it('ask for an approval where none does, or nobody can say', async () => {
    expect((await run(async () => false))[0]).toMatch(/^approve .*no governed branch reaches/);
    expect((await run(async () => null))[0]).toMatch(/^approve .*cannot say/);
    expect((await run())[0]).toMatch(/^approve .*cannot say/);
  });
  it('a part of an id, a tag or a branch of its form is none', async () => {
    for (const revision of ['0123456', 'v1.0.0', 'refs/heads/x', commit.toUpperCase()])
      expect((await run(async () => true, revision))[0]).toMatch(/^approve .*which is no governed branch/);
  });
});
