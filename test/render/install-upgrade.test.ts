import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { diffCheck } from '../../src/checks/diff/index.js';
import { context } from '../checks/diff/fakes.js';
import { changeOf, configOf, type Files } from './fixture.js';
import { configMap, OWN, objectsOf } from './gitops/fixture.js';

const CLAIM = stringify({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'pay' },
  spec: { resources: { requests: { storage: '1Gi' } } },
});
const RELEASE = stringify({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'db', namespace: 'pay' },
  spec: {
    interval: '1h',
    chart: {
      spec: {
        chart: './c',
        sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
      },
    },
  },
});
const chart = (templates: Record<string, string>, release = RELEASE): Files => ({
  'clusters/a/release.yaml': release,
  'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
  ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`c/templates/${name}`, text])),
});
const only = (phase: 'IsInstall' | 'IsUpgrade', text: string) =>
  `{{- if .Release.${phase} }}\n${text}{{- end }}\n`;

/** What the release's objects become, and what keeps the gate closed. */
async function judged(base: Files, result: Files) {
  const rendered = await changeOf(base, result, { config: configOf({}, { repositories: [OWN] }) });
  try {
    const { targets, findings } = await diffCheck(context(await rendered.reached(), { repositories: [OWN] }));
    return {
      changes: (targets ?? [])
        .filter(({ name }) => name.includes('helmrelease'))
        .flatMap(({ changes }) =>
          changes.map(({ action, object }) => `${action} ${object.kind} ${object.name}`),
        ),
      closing: findings
        .filter(
          ({ action, targets: names }) =>
            action !== 'inform' && names.some((name) => name.includes('helmrelease')),
        )
        .map(({ action, ruleId }) => `${action} ${ruleId}`),
    };
  } finally {
    await rendered.close();
  }
}

describe('a release that is there is upgraded', () => {
  it('what only an install makes is among the objects, with what only an upgrade makes', async () => {
    const files = chart({
      'a.yaml': only('IsInstall', configMap('once')),
      'b.yaml': only('IsUpgrade', configMap('later')),
    });
    const made = await objectsOf(files, 'a:helmrelease/pay/db');
    expect(made.map(({ metadata }) => (metadata as { name: string }).name).sort()).toEqual(['later', 'once']);
  });

  it('of what both make the upgrade counts', async () => {
    const phase =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {phase: {{ if .Release.IsUpgrade }}upgrade{{ else }}install{{ end }}}\n';
    const [made] = await objectsOf(chart({ 'a.yaml': phase }), 'a:helmrelease/pay/db');
    expect(made?.data).toEqual({ phase: 'upgrade' });
  });

  it('what is wrapped so that only an install makes it is deleted, and its data with it', async () => {
    const before = chart({ 'a.yaml': CLAIM, 'b.yaml': configMap('b') });
    const after = chart({ 'a.yaml': only('IsInstall', CLAIM), 'b.yaml': configMap('b') });
    expect(await judged(before, after)).toEqual({
      changes: ['delete PersistentVolumeClaim data'],
      closing: ['approve diff/data-loss'],
    });
  });

  it('also under a post-renderer', async () => {
    const patched = RELEASE.replace(
      'interval: 1h',
      'interval: 1h\n  postRenderers: [{kustomize: {patches: [{target: {kind: PersistentVolumeClaim}, patch: "- {op: add, path: /metadata/labels, value: {a: b}}"}]}}]',
    );
    const before = chart({ 'a.yaml': CLAIM }, patched);
    const after = chart({ 'a.yaml': only('IsInstall', CLAIM), 'b.yaml': configMap('b') }, patched);
    expect((await judged(before, after)).closing).toContain('approve diff/data-loss');
  });

  it('what was so before, and a release that is new, are told as they were', async () => {
    const wrapped = (size: string) => chart({ 'a.yaml': only('IsInstall', CLAIM.replace('1Gi', size)) });
    expect((await judged(wrapped('1Gi'), wrapped('2Gi'))).changes).toEqual([
      'update PersistentVolumeClaim data',
    ]);
    expect((await judged({ 'README.md': '' }, wrapped('1Gi'))).changes).toEqual([
      'create PersistentVolumeClaim data',
    ]);
  });
});
