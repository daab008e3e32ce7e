import type { TrustedConfig } from '../../config/index.js';
import type { EvaluationOptions } from './engine.js';

/** `policies.data` of the configuration as evaluations use it: answers to lookups, of the authorizer, of registries. */
export function declaredData({
  authorizer,
  imageData,
  ...answers
}: TrustedConfig['config']['policies']['data']): Pick<
  EvaluationOptions,
  'declared' | 'authorizer' | 'imageData'
> {
  const declared = new Map(Object.entries(answers));
  return { declared: () => declared, authorizer, imageData: new Map(Object.entries(imageData)) };
}
