import type { JsonValue } from '../../../contract/index.js';
import {
  containersOf,
  type KubernetesObject,
  type Manifest,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { at, manifestsOf, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, stringsOf, textOf, type World } from '../world.js';

/** A reference of a Flux object to another, and where it stands. */
export interface FluxReference {
  /** `Kind namespace/name`. */
  to: string;
  namespace: string;
  path: readonly (string | number)[];
}

/** Kinds whose controllers obey --no-cross-namespace-refs, and where they refer to others. */
const REFERRING: ReadonlyMap<string, { controller: string; one: string[][]; many: string[][] }> = new Map([
  [
    'kustomize.toolkit.fluxcd.io/Kustomization',
    { controller: 'kustomize-controller', one: [['spec', 'sourceRef']], many: [] },
  ],
  [
    'helm.toolkit.fluxcd.io/HelmRelease',
    {
      controller: 'helm-controller',
      one: [
        ['spec', 'chart', 'spec', 'sourceRef'],
        ['spec', 'chartRef'],
      ],
      many: [],
    },
  ],
  [
    'image.toolkit.fluxcd.io/ImagePolicy',
    { controller: 'image-reflector-controller', one: [['spec', 'imageRepositoryRef']], many: [] },
  ],
  [
    'image.toolkit.fluxcd.io/ImageUpdateAutomation',
    { controller: 'image-automation-controller', one: [['spec', 'sourceRef']], many: [] },
  ],
  [
    'notification.toolkit.fluxcd.io/Alert',
    { controller: 'notification-controller', one: [], many: [['spec', 'eventSources']] },
  ],
  [
    'notification.toolkit.fluxcd.io/Receiver',
    { controller: 'notification-controller', one: [], many: [['spec', 'resources']] },
  ],
]);

/** The controller that reads objects of a kind, or null. */
export function controllerOf(apiVersion: string, kind: string): string | null {
  return REFERRING.get(kindKey(apiVersion, kind))?.controller ?? null;
}

/** References of a Flux object to other namespaces than its own. */
export function foreignReferences(object: KubernetesObject | null, namespace: string): FluxReference[] {
  if (object === null) return [];
  const known = REFERRING.get(kindKey(textOf(object.apiVersion), textOf(object.kind)));
  if (known === undefined) return [];
  const references = [
    ...known.one.map((path) => ({ path, value: at(object, ...path) })),
    ...known.many.flatMap((path) =>
      recordsOf(at(object, ...path)).map((value, index): { path: (string | number)[]; value: JsonValue } => ({
        path: [...path, index],
        value,
      })),
    ),
  ];
  return references.flatMap(({ path, value }) => {
    const other = textOf(at(value, 'namespace'));
    if (other === '' || other === namespace) return [];
    const kind = textOf(at(value, 'kind')) || 'ImageRepository';
    return [{ to: `${kind} ${other}/${textOf(at(value, 'name'))}`, namespace: other, path }];
  });
}

/** True for kinds that Flux applies with the rights of an account. */
export function isImpersonating({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  const key = kindKey(apiVersion, kind);
  return key === 'kustomize.toolkit.fluxcd.io/Kustomization' || key === 'helm.toolkit.fluxcd.io/HelmRelease';
}

/** True where a change of the target can only be judged by knowing how the cluster's Flux controllers are set. */
export function crossesNamespaces({ objects }: TargetDifference): boolean {
  return objects.some(({ ref, result }) => {
    if (result === null) return false;
    if (foreignReferences(result.object, ref.namespace).length > 0) return true;
    return isImpersonating(ref) && at(result.object, 'spec', 'serviceAccountName') === undefined;
  });
}

/** What a controller was told by its arguments. */
export interface ControllerSettings {
  refusesForeign: boolean;
  /** The account it acts as where an object names none; '' for its own rights. */
  defaultAccount: string;
}

/**
 * How a controller of a target's cluster will be set, or null where it is not among the objects at hand. Source: Flux'
 * documentation, "Multi-tenancy lockdown"; flux-operator, FluxInstance spec.cluster.multitenant.
 */
export function controllerSettings(
  controller: string,
  target: TargetDifference,
  world: World,
): ControllerSettings | null {
  const outcomes =
    target.target.cluster === null
      ? [target.result]
      : world.renderedOf(target.target.cluster).map(({ result }) => result);
  for (const manifest of outcomes.flatMap(manifestsOf)) {
    const found = settingsIn(manifest, controller);
    if (found !== null) return found;
  }
  return null;
}

function settingsIn({ ref, object }: Manifest, controller: string): ControllerSettings | null {
  if (kindKey(ref.apiVersion, ref.kind) === 'fluxcd.controlplane.io/FluxInstance') {
    if (at(object, 'spec', 'cluster', 'multitenant') !== true) return null;
    return {
      refusesForeign: true,
      defaultAccount: textOf(at(object, 'spec', 'cluster', 'tenantDefaultServiceAccount')) || 'default',
    };
  }
  if (kindKey(ref.apiVersion, ref.kind) !== 'apps/Deployment' || ref.name !== controller) return null;
  return settingsOf(argumentsOf(object));
}

/** Arguments of every container of a workload. */
export function argumentsOf(object: KubernetesObject): string[] {
  return podTemplatesOf(object).flatMap((template) =>
    containersOf(template).flatMap(({ container }) => [
      ...stringsOf(container.command),
      ...stringsOf(container.args),
    ]),
  );
}

function settingsOf(args: readonly string[]): ControllerSettings {
  // The last of repeated flags wins (pflag); a flag without a value is true.
  const flag = (name: string): string | null => {
    const found = args.filter((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)).at(-1);
    return found === undefined ? null : (found.split('=', 2)[1] ?? 'true');
  };
  return {
    refusesForeign: /^(?:true|t|1)$/i.test(flag('no-cross-namespace-refs') ?? ''),
    defaultAccount: flag('default-service-account') ?? '',
  };
}
