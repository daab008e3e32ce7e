import type { PolicyEnvironment } from '../kyverno/environment.js';
import { MissingDataError } from '../kyverno/errors.js';
import { imagesOf } from '../kyverno/images.js';
import { type ImageInfo, parseImage } from '../values/image.js';
import type { JsonObject } from '../values/json.js';
import { stringAt } from './arguments.js';
import { CelError, type CelValue, Native, toCel } from './values.js';

function unknown(method: string, type: string): never {
  throw new CelError(`undeclared method '${method}' of ${type}`);
}

/** A parsed image reference of Kyverno's image library. */
export class ImageObject extends Native {
  readonly typeName = 'kyverno.image';

  constructor(
    readonly image: ImageInfo,
    readonly hasTag: boolean,
  ) {
    super();
  }

  override call(method: string): CelValue {
    const { registry, path, tag, digest } = this.image;
    switch (method) {
      case 'registry':
        return registry === 'docker.io' ? 'index.docker.io' : registry;
      case 'repository':
        return registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
      case 'identifier':
        return digest === '' ? tag : digest;
      case 'tag':
        return digest === '' ? tag : '';
      case 'digest':
        return digest;
      case 'containsDigest':
        return digest !== '';
      default:
        return unknown(method, this.typeName);
    }
  }
}

/** Reads an image for the image library. @throws CelError */
export function imageObject(source: string): ImageObject {
  const image = parseImage(source);
  if (image === null) throw new CelError(`could not parse reference: ${source}`);
  return new ImageObject(image, /:[^/]+$/.test(source));
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Plural resource names to kinds, for the names that objects of the repository have. */
function kindOfResource(resource: string): string {
  const singular = resource.endsWith('ies')
    ? `${resource.slice(0, -3)}y`
    : resource.endsWith('sses') || resource.endsWith('xes')
      ? resource.slice(0, -2)
      : resource.replace(/s$/, '');
  return singular.toLowerCase();
}

/** Kinds whose plural does not tell where the capitals are. */
const KINDS: ReadonlyMap<string, string> = new Map(
  [
    'ConfigMap',
    'Secret',
    'Namespace',
    'Service',
    'ServiceAccount',
    'Pod',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'ReplicaSet',
    'Job',
    'CronJob',
    'Ingress',
    'NetworkPolicy',
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
    'PodDisruptionBudget',
    'HorizontalPodAutoscaler',
    'PersistentVolumeClaim',
    'PersistentVolume',
    'StorageClass',
    'LimitRange',
    'ResourceQuota',
    'Node',
    'IngressClass',
    'VirtualService',
    'Gateway',
    'HTTPRoute',
    'VerticalPodAutoscaler',
  ].map((kind) => [kind.toLowerCase(), kind]),
);

/**
 * Kyverno's `resource` library: named objects from those at hand; lists only where they are declared, for what else the
 * cluster holds is not known.
 */
export class ResourceLookup extends Native {
  readonly typeName = 'kyverno.resource';

  constructor(readonly environment: PolicyEnvironment) {
    super();
  }

  override call(written: string, args: readonly CelValue[]): CelValue {
    // newer versions of the library spell the same methods with a small letter
    const method = /^(?:get|list|post)$/.test(written) ? capitalised(written) : written;
    if (method === 'Post') throw new MissingDataError("the API server's answer to a request");
    if (method !== 'Get' && method !== 'List') return unknown(written, this.typeName);
    const apiVersion = stringAt(method, args, 0);
    const resource = stringAt(method, args, 1);
    const namespace = stringAt(method, args, 2);
    const kind = KINDS.get(kindOfResource(resource)) ?? resource;
    if (method === 'Get') {
      const name = stringAt('Get', args, 3);
      const found = this.environment.objects.get(apiVersion, kind, namespace, name);
      if (found === null) throw new MissingDataError(`${kind} ${namespace}/${name}`);
      return toCel(found);
    }
    const items = this.environment.objects.list(apiVersion, kind, namespace);
    if (!this.environment.objects.complete) throw new MissingDataError(`the list of ${resource}`);
    return toCel({ apiVersion, kind: `${kind}List`, items: [...items] });
  }
}

/** Kyverno's `image.GetMetadata`: what is declared of an image in a registry. */
export class ImageData extends Native {
  readonly typeName = 'kyverno.imagedata';

  constructor(readonly environment: PolicyEnvironment) {
    super();
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    if (method !== 'GetMetadata' && method !== 'getMetadata') return unknown(method, this.typeName);
    const reference = stringAt(method, args, 0);
    const wanted = parseImage(reference)?.reference;
    for (const [name, data] of this.environment.imageData) {
      if (name === reference || parseImage(name)?.reference === wanted) return toCel(data);
    }
    throw new MissingDataError(`the registry's data of ${reference}`);
  }
}

/** Kyverno's `images`: references by list of containers. */
export function imageLists(resource: JsonObject): CelValue {
  const lists = new Map<string, CelValue[]>();
  for (const name of ['containers', 'initContainers', 'ephemeralContainers']) lists.set(name, []);
  for (const { list, image } of imagesOf(resource)) lists.get(list)?.push(image.reference);
  return new Map<string, CelValue>(lists);
}

/** A lookup that has no offline answer: HTTP, the global context, image registries. */
export class Unknown extends Native {
  constructor(
    readonly typeName: string,
    readonly what: string,
  ) {
    super();
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    const named = args.find((arg) => typeof arg === 'string');
    throw new MissingDataError(`${this.what} (${method}${typeof named === 'string' ? ` ${named}` : ''})`);
  }
}
