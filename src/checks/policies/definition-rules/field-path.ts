import type { FieldPath } from '../../../kubernetes/index.js';

const STEP = /^(?:\.([^.[\]]+)|\['((?:\\.|[^'\\])*)'\])/;
const LONGEST = 1_000;

/**
 * A rule's `fieldPath` (`.spec.replicas`, `.labels['a.b']`), relative to where the rule stands; [] for one that is none.
 * Source: ValidFieldPath in apiextensions-apiserver pkg/apiserver/schema/cel/validation.go.
 */
export function parseFieldPath(source: string): FieldPath {
  const path: string[] = [];
  let rest = source.length > LONGEST ? '' : source;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null) return [];
    path.push(match[1] ?? (match[2] ?? '').replace(/\\(.)/g, '$1'));
    rest = rest.slice(match[0].length);
  }
  return path;
}
