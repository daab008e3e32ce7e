import { stringify } from 'yaml';
import { differenceOf, type JsonMap, type Side } from './compare.ts';
import { rendered } from './gate.ts';
import type { ReleaseCase } from './helm-release-cases.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { Workplace } from './workplace.ts';

/** What helm-controller's action makes: what is of the release, its hooks, and what it applies beside it. */
interface Phase {
  objects?: JsonMap[];
  hooks?: JsonMap[];
  crds?: JsonMap[];
  error?: string;
}

/** How the gate and helm-controller's actions differ over a release, or null. */
export async function releaseDifference(
  oracle: OracleProcess,
  workplace: Workplace,
  { files, spec, metadata }: ReleaseCase,
): Promise<string | null> {
  const object: JsonMap = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'told', namespace: 'apps', ...metadata },
    spec: {
      interval: '1h',
      chart: {
        spec: {
          chart: './chart',
          sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
        },
      },
      ...spec,
    },
  };
  const root = workplace.checkout(files);
  try {
    const answer = (await oracle.ask({ chart: `${root}/chart`, object, values: spec.values ?? {} })) as {
      install: Phase;
      upgrade: Phase;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    const name = String((object.metadata as JsonMap).name);
    const written = stringify(object, { version: '1.1' });
    const ours = await rendered({ ...files, 'hr.yaml': written }, `helmrelease/apps/${name}`);
    return differenceOf(ours, together(answer.upgrade, answer.install));
  } finally {
    workplace.remove(root);
  }
}

/** What an upgrade gives, and beside it what only an install does. */
function together(upgrade: Phase, install: Phase): Side {
  const refusal = upgrade.error ?? install.error;
  if (refusal !== undefined) return { refusal };
  const objects: JsonMap[] = [];
  const seen = new Set<string>();
  for (const phase of [upgrade, install]) {
    const made = [...(phase.crds ?? []), ...(phase.objects ?? []), ...(phase.hooks ?? [])]
      .filter((one) => !isTest(one))
      .map(withoutOrigin);
    objects.push(...made.filter((one) => !seen.has(identity(one))));
    for (const one of made) seen.add(identity(one));
  }
  return { objects };
}

function identity({ apiVersion, kind, metadata }: JsonMap): string {
  const { namespace, name } = (metadata ?? {}) as JsonMap;
  return JSON.stringify([apiVersion, kind, namespace ?? '', name]);
}

/** Tests are run when somebody asks for them, and are no objects of the release. */
function isTest({ metadata }: JsonMap): boolean {
  const { annotations } = (metadata ?? {}) as JsonMap;
  const hook = ((annotations ?? {}) as JsonMap)['helm.sh/hook'];
  if (typeof hook !== 'string') return false;
  return hook.split(',').every((event) => event.trim().startsWith('test'));
}

/** An object without the labels by which Flux knows it again. */
function withoutOrigin(object: JsonMap): JsonMap {
  const metadata = { ...(object.metadata as JsonMap) };
  const labels = Object.entries((metadata.labels ?? {}) as JsonMap).filter(
    ([key]) => key !== 'helm.toolkit.fluxcd.io/name' && key !== 'helm.toolkit.fluxcd.io/namespace',
  );
  if (labels.length > 0) metadata.labels = Object.fromEntries(labels);
  else delete metadata.labels;
  return { ...object, metadata };
}
