import type { Redactor } from '../../contract/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import { isObject, member } from './values/json.js';

/**
 * Tells the redactor every value of every Secret: a policy's message may repeat any part of an object that it judges.
 */
export function registerSecrets(manifests: Iterable<Manifest>, redactor: Redactor): void {
  for (const { object, ref } of manifests) {
    if (ref.kind !== 'Secret' || ref.apiVersion !== 'v1') continue;
    for (const key of ['data', 'stringData']) {
      const values = member(object, key);
      if (!isObject(values)) continue;
      for (const value of Object.values(values)) {
        if (typeof value !== 'string') continue;
        redactor.add(value);
        if (key === 'data') redactor.add(Buffer.from(value, 'base64'));
      }
    }
  }
}
