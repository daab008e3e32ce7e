import { stringify } from 'yaml';
import { differenceOf, type JsonMap, type Side } from './compare.ts';
import { type FluxCase, kustomization } from './flux-cases.ts';
import { rendered } from './gate.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { Workplace } from './workplace.ts';

const SOURCE = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'flux-system', namespace: 'flux-system' },
};

/** How the gate and Flux's packages differ over a case, or null. */
export async function fluxDifference(
  oracle: OracleProcess,
  workplace: Workplace,
  { files, spec, ignore, objects = [] }: FluxCase,
): Promise<string | null> {
  const object = kustomization(spec);
  const cluster: JsonMap[] = [
    object,
    {
      ...SOURCE,
      spec: {
        interval: '1h',
        url: 'https://github.com/acme/config',
        ...(ignore === undefined ? {} : { ignore }),
      },
    },
    ...objects,
  ];
  const all = {
    ...files,
    'clusters/flux.yaml': cluster.map((one) => stringify(one, { version: '1.1' })).join('---\n'),
  };
  const theirs = await built(oracle, workplace, all, object, ignore, objects);
  const ours = await rendered(all, 'flux/flux-system/apps');
  return differenceOf('objects' in ours ? { objects: ours.objects.map(withoutNotes) } : ours, theirs);
}

async function built(
  oracle: OracleProcess,
  workplace: Workplace,
  files: FluxCase['files'],
  object: JsonMap,
  ignore: string | undefined,
  objects: readonly JsonMap[],
): Promise<Side> {
  const root = workplace.checkout(files);
  const artifact = workplace.fresh();
  try {
    const copied = await oracle.ask({
      op: 'artifact',
      root,
      artifact,
      ...(ignore === undefined ? {} : { ignore }),
    });
    if (copied.error !== undefined) throw new Error(copied.error);
    const answer = await oracle.ask({ op: 'kustomization', artifact, object, objects });
    return answer.error === undefined
      ? { objects: (answer.objects ?? []).map(withoutNotes) }
      : { refusal: answer.error };
  } finally {
    workplace.remove(root);
    workplace.remove(artifact);
  }
}

/** What kustomize notes of where and by which version an object was built, which the gate leaves out or cannot know. */
const NOTES = [
  ['annotations', 'config.kubernetes.io/origin'],
  ['labels', 'app.kubernetes.io/managed-by'],
] as const;

/** An object without what kustomize notes about its build. */
export function withoutNotes(object: JsonMap): JsonMap {
  const metadata = { ...(object.metadata as JsonMap) };
  for (const [name, note] of NOTES) {
    const { [note]: value, ...rest } = (metadata[name] ?? {}) as JsonMap;
    if (value === undefined || (name === 'labels' && !String(value).startsWith('kustomize-'))) continue;
    if (Object.keys(rest).length > 0) metadata[name] = rest;
    else delete metadata[name];
  }
  return { ...object, metadata };
}
