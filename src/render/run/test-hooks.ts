import { field } from '../inputs/json-shape.js';
import type { RenderedObject } from './rendered-objects.js';

const TESTS: ReadonlySet<string> = new Set(['test', 'test-success', 'test-failure']);

/**
 * True for an object that `helm test` alone makes. `helm template --skip-tests` leaves out more: also a hook that is a
 * test beside something else, which is applied all the same.
 */
export function isTestHook(object: RenderedObject['object']): boolean {
  const events = field(object, 'metadata', 'annotations', 'helm.sh/hook');
  if (typeof events !== 'string') return false;
  return events.split(',').every((event) => TESTS.has(event.trim().toLowerCase()));
}
