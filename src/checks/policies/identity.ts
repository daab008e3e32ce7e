import { containersOf, type KubernetesObject, podTemplatesOf } from '../../kubernetes/index.js';

/**
 * What a workload runs, and as whom. When it changes, what was tolerated of the old one is not tolerated of the new one.
 */
export function identityOf(object: KubernetesObject): string {
  const facts = podTemplatesOf(object).map((template) => [
    template.spec.serviceAccountName ?? template.spec.serviceAccount ?? null,
    containersOf(template).map(({ role, container }) => [
      role,
      container.name ?? null,
      container.image ?? null,
      container.command ?? null,
      container.args ?? null,
    ]),
  ]);
  return JSON.stringify(facts);
}
