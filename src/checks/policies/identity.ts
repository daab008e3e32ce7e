import { containersOf, type KubernetesObject, podTemplatesOf } from '../../kubernetes/index.js';
import { member, memberAt } from './values/json.js';

/** Fields of a container, beside its command, that name what is run in it. */
const RUNS: readonly (readonly string[])[] = [
  ['lifecycle', 'postStart', 'exec'],
  ['lifecycle', 'preStop', 'exec'],
  ['startupProbe', 'exec'],
  ['livenessProbe', 'exec'],
  ['readinessProbe', 'exec'],
];

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
      RUNS.map((field) => member(memberAt(container, ...field), 'command') ?? null),
    ]),
  ]);
  return JSON.stringify(facts);
}
