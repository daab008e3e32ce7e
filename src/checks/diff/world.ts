import type { ClusterConfig, Config } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import {
  groupOf,
  isRecord,
  type KubernetesObject,
  type Manifest,
  objectKey,
  podTemplatesOf,
} from '../../kubernetes/index.js';
import type { RenderedTarget } from '../../render/index.js';
import { at, manifestsOf, type TargetDifference } from './model.js';

/** A pod that an object describes. */
export interface LabelledPod {
  manifest: Manifest;
  labels: { [key: string]: JsonValue };
}

/** The objects of one side of a cluster, as far as the reached targets hold them. */
export class ObjectIndex {
  readonly all: readonly Manifest[];
  readonly #byKey = new Map<string, Manifest>();
  readonly #byKind = new Map<string, Manifest[]>();
  #pods: Map<string, LabelledPod[]> | null = null;
  readonly #podsByLabel = new Map<string, Map<string, LabelledPod[]>>();
  #defined: Map<string, Manifest> | null = null;

  constructor(manifests: readonly Manifest[]) {
    this.all = manifests;
    for (const manifest of manifests) {
      this.#byKey.set(objectKey(manifest.ref), manifest);
      const kind = kindKey(manifest.ref.apiVersion, manifest.ref.kind);
      const list = this.#byKind.get(kind);
      if (list === undefined) this.#byKind.set(kind, [manifest]);
      else list.push(manifest);
    }
  }

  get(key: string): Manifest | undefined {
    return this.#byKey.get(key);
  }

  /** The pods that objects of a namespace describe, with their labels; found once. */
  podsIn(namespace: string): readonly LabelledPod[] {
    return this.#podsByNamespace().get(namespace) ?? [];
  }

  /** Those of them with one label: what a selector that asks for it has to look at. */
  podsWith(namespace: string, key: string, value: JsonValue): readonly LabelledPod[] {
    let labels = this.#podsByLabel.get(namespace);
    if (labels === undefined) {
      labels = new Map();
      for (const pod of this.podsIn(namespace)) {
        for (const label of Object.entries(pod.labels)) {
          const id = JSON.stringify(label);
          const list = labels.get(id);
          if (list === undefined) labels.set(id, [pod]);
          else list.push(pod);
        }
      }
      this.#podsByLabel.set(namespace, labels);
    }
    return labels.get(JSON.stringify([key, value])) ?? [];
  }

  #podsByNamespace(): Map<string, LabelledPod[]> {
    if (this.#pods === null) {
      this.#pods = new Map();
      for (const manifest of this.all) {
        for (const { metadata } of podTemplatesOf(manifest.object)) {
          const pod = { manifest, labels: isRecord(metadata.labels) ? metadata.labels : {} };
          const list = this.#pods.get(manifest.ref.namespace);
          if (list === undefined) this.#pods.set(manifest.ref.namespace, [pod]);
          else list.push(pod);
        }
      }
    }
    return this.#pods;
  }

  /** The CustomResourceDefinition of a kind (`group/Kind`), if it is among the objects. */
  definitionOf(kind: string): Manifest | undefined {
    this.#defined ??= new Map(
      this.ofKind('apiextensions.k8s.io/CustomResourceDefinition').map((manifest) => [
        `${textOf(at(manifest.object, 'spec', 'group'))}/${textOf(at(manifest.object, 'spec', 'names', 'kind'))}`,
        manifest,
      ]),
    );
    return this.#defined.get(kind);
  }

  /** Objects of a kind, whatever the version; `kind` is `group/Kind`, `/Kind` for the core group. */
  ofKind(kind: string): readonly Manifest[] {
    return this.#byKind.get(kind) ?? [];
  }
}

/** `apps/Deployment`, `/Secret`: a kind without its version. */
export function kindKey(apiVersion: string, kind: string): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** Both sides of everything that goes to one cluster. */
export interface Scope {
  name: string;
  base: ObjectIndex;
  result: ObjectIndex;
}

/** What the Argo CD or Flux object that owns a target says about applying it; null where that object is not at hand. */
export interface Governor {
  manifest: Manifest;
  /** False when objects that leave the source stay in the cluster. */
  prunes: boolean;
  /** True when objects that cannot be updated are deleted and made again. */
  forces: boolean;
}

/** What the check found out beside the reached targets, before the rules look. */
export interface Surroundings {
  /** This repository's own URLs, as the door knows them. */
  repositoryUrls: readonly string[];
  /** Commits of this repository that sources pin: whether a governed branch reaches them, null where nobody can say. */
  pinned: ReadonlyMap<string, boolean | null>;
  /** Targets that the change does not reach, rendered because a rule has to look at them. */
  beside: readonly RenderedTarget[];
  /** Groups and namespaces of new objects that nothing in the base mentions. */
  unheardOf?: ReadonlySet<string>;
}

export const NOTHING_BESIDE: Surroundings = { repositoryUrls: [], pinned: new Map(), beside: [] };

/** All that the impact rules may look at: every target that the change reaches, and the trusted configuration. */
export class World {
  readonly targets: readonly TargetDifference[];
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly #scopes = new Map<string, Scope>();
  readonly #results = new Map<TargetDifference, ReadonlySet<string>>();
  #projects: Map<string, Manifest> | null = null;
  readonly #members = new Map<string, TargetDifference[]>();
  readonly #owners: { base: Map<string, Manifest>; result: Map<string, Manifest> };

  constructor(
    targets: readonly TargetDifference[],
    config: Config,
    surroundings: Surroundings = NOTHING_BESIDE,
  ) {
    this.targets = targets;
    this.config = config;
    this.surroundings = surroundings;
    for (const target of targets) {
      const name = scopeName(target.target);
      const list = this.#members.get(name);
      if (list === undefined) this.#members.set(name, [target]);
      else list.push(target);
    }
    this.#owners = {
      base: ownersOf(targets.flatMap(({ base }) => manifestsOf(base))),
      result: ownersOf(targets.flatMap(({ result }) => manifestsOf(result))),
    };
  }

  /**
   * What shares a cluster with a target. Targets whose cluster is not known stand for themselves: two overlays are
   * most often two clusters.
   */
  scopeOf({ target }: TargetDifference): Scope {
    const name = scopeName(target);
    const known = this.#scopes.get(name);
    if (known !== undefined) return known;
    const members = this.#members.get(name) ?? [];
    const scope = {
      name,
      base: new ObjectIndex(members.flatMap(({ base }) => manifestsOf(base))),
      result: new ObjectIndex(members.flatMap(({ result }) => manifestsOf(result))),
    };
    this.#scopes.set(name, scope);
    return scope;
  }

  /** Everything of a cluster that was rendered, reached by the change or not. */
  renderedOf(cluster: string | null): readonly (RenderedTarget | TargetDifference)[] {
    if (cluster === null) return [];
    return [...this.targets, ...this.surroundings.beside].filter(({ target }) => target.cluster === cluster);
  }

  /** True for a URL of this very repository. */
  isOwnUrl(url: string, same: (a: string, b: string) => boolean): boolean {
    return [...this.config.repositories, ...this.surroundings.repositoryUrls].some((own) => same(own, url));
  }

  /** Identities (`objectKey`) of the objects that a target will have. */
  resultKeys(target: TargetDifference): ReadonlySet<string> {
    let keys = this.#results.get(target);
    if (keys === undefined) {
      keys = new Set(manifestsOf(target.result).map(({ ref }) => objectKey(ref)));
      this.#results.set(target, keys);
    }
    return keys;
  }

  /** An AppProject by name, as it will be; they lie beside Argo CD, in any target. */
  project(name: string): Manifest | null {
    this.#projects ??= new Map(
      this.targets
        .flatMap(({ result }) => manifestsOf(result))
        .filter(({ ref }) => kindKey(ref.apiVersion, ref.kind) === 'argoproj.io/AppProject')
        .map((manifest) => [manifest.ref.name, manifest]),
    );
    return this.#projects.get(name) ?? null;
  }

  clusterOf({ target }: TargetDifference): ClusterConfig | null {
    return this.config.diff.clusters.find(({ name }) => name === target.cluster) ?? null;
  }

  /** The release that a target's cluster runs: its own, else that of the policies. */
  kubernetesVersionOf(target: TargetDifference): string {
    return this.clusterOf(target)?.kubernetesVersion ?? this.config.policies.kubernetesVersion;
  }

  /** The Application, Kustomization or HelmRelease that a target is named for, as it will be (else as it was). */
  governorOf(difference: TargetDifference): Governor | null {
    const name = ownerName(difference);
    const manifest = this.#owners.result.get(name) ?? this.#owners.base.get(name);
    return manifest === undefined ? null : governor(manifest);
  }

  /** The same as it was. */
  formerGovernorOf(difference: TargetDifference): Governor | null {
    const manifest = this.#owners.base.get(ownerName(difference));
    return manifest === undefined ? null : governor(manifest);
  }

  /** The object that owns a target, where this change deletes it. */
  deletedOwnerOf(difference: TargetDifference): Manifest | null {
    const name = ownerName(difference);
    return this.#owners.result.has(name) ? null : (this.#owners.base.get(name) ?? null);
  }

  /** Every object that was there before, in any target. */
  *baseManifests(): Iterable<Manifest> {
    for (const { base } of this.targets) yield* manifestsOf(base);
  }

  /** True for a cluster that configuration or its name calls production. */
  isProduction(target: TargetDifference): boolean {
    const name = target.target.cluster ?? '';
    const labels = Object.values(this.clusterOf(target)?.labels ?? {});
    const isProd = (word: string): boolean => /(?:^|[^a-z])prod(?:uction)?(?:$|[^a-z])/i.test(word);
    return isProd(name) || labels.some(isProd) || isProd(target.target.path);
  }
}

/** The name of a target without its cluster: `flux/flux-system/apps`. */
function ownerName({ target }: TargetDifference): string {
  const prefix = `${target.cluster}:`;
  return target.name.startsWith(prefix) ? target.name.slice(prefix.length) : target.name;
}

function scopeName(target: { name: string; cluster: string | null }): string {
  return target.cluster === null ? `target:${target.name}` : `cluster:${target.cluster}`;
}

const OWNER_KINDS: ReadonlyMap<string, string> = new Map([
  ['argoproj.io/Application', 'argocd'],
  ['kustomize.toolkit.fluxcd.io/Kustomization', 'flux'],
  ['helm.toolkit.fluxcd.io/HelmRelease', 'helmrelease'],
]);

function ownersOf(manifests: readonly Manifest[]): Map<string, Manifest> {
  const owners = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const prefix = OWNER_KINDS.get(kindKey(manifest.ref.apiVersion, manifest.ref.kind));
    if (prefix !== undefined)
      owners.set(`${prefix}/${manifest.ref.namespace}/${manifest.ref.name}`, manifest);
  }
  return owners;
}

function governor(manifest: Manifest): Governor {
  const { object } = manifest;
  switch (kindKey(manifest.ref.apiVersion, manifest.ref.kind)) {
    case 'argoproj.io/Application': {
      const options = at(object, 'spec', 'syncPolicy', 'syncOptions');
      const has = (option: string): boolean => Array.isArray(options) && options.includes(option);
      return {
        manifest,
        prunes: at(object, 'spec', 'syncPolicy', 'automated', 'prune') === true,
        forces: has('Force=true') || has('Replace=true'),
      };
    }
    case 'kustomize.toolkit.fluxcd.io/Kustomization':
      return {
        manifest,
        prunes: at(object, 'spec', 'prune') === true,
        forces: at(object, 'spec', 'force') === true,
      };
    default:
      return { manifest, prunes: true, forces: at(object, 'spec', 'upgrade', 'force') === true };
  }
}

/** The value as a list of maps; empty for anything else. */
export function recordsOf(value: JsonValue | undefined): { [key: string]: JsonValue }[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The value as a list of strings; empty for anything else. */
export function stringsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The value as text; '' for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Metadata and spec of an object, empty maps where they are missing. */
export function specOf(object: KubernetesObject | null): { [key: string]: JsonValue } {
  const spec = at(object, 'spec');
  return isRecord(spec) ? spec : {};
}
