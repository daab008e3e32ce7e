import { loadYaml } from '../../kubernetes/index.js';
import { mergeValues } from '../gitops/helm-values.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';
import { archivedFile, archiveTraits, withDefaultValues } from '../remotes/chart-archive.js';
import type { FetchedChart, RemoteChart } from '../remotes/remote-charts.js';
import { readHelmOutput } from '../run/rendered-objects.js';
import { cached } from './cached-render.js';
import { lookupNote, movingChart, twice } from './fetched-charts.js';
import {
  type HelmCall,
  helmArguments,
  isReleaseName,
  OWN_FOLDER,
  ownFiles,
  placedDigest,
  requireOneFileEach,
  wantedOf,
} from './helm-plan.js';
import { layoutOf } from './kustomize-plan.js';
import { failedPlan, type Plan, planKey, type SideOutcome } from './plan.js';
import type { Side } from './side.js';

/** Where values files that lie in a fetched chart are put: a values file with this in front is one of the chart's. */
export const IN_CHART = `${OWN_FOLDER}/chart/`;

/** A call of helm for a chart of elsewhere. */
export interface ArchiveCall extends HelmCall {
  /** Files of the chart that stand for its values.yaml together, later ones over earlier ones (Flux `valuesFiles`). */
  defaultValues?: readonly string[];
  /** Values files that the chart does not have are left out instead of refused. */
  missingValuesAllowed?: boolean;
}

/** A values file that the chart does not have: it fails in the cluster too. */
class MissingInChart extends Error {}

/**
 * The plan of a chart from elsewhere: its archive, fetched when it is rendered, beside the values files of the tree.
 * Values files under IN_CHART are the chart's own.
 */
export function archivePlan(side: Side, chart: RemoteChart, call: ArchiveCall): Plan {
  const files = new InputSet(side.view);
  requireOneFileEach(call.valuesFiles);
  for (const path of ownFiles(call)) {
    if (path.startsWith(IN_CHART)) continue;
    if (files.add('', path).kind !== 'file') throw new Unresolved(`the values file ${path} does not exist`);
  }
  const inputs = new Set(files.files.keys());
  const { release } = call;
  if (release === null || !isReleaseName(release)) {
    return failedPlan(inputs, chart.key, 'its release name is not one that helm takes');
  }
  const { toolbox, runner, cache, sandboxed } = side.context;
  const version = 'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none';
  const inline = call.inlineValues ?? [];
  const archive = `${OWN_FOLDER}/chart.tgz`;
  const values = inline.map((bytes) => bytes.toString('base64'));
  const options = JSON.stringify([call.defaultValues ?? null, call.missingValuesAllowed === true]);
  const arguments_ = (wanted: HelmCall, skipSchema: boolean): string[] =>
    helmArguments(`./${archive}`, wanted, release, skipSchema);
  const key = planKey(
    'helm-archive',
    version,
    chart.key,
    ...arguments_(call, call.skipSchema === true || !sandboxed),
    call.keepTests === true ? 'with tests' : '',
    options,
    files.digest(),
    placedDigest(call),
    ...values,
  );
  const rendered = async (): Promise<SideOutcome> => {
    const fetched = await chart.fetch();
    const traits = archiveTraits(fetched.archive);
    const layout = layoutOf(side, files.files.keys());
    layout.set(archive, { bytes: packedAs(fetched, call) });
    for (const [path, file] of call.placed ?? []) layout.set(path, file);
    for (const [index, bytes] of inline.entries()) layout.set(`${OWN_FOLDER}/${index}.yaml`, { bytes });
    const valuesFiles = call.valuesFiles.filter((path) => {
      if (!path.startsWith(IN_CHART)) return true;
      const bytes = fileOf(fetched, path.slice(IN_CHART.length), call);
      if (bytes !== null) layout.set(path, { bytes });
      return bytes !== null;
    });
    const skipSchema = call.skipSchema === true || traits.outsideSchema || !sandboxed;
    const run = async (): Promise<SideOutcome> => {
      const output = await runner.run(toolbox.helm, arguments_({ ...call, valuesFiles }, skipSchema), layout);
      if (output.status === 'failed') return output;
      // Its templates are no files of the repository.
      const read = readHelmOutput(output.stdout, '', '');
      if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
      const notes = [...(traits.lookup ? [lookupNote(chart.shown)] : []), ...movingChart(chart, fetched)];
      const objects = wantedOf(read.objects, call).map((made) => ({ ...made, path: null }));
      return { status: 'rendered', objects, notes };
    };
    return traits.random ? twice(run) : run();
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
          try {
            return await rendered();
          } catch (error) {
            if (!(error instanceof MissingInChart)) throw error;
            return { status: 'failed', reason: error.message, lasting: true };
          }
        },
        [{ fetched }],
      ),
  };
}

/** The chart, with the default values that the call puts together of its files. */
function packedAs(fetched: FetchedChart, call: ArchiveCall): Buffer {
  if (call.defaultValues === undefined || call.defaultValues.length === 0) return fetched.archive;
  let merged: JsonMap = {};
  for (const path of call.defaultValues) {
    const bytes = fileOf(fetched, path, call);
    if (bytes === null) continue;
    const { documents, problems } = loadYaml(bytes, path);
    const value = documents[0]?.value ?? {};
    if (!isMap(value) || problems.some((problem) => problem.fatal)) {
      throw new MissingInChart(`the chart's ${path} holds no values`);
    }
    merged = mergeValues(merged, value);
  }
  return withDefaultValues(fetched.archive, Buffer.from(JSON.stringify(merged)));
}

/** A file of the chart; null where it is missing and may be. @throws MissingInChart */
function fileOf({ archive, version }: FetchedChart, path: string, call: ArchiveCall): Buffer | null {
  const bytes = archivedFile(archive, path);
  if (bytes === null && call.missingValuesAllowed !== true) {
    throw new MissingInChart(`the values file ${path} does not exist in the chart ${version}`);
  }
  return bytes;
}
