import type { FieldPath } from '../../../kubernetes/index.js';

/** A way by which traffic gets in: who serves it, for which host, by which match. */
export interface TrafficRoute {
  /** Equal for two objects that ask for the same traffic, if they ask for it at the same door. */
  key: string;
  /** The door among those of the key (a listener, an entry point); '' for all of them. */
  door: string;
  host: string;
  /** What else people call it by: a path, or a port. */
  path: string;
  /** Where in the object it is asked for. */
  field: FieldPath;
}

/** True where two objects would get the same traffic. */
export function collide(a: TrafficRoute, b: TrafficRoute): boolean {
  return a.key === b.key && (a.door === b.door || a.door === '' || b.door === '');
}
