import type { Suppression } from '../../contract/index.js';
import { ignoredBy } from './ignore-annotation.js';
import type { PlacedViolation } from './ratchet.js';

/**
 * What accepts a violation, besides the configuration's exceptions (the gate's to apply): a PolicyException of the base,
 * or the annotation of the object as it stands there.
 */
export function acceptedBy(now: Date): (placed: PlacedViolation) => Suppression | null {
  return ({ violation, before }) => violation.excepted ?? ignoredBy(violation, before, now);
}
