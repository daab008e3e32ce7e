import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { field, isMap, type JsonMap } from '../inputs/json-shape.js';

/** One rendered object and the file of the repository it was made from, where that is known. */
export interface RenderedObject {
  object: JsonMap;
  path: string | null;
  /** Of a Helm release: made by its first install alone. An upgrade does not make it, and takes away what made it before. */
  phase?: 'install';
  /** Of a chart: stands in a folder `crds`, which Flux applies beside the release. */
  beside?: true;
}

/** Objects, or why the output could not be read. */
export type ReadOutput = { objects: RenderedObject[] } | { problem: string };

const ORIGIN = 'config.kubernetes.io/origin';

/**
 * Reads what kustomize built. The origin annotation, which was asked for at render time only, is taken out again.
 *
 * @param folder the folder that was built: origins are relative to it
 * @param join where a relative path leads in the tree, or null
 */
export function readKustomizeOutput(
  output: Buffer,
  resolve: ((origin: string) => string | null) | null,
): ReadOutput {
  return readDocuments(output, (value) => ({
    object: value,
    path: resolve === null ? null : takeOrigin(value, resolve),
  }));
}

/** Reads what `helm template` gave; each document's `# Source:` comment names the template within the chart's name. */
export function readHelmOutput(output: Buffer, chartName: string, folder: string): ReadOutput {
  const sources = sourcesOf(output.toString('utf8'));
  const read = readDocuments(output, (value, index) => {
    const source = sources[index] ?? null;
    const inChart = source?.startsWith(`${chartName}/`) === true ? source.slice(chartName.length + 1) : null;
    const path = inChart === null ? null : folder === '' ? inChart : `${folder}/${inChart}`;
    return source !== null && BESIDE.test(source)
      ? { object: value, path, beside: true }
      : { object: value, path };
  });
  return read;
}

/** Reads manifests as they are printed. */
export function readPlainOutput(output: Buffer): ReadOutput {
  return readDocuments(output, (value) => ({ object: value, path: null }));
}

/** A file in `crds/` of a chart or of its subcharts, as helm names sources. */
const BESIDE = /^[^/]+(?:\/charts\/[^/]+)*\/crds\//;

function readDocuments(output: Buffer, made: (value: JsonMap, index: number) => RenderedObject): ReadOutput {
  const { documents, problems } = loadYaml(output, 'the rendered output');
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) return { problem: `what it rendered is not readable: ${fatal.message}` };
  const objects: RenderedObject[] = [];
  for (const { value, index } of documents) {
    if (value === null) continue;
    if (!isMap(value)) return { problem: 'it rendered a document that is no Kubernetes object' };
    objects.push(made(value, index));
  }
  return { objects };
}

function takeOrigin(object: JsonMap, resolve: (origin: string) => string | null): string | null {
  const annotations = field(object, 'metadata', 'annotations');
  const metadata = field(object, 'metadata');
  if (!isMap(annotations) || !isMap(metadata) || !Object.hasOwn(annotations, ORIGIN)) return null;
  const written = annotations[ORIGIN];
  delete annotations[ORIGIN];
  if (Object.keys(annotations).length === 0) delete metadata.annotations;
  if (typeof written !== 'string') return null;
  const path = /^(?:path|configuredIn): (\S.*)$/m.exec(written)?.[1];
  return path === undefined ? null : resolve(path);
}

/** The `# Source:` of each document that has content, in order; of several in one file of `crds/` the first has it. */
function sourcesOf(output: string): (string | null)[] {
  const sources: (string | null)[] = [];
  for (const part of output.split(/^---(?:[ \t].*)?$/m)) {
    const lines = part.split('\n');
    if (!lines.some((line) => line.trim() !== '' && !line.startsWith('#'))) continue;
    const source = lines.find((line) => line.startsWith('# Source: '));
    const own = source?.slice('# Source: '.length).trim();
    const before = sources.at(-1) ?? null;
    sources.push(own ?? (before !== null && BESIDE.test(before) ? before : null));
  }
  return sources;
}

/** True where a document stands for a Kubernetes object at all. */
export function isObject(value: JsonValue): value is JsonMap {
  return isMap(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string';
}
