import {
  containersOf,
  describeRef,
  type KubernetesObject,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import type { ObjectDifference } from '../model.js';
import { stringsOf } from '../world.js';
import type { Impact } from './impact.js';

/** Arguments by which programs that guard let everybody in, or look away; of whichever workload they are. */
const OPENINGS: readonly (readonly [argument: RegExp, says: string])[] = [
  [/^--disable-auth(?:=true)?$/, 'nobody has to log in'],
  [/^--enable-skip-login(?:=true)?$/, 'nobody has to log in'],
  [/^--anonymous-auth(?:=true)?$/, 'nobody has to log in'],
  [/^--authorization-mode=(?:.*,)?AlwaysAllow\b/, 'everything is allowed'],
  [/^--force-?failure-?policy-?ignore(?:=true)?$/i, 'what it cannot judge is let through'],
  [/^--exempt-namespace(?:-prefix|-suffix)?(?:=|$)/, 'it looks away from a namespace'],
  [/^--disable-admission-plugins(?:=|$)/, 'admission plugins are off'],
];

/** Workloads that newly run with such an argument. */
export function openings(object: ObjectDifference): Impact[] {
  if (object.base === null || object.result === null) return [];
  const before = new Set(argumentsOf(object.base.object));
  const added = [...new Set(argumentsOf(object.result.object))].filter((one) => !before.has(one));
  return OPENINGS.flatMap(([argument, says]): Impact[] => {
    const found = added.find((one) => argument.test(one));
    if (found === undefined) return [];
    return [
      {
        object,
        field: ['spec'],
        message: `${describeRef(object.ref)} now runs with ${found.replace(/=.*$/, '')}: ${says}`,
        help: 'Meant? An approving review opens this.',
        detail: ['opening', argument.source],
      },
    ];
  });
}

function argumentsOf(object: KubernetesObject): string[] {
  return podTemplatesOf(object)
    .flatMap((template) => containersOf(template))
    .flatMap(({ container }) => [...stringsOf(container.command), ...stringsOf(container.args)]);
}
