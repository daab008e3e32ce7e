import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig, matchesGlob, proposeConfig, type SeenSigner } from '../../../src/config/index.js';
import { type MemoryFile, MemoryTree } from '../../../src/git/index.js';

const KEY = `openpgp:${'0123456789ABCDEF'.repeat(3).slice(0, 40)}`;

async function proposed(
  files: Record<string, MemoryFile>,
  rest: Partial<Parameters<typeof proposeConfig>[0]> = {},
) {
  const proposal = await proposeConfig({ tree: new MemoryTree(files), ...rest });
  const loaded = await loadConfig(new MemoryTree({ ...files, [proposal.path]: proposal.config }), {
    packs: ['baseline'],
  });
  return { ...proposal, loaded: loaded.config };
}

describe('proposeConfig', () => {
  it('proposes for an empty repository what enforces all but signatures', async () => {
    const { loaded, found, todo, config } = await proposed({});
    expect([loaded.signatures.mode, loaded.secrets.mode, loaded.policies.mode, loaded.diff.mode]).toEqual([
      'report',
      'enforce',
      'enforce',
      'enforce',
    ]);
    expect(loaded.diff.clusters).toEqual([]);
    expect(found).toEqual(['no tool of GitOps: plain manifests, or another layout']);
    expect(todo[0]).toMatch(/public keys of your signers/);
    expect(config).toContain('# approvers: [octocat, acme/platform-security]');
    expect(config).toContain('# branches: [main]');
  });

  it('finds Flux, its clusters by where it was bootstrapped, and SOPS', async () => {
    const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n';
    const { loaded, found } = await proposed({
      'fleet/eu-1/flux-system/gotk-sync.yaml': flux,
      'clusters/prod/apps.yaml': flux,
      'clusters/staging/apps.yaml': flux,
      'clusters/staging/sub/clusters/staging/x.yaml': flux,
      '.sops.yaml': 'creation_rules: []\n',
    });
    expect(loaded.diff.clusters.map(({ name, paths }) => [name, paths])).toEqual([
      ['eu-1', ['fleet/eu-1/**']],
      ['prod', ['clusters/prod/**']],
      ['staging', ['clusters/staging/**']],
    ]);
    expect(found).toEqual(['Flux, SOPS', '3 clusters or environments: eu-1, prod, staging']);
  });

  it('finds Argo CD with the clusters that Applications name, overlays, charts and other secrets', async () => {
    const application = (destination: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  destination: ${destination}\n`;
    const { loaded, found, config } = await proposed({
      'argocd/a.yaml': `${application('{name: prod-eu, server: "https://k8s.example.com:6443"}')}---\n${application('{name: two, server: "https://a.example.com"}')}`,
      'argocd/b.yml': application('{name: two, server: "https://b.example.com"}'),
      'argocd/c.yaml': application('{server: "https://nameless.example.com"}'),
      'argocd/d.yaml': application('[x'),
      'argocd/g.yaml': application('{name: prod-eu}'),
      'argocd/e.yaml': application('{name: "bad name", server: 3}'),
      'argocd/f.yaml': `--- ${application('x')}`,
      'apps/pay/overlays/prod-eu/kustomization.yaml': '{}',
      'apps/shop/overlays/prod-eu/kustomization.yaml': '{}',
      'apps/shop/overlays/blue/kustomization.yaml': '{}',
      'apps/shop/environments/dev/kustomization.yaml': '{}',
      'apps/shop/base/kustomization.yaml': '{}',
      'clusters/base/x.yaml': '{}',
      'charts/web/Chart.yaml': 'name: web\n',
      'sealed.yaml': 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n',
      'external.yaml': 'kind: \'ExternalSecret\'\napiVersion: "external-secrets.io/v1"\n',
      'large.yaml': Buffer.alloc(256 * 1024 + 1, 0x23),
      'link.yaml': { content: 'sealed.yaml', mode: 'symlink' },
    });
    expect(loaded.diff.clusters.map(({ name, paths, server }) => [name, paths, server])).toEqual([
      ['dev', ['apps/shop/environments/dev/**'], undefined],
      [
        'prod-eu',
        ['apps/pay/overlays/prod-eu/**', 'apps/shop/overlays/prod-eu/**'],
        'https://k8s.example.com:6443',
      ],
      ['two', [], undefined],
    ]);
    expect(found[0]).toBe('Argo CD, Kustomize, Helm, Sealed Secrets, External Secrets');
    expect(config).toContain(
      '#   - {paths: [apps/pay/overlays/prod-eu/**, apps/shop/overlays/prod-eu/**], clusters: [prod-eu], signers: [alice]}'
        .replaceAll('apps/pay/overlays/prod-eu/**', '"apps/pay/overlays/prod-eu/**"')
        .replaceAll('apps/shop/overlays/prod-eu/**', '"apps/shop/overlays/prod-eu/**"'),
    );
    expect(config).toContain('# protect: [{clusters: [prod-eu], after: [dev, two]}]');
  });

  it('uses what is there: keys, baseline, owners, policies, definitions', async () => {
    const { loaded, config, found, todo } = await proposed({
      '.gitops-gate/keys/alice.asc': 'x',
      '.secrets.baseline': '{}',
      '.github/CODEOWNERS':
        '# all\n*  @acme/old\n*  @acme/platform @octocat mail@example.com # comment\n/apps @x\n',
      'policies/kyverno/p.yaml': 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n',
      'policies/kyverno/deep/q.yaml': 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n',
      'root.yaml': 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n',
      'crds/c.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n',
    });
    expect(loaded.signatures.keys).toBe('.gitops-gate/keys');
    expect(loaded.secrets.baseline).toBe('.secrets.baseline');
    expect(config).toContain('# approvers: [acme/platform, octocat]');
    expect(config).toContain('# paths: [policies/kyverno]');
    expect(config).toContain('# schemas: [crds]');
    expect(found).toContain('policies in policies/kyverno');
    expect(todo.some((line) => line.includes('public keys'))).toBe(false);
    expect((await proposed({ CODEOWNERS: Buffer.alloc(256 * 1024 + 1, 0x2a) })).config).toContain(
      '[octocat, ',
    );
    expect((await proposed({ 'docs/CODEOWNERS': '/a @b\n' })).config).toContain('[octocat, ');
  });

  it('lists signers with what can be written down of them, and the commands for their keys', async () => {
    const signer = (fields: Partial<SeenSigner>): SeenSigner => ({
      name: 'alice',
      emails: ['alice@example.com'],
      keys: [{ key: KEY, commits: 3, published: true }],
      commits: 4,
      signed: 3,
      ...fields,
    });
    const { loaded, config, found, todo, signers } = await proposed(
      {},
      {
        signers: [
          signer({ commands: ['curl -fsSLo .gitops-gate/keys/alice.asc https://github.com/alice.gpg'] }),
          signer({
            name: 'bob',
            emails: ['*@example.com', 'bob@example.com', 'bob@example.com'],
            keys: [
              { key: KEY, commits: 1 },
              { key: 'openpgp:1234', commits: 1 },
            ],
            signed: 0,
          }),
          signer({ name: 'alice' }),
          signer({ name: 'only-wild', emails: ['*'] }),
          signer({ name: 'forged\nname: x' }),
          signer({ name: '' }),
          signer({ name: 'null', emails: ['a: b #@example.com'], keys: [] }),
        ],
        remotes: [
          'https://user:token@github.com/acme/config.git',
          'git@github.com:acme/config.git',
          '/srv/git/config',
          'file:///srv/git',
          'https://github.com/acme/config.git',
        ],
        branch: 'trunk',
      },
    );
    expect(loaded.signatures.signers.map(({ name, emails, keys }) => [name, emails, keys])).toEqual([
      ['alice', ['alice@example.com'], [KEY]],
      ['bob', ['bob@example.com'], []],
      ['null', ['a: b #@example.com'], []],
    ]);
    expect(loaded.repositories).toEqual([
      'https://github.com/acme/config.git',
      'git@github.com:acme/config.git',
    ]);
    expect(config).not.toContain('token');
    expect(config).toContain('# branches: [trunk]');
    expect(found).toContain('3 committers, 2 of whom sign');
    expect(todo).toContain('curl -fsSLo .gitops-gate/keys/alice.asc https://github.com/alice.gpg');
    // What `init --signers` prints is the same, to be put into a configuration.
    const alone = await loadConfig(new MemoryTree({ '.gitops-gate/config.yaml': `version: 1\n${signers}` }), {
      packs: ['baseline'],
    });
    expect(alone.config.signatures.signers).toEqual(loaded.signatures.signers);
    expect(signers).toContain(`# GitHub publishes ${KEY}`);
    expect(signers).toContain('#   curl -fsSLo .gitops-gate/keys/alice.asc');
    expect((await proposed({}, { signers: [signer({})] })).signers).not.toContain('mkdir');
    expect((await proposed({})).signers).toMatch(/^# nobody/);
    const many = await proposed(
      {},
      { signers: Array.from({ length: 30 }, (_, index) => signer({ name: `s${index}`, keys: [] })) },
    );
    expect(many.loaded.signatures.signers).toHaveLength(20);
  });

  it('leaves out clusters whose names nobody can see', async () => {
    const { loaded } = await proposed({
      'clusters/\u0001/a.yaml': '',
      'clusters/\u202e/a.yaml': '',
      'clusters/prod/a.yaml': '',
    });
    expect(loaded.diff.clusters.map(({ name }) => name)).toEqual(['prod']);
  });

  it('names at most a hundred clusters', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`clusters/c${index}/a.yaml`, '{}']),
    );
    const { loaded, found } = await proposed(files);
    expect(loaded.diff.clusters).toHaveLength(100);
    expect(found[1]).toMatch(/^120 clusters or environments: .*, \.\.\.$/);
  });

  it('loads whatever the repository and its history hold', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => text.replace(/[/\0]/g, '_')),
      fc.constantFrom(
        'prod',
        '*',
        '{a,b}',
        '[x]',
        'a b',
        "it's",
        '"',
        '#',
        'null',
        '-',
        ': ',
        '\\',
        '\u202e',
        'caf\udce9',
      ),
    );
    const email = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('a@b', '*@b', 'a: b'),
    );
    const signer = fc.record({
      name: fc.oneof(name, fc.constant('')),
      emails: fc.array(email, { maxLength: 3 }),
      keys: fc.array(
        fc.record({
          key: fc.oneof(fc.constantFrom(KEY, 'x509:a"b', 'ssh:SHA256:x'), fc.string()),
          commits: fc.nat(),
        }),
        { maxLength: 3 },
      ),
      commits: fc.nat(),
      signed: fc.nat(),
    });
    const remote = fc.oneof(
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('https://a:b@c/d', 'x@y:z'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { maxLength: 4 }),
        fc.array(signer, { maxLength: 3 }),
        fc.array(remote, { maxLength: 3 }),
        async (names, signers, remotes) => {
          const usable = names.filter(
            (one) =>
              one !== '.' &&
              one !== '..' &&
              !/[\ud800-\udc7f\udd00-\udfff]/.test(one.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')),
          );
          const files = Object.fromEntries(usable.map((one) => [`clusters/${one}/a.yaml`, 'a: 1\n']));
          const { loaded } = await proposed(files, { signers, remotes });
          for (const { name: cluster, paths } of loaded.diff.clusters) {
            for (const path of paths) expect(matchesGlob(path, `clusters/${cluster}/a.yaml`)).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
