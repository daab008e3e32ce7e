import { stringify } from 'yaml';
import { CLUSTERS, type SetCase, TREE } from './application-set-cases.ts';
import { differenceOf, type JsonMap } from './compare.ts';
import { rendered } from './gate.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { Workplace } from './workplace.ts';

const SECRETS = CLUSTERS.map(({ name, server, labels }) => ({
  metadata: {
    name: `cluster-${name}`,
    namespace: 'argocd',
    labels: { 'argocd.argoproj.io/secret-type': 'cluster', ...labels },
  },
  data: { name: Buffer.from(name).toString('base64'), server: Buffer.from(server).toString('base64') },
}));

/** How the gate and Argo CD's ApplicationSet controller differ over a case, or null. */
export async function setDifference(
  oracle: OracleProcess,
  workplace: Workplace,
  { spec, files = {} }: SetCase,
): Promise<string | null> {
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'all', namespace: 'argocd' },
    spec,
  };
  const all = { ...TREE, ...files, 'argo/set.yaml': stringify(object, { version: '1.1' }) };
  const root = workplace.checkout(all);
  try {
    const answer = await oracle.ask({ op: 'applicationset', root, object, clusters: SECRETS });
    const theirs =
      answer.error === undefined
        ? { objects: (answer.objects ?? []).map(asApplied) }
        : { refusal: answer.error };
    const ours = await rendered(all, 'argocd/argocd/applicationset/all', { clusters: CLUSTERS });
    return differenceOf('objects' in ours ? { objects: ours.objects.map(asApplied) } : ours, theirs);
  } finally {
    workplace.remove(root);
  }
}

/** An Application without what Go's types add to it: a status, and fields that are empty. */
function asApplied({ status: _, ...application }: JsonMap): JsonMap {
  return {
    ...(withoutEmpty(application) as JsonMap),
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
  };
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, withoutEmpty(item)] as const)
      .filter(([, item]) => !isEmpty(item)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '' || value === false || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
