import { parse, stringify } from 'yaml';
import { field, isMap, type JsonMap } from '../inputs/json-shape.js';
import { joinPath } from '../inputs/tree-view.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import type { BroughtBases } from './remote-bases.js';

/** Annotations that `buildMetadata` asks for: where an object and its transformations come from. */
const ANNOTATIONS = ['config.kubernetes.io/origin', 'alpha.config.kubernetes.io/transformations'] as const;

/**
 * An object whose own kustomization asks for origins (`buildMetadata`), with those of fetched bases as kustomize writes
 * them of its clones: path in the repository, repository and revision (api/resource origin.go).
 */
export function withRemoteOrigins(
  made: RenderedObject,
  folder: string,
  brought: BroughtBases,
): RenderedObject {
  const metadata = field(made.object, 'metadata');
  const annotations = field(made.object, 'metadata', 'annotations');
  if (!isMap(metadata) || !isMap(annotations)) return made;
  const changed: JsonMap = { ...annotations };
  for (const name of ANNOTATIONS) {
    const written = Object.hasOwn(annotations, name) ? annotations[name] : undefined;
    if (typeof written === 'string') changed[name] = translated(written, folder, brought);
  }
  return { ...made, object: { ...made.object, metadata: { ...metadata, annotations: changed } } };
}

function translated(written: string, folder: string, brought: BroughtBases): string {
  const value: unknown = parse(written);
  const one = (entry: unknown): unknown => {
    if (typeof entry !== 'object' || entry === null) return entry;
    const fields = new Map(Object.entries(entry));
    const key = fields.has('configuredIn') ? 'configuredIn' : 'path';
    const path = fields.get(key);
    const joined = typeof path === 'string' ? joinPath(folder, path) : null;
    const origin = joined === null ? null : brought.originOf(joined);
    if (origin === null) return entry;
    const from = {
      ...(origin.repo === '' ? {} : { repo: origin.repo }),
      ...(origin.ref === null ? {} : { ref: origin.ref }),
    };
    const by = fields.get('configuredBy');
    return key === 'path'
      ? { path: origin.path, ...from }
      : { ...from, configuredIn: origin.path, ...(by === undefined ? {} : { configuredBy: by }) };
  };
  const whole = Array.isArray(value) ? value.map(one) : one(value);
  return stringify(whole, { lineWidth: 0 });
}
