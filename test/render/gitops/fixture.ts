import { stringify } from 'yaml';
import { MemoryTree } from '../../../src/git/index.js';
import { type RenderOutcome, renderTarget } from '../../../src/render/index.js';
import { configOf, type Files } from '../fixture.js';

export const OWN = 'https://github.com/acme/config';

/** Renders one target of files in a repository that is known as OWN. */
export function render(files: Files, name: string, diff: object = {}): Promise<RenderOutcome> {
  return renderTarget(new MemoryTree(files), name, { config: configOf(diff, { repositories: [OWN] }) });
}

/** The objects that a target renders to, as plain JSON. */
export async function objectsOf(
  files: Files,
  name: string,
  diff: object = {},
): Promise<Record<string, unknown>[]> {
  const outcome = await render(files, name, diff);
  if (outcome.status !== 'rendered') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return outcome.manifests.map(
    (manifest) => JSON.parse(JSON.stringify(manifest.object)) as Record<string, unknown>,
  );
}

/** An Application of this repository in the folder `apps/web`. */
export function application(source: object, spec: object = {}, name = 'web'): string {
  return stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      source: { repoURL: `${OWN}.git`, targetRevision: 'HEAD', path: 'apps/web', ...source },
      ...spec,
    },
  });
}

/** A Flux Kustomization of this repository. */
export function fluxKustomization(spec: object, name = 'apps'): string {
  return stringify({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: {
      interval: '1h',
      prune: true,
      path: './apps/web',
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      ...spec,
    },
  });
}

export function configMap(name: string, data: Record<string, string> = {}, namespace?: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespace === undefined ? { name } : { name, namespace },
    data,
  });
}

/** A chart whose only object tells how it was rendered. */
export function tellingChart(folder: string, values = 'color: red\n'): Files {
  return {
    [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: telling\nversion: 1.0.0\n',
    [`${folder}/values.yaml`]: values,
    [`${folder}/templates/told.yaml`]: [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: told}',
      'data:',
      '  release: {{ .Release.Name }}',
      '  namespace: {{ .Release.Namespace }}',
      '  color: {{ .Values.color | quote }}',
      '  size: {{ .Values.size | default "none" | quote }}',
      '  kube: {{ .Capabilities.KubeVersion.Version }}',
      '  phase: {{ if .Release.IsUpgrade }}upgrade{{ else }}install{{ end }}',
      '',
    ].join('\n'),
  };
}
