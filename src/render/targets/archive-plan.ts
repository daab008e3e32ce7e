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
  const fetched = async (): Promise<string> => (await chart.fetch()).digest;
  return {
    inputs,
    key,
    fetched,
    render: () =>
      cached(
        cache,
        key,
        async () => {
          const brought = await chart.fetch();
          const first = await once(brought);
          if (first.status !== 'rendered') return first;
          const second = await once(brought);
          if (second.status !== 'rendered') return second;
          const notes = movingChart(chart, brought);
          return { status: 'rendered', objects: steady(first.objects, second.objects), notes };
        },
        [{ fetched }],
      ),
  };
}

/** Says of a chart that is named by a range or a moving tag which version was rendered. */
export function movingChart(chart: RemoteChart, { version }: FetchedChart): string[] {
  return chart.floating ? [`the chart ${chart.shown} is not one version (now ${version})`] : [];
}
