import type { JsonValue } from '../../../contract/index.js';
import { type FieldPath, groupOf, isRecord, type KubernetesObject } from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { textOf } from '../world.js';

/** Where a deployment takes its manifests from. */
export interface Source {
  url: string;
  /** Branch, tag, commit, version or range; '' where none is said. */
  revision: string;
  /** What kind of revision is known to be meant. */
  type: 'git' | 'chart' | 'oci';
  /** True where the object itself says that the revision is a branch, tag, commit or range. */
  named: 'branch' | 'tag' | 'commit' | 'range' | null;
  path: FieldPath;
}

/** The sources that Argo CD and Flux objects name. */
export function sourcesOf(object: KubernetesObject): Source[] {
  const group = groupOf(textOf(object.apiVersion));
  if (group === 'argoproj.io') {
    return [['spec'], ['spec', 'template', 'spec']].flatMap((root) => argoSources(object, root));
  }
  if (group === 'source.toolkit.fluxcd.io') return fluxSources(object);
  if (group === 'helm.toolkit.fluxcd.io') {
    const chart = at(object, 'spec', 'chart', 'spec');
    if (!isRecord(chart)) return [];
    const path = ['spec', 'chart', 'spec', 'version'];
    return [{ url: textOf(chart.chart), revision: textOf(chart.version), type: 'chart', named: null, path }];
  }
  return [];
}

function argoSources(object: KubernetesObject, root: readonly string[]): Source[] {
  const one = at(object, ...root, 'source');
  const many = at(object, ...root, 'sources');
  const found: Source[] = [];
  const add = (source: JsonValue, path: FieldPath): void => {
    if (!isRecord(source) || typeof source.repoURL !== 'string') return;
    const revision = textOf(source.targetRevision);
    const type =
      typeof source.chart === 'string' ? 'chart' : source.repoURL.startsWith('oci://') ? 'oci' : 'git';
    found.push({ url: source.repoURL, revision, type, named: null, path: [...path, 'targetRevision'] });
  };
  if (one !== undefined) add(one, [...root, 'source']);
  if (Array.isArray(many))
    for (const [index, source] of many.entries()) add(source, [...root, 'sources', index]);
  return found;
}

function fluxSources(object: KubernetesObject): Source[] {
  const url = textOf(at(object, 'spec', 'url'));
  const ref = at(object, 'spec', 'ref');
  const refs = isRecord(ref) ? ref : {};
  const path = ['spec', 'ref'];
  if (object.kind === 'GitRepository') {
    const base = { url, type: 'git' as const, path };
    // The most exact of them wins, as in source-controller.
    if (textOf(refs.commit) !== '') return [{ ...base, revision: textOf(refs.commit), named: 'commit' }];
    if (textOf(refs.name) !== '') {
      const name = textOf(refs.name);
      const named = name.startsWith('refs/tags/') ? 'tag' : 'branch';
      return [{ ...base, revision: name.replace(/^refs\/(?:heads|tags)\//, ''), named }];
    }
    if (textOf(refs.semver) !== '') return [{ ...base, revision: textOf(refs.semver), named: 'range' }];
    if (textOf(refs.tag) !== '') return [{ ...base, revision: textOf(refs.tag), named: 'tag' }];
    return [{ ...base, revision: textOf(refs.branch) || 'master', named: 'branch' }];
  }
  if (object.kind === 'OCIRepository') {
    const base = { url, type: 'oci' as const, path };
    if (textOf(refs.digest) !== '') return [{ ...base, revision: textOf(refs.digest), named: 'commit' }];
    if (textOf(refs.semver) !== '') return [{ ...base, revision: textOf(refs.semver), named: 'range' }];
    return [{ ...base, revision: textOf(refs.tag), named: 'tag' }];
  }
  return [];
}

/** A URL as it may be shown: without user and password. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** One form for the many in which a repository's URL is written: `host/path`, without user, port and `.git`. */
export function sameRepository(a: string, b: string): boolean {
  return normaliseUrl(a) === normaliseUrl(b);
}

function normaliseUrl(url: string): string {
  const text = url
    .trim()
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const scp = /^(?:[^@/]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(text);
  if (scp !== null) return `${scp[1]}/${(scp[2] ?? '').replace(/^\/+/, '')}`;
  const full = /^[a-z0-9+.-]+:\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(text);
  return full === null ? text : `${full[1]}/${full[2]}`;
}
