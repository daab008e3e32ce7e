// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../src/config/index.ts';
import { DiskTree } from '../../src/git/index.ts';
import { loadYaml } from '../../src/kubernetes/index.ts';
import { opaqueToken } from '../../src/render/gitops/opaque.ts';
import { openRenderedChange, type RenderedTarget } from '../../src/render/index.ts';
import { normalised } from './argocd.ts';
import { differenceOf, type JsonMap, type Side } from './compare.ts';
import { withoutNotes } from './flux.ts';
import type { OracleProcess } from './oracle-process.ts';
import type { Workplace } from './workplace.ts';

/** How often each outcome was met, by kind of target, and what differs. */
export interface RepositoryTally {
  counts: Map<string, number>;
  differences: string[];
}

export interface Oracles {
  flux: OracleProcess;
  argocd: OracleProcess | null;
  /** The flux program, for `flux build kustomization --dry-run`. */
  cli: string | null;
}

/** Renders every Kustomization, Application and ApplicationSet of a checkout and asks the oracles for the same. */
export async function compareRepository(
  oracles: Oracles,
  workplace: Workplace,
  folder: string,
  own: readonly string[],
): Promise<RepositoryTally> {
  const checkout = workplace.fresh();
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', folder, checkout]);
  const tree = await DiskTree.open(checkout);
  const config = configSchema.parse({ version: 1, repositories: own });
  const revision = { commit: 'checkout', tree };
  const rendered = await openRenderedChange({
    change: { base: revision, head: revision, result: tree },
    config,
    all: true,
  });
  const tally: RepositoryTally = { counts: new Map(), differences: [] };
  try {
    const targets = await rendered.reached();
    const repository = new Repository(oracles, workplace, checkout, targets);
    for (const target of targets) {
      const verdict = await repository.verdict(target);
      if (verdict === null) continue;
      const word = `${target.target.kind} ${verdict.word}`;
      tally.counts.set(word, (tally.counts.get(word) ?? 0) + 1);
      if (verdict.word === 'different') tally.differences.push(`${target.target.name}: ${verdict.why}`);
    }
    for (const [word, count] of repository.byCommand) tally.counts.set(word, count);
    tally.differences.push(...repository.commandDifferences);
  } finally {
    await rendered.close();
  }
  return tally;
}

interface Verdict {
  word: 'equal' | 'refused alike' | 'unresolved' | 'different';
  why: string;
}

class Repository {
  /** Verdicts of `flux build kustomization --dry-run`. */
  readonly byCommand = new Map<string, number>();
  readonly commandDifferences: string[] = [];
  readonly #oracles: Oracles;
  readonly #workplace: Workplace;
  readonly #checkout: string;
  readonly #objects: { object: JsonMap; cluster: string | null; path: string }[];
  readonly #artifacts = new Map<string, string>();

  constructor(oracles: Oracles, workplace: Workplace, checkout: string, targets: readonly RenderedTarget[]) {
    this.#oracles = oracles;
    this.#workplace = workplace;
    this.#checkout = checkout;
    // What a Kustomization or Application makes of an object is what counts, before what stands in files.
    const sorted = [...targets].sort((a, b) => rank(a) - rank(b));
    this.#objects = sorted.flatMap(({ target, result }) =>
      result.status === 'rendered'
        ? result.manifests.map(({ object }) => ({
            object: plain(object),
            cluster: target.cluster,
            path: target.path,
          }))
        : [],
    );
  }

  async verdict({ target, result }: RenderedTarget): Promise<Verdict | null> {
    const ours =
      result.status === 'rendered' ? { objects: result.manifests.map(({ object }) => plain(object)) } : null;
    if (result.status === 'unresolved') return { word: 'unresolved', why: result.reason };
    const refusal = { refusal: 'reason' in result ? result.reason : result.status };
    const match = /(?:^|:)(flux|argocd)\/([^/]+)\/(?:(applicationset)\/)?([^/@]+)/.exec(target.name);
    const [, tool, namespace = '', set, name = ''] = match ?? [];
    if (tool === undefined) return null;
    const kind = tool === 'flux' ? 'Kustomization' : set === undefined ? 'Application' : 'ApplicationSet';
    const object = this.#find(kind, namespace, name, target.cluster);
    if (object === null) return null;
    if (tool === 'flux') return this.#flux(object, target.cluster, ours ?? refusal);
    return this.#argocd(kind, object, ours ?? refusal);
  }

  async #flux(object: JsonMap, cluster: string | null, ours: Side): Promise<Verdict> {
    const spec = object.spec as JsonMap;
    const source = this.#find('GitRepository', 'flux-system', 'flux-system', cluster);
    const ignore = (source?.spec as JsonMap | undefined)?.ignore;
    const checkout = await this.#artifact(typeof ignore === 'string' ? ignore : null);
    const substituteFrom = ((spec.postBuild as JsonMap | undefined)?.substituteFrom ?? []) as JsonMap[];
    const { namespace } = object.metadata as JsonMap;
    const objects = substituteFrom.map((reference) => this.#variables(reference, String(namespace), cluster));
    let verdict: Verdict = { word: 'different', why: 'no such artifact' };
    for (const artifact of this.#copied(checkout, spec.sourceRef as JsonMap)) {
      const folder = join(artifact, join('/', String(spec.path ?? '')));
      const kept = keep(folder);
      const answer = await this.#oracles.flux.ask({ op: 'kustomization', artifact, object, objects });
      kept();
      const theirs: Side =
        answer.error === undefined
          ? { objects: (answer.objects ?? []).map(withoutSops) }
          : { refusal: answer.error };
      verdict = verdictOf(ours, theirs);
      if (verdict.word === 'different') continue;
      if (this.#oracles.cli !== null && substituteFrom.length === 0) this.#command(object, folder, ours);
      break;
    }
    return verdict;
  }

  /** `flux build kustomization --dry-run`, which knows no variables of the cluster. */
  #command(object: JsonMap, folder: string, ours: Side): void {
    const { name, namespace } = object.metadata as JsonMap;
    const file = this.#workplace.fresh();
    writeFileSync(file, JSON.stringify(object));
    const args = [
      'build',
      'kustomization',
      String(name),
      '--namespace',
      String(namespace),
      '--path',
      folder,
      '--kustomization-file',
      file,
      '--dry-run',
    ];
    let theirs: Side;
    try {
      const output = execFileSync(this.#oracles.cli ?? 'flux', args, {
        maxBuffer: 256 << 20,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const documents = loadYaml(output, 'flux')
        .documents.map(({ value }) => plain(value))
        .filter((one) => one !== null);
      theirs = { objects: documents.map((one) => withoutOwner(withoutSops(one))) };
    } catch (error) {
      theirs = { refusal: String((error as { stderr?: Buffer }).stderr ?? error) };
    }
    const secrets = ({ kind }: JsonMap): boolean => kind !== 'Secret';
    const [mine, other] = [ours, theirs].map((side) =>
      'objects' in side ? { objects: side.objects.filter(secrets).map(withoutOwner) } : side,
    ) as [Side, Side];
    const verdict = verdictOf(mine, other);
    const word = `flux build --dry-run ${verdict.word}`;
    this.byCommand.set(word, (this.byCommand.get(word) ?? 0) + 1);
    if (verdict.word === 'different')
      this.commandDifferences.push(`flux build ${String(name)}: ${verdict.why}`);
  }

  async #argocd(kind: string, object: JsonMap, ours: Side): Promise<Verdict | null> {
    const oracle = this.#oracles.argocd;
    if (oracle === null) return null;
    const op = kind === 'Application' ? 'application' : 'applicationset';
    const answer = await oracle.ask({ op, root: this.#checkout, object, kubeVersion: '', apiVersions: [] });
    execFileSync('git', ['-C', this.#checkout, 'checkout', '--quiet', '--', '.']);
    execFileSync('git', ['-C', this.#checkout, 'clean', '--quiet', '-fdx']);
    if (answer.error !== undefined) return verdictOf(ours, { refusal: answer.error });
    const { namespace } = ((object.spec as JsonMap).destination ?? {}) as JsonMap;
    const objects = answer.objects ?? [];
    if (kind === 'Application') {
      return verdictOf(ours, { objects: normalised(objects, String(namespace ?? '')) });
    }
    const names = (side: readonly JsonMap[]): JsonMap[] =>
      side.map(({ metadata, spec }) => ({ kind: 'Application', metadata, spec }) as JsonMap);
    return verdictOf('objects' in ours ? { objects: names(ours.objects) } : ours, {
      objects: names(objects),
    });
  }

  /** The ConfigMap or Secret of a reference, with tokens for values that the gate cannot know either. */
  #variables({ kind, name }: JsonMap, namespace: string, cluster: string | null): JsonMap {
    const found = this.#find(String(kind), namespace, String(name), cluster);
    const hidden = kind === 'Secret' || found === null || found.sops !== undefined;
    const names =
      found === null
        ? everyVariable(this.#checkout)
        : Object.keys({ ...(found.data as object), ...(found.stringData as object) });
    const data = hidden ? Object.fromEntries(names.map((key) => [key, opaqueToken(key)])) : found?.data;
    return {
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace },
      ...(kind === 'Secret' ? { stringData: data } : { data }),
    };
  }

  #find(kind: string, namespace: string, name: string, cluster: string | null): JsonMap | null {
    const found = this.#objects.filter(({ object }) => {
      const metadata = (object.metadata ?? {}) as JsonMap;
      return (
        object.kind === kind && metadata.name === name && (metadata.namespace ?? namespace) === namespace
      );
    });
    const near =
      found.find((one) => one.cluster === cluster) ??
      found.find(({ path }) => path.split('/').includes(cluster ?? '')) ??
      found[0];
    if (near === undefined) return null;
    return { ...near.object, metadata: { ...(near.object.metadata as JsonMap), namespace } };
  }

  /** The artifacts of that name that ArtifactGenerators of any cluster copy together of a checkout's, or that itself. */
  #copied(artifact: string, { kind, name }: JsonMap): string[] {
    if (kind !== 'ExternalArtifact') return [artifact];
    const files = execFileSync('git', ['-C', this.#checkout, 'grep', '-l', '^kind: ArtifactGenerator']);
    const named = files
      .toString()
      .trim()
      .split('\n')
      .flatMap((path) => loadYaml(readFileSync(join(this.#checkout, path)), path).documents)
      .map(({ value }) => plain(value))
      .filter((object) => object?.kind === 'ArtifactGenerator')
      .flatMap((object) => (object.spec as JsonMap).artifacts as JsonMap[])
      .filter((one) => one.name === name);
    return named.map(({ copy }) => {
      const copied = this.#workplace.fresh();
      for (const { from, to } of (copy ?? []) as JsonMap[]) {
        const source = String(from)
          .replace(/^@[^/]+/, artifact)
          .replace(/\*\*$/, '');
        cpSync(source, String(to).replace(/^@artifact/, copied), { recursive: true });
      }
      return copied;
    });
  }

  async #artifact(ignore: string | null): Promise<string> {
    const known = this.#artifacts.get(ignore ?? '');
    if (known !== undefined) return known;
    const artifact = this.#workplace.fresh();
    const answer = await this.#oracles.flux.ask({
      op: 'artifact',
      root: this.#checkout,
      artifact,
      ...(ignore === null ? {} : { ignore }),
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    this.#artifacts.set(ignore ?? '', artifact);
    return artifact;
  }
}

function verdictOf(ours: Side, theirs: Side): Verdict {
  const difference = differenceOf(ours, theirs);
  if (difference !== null) return { word: 'different', why: difference };
  return { word: 'refusal' in ours ? 'refused alike' : 'equal', why: '' };
}

function rank({ target }: RenderedTarget): number {
  return target.kind === 'flux' || target.kind === 'argocd' ? 0 : target.kind === 'kustomize' ? 1 : 2;
}

/** Puts a folder's kustomization back as it was before Flux wrote it. */
function keep(folder: string): () => void {
  const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].map((name) =>
    join(folder, name),
  );
  const files = names.map((path) => ({ path, bytes: existsSync(path) ? readFileSync(path) : null }));
  return () => {
    for (const { path, bytes } of files) {
      if (bytes !== null) writeFileSync(path, bytes);
      else rmSync(path, { force: true });
    }
  };
}

function everyVariable(checkout: string): string[] {
  const found = execFileSync('git', ['-C', checkout, 'grep', '-hoE', '\\$\\{#?[A-Za-z_][A-Za-z0-9_]*'], {
    maxBuffer: 64 << 20,
  });
  return [
    ...new Set(
      found
        .toString()
        .split('\n')
        .map((line) => line.replace(/^\$\{#?/, '')),
    ),
  ].filter((name) => name !== '');
}

function withoutSops({ sops: _, ...object }: JsonMap): JsonMap {
  return withoutNotes(object);
}

/** Without the labels by which Flux knows its own objects again. */
function withoutOwner(object: JsonMap): JsonMap {
  const metadata = { ...(object.metadata as JsonMap) };
  const labels = Object.entries((metadata.labels ?? {}) as JsonMap).filter(
    ([name]) => !/^kustomize\.toolkit\.fluxcd\.io\/(name|namespace)$/.test(name),
  );
  if (labels.length > 0) metadata.labels = Object.fromEntries(labels);
  else delete metadata.labels;
  return { ...object, metadata };
}

function plain(value: unknown): JsonMap {
  return JSON.parse(JSON.stringify(value)) as JsonMap;
}
