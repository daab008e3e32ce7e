import { compileGlobs } from '../../config/index.js';
import { GateError, LIMITS } from '../../contract/index.js';
import { loadManifests } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import type { SideOutcome } from '../targets/plan.js';
import type { Side } from '../targets/side.js';
import { crossingGlob } from './crossing-glob.js';

/** Argo CD's reposerver.max.combined.directory.manifests.size. */
const MOST_BYTES = 10 * 1024 * 1024;
const SKIP = '+argocd:skip-file-rendering';

/**
 * The files of a directory source (reposerver/repository getPotentiallyValidManifests): YAML, JSON and Jsonnet, of
 * sub-folders only with `recurse`, `exclude` before `include`, both matched with the path from the source's folder.
 */
export function directoryFiles(side: Side, folder: string, options: JsonMap): string[] {
  const exclude = globOf(text(options, 'exclude'));
  const include = globOf(text(options, 'include'));
  const files: string[] = [];
  const walk = (at: string): void => {
    for (const [name, kind] of side.view.children(at) ?? []) {
      const path = at === '' ? name : `${at}/${name}`;
      if (kind === 'folder') {
        if (field(options, 'recurse') === true) walk(path);
        continue;
      }
      if (!/\.(ya?ml|json|jsonnet)$/.test(name)) continue;
      const relative = folder === '' ? path : path.slice(folder.length + 1);
      if (exclude?.(relative) === true || include?.(relative) === false) continue;
      files.push(path);
    }
  };
  walk(folder);
  return files.sort();
}

/** A glob of Argo CD's (gobwas without separators: `*` crosses folders). */
function globOf(pattern: string | null): ((path: string) => boolean) | null {
  if (pattern === null || pattern === '') return null;
  return compileGlobs([crossingGlob(closedBraces(pattern))]);
}

/** Braces that are never closed end with the pattern, and one alternative needs none, as gobwas reads them. */
function closedBraces(pattern: string): string {
  const open = pattern.split('{').length - pattern.split('}').length;
  const closed = pattern + '}'.repeat(Math.max(0, open));
  return closed.replace(/\{([^{},]*)\}/g, '$1');
}

/** The objects of the files, Lists flattened; files that ask to be skipped left out. */
export async function readDirectory(
  side: Side,
  files: readonly string[],
  options: JsonMap,
): Promise<SideOutcome> {
  const objects: RenderedObject[] = [];
  let bytesRead = 0;
  if (files.some((path) => path.endsWith('.jsonnet')) || list(options, 'jsonnet', 'libs').length > 0) {
    throw new Unresolved('it is made with Jsonnet, which the gate does not run');
  }
  for (const path of files) {
    const real = side.view.resolve('', path);
    if (real.kind === 'refused') return failed(real.reason);
    if (real.kind !== 'file') continue;
    let bytes: Buffer;
    try {
      bytes = await side.view.read(real.path, LIMITS.manifestBytes);
    } catch (error) {
      if (!(error instanceof GateError) || error.code !== 'limit') throw error;
      return { status: 'failed', reason: error.message, lasting: false };
    }
    if (bytes.includes(SKIP)) continue;
    bytesRead += bytes.length;
    if (bytesRead > MOST_BYTES)
      return failed(`its manifests are larger than ${MOST_BYTES / 1024 ** 2} MiB together`);
    if (path.endsWith('.json') && !isJsonObject(bytes)) return failed(`${path} is not one JSON object`);
    const { manifests, problems, misfits } = loadManifests(bytes, real.path);
    const fatal = [...problems, ...misfits].find((problem) => problem.fatal);
    // What does not look like a manifest may be anything (validateManifests of Argo CD).
    if (fatal !== undefined && looksLikeManifest(bytes))
      return failed(`${path}:${fatal.line}: ${fatal.message}`);
    for (const { object } of manifests) if (isMap(object)) objects.push({ object, path: real.path });
  }
  return { status: 'rendered', objects };
}

/** A file that says it is JSON must hold a single object (findManifests). */
function isJsonObject(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function failed(reason: string): SideOutcome {
  return { status: 'failed', reason, lasting: true };
}

function looksLikeManifest(bytes: Buffer): boolean {
  return ['apiVersion:', 'kind:', 'metadata:'].every((word) => bytes.includes(word));
}
