import { isMap, type JsonMap } from '../inputs/json-shape.js';
import { assign, plainMap, type SharedMap, sharedMap } from './helm-strvals.js';

/**
 * The values of a HelmRelease as they are put together (fluxcd/pkg/chartutil ChartValuesFromReferences): references in
 * their order, inline values last. What a reference sets at a target path is set in what inline values were merged
 * into, and in the inline values themselves where that is one mapping with theirs: so `a.b` wins over inline values that
 * have an `a`, and a target path without a dot does not.
 */
export class ReleaseValues {
  readonly #inline: SharedMap;
  #result: SharedMap = new Map();

  constructor(inline: JsonMap) {
    this.#inline = sharedMap(inline);
  }

  /** Values of a reference without a target path. */
  merge(values: JsonMap): void {
    this.#result = mergedShared(this.#result, sharedMap(values));
  }

  /**
   * A reference with a target path (ReplacePathValue): read like `--set`, quoted text like `--set-string`.
   * @throws AssignmentError where helm would fail
   */
  assign(path: string, value: string): void {
    const quoted = /^(?:'[\s\S]*'|"[\s\S]*"|['"])$/.test(value);
    const plain = quoted ? value.replace(/^['"]+|['"]+$/g, '') : value;
    this.#result = mergedShared(this.#result, this.#inline);
    assign(`${path}=${plain}`, this.#result, !quoted);
  }

  /** A reference with a target path whose value is text as it stands (ReplacePathLiteralValue). @throws AssignmentError */
  assignText(path: string, value: string): void {
    this.#result = mergedShared(this.#result, this.#inline);
    assign(`${path}=${value.replace(/[\\,{}[\]=.]/g, '\\$&')}`, this.#result, false);
  }

  whole(): JsonMap {
    return plainMap(mergedShared(this.#result, this.#inline));
  }
}

/** Mappings deeply, everything else replaced by the later one; what only one side has is shared with it (MergeMaps). */
function mergedShared(base: SharedMap, over: SharedMap): SharedMap {
  const made: SharedMap = new Map(base);
  for (const [key, value] of over) {
    const old = made.get(key);
    made.set(key, value instanceof Map && old instanceof Map ? mergedShared(old, value) : value);
  }
  return made;
}

/** Values as Helm merges them: mappings deeply, everything else replaced by the later one. */
export function mergeValues(base: JsonMap, over: JsonMap): JsonMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    merged.set(key, isMap(old) && isMap(value) ? mergeValues(old, value) : value);
  }
  return Object.fromEntries(merged);
}
