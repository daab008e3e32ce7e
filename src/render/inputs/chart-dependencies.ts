import { createHash } from 'node:crypto';
import type { JsonValue } from '../../contract/index.js';
import { field, isMap, type JsonMap, list, strings, text } from './json-shape.js';

/** A dependency as Chart.yaml or requirements.yaml wants it. */
export interface WantedDependency {
  name: string;
  /** Exact, or a range; of the lock where there is one. */
  version: string;
  repository: string;
}

/** What a chart wants, with the versions of its lock. */
export interface WantedDependencies {
  wanted: readonly WantedDependency[];
  /** Why `helm dependency build` refuses the lock; null where it is in order or there is none. */
  lockProblem: string | null;
}

/**
 * The dependencies of a chart by the files that say so (Helm pkg/downloader manager.go Build): the lock's versions where
 * it fits, else what Chart.yaml says.
 * @param chart of Chart.yaml
 * @param old of requirements.yaml (Helm 2)
 * @param lock of Chart.lock or requirements.lock; null where there is none
 */
export function wantedDependencies(
  chart: JsonValue,
  old: JsonValue,
  lock: JsonValue | undefined,
): WantedDependencies {
  const written = [...list(chart, 'dependencies'), ...list(old, 'dependencies')].filter(isMap);
  const wanted = written.map(dependency);
  if (lock === undefined) return { wanted, lockProblem: null };
  const locked = list(lock, 'dependencies').filter(isMap);
  const digest = text(lock, 'digest') ?? '';
  const fits =
    digest === requirementsDigest(written, locked) ||
    (text(chart, 'apiVersion') === 'v1' && digest === oldDigest(written));
  const [lockFile, file] =
    text(chart, 'apiVersion') === 'v1'
      ? ['requirements.lock', 'requirements.yaml']
      : ['Chart.lock', 'Chart.yaml'];
  const versions = locked.map(dependency);
  return {
    wanted: wanted.map((one, index) => {
      const same = versions[index]?.name === one.name ? versions[index] : undefined;
      const found = same ?? versions.find(({ name }) => name === one.name);
      return found === undefined ? one : { ...one, version: found.version, repository: found.repository };
    }),
    lockProblem: fits
      ? null
      : `the lock file (${lockFile}) is out of sync with the dependencies file (${file}): run \`helm dependency update\``,
  };
}

function dependency(written: JsonMap): WantedDependency {
  return {
    name: text(written, 'name') ?? '',
    version: text(written, 'version') ?? '',
    repository: text(written, 'repository') ?? '',
  };
}

/** The digest that Helm 3 and 4 keep in a lock (internal/resolver HashReq): of what is wanted and what was found. */
export function requirementsDigest(wanted: readonly JsonMap[], locked: readonly JsonMap[]): string {
  return digestOf(`[${goList(wanted)},${goList(locked)}]`);
}

/** Helm 2's (HashV2Req). */
function oldDigest(wanted: readonly JsonMap[]): string {
  return digestOf(`{"dependencies":${goList(wanted)}}`);
}

function digestOf(json: string): string {
  return `sha256:${createHash('sha256').update(json).digest('hex')}`;
}

/** As Go's encoding/json writes `[]*chart.Dependency`: fields in the struct's order, empty ones left out. */
function goList(dependencies: readonly JsonMap[]): string {
  const written = dependencies.map((one) => {
    const optional = (name: string): string | undefined => text(one, name) || undefined;
    const tags = strings(one, 'tags');
    const imports = list(one, 'import-values');
    return {
      name: text(one, 'name') ?? '',
      version: optional('version'),
      repository: text(one, 'repository') ?? '',
      condition: optional('condition'),
      tags: tags.length === 0 ? undefined : tags,
      enabled: field(one, 'enabled') === true ? true : undefined,
      'import-values': imports.length === 0 ? undefined : imports.map(sorted),
      alias: optional('alias'),
    };
  });
  return JSON.stringify(written).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Go sorts the keys of maps. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
