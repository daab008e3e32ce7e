import { stringify } from 'yaml';
import { differenceOf, type JsonMap, type Side } from './compare.ts';
import { rendered } from './gate.ts';
import type { ValuesCase } from './helm-values-cases.ts';
import type { OracleProcess } from './oracle-process.ts';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: told\nversion: 1.0.0\n',
  'chart/templates/told.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: told}\ndata: {values: {{ .Values | toJson | quote }}}\n',
};

/** How the gate and helm-controller's package put the values of a HelmRelease together otherwise, or null. */
export async function valuesDifference(
  oracle: OracleProcess,
  { values, valuesFrom, data }: ValuesCase,
): Promise<string | null> {
  const release = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'told', namespace: 'flux-system' },
    spec: {
      interval: '1h',
      chart: { spec: { chart: './chart', sourceRef: { kind: 'GitRepository', name: 'flux-system' } } },
      valuesFrom,
      ...(values === undefined ? {} : { values }),
    },
  };
  const source = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'v', namespace: 'flux-system' },
    data,
  };
  const answer = await oracle.ask({ op: 'values', object: release, objects: [source] });
  const written = [release, source].map((one) => stringify(one, { version: '1.1' })).join('---\n');
  const ours = await rendered({ ...CHART, 'hr.yaml': written }, 'helmrelease/flux-system/told');
  const theirs: Side =
    answer.error === undefined
      ? { objects: [withoutNull({ values: answer.values ?? {} })] }
      : { refusal: answer.error };
  return differenceOf('objects' in ours ? { objects: ours.objects.map(told) } : ours, theirs);
}

/** The values that a rendered object tells. */
function told({ data }: JsonMap): JsonMap {
  return withoutNull({ values: JSON.parse(String((data as JsonMap).values)) as JsonMap });
}

/** Helm drops keys that are null before a template sees them. */
function withoutNull(value: JsonMap): JsonMap {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).filter(([, one]) => one !== null))
        : item,
    ),
  ) as JsonMap;
}
