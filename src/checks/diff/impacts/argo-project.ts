import { matchesGlob, matchesText } from '../../../config/index.js';
import type { JsonValue } from '../../../contract/index.js';
import {
  describeRef,
  groupOf,
  isClusterScoped,
  isRecord,
  type Manifest,
  scopesOf,
} from '../../../kubernetes/index.js';
import { at, manifestsOf, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, stringsOf, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { shownUrl, sourcesOf } from './sources.js';

/**
 * Applications that their AppProject does not allow: Argo CD refuses to sync them.
 * Source: argo-cd pkg/apis/application/v1alpha1/app_project_types.go.
 */
export const argoProject: ImpactRule = {
  describe: {
    id: 'diff/argo-project',
    title: 'An AppProject does not allow what its Application does',
    why: 'Argo CD refuses to sync: nothing of the change arrives.',
    help: 'Use a source, destination and kinds that the project allows, or widen the project in a change of its own.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return [
      ...target.objects.flatMap((object) =>
        object.result === null ? [] : applicationImpacts(object.result, object, world),
      ),
      ...narrowedProjects(target, world),
      ...objectImpacts(target, world),
    ];
  },
};

const HELP = 'Use what the project allows, or widen the project in a change of its own.';

/** The project that an Application names, as it will be. */
function projectOf(application: Manifest, world: World): Manifest | null {
  const name = textOf(at(application.object, 'spec', 'project')) || 'default';
  return world.project(name);
}

function isApplication({ ref }: Manifest): boolean {
  return kindKey(ref.apiVersion, ref.kind) === 'argoproj.io/Application';
}

/** Applications that stay as they are under a project that no longer allows them. */
function narrowedProjects(target: TargetDifference, world: World): Impact[] {
  const scope = world.scopeOf(target);
  const changed = new Set(target.objects.map(({ result }) => result));
  return target.objects.flatMap((object): Impact[] => {
    const { ref, base, result } = object;
    if (kindKey(ref.apiVersion, ref.kind) !== 'argoproj.io/AppProject') return [];
    if (base === null || result === null) return [];
    return scope.result
      .ofKind('argoproj.io/Application')
      .filter((application) => !changed.has(application))
      .filter(({ object: one }) => (textOf(at(one, 'spec', 'project')) || 'default') === ref.name)
      .flatMap((application) => {
        const before = new Set(
          refusals(application, null, base, world).map(({ detail }) => JSON.stringify(detail)),
        );
        return refusals(application, null, result, world).filter(
          ({ detail }) => !before.has(JSON.stringify(detail)),
        );
      })
      .map((impact) => ({
        ...impact,
        help: `Allow it in ${describeRef(ref)}, or change the Application first.`,
      }));
  });
}

function applicationImpacts(application: Manifest, object: ObjectDifference, world: World): Impact[] {
  if (!isApplication(application)) return [];
  const project = projectOf(application, world);
  return project === null ? [] : refusals(application, object, project, world);
}

/** What a project does not allow of an Application. */
function refusals(
  application: Manifest,
  object: ObjectDifference | null,
  project: Manifest,
  world: World,
): Impact[] {
  const impacts: Impact[] = [];
  const ref = application.ref;
  const { namespace } = project.ref;
  const spaces = stringsOf(at(project.object, 'spec', 'sourceNamespaces'));
  // Beside its project's own namespace (Argo CD's) an Application may lie only where the project says.
  if (
    ref.namespace !== '' &&
    namespace !== '' &&
    ref.namespace !== namespace &&
    !spaces.some((pattern) => matchesText(pattern, ref.namespace))
  ) {
    impacts.push({
      object,
      manifest: application,
      field: ['metadata', 'namespace'],
      message: `${describeRef(ref)}: AppProject ${project.ref.name} does not allow Applications in ${ref.namespace}`,
      help: HELP,
      detail: ['namespace', ref.namespace],
    });
  }
  const repositories = stringsOf(at(project.object, 'spec', 'sourceRepos'));
  for (const source of sourcesOf(application.object)) {
    if (isSourceAllowed(repositories, source.url)) continue;
    impacts.push({
      object,
      manifest: application,
      field: source.path.slice(0, -1),
      message: `${describeRef(ref)}: AppProject ${project.ref.name} does not allow the source ${shownUrl(source.url)}`,
      help: HELP,
      detail: ['source', source.url],
    });
  }
  const destination = at(application.object, 'spec', 'destination');
  if (!isDestinationAllowed(recordsOf(at(project.object, 'spec', 'destinations')), destination, world)) {
    impacts.push({
      object,
      manifest: application,
      field: ['spec', 'destination'],
      message: `${describeRef(ref)}: AppProject ${project.ref.name} does not allow its destination`,
      help: HELP,
      detail: [
        'destination',
        textOf(at(destination, 'server')),
        textOf(at(destination, 'name')),
        textOf(at(destination, 'namespace')),
      ],
    });
  }
  const account = withoutAccount(project, destination, world);
  if (account !== null) {
    impacts.push({
      object,
      manifest: application,
      field: ['spec', 'destination'],
      // Whether Argo CD impersonates at all stands in its own settings.
      confidence: 'likely',
      message: `${describeRef(ref)}: AppProject ${project.ref.name} names no service account for ${account}`,
      help: 'Add the destination to its destinationServiceAccounts, or deploy to one that it has.',
      detail: ['account', account],
    });
  }
  return impacts;
}

/**
 * The destination, where a project has accounts to synchronise as and none of them is for it: Argo CD then refuses to
 * (controller/sync.go, deriveServiceAccountToImpersonate). Null where one is, or none is asked for.
 */
function withoutAccount(project: Manifest, destination: JsonValue | undefined, world: World): string | null {
  const accounts = recordsOf(at(project.object, 'spec', 'destinationServiceAccounts'));
  const server = placeOf(destination, world).server;
  const namespace = textOf(at(destination, 'namespace'));
  if (accounts.length === 0 || server === '') return null;
  return accounts.some(
    (entry) => matchesText(textOf(entry.server), server) && matchesText(textOf(entry.namespace), namespace),
  )
    ? null
    : `${namespace || 'no namespace'} on ${server}`;
}

/** Server and name of a destination, whichever of them it says. */
function placeOf(destination: JsonValue | undefined, world: World): { server: string; name: string } {
  const server = textOf(at(destination, 'server'));
  const name = textOf(at(destination, 'name'));
  const known = world.config.diff.clusters.find(
    (cluster) => cluster.name === name || (cluster.server !== undefined && cluster.server === server),
  );
  return { server: server || (known?.server ?? ''), name: name || (known?.name ?? '') };
}

function isSourceAllowed(patterns: readonly string[], url: string): boolean {
  const normal = (text: string): string =>
    text
      .trim()
      .replace(/\.git$/, '')
      .replace(/\/+$/, '');
  const matches = (pattern: string): boolean => pattern === '*' || matchesGlob(normal(pattern), normal(url));
  const denied = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .some((pattern) => matches(pattern.slice(1)));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function isDestinationAllowed(
  allowed: readonly { [key: string]: JsonValue }[],
  destination: JsonValue | undefined,
  world: World,
): boolean {
  const { server, name } = placeOf(destination, world);
  const namespace = textOf(at(destination, 'namespace'));
  const fits = (pattern: JsonValue | undefined, value: string): boolean =>
    typeof pattern === 'string' && pattern !== '' && matchesText(pattern, value);
  let permitted = false;
  for (const item of allowed) {
    const denies = [item.server, item.name, item.namespace].some(
      (part) => typeof part === 'string' && part.startsWith('!'),
    );
    const strip = (part: JsonValue | undefined): JsonValue | undefined =>
      typeof part === 'string' ? part.replace(/^!/, '') : part;
    const cluster = fits(strip(item.server), server) || (name !== '' && fits(strip(item.name), name));
    const where = fits(strip(item.namespace), namespace);
    if (denies) {
      const serverDenied = textOf(item.server).startsWith('!') || textOf(item.name).startsWith('!');
      const namespaceDenied = textOf(item.namespace).startsWith('!');
      if ((!serverDenied || cluster) && (!namespaceDenied || where) && (serverDenied ? cluster : where))
        return false;
    } else if (cluster && where) permitted = true;
  }
  return permitted;
}

/** Kinds that a project does not let its Applications make, and namespaces in which it lets them make nothing. */
function objectImpacts(target: TargetDifference, world: World): Impact[] {
  if (target.target.kind !== 'argocd') return [];
  const owner = world.governorOf(target);
  const project = owner === null ? null : projectOf(owner.manifest, world);
  if (project === null) return [];
  const scopes = scopesOf(manifestsOf(target.result));
  const list = (field: string): { [key: string]: JsonValue }[] =>
    recordsOf(at(project.object, 'spec', field));
  const hits = (entries: readonly { [key: string]: JsonValue }[], object: ObjectDifference): boolean =>
    entries.some(
      (entry) =>
        matchesText(textOf(entry.group), groupOf(object.ref.apiVersion)) &&
        matchesText(textOf(entry.kind), object.ref.kind) &&
        (textOf(entry.name) === '' || matchesText(textOf(entry.name), object.ref.name)),
    );
  return target.objects.flatMap((object): Impact[] => {
    if (object.action === 'delete') return [];
    const outside = foreignSpace(object, owner?.manifest ?? null, project, world);
    if (outside !== null) return [outside];
    const cluster = isClusterScoped(object.ref.apiVersion, object.ref.kind, scopes);
    if (cluster === null) return [];
    const whitelist = at(project.object, 'spec', 'namespaceResourceWhitelist');
    const allowed = cluster
      ? hits(list('clusterResourceWhitelist'), object) && !hits(list('clusterResourceBlacklist'), object)
      : (whitelist === undefined || hits(list('namespaceResourceWhitelist'), object)) &&
        !hits(list('namespaceResourceBlacklist'), object);
    if (allowed) return [];
    return [
      {
        object,
        field: ['kind'],
        message: `${describeRef(object.ref)}: AppProject ${project.ref.name} does not allow ${object.ref.kind}`,
        help: HELP,
        detail: ['kind', kindKey(object.ref.apiVersion, object.ref.kind)],
      },
    ];
  });
}

/**
 * An object with a namespace of its own that the project does not list for the Application's cluster: it is held
 * against the destinations as the Application itself is (argo-cd controller/sync.go, permission validator).
 */
function foreignSpace(
  object: ObjectDifference,
  application: Manifest | null,
  project: Manifest,
  world: World,
): Impact | null {
  const { ref, base } = object;
  const destination = at(application?.object ?? null, 'spec', 'destination');
  if (!isRecord(destination) || ref.namespace === '' || ref.namespace === textOf(destination.namespace))
    return null;
  // What was there was let in, or refused before.
  if (base !== null && base.ref.namespace === ref.namespace) return null;
  const allowed = recordsOf(at(project.object, 'spec', 'destinations'));
  if (isDestinationAllowed(allowed, { ...destination, namespace: ref.namespace }, world)) return null;
  return {
    object,
    field: ['metadata', 'namespace'],
    message: `${describeRef(ref)}: AppProject ${project.ref.name} does not allow the namespace ${ref.namespace}`,
    help: HELP,
    detail: ['object namespace', ref.namespace],
  };
}
