// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { DEPLOYMENT, type Files } from '../fixture.js';
import { application, configMap, fluxKustomization, objectsOf, render, tellingChart } from './fixture.js';

/**
 * What `npm run oracle:gitops` has shown to be otherwise than it was thought to be: rows with the names of the objects
 * that come out, or part of the first, or nothing where the cluster would refuse it.
 */
interface Row {
  semantic: string;
  source: string;
  files: Files;
  names?: string[];
  first?: object;
}

const link = (content: string): { content: string; mode: 'symlink' } => ({ content, mode: 'symlink' });
const TWO: Files = { 'apps/web/a.yaml': configMap('a'), 'apps/web/b.yaml': configMap('b') };
const SOURCE_IGNORE = 'source-controller gitrepository_controller.go reconcileArtifact, pkg/sourceignore';

function gitRepository(spec: object): string {
  return stringify({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'flux-system', namespace: 'flux-system' },
    spec: { url: 'https://github.com/acme/config', ...spec },
  });
}

const FLUX: Row[] = [
  {
    semantic: 'a symlink is not in the artifact: what it led to is pruned',
    source: 'fluxcd/pkg/artifact/storage/archive.go Archive',
    files: {
      'apps/web/a.yaml': configMap('a'),
      'apps/web/b.yaml': link('../b.yaml'),
      'apps/b.yaml': configMap('b'),
      'ks.yaml': fluxKustomization({}),
    },
    names: ['a'],
  },
  {
    semantic: 'a resource that is a symlink is missing',
    source: 'fluxcd/pkg/artifact/storage/archive.go Archive',
    files: {
      'apps/web/kustomization.yaml': 'resources: [b.yaml]\n',
      'apps/web/b.yaml': link('../b.yaml'),
      'apps/b.yaml': configMap('b'),
      'ks.yaml': fluxKustomization({}),
    },
  },
  {
    semantic: 'spec.ignore of the GitRepository leaves files out',
    source: SOURCE_IGNORE,
    files: {
      ...TWO,
      'source.yaml': gitRepository({ ignore: '# all\n/*\n!/apps/\n/apps/web/b.yaml\n' }),
      'ks.yaml': fluxKustomization({}),
    },
    names: ['a'],
  },
  {
    semantic: 'spec.ignore takes in again what .sourceignore leaves out',
    source: SOURCE_IGNORE,
    files: {
      ...TWO,
      '.sourceignore': 'b.yaml\n',
      'source.yaml': gitRepository({ ignore: '!b.yaml\n' }),
      'ks.yaml': fluxKustomization({}),
    },
    names: ['a', 'b'],
  },
  {
    semantic: 'what a kustomization names must not be ignored',
    source: SOURCE_IGNORE,
    files: {
      ...TWO,
      'apps/web/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      '.sourceignore': 'b.yaml\n',
      'ks.yaml': fluxKustomization({}),
    },
  },
  {
    semantic: 'an ignored kustomization is generated anew',
    source: SOURCE_IGNORE,
    files: {
      ...TWO,
      'apps/web/kustomization.yaml': 'resources: [a.yaml]\n',
      '.sourceignore': '/apps/web/kustomization.yaml\n',
      'ks.yaml': fluxKustomization({}),
    },
    names: ['a', 'b'],
  },
  {
    semantic: 'files of CI are never in the artifact',
    source: 'fluxcd/pkg/sourceignore ExcludeCI, ExcludeExtra',
    files: {
      ...TWO,
      'apps/web/.github/w.yaml': 'on: push\n',
      'apps/web/cloudbuild.yaml': configMap('c'),
      'apps/web/.sops.yaml': 'x: y\n',
      'ks.yaml': fluxKustomization({}),
    },
    names: ['a', 'b'],
  },
  {
    semantic: 'in ignore files a backslash before a mark is nothing special, and ** takes few folders',
    source: 'fluxcd/pkg/sourceignore/gitignore/pattern.go ParsePattern, globMatch',
    files: { ...TWO, '.sourceignore': '\\!a.yaml\napps/**/b.yaml\n', 'ks.yaml': fluxKustomization({}) },
    names: ['a'],
  },
  {
    semantic: 'sparseCheckout holds what begins like one of its folders',
    source: 'go-git plumbing/format/index SkipUnless',
    files: {
      ...TWO,
      'apps/web2/c.yaml': configMap('c'),
      'other/d.yaml': configMap('d'),
      'source.yaml': gitRepository({ sparseCheckout: ['./apps/web'] }),
      'ks.yaml': fluxKustomization({ path: '' }),
    },
    names: ['a', 'b', 'c'],
  },
  {
    semantic: 'a kustomization is read by its type: numbers become text, unknown fields are dropped',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go GenerateManifest (sigs.k8s.io/yaml Unmarshal)',
    files: {
      'apps/web/kustomization.yaml':
        'resources: [d.yaml]\nnoSuchField: 1\nimages: [{name: nginx, newTag: 1.28}]\ncommonLabels: {one: 1}\n',
      'apps/web/d.yaml': DEPLOYMENT,
      'ks.yaml': fluxKustomization({}),
    },
    first: {
      metadata: { labels: { one: '1' } },
      spec: { template: { spec: { containers: [{ image: 'nginx:1.28' }] } } },
    },
  },
  {
    semantic: 'two kustomization files in one folder',
    source: 'kustomize api/internal/target/kusttarget.go LoadKustFile',
    files: {
      ...TWO,
      'apps/web/kustomization.yaml': 'resources: [a.yaml]\n',
      'apps/web/kustomization.yml': 'resources: [b.yaml]\n',
      'ks.yaml': fluxKustomization({}),
    },
  },
  {
    semantic: 'a path that leads out ends at the root',
    source: 'kustomize-controller kustomization_controller.go (securejoin.SecureJoin)',
    files: { ...TWO, 'ks.yaml': fluxKustomization({ path: '../../apps/web' }) },
    names: ['a', 'b'],
  },
  {
    semantic: 'a component must be a relative path',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go IsLocalRelativePath',
    files: {
      ...TWO,
      'parts/kustomization.yaml': 'kind: Component\n',
      'ks.yaml': fluxKustomization({ components: ['/parts'] }),
    },
  },
  {
    semantic:
      'strings stand in the YAML as go-yaml writes them: plain, in single quotes, or in literal blocks',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go SubstituteVariables (Resource.AsYAML)',
    files: {
      'apps/web/cm.yaml': configMap('a', {
        plain: '${COUNT}',
        single: '- ${Q}',
        lines: 'one ${COUNT}\n  two ${Q}\n',
        cut: 'x ${H}',
        dollars: 'a$$b',
      }),
      'ks.yaml': fluxKustomization({ postBuild: { substitute: { COUNT: '3', Q: 'say "it"', H: 'a #b' } } }),
    },
    first: {
      data: { plain: 3, single: '- say "it"', lines: 'one 3\n  two say "it"\n', cut: 'x a', dollars: 'a$b' },
    },
  },
  {
    semantic: 'a value that ends the quotes around it makes no YAML',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go varSubstitution (YAMLToJSON)',
    files: {
      'apps/web/cm.yaml': configMap('a', { k: "- '${Q}'" }),
      'ks.yaml': fluxKustomization({ postBuild: { substitute: { Q: "it's" } } }),
    },
  },
];

const ARGOCD: Row[] = [
  {
    semantic: 'outside of its namespace an Application has it in its name',
    source: 'pkg/apis/application/v1alpha1 InstanceName',
    files: {
      ...tellingChart('apps/web'),
      'argo.yaml': application({
        helm: { parameters: [{ name: 'color', value: '$ARGOCD_APP_NAME' }] },
      }).replace('namespace: argocd', 'namespace: team'),
    },
    first: { data: { color: 'team_web', release: 'web' } },
  },
  {
    semantic: 'options that say nothing do not say the type',
    source: 'util/argo NormalizeSource, ApplicationSourceDirectory.IsZero',
    files: {
      ...tellingChart('apps/web'),
      'argo.yaml': application({ directory: { recurse: false, exclude: '' } }),
    },
    first: { kind: 'ConfigMap', data: { release: 'web' } },
  },
  {
    semantic: 'null in an override file takes nothing away',
    source: 'reposerver/repository mergeSourceParameters (json.Unmarshal over the merged source)',
    files: {
      ...tellingChart('apps/web'),
      'apps/web/.argocd-source.yaml': 'helm: {releaseName: null}\n',
      'argo.yaml': application({ helm: { releaseName: 'kept' } }),
    },
    first: { data: { release: 'kept' } },
  },
  {
    semantic: 'an override file that is empty',
    source: 'reposerver/repository mergeSourceParameters (jsonpatch.MergePatch)',
    files: { ...TWO, 'apps/web/.argocd-source.yaml': '', 'argo.yaml': application({}) },
  },
  {
    semantic: 'an override file with a number where text belongs',
    source: 'reposerver/repository mergeSourceParameters (json.Unmarshal)',
    files: {
      ...tellingChart('apps/web'),
      'apps/web/.argocd-source.yaml': 'helm: {parameters: [{name: a, value: 1}]}\n',
      'argo.yaml': application({}),
    },
  },
  {
    semantic: 'a JSON file holds one object',
    source: 'reposerver/repository findManifests',
    files: {
      ...TWO,
      'apps/web/c.json': '[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}]',
      'argo.yaml': application({}),
    },
  },
  {
    semantic: 'braces that are not closed end with the pattern',
    source: 'util/glob (gobwas/glob)',
    files: { ...TWO, 'argo.yaml': application({ directory: { exclude: '{b*' } }) },
    names: ['a'],
  },
  {
    semantic: 'a reference that no source has is a variable like any other',
    source: 'reposerver/repository getResolvedValueFiles',
    files: {
      ...tellingChart('apps/web'),
      'shared.yaml': 'color: shared\n',
      'argo.yaml': application({ helm: { valueFiles: ['$other/shared.yaml'] } }),
    },
    first: { data: { color: 'shared' } },
  },
  {
    semantic: 'an image override without tag, digest or new name',
    source: 'kustomize edit set image',
    files: {
      'apps/web/kustomization.yaml': 'resources: [d.yaml]\n',
      'apps/web/d.yaml': DEPLOYMENT,
      'argo.yaml': application({ kustomize: { images: ['nginx'] } }),
    },
  },
];

async function expectRow({ files, names, first }: Row, target: string): Promise<void> {
  if (names === undefined && first === undefined) {
    const { status } = await render(files, target);
    expect(['failed', 'unresolved']).toContain(status);
    return;
  }
  const objects = await objectsOf(files, target);
  if (first !== undefined) expect(objects[0]).toMatchObject(first);
  if (names !== undefined) {
    const found = objects.map((object) => (object.metadata as { name: string }).name);
    expect(found.filter((name) => name !== 'apps' && name !== 'flux-system')).toEqual(names);
  }
}

describe('what Flux does, as its own packages show it', () => {
  it.each(FLUX.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    await expectRow(row, 'flux/flux-system/apps');
  });

  it('an object in a file that another only takes variables from is a target of its own', async () => {
    const files = {
      ...TWO,
      'one.yaml': fluxKustomization({ postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'vars' }] } }),
      'two.yaml': `${configMap('vars', { A: 'a' }, 'flux-system')}---\n${fluxKustomization({ path: './apps/other' }, 'other')}`,
      'apps/other/c.yaml': configMap('c'),
    };
    expect(await objectsOf(files, 'flux/flux-system/apps')).toHaveLength(2);
    expect(await objectsOf(files, 'flux/flux-system/other')).toHaveLength(1);
  });
});

describe('what Argo CD does, as its own packages show it', () => {
  it.each(ARGOCD.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    const { namespace } =
      /namespace: (?<namespace>argocd|team)\n/.exec(String(row.files['argo.yaml']))?.groups ?? {};
    await expectRow(row, `argocd/${namespace}/web`);
  });
});
