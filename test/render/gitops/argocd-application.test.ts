import { describe, expect, it } from '@jest/globals';
import { DEPLOYMENT, type Files } from '../fixture.js';
import { application, configMap, OWN, objectsOf, render, tellingChart } from './fixture.js';

const KUSTOMIZE: Files = {
  'apps/web/kustomization.yaml': 'resources: [deployment.yaml]\nimages: [{name: nginx, newTag: "1.28"}]\n',
  'apps/web/deployment.yaml': DEPLOYMENT,
};

/** One semantic of Argo CD: what is in the repository, and what of the first rendered object it decides. */
interface Row {
  semantic: string;
  /** The file of argoproj/argo-cd that says so. */
  source: string;
  files: Files;
  /** What the only (or first) object must contain. */
  first: object;
}

const ROWS: Row[] = [
  {
    semantic: 'a namespace is filled in from the destination',
    source: 'controller/state.go normalizeClusterScopeTracking, util/argo NormalizeTargetObjects',
    files: { 'apps/web/cm.yaml': configMap('a'), 'argo.yaml': application({}) },
    first: { metadata: { name: 'a', namespace: 'shop' } },
  },
  {
    semantic: 'a cluster-scoped object loses its namespace',
    source: 'controller/state.go',
    files: {
      'apps/web/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: wrong}\n',
      'argo.yaml': application({}),
    },
    first: { metadata: { name: 'a' } },
  },
  {
    semantic: 'of a chart and a kustomization the kustomization is built',
    source: 'util/app/discovery/discovery.go Discover',
    files: { ...KUSTOMIZE, ...tellingChart('apps/web'), 'argo.yaml': application({}) },
    first: { kind: 'Deployment' },
  },
  {
    semantic: 'a type that is said wins over what is found',
    source: 'pkg/apis/application/v1alpha1 ApplicationSource.ExplicitType',
    files: {
      ...KUSTOMIZE,
      ...tellingChart('apps/web'),
      'argo.yaml': application({ helm: { releaseName: 'x' } }),
    },
    first: { kind: 'ConfigMap', data: { release: 'x' } },
  },
  {
    semantic: 'kustomize namePrefix, nameSuffix and namespace replace those of the kustomization',
    source: 'util/kustomize/kustomize.go Build (edit set nameprefix, namesuffix, namespace)',
    files: {
      ...KUSTOMIZE,
      'apps/web/kustomization.yaml': 'resources: [deployment.yaml]\nnamePrefix: old-\n',
      'argo.yaml': application({ kustomize: { namePrefix: 'new-', nameSuffix: '-x', namespace: 'other' } }),
    },
    first: { metadata: { name: 'new-web-x', namespace: 'other' } },
  },
  {
    semantic: 'a kustomize image replaces the entry of its name, environment substituted',
    source: 'util/kustomize/kustomize.go Build (edit set image)',
    files: {
      ...KUSTOMIZE,
      'argo.yaml': application({ kustomize: { images: ['nginx=registry.example.com/$ARGOCD_APP_NAME:2'] } }),
    },
    first: {
      spec: { template: { spec: { containers: [{ name: 'web', image: 'registry.example.com/web:2' }] } } },
    },
  },
  {
    semantic: 'kustomize replicas',
    source: 'util/kustomize/kustomize.go Build (edit set replicas)',
    files: {
      ...KUSTOMIZE,
      'argo.yaml': application({ kustomize: { replicas: [{ name: 'web', count: '7' }] } }),
    },
    first: { spec: { replicas: 7 } },
  },
  {
    semantic: 'common labels without selector',
    source: 'util/kustomize/kustomize.go Build (edit add label --without-selector)',
    files: {
      ...KUSTOMIZE,
      'argo.yaml': application({ kustomize: { commonLabels: { team: 'a' }, labelWithoutSelector: true } }),
    },
    first: { metadata: { labels: { team: 'a' } }, spec: { selector: { matchLabels: { app: 'web' } } } },
  },
  {
    semantic: 'a label that an entry of other settings names is no obstacle',
    source: 'kustomize edit/add/addmetadata.go writeToLabels',
    files: {
      ...KUSTOMIZE,
      'apps/web/kustomization.yaml':
        'resources: [deployment.yaml]\nlabels:\n- pairs: {team: b}\n  includeTemplates: true\n',
      'argo.yaml': application({ kustomize: { commonLabels: { team: 'a' }, labelWithoutSelector: true } }),
    },
    first: { metadata: { labels: { team: 'a' } } },
  },
  {
    semantic: 'common annotations keep their dollars unless substitution is asked for',
    source: 'util/kustomize/kustomize.go Build (commonAnnotationsEnvsubst)',
    files: {
      ...KUSTOMIZE,
      'argo.yaml': application({ kustomize: { commonAnnotations: { a: '$ARGOCD_APP_NAME' } } }),
    },
    first: { metadata: { annotations: { a: '$ARGOCD_APP_NAME' } } },
  },
  {
    semantic: 'kustomize patches are appended',
    source: 'util/kustomize/kustomize.go Build (opts.Patches)',
    files: {
      ...KUSTOMIZE,
      'argo.yaml': application({
        kustomize: {
          patches: [
            { target: { kind: 'Deployment' }, patch: '[{"op":"replace","path":"/spec/replicas","value":9}]' },
          ],
        },
      }),
    },
    first: { spec: { replicas: 9 } },
  },
  {
    semantic: 'kustomize components are added',
    source: 'util/kustomize/kustomize.go Build (edit add component, IgnoreMissingComponents)',
    files: {
      ...KUSTOMIZE,
      'parts/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas: [{name: web, count: 4}]\n',
      'argo.yaml': application({
        kustomize: { components: ['../../parts', '../../gone'], ignoreMissingComponents: true },
      }),
    },
    first: { spec: { replicas: 4 } },
  },
  {
    semantic: 'the release is named after the Application and goes to the destination',
    source: 'reposerver/repository/repository.go helmTemplate',
    files: { ...tellingChart('apps/web'), 'argo.yaml': application({}) },
    first: { data: { release: 'web', namespace: 'shop', color: 'red', phase: 'install' } },
  },
  {
    semantic: 'inline values beat values files, parameters beat both',
    source: 'util/helm/cmd.go template',
    files: {
      ...tellingChart('apps/web'),
      'apps/web/values-prod.yaml': 'color: green\nsize: small\n',
      'argo.yaml': application({
        helm: {
          valueFiles: ['values-prod.yaml'],
          values: 'color: blue\n',
          parameters: [{ name: 'size', value: 'a,b' }],
        },
      }),
    },
    first: { data: { color: 'blue', size: 'a,b' } },
  },
  {
    semantic: 'valuesObject wins over values',
    source: 'pkg/apis/application/v1alpha1 ApplicationSourceHelm.ValuesYAML',
    files: {
      ...tellingChart('apps/web'),
      'argo.yaml': application({ helm: { values: 'color: blue\n', valuesObject: { color: 'white' } } }),
    },
    first: { data: { color: 'white' } },
  },
  {
    semantic: 'a values file with a leading slash is from the root; missing ones may be ignored',
    source: 'util/io/path/resolved.go ResolveValueFilePathOrUrl',
    files: {
      ...tellingChart('apps/web'),
      'shared/values.yaml': 'color: gold\n',
      'argo.yaml': application({
        helm: { valueFiles: ['/shared/values.yaml', 'gone.yaml'], ignoreMissingValueFiles: true },
      }),
    },
    first: { data: { color: 'gold' } },
  },
  {
    semantic: 'values files by glob, in order',
    source: 'reposerver/repository/repository.go (value file globs)',
    files: {
      ...tellingChart('apps/web'),
      'shared/a.yaml': 'color: a\n',
      'shared/b.yaml': 'color: b\n',
      'argo.yaml': application({ helm: { valueFiles: ['/shared/*.yaml'] } }),
    },
    first: { data: { color: 'b' } },
  },
  {
    semantic: 'values of another source by its ref',
    source: 'reposerver/repository/repository.go getResolvedValueFiles ($ref)',
    files: {
      ...tellingChart('apps/web'),
      'env/prod.yaml': 'color: prod\n',
      'argo.yaml': application(
        {},
        {
          sources: [
            { repoURL: OWN, path: 'apps/web', helm: { valueFiles: ['$values/env/prod.yaml'] } },
            { repoURL: OWN, ref: 'values' },
          ],
        },
      ),
    },
    first: { data: { color: 'prod' } },
  },
  {
    semantic: 'a file parameter sets a value from a file',
    source: 'util/helm/cmd.go template (--set-file)',
    files: {
      ...tellingChart('apps/web'),
      'shared/color': 'file',
      'argo.yaml': application({ helm: { fileParameters: [{ name: 'color', path: '../../shared/color' }] } }),
    },
    first: { data: { color: 'file' } },
  },
  {
    semantic: 'kubeVersion of the source wins over the cluster',
    source: 'reposerver/repository/repository.go helmTemplate (KubeVersion)',
    files: { ...tellingChart('apps/web'), 'argo.yaml': application({ helm: { kubeVersion: '1.30.0' } }) },
    first: { data: { kube: 'v1.30.0' } },
  },
  {
    semantic: 'an override file of the Application changes parameters, never the source',
    source: 'reposerver/repository/repository.go mergeSourceParameters',
    files: {
      ...tellingChart('apps/web'),
      'apps/web/.argocd-source-web.yaml':
        'path: elsewhere\nhelm: {parameters: [{name: color, value: hidden}]}\n',
      'argo.yaml': application({}),
    },
    first: { data: { color: 'hidden' } },
  },
  {
    semantic: 'the general override file comes before that of the Application',
    source: 'reposerver/repository/repository.go mergeSourceParameters',
    files: {
      ...tellingChart('apps/web'),
      'apps/web/.argocd-source.yaml': 'helm: {releaseName: general, kubeVersion: 1.31.0}\n',
      'apps/web/.argocd-source-web.yaml': 'helm: {releaseName: own}\n',
      'argo.yaml': application({}),
    },
    first: { data: { release: 'own', kube: 'v1.31.0' } },
  },
  {
    semantic: 'a file may ask to be skipped',
    source: 'reposerver/repository/repository.go (skip-file-rendering)',
    files: {
      'apps/web/a.yaml': `# +argocd:skip-file-rendering\n${configMap('a')}`,
      'apps/web/b.yaml': configMap('b'),
      'argo.yaml': application({}),
    },
    first: { metadata: { name: 'b' } },
  },
  {
    semantic: 'directory exclude is checked before include, sub-folders only with recurse',
    source: 'reposerver/repository/repository.go getPotentiallyValidManifestFile',
    files: {
      'apps/web/a.yaml': configMap('a'),
      'apps/web/deep/b.yaml': configMap('b'),
      'apps/web/deep/c.yaml': configMap('c'),
      'argo.yaml': application({
        directory: { recurse: true, include: '{a,deep/*}.yaml', exclude: '{a.yaml,*/b.yaml}' },
      }),
    },
    first: { metadata: { name: 'c' } },
  },
];

describe('an Argo CD Application', () => {
  it.each(ROWS.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    const [first] = await objectsOf(row.files, 'argocd/argocd/web');
    expect(first).toMatchObject(row.first);
  });

  it('puts several sources together, the last of the same object wins (RepeatedResourceWarning)', async () => {
    const files = {
      'one/cm.yaml': configMap('same', { from: 'one' }),
      'two/cm.yaml': configMap('same', { from: 'two' }),
      'argo.yaml': application(
        {},
        {
          sources: [
            { repoURL: OWN, path: 'one' },
            { repoURL: OWN, path: 'two' },
          ],
        },
      ),
    };
    const objects = await objectsOf(files, 'argocd/argocd/web');
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ data: { from: 'two' } });
  });

  it.each([
    ['another repository', application({ repoURL: 'https://example.com/other' }), /another repository/],
    [
      'a chart of a registry',
      application({ chart: 'redis', repoURL: 'https://charts.example.com', targetRevision: '1.2.3' }),
      /its chart redis 1\.2\.3/,
    ],
    ['a branch that is not judged', application({ targetRevision: 'feature' }), /follows feature/],
    ['a plugin', application({ plugin: { name: 'x' } }), /plugin/],
  ])('does not know %s', async (_, argo, reason) => {
    const outcome = await render({ ...KUSTOMIZE, 'argo.yaml': argo }, 'argocd/argocd/web');
    expect(outcome).toMatchObject({ status: 'unresolved', reason: expect.stringMatching(reason) });
  });

  it.each([
    ['a path that does not exist', application({ path: 'gone' }), /does not exist/],
    [
      'a values file that does not exist',
      application({ helm: { valueFiles: ['gone.yaml'] } }),
      /gone\.yaml does not exist/,
    ],
    [
      'two types at once',
      application({ helm: { releaseName: 'a' }, kustomize: { namePrefix: 'b' } }),
      /both/,
    ],
    ['a label that is there already', application({ kustomize: { commonLabels: { a: 'b' } } }), /already/],
  ])('fails as the cluster would for %s', async (_, argo, reason) => {
    const files = {
      ...KUSTOMIZE,
      'apps/web/kustomization.yaml': 'resources: [deployment.yaml]\ncommonLabels: {a: c}\n',
      'argo.yaml': argo,
    };
    const outcome = await render(files, 'argocd/argocd/web');
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
  });

  it('goes to the cluster that its destination names', async () => {
    const clusters = [{ name: 'prod', server: 'https://prod.example.com', kubernetesVersion: '1.35' }];
    const destination = { server: 'https://prod.example.com', namespace: 'shop' };
    const files = { ...tellingChart('apps/web'), 'argo.yaml': application({}, { destination }) };
    const [told] = await objectsOf(files, 'prod:argocd/argocd/web', { clusters });
    expect(told).toMatchObject({ data: { kube: 'v1.35' } });
  });

  it('finds apps of apps to any depth, as they are rendered', async () => {
    const child = (name: string, path: string): string => application({ path }, {}, name);
    const files = {
      'root.yaml': child('root', 'level1'),
      'level1/kustomization.yaml': 'resources: [app.yaml]\nnameSuffix: -x\n',
      'level1/app.yaml': child('one', 'level2'),
      'level2/Chart.yaml': 'apiVersion: v2\nname: level2\nversion: 1.0.0\n',
      'level2/templates/app.yaml': child('two', 'level3').replace(
        'name: two',
        'name: "{{ .Release.Name }}-two"',
      ),
      'level3/cm.yaml': configMap('bottom'),
    };
    expect(await objectsOf(files, 'argocd/argocd/one-x-two')).toMatchObject([
      { metadata: { name: 'bottom' } },
    ]);
    // What stands in the file is not what reaches the cluster.
    expect(await render(files, 'argocd/argocd/one')).toEqual({ status: 'absent' });
  });
});
