import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { application, configMap, fluxKustomization, render, tellingChart } from './fixture.js';

const FILES = { 'apps/web/cm.yaml': configMap('web') };

async function paused(object: string, name: string): Promise<string[]> {
  const outcome = await render({ ...FILES, ...tellingChart('charts/app'), 'object.yaml': object }, name);
  if (outcome.status !== 'rendered') throw new Error(JSON.stringify(outcome));
  return (outcome.notes ?? []).filter(({ kind }) => kind === 'paused').map(({ text }) => text);
}

describe('what is rendered and not applied by itself', () => {
  it.each([
    ['no policy', {}, /not synchronised by itself/],
    ['no automated policy', { syncPolicy: { syncOptions: [] } }, /not synchronised by itself/],
    [
      'one that is switched off',
      { syncPolicy: { automated: { enabled: false } } },
      /not synchronised by itself/,
    ],
    ['an automated one', { syncPolicy: { automated: {} } }, null],
    ['one with settings', { syncPolicy: { automated: { prune: true } } }, null],
  ])('an Application with %s', async (_, spec, note) => {
    const notes = await paused(application({}, spec), 'argocd/argocd/web');
    if (note === null) expect(notes).toEqual([]);
    else expect(notes).toEqual([expect.stringMatching(note)]);
  });

  it('an Application that is not reconciled', async () => {
    const object = application({}, { syncPolicy: { automated: {} } }).replace(
      '  name: web\n',
      '  name: web\n  annotations: {argocd.argoproj.io/skip-reconcile: "true"}\n',
    );
    expect(await paused(object, 'argocd/argocd/web')).toEqual([expect.stringMatching(/skip-reconcile/)]);
  });

  it('a Kustomization and a HelmRelease that are suspended', async () => {
    expect(await paused(fluxKustomization({ suspend: true }), 'flux/flux-system/apps')).toEqual([
      expect.stringMatching(/suspended.*until it is resumed/),
    ]);
    expect(await paused(fluxKustomization({ suspend: false }), 'flux/flux-system/apps')).toEqual([]);
    const release = stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'app', namespace: 'a' },
      spec: {
        suspend: true,
        chart: {
          spec: {
            chart: 'charts/app',
            sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
          },
        },
      },
    });
    expect(await paused(release, 'helmrelease/a/app')).toEqual([expect.stringMatching(/suspended/)]);
  });
});
