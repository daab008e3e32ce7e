import type { ClusterConfig } from '../../config/index.js';
import { GateError } from '../../contract/index.js';
import { type JsonMap, text } from '../inputs/json-shape.js';
import type { TargetKind } from '../rendered-change.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { inParallel } from '../run/worker-pool.js';
import { mayHoldManifests } from '../targets/file-kinds.js';
import type { Plan } from '../targets/plan.js';
import { Side } from '../targets/side.js';
import { renderPlan } from '../targets/side-outcome.js';
import { ClusterPaths, type Discovered, type TargetSpec } from '../targets/target-spec.js';
import { applicationPlan } from './argocd-application.js';
import { applicationSetPlan } from './argocd-application-set.js';
import { ARGOCD_NAMESPACE } from './argocd-environment.js';
import { helmReleasePlan } from './flux-helm-release.js';
import { fluxKustomizationPlan } from './flux-kustomization.js';
import { GitArtifacts } from './git-artifact.js';
import type { GitOpsObject, GitOpsPlan, GitOpsSide } from './gitops-object.js';
import { gitOpsKind, isDefiner, isWhole, nameOf, namespaceOf } from './kinds.js';
import { OwnRepository } from './own-repository.js';
import { withPause } from './paused.js';
import { SourceTrees } from './source-trees.js';
import { readObjects, World } from './world.js';

/** Generations of Applications that make Applications. */
const DEEPEST = 20;
const MOST_OBJECTS = 20_000;
const WORKERS = 2;

/** An object that is rendered itself, planned, with the cluster that its own objects go to. */
interface Definition {
  defined: GitOpsObject;
  /** Cluster that what it renders to is applied to. */
  destination: string | null;
  cluster: ClusterConfig | null;
  plan: GitOpsPlan | null;
}

/** A kustomization or chart that nothing else includes, planned. */
interface Outermost {
  found: Discovered;
  plan: Plan;
}

/**
 * Finds every Application, ApplicationSet, Flux Kustomization and HelmRelease as it reaches its cluster. Objects in
 * files and in what plain kustomizations and charts render to are where it starts; what the objects found so far render
 * to replaces and adds to them, until nothing changes any more: apps of apps to any depth.
 */
export async function expandGitOps(side: Side, folders: readonly Discovered[]): Promise<TargetSpec[]> {
  const paths = [...side.view.files.keys()].filter(mayHoldManifests);
  const kinds = await side.context.kinds.of(side.view, paths);
  const gitops = new Set(paths.filter((path) => kinds.get(path)?.gitops === true));
  if (gitops.size === 0) return [];
  return new Expansion(side, gitops).run(folders);
}

class Expansion {
  readonly #side: Side;
  readonly #gitops: ReadonlySet<string>;
  readonly #clusters: ClusterPaths;
  readonly #world: World;
  /** Files with GitOps objects that a kustomization or chart has given as it renders them. */
  readonly #covered = new Set<string>();
  /** Files that those only look into, with the objects that they gave. */
  readonly #looked = new Map<string, Set<string>>();
  readonly #at: GitOpsSide;
  /** The same for objects that another repository has a say in: what they name declares nothing. */
  readonly #foreign: GitOpsSide;

  constructor(side: Side, gitops: ReadonlySet<string>) {
    const { config, repositoryUrls, branches } = side.context;
    this.#side = side;
    this.#gitops = gitops;
    this.#clusters = new ClusterPaths(config);
    this.#world = new World(side);
    const repository = new OwnRepository(repositoryUrls, branches);
    this.#at = {
      side,
      world: this.#world,
      repository,
      artifacts: new GitArtifacts(side),
      sources: new SourceTrees(side, repository),
    };
    const untrusted = Side.of(side.view, side.context, { trusted: false });
    this.#foreign = { ...this.#at, side: untrusted, sources: new SourceTrees(untrusted, repository) };
  }

  async run(folders: readonly Discovered[]): Promise<TargetSpec[]> {
    const likely = await this.#likelyInputs();
    const outermost = await this.#outermost(folders);
    // What a GitOps object builds is rendered for that object: alone it would only be rendered twice.
    let postponed = outermost.filter(({ found }) => found.kind === 'kustomize' && likely.has(found.matched));
    const given = await this.#rootsGiven(outermost.filter((candidate) => !postponed.includes(candidate)));
    let roots = [...given, ...(await this.#rootsInFiles())];
    let objects = new Map(roots.map((root) => [identityOf(root), root]));
    let definitions = new Map<string, Definition>();
    let settled = false;
    for (let depth = 0; depth < DEEPEST; depth += 1) {
      // Once nothing changes, all are planned again: what they refer to is known only now.
      definitions = await this.#define(objects, settled ? new Map() : definitions);
      let next = await this.#next(roots, definitions);
      const same = sameObjects(objects, next);
      if (same && settled) {
        const left = postponed.filter(({ found }) => !isRead(definitions, found.matched));
        if (left.length === 0) return [...definitions.values()].map(specOf);
        postponed = [];
        given.push(...(await this.#rootsGiven(left)));
        roots = [...given, ...(await this.#rootsInFiles())];
        next = await this.#next(roots, definitions);
      }
      settled = same;
      objects = next;
      if (objects.size > MOST_OBJECTS) break;
    }
    throw new GateError(
      'limit',
      `Applications make Applications without end (more than ${DEEPEST} generations)`,
    );
  }

  /** What the objects would read if they were applied as they stand in their files. */
  async #likelyInputs(): Promise<Set<string>> {
    const inputs = new Set<string>();
    for (const path of this.#gitops) {
      const objects = (await readObjects(this.#side, path)).map((object) => ({ object, path }));
      for (const defined of this.#definers(objects, null)) {
        if (defined.kind === 'ApplicationSet') continue;
        const { plan } = await this.#definition(defined);
        for (const input of appliedFrom(plan)) if (input !== path) inputs.add(input);
      }
    }
    return inputs;
  }

  /** Objects that kustomizations and charts give. Where one fails, its objects count as they stand in their files. */
  async #rootsGiven(outermost: readonly Outermost[]): Promise<GitOpsObject[]> {
    const roots: GitOpsObject[] = [];
    const outcomes = await inParallel(outermost, WORKERS, async ({ found, plan }) => ({
      found,
      plan,
      objects: await rendered(plan),
    }));
    for (const { found, plan, objects } of outcomes) {
      // A chart's templates are no objects before they are rendered.
      if (objects === null && found.kind === 'kustomize') continue;
      for (const path of plan.inputs) if (plan.looked?.has(path) !== true) this.#covered.add(path);
      addLooked(this.#looked, plan, objects ?? []);
      for (const cluster of this.#clustersOf(found.matched)) {
        this.#world.add(objects ?? [], cluster);
        roots.push(...this.#definers(objects ?? [], cluster, plan));
      }
    }
    return roots;
  }

  /** Objects that stand in files which none of those kustomizations and charts reads. */
  async #rootsInFiles(): Promise<GitOpsObject[]> {
    const roots: GitOpsObject[] = [];
    for (const path of [...this.#gitops].sort()) {
      if (this.#covered.has(path)) continue;
      const all = (await readObjects(this.#side, path)).map((object) => ({ object, path }));
      // Being a patch or a text of something hides no object that somebody applies.
      const given = this.#looked.get(path);
      const objects = given === undefined ? all : all.filter(({ object }) => isHidden(object, given));
      for (const cluster of this.#clustersOf(path)) roots.push(...this.#definers(objects, cluster));
    }
    return roots;
  }

  /** Kustomizations that no other includes, and charts, where they read a file with GitOps objects. */
  async #outermost(folders: readonly Discovered[]): Promise<Outermost[]> {
    const included = new Set<string>();
    for (const found of folders) {
      if (found.kind !== 'kustomize') continue;
      for (const other of (await this.#side.kustomizations.inputs(folderOf(found))).includes)
        included.add(other);
    }
    const outermost: Outermost[] = [];
    for (const found of folders) {
      if (found.kind === 'directory' || (found.kind === 'kustomize' && included.has(folderOf(found))))
        continue;
      const plan = await found.plan(null);
      if (plan !== null && [...plan.inputs].some((path) => this.#gitops.has(path)))
        outermost.push({ found, plan });
    }
    return outermost;
  }

  /** Plans every object; those that are unchanged since the last round keep their plan. */
  async #define(
    objects: ReadonlyMap<string, GitOpsObject>,
    before: ReadonlyMap<string, Definition>,
  ): Promise<Map<string, Definition>> {
    const definitions = new Map<string, Definition>();
    for (const [identity, defined] of objects) {
      const known = before.get(identity);
      if (known !== undefined && sameObject(known.defined, defined)) definitions.set(identity, known);
      else definitions.set(identity, await this.#definition(defined));
    }
    return definitions;
  }

  async #definition(defined: GitOpsObject): Promise<Definition> {
    const { clusters } = this.#side.context.config.diff;
    const home = clusters.find((cluster) => cluster.name === defined.cluster) ?? null;
    const at = defined.foreign === true ? this.#foreign : this.#at;
    switch (defined.kind) {
      case 'Application': {
        const server = text(defined.object, 'spec', 'destination', 'server') ?? '';
        const name = text(defined.object, 'spec', 'destination', 'name') ?? '';
        const local =
          name === 'in-cluster' ||
          server === 'https://kubernetes.default.svc' ||
          (name === '' && server === '');
        const cluster =
          clusters.find(
            (known) => (name !== '' && known.name === name) || (server !== '' && known.server === server),
          ) ?? (local ? home : null);
        const destination = cluster?.name ?? (local ? defined.cluster : name === '' ? null : name);
        return { defined, destination, cluster, plan: await applicationPlan(at, defined, cluster) };
      }
      case 'ApplicationSet':
        return {
          defined,
          destination: defined.cluster,
          cluster: home,
          plan: await applicationSetPlan(at, defined),
        };
      case 'HelmRelease':
        return {
          defined,
          destination: defined.cluster,
          cluster: home,
          plan: await helmReleasePlan(at, defined, home),
        };
      default:
        return {
          defined,
          destination: defined.cluster,
          cluster: home,
          plan: await fluxKustomizationPlan(at, defined),
        };
    }
  }

  /** The objects of the next round: what the definitions render to, and the roots that none of them reads. */
  async #next(
    roots: readonly GitOpsObject[],
    definitions: ReadonlyMap<string, Definition>,
  ): Promise<Map<string, GitOpsObject>> {
    const next = new Map<string, GitOpsObject>();
    const read = new Set<string>();
    const looked = new Map<string, Set<string>>();
    const makers = [...definitions.values()].filter((definition) => this.#mayDefine(definition));
    const outcomes = await inParallel(makers, WORKERS, async ({ destination, plan, defined }) => ({
      destination,
      plan,
      defined,
      objects: (plan === null ? null : await rendered(plan)) ?? [],
    }));
    this.#world.replaceDefined(
      outcomes.map(({ objects, destination }) => ({ objects, cluster: destination })),
    );
    for (const { destination, plan, defined, objects } of outcomes) {
      if (objects.length === 0) continue;
      for (const path of appliedFrom(plan)) if (path !== defined.path) read.add(path);
      addLooked(looked, plan, objects, defined.path);
      const made = { ...plan, foreign: defined.foreign === true || plan?.foreign === true };
      for (const child of this.#definers(objects, destination, made)) next.set(identityOf(child), child);
    }
    for (const root of roots) {
      const identity = identityOf(root);
      const { path, object } = root;
      if (next.has(identity) || (path !== null && read.has(path))) continue;
      const given = path === null ? undefined : looked.get(path);
      if (given !== undefined && !isHidden(object, given)) continue;
      next.set(identity, root);
    }
    return next;
  }

  /** True for what may render to GitOps objects: ApplicationSets do, others where they read a file that names one. */
  #mayDefine({ defined, plan }: Definition): boolean {
    if (plan === null || plan.refusal !== undefined) return false;
    if (defined.kind === 'ApplicationSet' || plan.defines === true) return true;
    for (const path of plan.inputs) {
      // What a chart's templates do with its other files, nobody knows beforehand.
      if (plan.consulted?.has(path) === true) continue;
      if (path.endsWith('.tgz') || (path !== defined.path && this.#gitops.has(path))) return true;
    }
    // Its own file, where it is one of the files that it renders (flux bootstrap's gotk-sync.yaml).
    return (
      defined.path !== null &&
      plan.inputs.size > 1 &&
      plan.consulted?.has(defined.path) !== true &&
      this.#gitops.has(defined.path)
    );
  }

  /** @param by what gives the objects, where that is no file: what it fetches for them has a say in them */
  #definers(
    objects: readonly RenderedObject[],
    cluster: string | null,
    by: Partial<GitOpsPlan> = {},
  ): GitOpsObject[] {
    const { files } = this.#side.view;
    const isForeign = (path: string | null): boolean =>
      by.foreign === true || (by.fetched !== undefined && (path === null || !files.has(path)));
    return objects.flatMap(({ object, path }) => {
      const kind = gitOpsKind(object);
      return kind === null || !isDefiner(kind) || nameOf(object) === ''
        ? []
        : [{ kind, object, path, cluster, foreign: isForeign(path) }];
    });
  }

  /** The clusters a file is declared for; where none are declared at all, the one its folder under `clusters/` names. */
  #clustersOf(path: string): (string | null)[] {
    const declared = this.#clusters.of(path).map((cluster) => cluster.name);
    if (declared.length > 0) return declared;
    if (this.#side.context.config.diff.clusters.length > 0) return [null];
    return [/(?:^|\/)clusters\/([^/]+)\//.exec(path)?.[1] ?? null];
  }
}

const TARGET_KINDS: Partial<Record<GitOpsObject['kind'], TargetKind>> = {
  Application: 'argocd',
  ApplicationSet: 'argocd',
  Kustomization: 'flux',
  HelmRelease: 'helmrelease',
};

function specOf({ defined, destination, plan }: Definition): TargetSpec {
  const { kind, object, path } = defined;
  const namespace = namespaceOf(object);
  const name = nameOf(object);
  const plain =
    kind === 'Application'
      ? `argocd/${namespace === '' ? ARGOCD_NAMESPACE : namespace}/${name}`
      : kind === 'ApplicationSet'
        ? `argocd/${namespace === '' ? ARGOCD_NAMESPACE : namespace}/applicationset/${name}`
        : `${kind === 'HelmRelease' ? 'helmrelease' : 'flux'}/${namespace === '' ? 'default' : namespace}/${name}`;
  return {
    name: destination === null ? plain : `${destination}:${plain}`,
    kind: TARGET_KINDS[kind] ?? 'flux',
    path: path ?? plain,
    cluster: destination,
    plan: () => Promise.resolve(plan === null ? null : withPause(plan, object)),
  };
}

function identityOf({ kind, object, cluster }: GitOpsObject): string {
  return JSON.stringify([cluster, kind, namespaceOf(object), nameOf(object)]);
}

function sameObject(a: GitOpsObject, b: GitOpsObject): boolean {
  return (
    a.path === b.path &&
    a.cluster === b.cluster &&
    a.foreign === b.foreign &&
    JSON.stringify(a.object) === JSON.stringify(b.object)
  );
}

function sameObjects(a: ReadonlyMap<string, GitOpsObject>, b: ReadonlyMap<string, GitOpsObject>): boolean {
  if (a.size !== b.size) return false;
  for (const [identity, object] of a) {
    const other = b.get(identity);
    if (other === undefined || !sameObject(object, other)) return false;
  }
  return true;
}

/** The objects a plan gives; null where it fails, which is told when the target itself is rendered. */
async function rendered(plan: Plan): Promise<readonly RenderedObject[] | null> {
  const outcome = await renderPlan(plan);
  return outcome.status === 'rendered' ? outcome.objects : null;
}

function isRead(definitions: ReadonlyMap<string, Definition>, path: string): boolean {
  for (const { plan } of definitions.values())
    if (plan?.refusal === undefined && appliedFrom(plan).includes(path)) return true;
  return false;
}

/** Inputs whose objects a plan may render; objects in what it only looks into reach the cluster some other way. */
function appliedFrom(plan: GitOpsPlan | null): string[] {
  const { inputs = [], consulted, looked } = plan ?? {};
  return [...inputs].filter((path) => consulted?.has(path) !== true && looked?.has(path) !== true);
}

/** Notes the files that a plan only looks into, with the objects that it gives. @param but its own file */
function addLooked(
  looked: Map<string, Set<string>>,
  plan: Plan | null,
  objects: readonly RenderedObject[],
  but: string | null = null,
): void {
  const given = objects.map(({ object }) => kindAndName(object));
  for (const path of plan?.looked ?? []) {
    if (path !== but) looked.set(path, new Set([...(looked.get(path) ?? []), ...given]));
  }
}

/** True for an object in a file that is only looked into: whole, and nothing that was rendered stands for it. */
function isHidden(object: JsonMap, given: ReadonlySet<string>): boolean {
  return isWhole(object) && !given.has(kindAndName(object));
}

function kindAndName(object: JsonMap): string {
  return JSON.stringify([text(object, 'kind'), nameOf(object)]);
}

function folderOf(found: Discovered): string {
  return found.path === '.' ? '' : found.path;
}
