import { stringify } from 'yaml';
import type { ArgoCase } from './argocd-cases.ts';
import { differenceOf, type JsonMap, type Side } from './compare.ts';
import { rendered } from './gate.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { Workplace } from './workplace.ts';

/** How the gate and Argo CD's repo-server differ over a case, or null. */
export async function argoDifference(
  oracle: OracleProcess,
  workplace: Workplace,
  { files, application, kubernetesVersion, apiVersions = [] }: ArgoCase,
): Promise<string | null> {
  const root = workplace.checkout(files);
  let theirs: Side;
  try {
    const answer = await oracle.ask({
      op: 'application',
      root,
      object: application,
      kubeVersion: kubernetesVersion ?? '',
      apiVersions,
    });
    theirs =
      answer.error === undefined ? { objects: normalised(answer.objects ?? []) } : { refusal: answer.error };
  } finally {
    workplace.remove(root);
  }
  const { namespace = 'argocd', name } = application.metadata as JsonMap;
  const cluster = {
    name: 'in-cluster',
    server: 'https://kubernetes.default.svc',
    kubernetesVersion,
    apiVersions,
  };
  const declared = kubernetesVersion === undefined ? {} : { clusters: [cluster] };
  const target = `argocd/${namespace}/${name}`;
  const ours = await rendered(
    { ...files, 'argo/app.yaml': stringify(application, { version: '1.1' }) },
    target,
    declared,
  );
  return differenceOf(ours, theirs);
}

const CLUSTER_SCOPED = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingWebhookConfiguration',
]);

/** What the controller makes of a repo-server's answer (controller/state.go NormalizeTargetObjects). */
export function normalised(objects: readonly JsonMap[], destination = 'shop'): JsonMap[] {
  const found = new Map<string, JsonMap>();
  for (const object of objects) {
    const { namespace, ...metadata } = (object.metadata ?? {}) as JsonMap;
    const wanted = namespace || destination;
    const placed = CLUSTER_SCOPED.has(String(object.kind)) || wanted === '' ? {} : { namespace: wanted };
    const made = { ...object, metadata: { ...metadata, ...placed } };
    found.set(
      JSON.stringify([String(object.apiVersion).split('/').slice(0, -1), object.kind, placed, metadata.name]),
      made,
    );
  }
  return [...found.values()];
}
