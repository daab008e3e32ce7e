import { stringify } from 'yaml';
import { type ClusterConfig, compileGlobs } from '../../config/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { joinPath, type TreeView } from '../inputs/tree-view.js';
import type { PlacedFile } from '../run/workspace.js';
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

/** What a source with a `ref` holds, as values files of other sources see it. */
export type ReferencedTree =
  | {
      view: TreeView;
      /** Folder of the layout that its files are put in; '' for the tree that is rendered itself. */
      mount: string;
      /** The only files of it that may be read; all where absent. */
      only?: ReadonlySet<string>;
    }
  /** It is to be brought: what it holds is left out for now, and that it was asked for is told. */
  | { asked: () => void }
  | { refused: string };

export interface ArgoHelmInput {
  side: Side;
  application: JsonMap;
  /** Folder of the chart. */
  folder: string;
  /** The source's `helm`. */
  options: JsonMap;
  environment: ReadonlyMap<string, string>;
  /** Where each `$ref` leads. */
  references: ReadonlyMap<string, ReferencedTree>;
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
  const [files, named] = [valuesFiles(input), fileParameterPaths(input)];
  return {
    release: text(options, 'releaseName') || nameOf(application),
    namespace:
      text(options, 'namespace') ||
      (text(application, 'spec', 'destination', 'namespace') ?? '') ||
      'default',
    valuesFiles: files,
    files: named,
    placed: placedFiles(input, [...files, ...named]),
    inlineValues: inline === null ? [] : [inline],
    extra: parameters(input, environment),
    includeCrds: !isTrue(options, 'skipCrds'),
    skipTests: isTrue(options, 'skipTests'),
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
    const place = placeOf(input, written);
    if (place === null) continue;
    if (place.view.resolve('', place.path).kind !== 'file') throw new MissingValuesFile(written);
    const path = laidOut(place);
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
function fileParameterPaths(input: ArgoHelmInput): string[] {
  return list(input.options, 'fileParameters')
    .filter(isMap)
    .flatMap((parameter) => {
      const place = placeOf(input, substituted(input, text(parameter, 'path') ?? ''));
      return place === null ? [] : [laidOut(place)];
    });
}

/** Files of this and other trees that a source names by a `$ref`, as far as they are there; globs expanded. */
export function referencedFiles(input: ArgoHelmInput, view: TreeView): string[] {
  const written = [
    ...strings(input.options, 'valueFiles'),
    ...list(input.options, 'fileParameters').map((parameter) => text(parameter, 'path') ?? ''),
  ];
  return written.flatMap((entry) => {
    if (!entry.startsWith('$')) return [];
    const place = placeOf(input, substituted(input, entry));
    if (place === null || place.view !== view || place.inChart) return [];
    if (isPattern(entry)) return matching(place);
    return view.resolve('', place.path).kind === 'file' ? [place.path] : [];
  });
}

/**
 * `valueFiles` in the tree (util/argo/resolved_value_files.go): from the chart's folder, from the root with a leading
 * slash, from another source's root as `$ref/…`; globs in lexical order; each file once.
 */
function valuesFiles(input: ArgoHelmInput): string[] {
  const { options } = input;
  const ignoreMissing = isTrue(options, 'ignoreMissingValueFiles');
  const written = strings(options, 'valueFiles');
  const explicit = new Set(written.filter((path) => !isPattern(path)).map((path) => tryPath(input, path)));
  const files: string[] = [];
  for (const entry of written) {
    const place = placeOf(input, substituted(input, entry));
    if (place === null) continue;
    if (place.inChart) {
      if (isPattern(entry))
        throw new Unresolved(`its values ${entry} are a pattern inside of a fetched chart`);
      files.push(`${IN_CHART}${place.path}`);
    } else if (isPattern(entry)) {
      const found = matching(place).filter((path) => !explicit.has(laidOut({ ...place, path })));
      if (found.length === 0 && !ignoreMissing) throw new MissingValuesFile(entry);
      files.push(...found.map((path) => laidOut({ ...place, path })));
    } else {
      const { kind } = place.view.resolve('', place.path);
      if (kind === 'file') files.push(laidOut(place));
      // A folder is there, so helm is told to read it, and fails.
      else if (!ignoreMissing || kind === 'folder') throw new MissingValuesFile(entry);
    }
  }
  return [...new Set(files)];
}

function isPattern(entry: string): boolean {
  return /[*?[]/.test(entry);
}

function matching({ view, path, only }: Place): string[] {
  const matches = compileGlobs([path]);
  return [...view.files.keys()].filter((file) => matches(file) && only?.has(file) !== false).sort();
}

function tryPath(input: ArgoHelmInput, entry: string): string | null {
  try {
    const place = placeOf(input, substituted(input, entry));
    return place === null ? null : laidOut(place);
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

/** Where a path leads: a tree, and the folder of the layout that it is put in. */
interface Place {
  view: TreeView;
  mount: string;
  path: string;
  inChart: boolean;
  only?: ReadonlySet<string> | undefined;
}

function laidOut({ mount, path }: Place): string {
  return mount === '' ? path : `${mount}/${path}`;
}

/** Where a values file lies; null in a tree that is still to be brought. @throws Unresolved */
function placeOf(input: ArgoHelmInput, written: string): Place | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    throw new Unresolved(
      `its values come from ${withoutCredentials(written)}, which is not in the repository`,
    );
  }
  const leaving = (): Unresolved => new Unresolved(`${written} leads out of the repository`);
  const reference = /^\$([^/]+)\/(.*)$/.exec(written);
  if (reference === null) {
    const path = written.startsWith('/')
      ? joinPath('', written.replace(/^\/+/, ''))
      : joinPath(input.folder, written);
    if (path === null) throw leaving();
    return { view: input.side.view, mount: '', path, inChart: input.fetched === true };
  }
  const tree = input.references.get(reference[1] ?? '');
  if (tree === undefined) throw new Unresolved(`no source has the ref ${reference[1]} of ${written}`);
  if ('refused' in tree) throw new Unresolved(`its values ${written} are not at hand: ${tree.refused}`);
  const path = joinPath('', reference[2] ?? '');
  if (path === null) throw leaving();
  if ('asked' in tree) {
    tree.asked();
    return null;
  }
  const { view, mount, only } = tree;
  if (only !== undefined && !isPattern(path) && view.resolve('', path).kind === 'file' && !only.has(path)) {
    throw new Unresolved(
      `${written} is named by an override file of another repository, which is not followed`,
    );
  }
  return { view, mount, path, inChart: false, only };
}

/** Files of other trees by where they are put. */
function placedFiles({ references }: ArgoHelmInput, paths: readonly string[]): Map<string, PlacedFile> {
  const placed = new Map<string, PlacedFile>();
  for (const tree of references.values()) {
    if (!('view' in tree) || tree.mount === '') continue;
    for (const path of paths) {
      if (!path.startsWith(`${tree.mount}/`)) continue;
      const found = tree.view.resolve('', path.slice(tree.mount.length + 1));
      if (found.kind === 'refused') throw new Unresolved(found.reason);
      const file = found.kind === 'file' ? tree.view.files.get(found.path) : undefined;
      if (file !== undefined) placed.set(path, { view: tree.view, file });
    }
  }
  return placed;
}
