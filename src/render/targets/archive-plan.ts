import { InputSet, Unresolved } from '../inputs/input-set.js';
import type { FetchedChart } from '../remotes/remote-charts.js';
import { steady } from '../run/random-values.js';
import { readHelmOutput } from '../run/rendered-objects.js';
import { cached } from './cached-render.js';
import { type HelmCall, helmArguments, isReleaseName, OWN_FOLDER } from './helm-plan.js';
import { layoutOf } from './kustomize-plan.js';
import { failedPlan, type Plan, planKey, type SideOutcome } from './plan.js';
import type { Side } from './side.js';

/**
 * The plan of a chart that was fetched: its archive beside the values files of the tree. It is rendered twice, for its
 * templates are not looked into; its schema is not obeyed, for it may refer to elsewhere.
 */
export function archivePlan(side: Side, chart: FetchedChart, call: HelmCall): Plan {
  const files = new InputSet(side.view);
  for (const path of [...call.valuesFiles, ...(call.files ?? [])]) {
    if (files.add('', path).kind !== 'file') throw new Unresolved(`the values file ${path} does not exist`);
  }
  const inputs = new Set(files.files.keys());
  if (call.release === null || !isReleaseName(call.release)) {
    return failedPlan(inputs, chart.digest, 'its release name is not one that helm takes');
  }
  const { toolbox, runner, cache } = side.context;
  const version = 'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none';
  const inline = call.inlineValues ?? [];
  const archive = `${OWN_FOLDER}/chart.tgz`;
  const args = helmArguments(`./${archive}`, call, call.release, true);
  const values = inline.map((bytes) => bytes.toString('base64'));
  const key = planKey('helm-archive', version, chart.digest, ...args, files.digest(), ...values);
  const once = async (): Promise<SideOutcome> => {
    const layout = layoutOf(side, files.files.keys());
    layout.set(archive, { bytes: chart.archive });
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
    render: () =>
      cached(cache, key, async () => {
        const first = await once();
        if (first.status !== 'rendered') return first;
        const second = await once();
        return second.status === 'rendered'
          ? { status: 'rendered', objects: steady(first.objects, second.objects) }
          : second;
      }),
  };
}
