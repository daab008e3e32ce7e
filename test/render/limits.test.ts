import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../src/contract/index.js';
import { configOf, type Files, reachedBy } from './fixture.js';
import { application, configMap, OWN } from './gitops/fixture.js';

const LARGE = `${configMap('large')}# ${'x'.repeat(LIMITS.manifestBytes)}\n`;
const LARGER = `${configMap('larger')}# ${'x'.repeat(LIMITS.blobBytes)}\n`;
const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';

describe('a file above the limit that a target reads', () => {
  it.each<[string, string, Files]>([
    ['a plain folder', 'directory/plain', { 'plain/cm.yaml': LARGE }],
    ['a directory source', 'argocd/argocd/web', { 'argo.yaml': application({}), 'apps/web/cm.yaml': LARGE }],
    [
      'a resource of a kustomization',
      'kustomize/apps/web',
      { 'apps/web/kustomization.yaml': 'resources: [cm.yaml]\n', 'apps/web/cm.yaml': LARGER },
    ],
    [
      'a kustomization itself',
      'kustomize/apps/web',
      { 'apps/web/kustomization.yaml': `resources: []\n${LARGE}` },
    ],
    [
      'a template of a chart',
      'helm/charts/web',
      { 'charts/web/Chart.yaml': CHART, 'charts/web/templates/cm.yaml': LARGER },
    ],
    [
      'Chart.yaml itself',
      'helm/charts/web',
      { 'charts/web/Chart.yaml': `${CHART}# ${'x'.repeat(LIMITS.manifestBytes)}` },
    ],
  ])('makes %s not verified', async (_, name, files) => {
    const reached = await reachedBy({}, files, { config: configOf({}, { repositories: [OWN] }) });
    expect(reached.get(name)?.result).toMatchObject({ status: 'failed', unknown: true });
  });
});
