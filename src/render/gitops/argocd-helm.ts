import { stringify } from 'yaml';
import { type ClusterConfig, compileGlobs } from '../../config/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { joinPath } from '../inputs/tree-view.js';
import { IN_CHART } from '../targets/archive-plan.js';
import type { HelmCall } from '../targets/helm-plan.js';
import type { Side } from '../targets/side.js';
import { envsubst, isTrue } from './argocd-environment.js';
import { nameOf } from './kinds.js';

/** A values file that Argo CD would not find: the Application fails there too. */
export class MissingValuesFile extends Error {
  constructor(path: string) {
    super(`the values file ${path} does not exist`);
    this.name = 'MissingValuesFile';
  }
}

export interface ArgoHelmInput {
  side: Side;
  application: JsonMap;
  /** Folder of the chart. */
  folder: string;
  /** The source's `helm`. */
  options: JsonMap;
  environment: ReadonlyMap<string, string>;
  /** Sources with a `ref`: true where they are this repository. */
  references: ReadonlyMap<string, boolean>;
  cluster: ClusterConfig | null;
  /** True for a chart of elsewhere: what no `$ref` leads to lies in the chart. */
  fetched?: boolean;
}

/**
 * How Argo CD calls helm for a source (reposerver/repository helmTemplate, util/helm/cmd.go template). Test hooks are
 * left out: Argo CD has no such hook and applies none of them.
 */
export function argoHelmCall(input: ArgoHelmInput): HelmCall {
  const { application, options, environment, cluster } = input;
  const inline = inlineValues(options);
  return {
    release: text(options, 'releaseName') || nameOf(application),
    namespace:
      text(options, 'namespace') ||
      (text(application, 'spec', 'destination', 'namespace') ?? '') ||
      'default',
    valuesFiles: valuesFiles(input),
    inlineValues: inline === null ? [] : [inline],
    extra: parameters(input, environment),
    includeCrds: !isTrue(options, 'skipCrds'),
    skipSchema: isTrue(options, 'skipSchemaValidation'),
    kubernetesVersion: text(options, 'kubeVersion') || cluster?.kubernetesVersion,
    apiVersions:
      strings(options, 'apiVersions').length > 0 ? strings(options, 'apiVersions') : cluster?.apiVersions,
  };
}

/** `valuesObject` wins over `values` (ValuesYAML). */
function inlineValues(options: JsonMap): Buffer | null {
  const object = field(options, 'valuesObject');
  if (isMap(object)) return Buffer.from(stringify(object, { version: '1.1', aliasDuplicateObjects: false }));
  const written = text(options, 'values') ?? '';
  return written === '' ? null : Buffer.from(written);
}

function parameters(input: ArgoHelmInput, environment: ReadonlyMap<string, string>): string[] {
  const args: string[] = [];
  for (const parameter of list(input.options, 'parameters').filter(isMap)) {
    const flag = isTrue(parameter, 'forceString') ? '--set-string' : '--set';
    const value = escapeCommas(envsubst(text(parameter, 'value') ?? '', environment));
    args.push(flag, `${text(parameter, 'name') ?? ''}=${value}`);
  }
  for (const parameter of list(input.options, 'fileParameters').filter(isMap)) {
    const written = substituted(input, text(parameter, 'path') ?? '');
    const name = text(parameter, 'name') ?? '';
    // A name may not bring assignments of its own, which could name any file.
    if (/[,=\\]/.test(name)) throw new Unresolved('the name of a file parameter holds more than a name');
    const path = ownPath(input, written);
    if (input.side.view.resolve('', path).kind !== 'file') throw new MissingValuesFile(written);
    // Braces make a list of it, whose items helm would read as further assignments.
    if (/[{}\\]/.test(path)) throw new Unresolved(`helm would not read ${written} as the name of one file`);
    args.push('--set-file', `${name}=./${escapeCommas(path)}`);
  }
  return args;
}

/** `,` separates assignments in `--set`, unless the value is a list in braces (cleanSetParameters). */
function escapeCommas(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value;
  return value.replace(/([^\\]),/g, '$1\\,');
}

/** Files named by `fileParameters`, which the chart's own files may not hold. */
export function fileParameterPaths(input: ArgoHelmInput): string[] {
  return list(input.options, 'fileParameters')
    .filter(isMap)
    .map((parameter) => ownPath(input, substituted(input, text(parameter, 'path') ?? '')));
}

/**
 * `valueFiles` in the tree (util/argo/resolved_value_files.go): from the chart's folder, from the root with a leading
 * slash, from another source's root as `$ref/…`; globs in lexical order; each file once.
 */
function valuesFiles(input: ArgoHelmInput): string[] {
  const { side, options } = input;
  const ignoreMissing = isTrue(options, 'ignoreMissingValueFiles');
  const written = strings(options, 'valueFiles');
  const explicit = new Set(
    written.filter((path) => !/[*?[]/.test(path)).map((path) => tryPath(input, substituted(input, path))),
  );
  const files: string[] = [];
  for (const entry of written) {
    const path = ownPath(input, substituted(input, entry));
    if (path.startsWith(IN_CHART)) {
      if (/[*?[]/.test(entry))
        throw new Unresolved(`its values ${entry} are a pattern inside of a fetched chart`);
      files.push(path);
    } else if (/[*?[]/.test(entry)) {
      const matches = compileGlobs([path]);
      const found = [...side.view.files.keys()].filter((file) => matches(file) && !explicit.has(file)).sort();
      if (found.length === 0 && !ignoreMissing) throw new MissingValuesFile(entry);
      files.push(...found);
    } else {
      const { kind } = side.view.resolve('', path);
      if (kind === 'file') files.push(path);
      // A folder is there, so helm is told to read it, and fails.
      else if (!ignoreMissing || kind === 'folder') throw new MissingValuesFile(entry);
    }
  }
  return [...new Set(files)];
}

function tryPath(input: ArgoHelmInput, path: string): string | null {
  try {
    return ownPath(input, path);
  } catch (error) {
    if (error instanceof Unresolved) return null;
    throw error;
  }
}

/** `$ref/…` of a source keeps its reference; every other variable is of the build environment. */
function substituted({ environment, references }: ArgoHelmInput, path: string): string {
  const reference = /^\$([^/]+)\//.exec(path);
  if (reference === null || !references.has(reference[1] ?? '')) return envsubst(path, environment);
  return `$${reference[1]}/${envsubst(path.slice(reference[0].length), environment)}`;
}

function ownPath(input: ArgoHelmInput, written: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    throw new Unresolved(
      `its values come from ${withoutCredentials(written)}, which is not in the repository`,
    );
  }
  const reference = /^\$([^/]+)\/(.*)$/.exec(written);
  let path: string | null;
  if (reference !== null) {
    const own = input.references.get(reference[1] ?? '');
    if (own === undefined) throw new Unresolved(`no source has the ref ${reference[1]} of ${written}`);
    if (!own) throw new Unresolved(`its values ${written} come from another repository`);
    path = joinPath('', reference[2] ?? '');
  } else {
    path = written.startsWith('/')
      ? joinPath('', written.replace(/^\/+/, ''))
      : joinPath(input.folder, written);
    if (path !== null && input.fetched === true) return `${IN_CHART}${path}`;
  }
  if (path === null) throw new Unresolved(`${written} leads out of the repository`);
  return path;
}
