import { InputSet, Unresolved } from '../inputs/input-set.js';
import type { FetchedChart, RemoteChart } from '../remotes/remote-charts.js';
import { steady } from '../run/random-values.js';
import { readHelmOutput } from '../run/rendered-objects.js';
import { cached } from './cached-render.js';
import { type HelmCall, helmArguments, isReleaseName, OWN_FOLDER } from './helm-plan.js';
import { layoutOf } from './kustomize-plan.js';
import { failedPlan, type Plan, planKey, type SideOutcome } from './plan.js';
import type { Side } from './side.js';

/**
 * The plan of a chart from elsewhere: its archive, fetched when it is rendered, beside the values files of the tree. It is rendered twice, for its
 * templates are not looked into; its schema is not obeyed, for it may refer to elsewhere.
 */
export function archivePlan(side: Side, chart: RemoteChart, call: HelmCall): Plan {
  const files = new InputSet(side.view);
  for (const path of [...call.valuesFiles, ...(call.files ?? [])]) {
    if (files.add('', path).kind !== 'file') throw new Unresolved(`the values file ${path} does not exist`);
  }
  const inputs = new Set(files.files.keys());
  if (call.release === null || !isReleaseName(call.release)) {
    return failedPlan(inputs, chart.key, 'its release name is not one that helm takes');
  }
  const { toolbox, runner, cache } = side.context;
  const version = 'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none';
  const inline = call.inlineValues ?? [];
  const archive = `${OWN_FOLDER}/chart.tgz`;
  const args = helmArguments(`./${archive}`, call, call.release, true);
  const values = inline.map((bytes) => bytes.toString('base64'));
  const key = planKey('helm-archive', version, chart.key, ...args, files.digest(), ...values);
  const once = async (fetched: FetchedChart): Promise<SideOutcome> => {
    const layout = layoutOf(side, files.files.keys());
    layout.set(archive, { bytes: fetched.archive });
    for (const [index, bytes] of inline.entries()) layout.set(`${OWN_FOLDER}/${index}.yaml`, { bytes });
    const output = await runner.run(toolbox.helm, args, layout);
    if (output.status === 'failed') return output;
    // Its templates are no files of the repository.
    const read = readHelmOutput(output.stdout, '', '');
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    return { status: 'rendered', objects: read.objects.map(({ object }) => ({ object, path: null })) };
  };
  return {
    inputs,
    key,
    render: async () => {
      // A tag may have moved since: what was rendered is kept by the digest of what is there now.
      const fetched = await chart.fetch();
      return cached(cache, planKey(key, fetched.digest), async () => {
        const first = await once(fetched);
        if (first.status !== 'rendered') return first;
        const second = await once(fetched);
        return second.status === 'rendered'
          ? { status: 'rendered', objects: steady(first.objects, second.objects) }
          : second;
      });
    },
  };
}
