import type { TrustedConfig } from '../../config/index.js';
import { type CheckResult, emptyResult, type NotVerified, type Redactor } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { customKindsOf, describeRef, type Manifest } from '../../kubernetes/index.js';
import { acceptedBy } from './accepted.js';
import { clusterObjects } from './cluster-objects.js';
import { declaredData } from './declared-data.js';
import { withExceptions } from './exceptions.js';
import { toFindings } from './findings.js';
import { fixFile } from './fix.js';
import { annotationFindings } from './ignore-annotation.js';
import { type Judge, judgeManifest } from './judge.js';
import { enforcedLevels, namespaceLabels } from './namespaces.js';
import { exceptionsInForce } from './policy-exceptions.js';
import { isManifestFile, loadPolicies, loadSchemas, readManifests } from './policy-files.js';
import { withProvenFixes } from './proven-fixes.js';
import {
  type EditedFile,
  provesInTargets,
  type RenderEdited,
  type RenderTogether,
} from './rendered-proof.js';
import { registerSecrets } from './secret-values.js';
import type { Unit } from './unit.js';
import { valueAt } from './violation.js';

/** What `lintTree` is told beside the tree. */
export interface LintOptions {
  config: TrustedConfig;
  now: Date;
  /** Told every value of the Secrets that are read. */
  redactor?: Redactor;
  /** Paths of the tree to judge; every manifest file where none is given. */
  paths?: readonly string[];
  /** Renders what reads a file, to prove fixes there; without it the file alone is looked at. */
  rendered?: RenderEdited;
  /** Renders what reads several files, to prove their fixes together; without it each is proved by itself. */
  renderedTogether?: RenderTogether;
  /** The command that mends a file of the tree, or ''. */
  command?: (path: string) => string;
}

/**
 * Schemas and policies over the manifests of a tree as they stand in its files: no rendering, no base, everything counts.
 * @throws GateError `config` for packs, policies or schemas that are not there
 */
export async function lintTree(tree: Tree, options: LintOptions): Promise<CheckResult> {
  const { config, now } = options;
  const result = emptyResult('policies');
  const { judge, manifests, paths, notVerified, otherDocuments } = await readTree(tree, options);
  result.notVerified.push(...notVerified);
  if (options.redactor !== undefined) registerSecrets(manifests, options.redactor);
  const unit: Unit = { name: '', target: null, cluster: null, base: [], result: manifests };
  const withoutSchema = new Set<string>();
  const placed = manifests.flatMap((manifest) => {
    const judged = judgeManifest(manifest, judge);
    if (judged.withoutSchema !== null) withoutSchema.add(judged.withoutSchema);
    for (const { ruleId, reason } of judged.unjudged) {
      result.notVerified.push({ what: `${ruleId} on ${describeRef(manifest.ref)}`, reason, closes: true });
    }
    return judged.violations.map((violation) => ({
      violation,
      unit,
      isNew: true,
      reopened: false,
      before: manifest,
    }));
  });
  for (const kind of [...withoutSchema].sort()) {
    const reason = 'no schema is known; add its CustomResourceDefinition to policies.schemas';
    result.notVerified.push({ what: kind, reason, closes: false });
  }
  const { findings } = toFindings(placed, acceptedBy(now));
  const offered = await withProvenFixes(findings, {
    tree,
    judge,
    rendered: options.rendered ?? unrendered,
    command: options.command ?? (() => ''),
  });
  result.findings.push(...withExceptions(offered, config.exceptions, now));
  for (const manifest of manifests) {
    const own = placed.filter(({ before }) => before === manifest).map(({ violation }) => violation);
    result.findings.push(...annotationFindings(manifest, manifest, own, now));
  }
  result.summary = summaryOf(manifests.length, paths.length, otherDocuments, result.findings.length === 0);
  return result;
}

function summaryOf(objects: number, files: number, others: number, isClean: boolean): string {
  const count = `${objects} ${objects === 1 ? 'object' : 'objects'} in ${files} ${files === 1 ? 'file' : 'files'}`;
  const left =
    others === 0 ? '' : `; ${others} ${others === 1 ? 'document is' : 'documents are'} no Kubernetes object`;
  if (objects === 0) return `no object to judge in ${files} ${files === 1 ? 'file' : 'files'}${left}`;
  return `${isClean ? `${count}: nothing is broken` : `${count} judged`}${left}`;
}

/** A file that `fixTree` mends. */
export interface FixedTreeFile {
  path: string;
  content: string;
  /** What was mended: `rule on object`. */
  fixed: string[];
  /** Why it is not to be written: what is rendered from the file says otherwise, or cannot be seen. Null: it is. */
  refused: string | null;
}

/**
 * Mends what has one safe remedy in the manifest files of a tree. Each fix is proved by applying it: the finding is gone, none has
 * come, nothing else has changed, in the file and in the targets that read it. The caller writes the files.
 * @throws GateError `config` as lintTree
 */
export async function fixTree(tree: Tree, options: LintOptions): Promise<FixedTreeFile[]> {
  const rendered = options.rendered ?? unrendered;
  const { judge, paths } = await readTree(tree, options);
  const files: FixedTreeFile[] = [];
  const proved: { file: FixedTreeFile; edit: EditedFile }[] = [];
  for (const path of paths) {
    const content = (await tree.read(path)).toString('utf8');
    const result = fixFile(content, path, judge);
    if (result === null) continue;
    const fixed = result.fixed.map(({ ruleId, manifest }) => `${ruleId} on ${describeRef(manifest.ref)}`);
    const cleared = result.fixed.map(({ ruleId, manifest, field }) => ({
      ruleId,
      line: manifest.locate(field ?? [])?.line ?? null,
      isThere: valueAt(manifest.object, field ?? []) !== undefined,
    }));
    const sides = { before: content, after: result.content };
    const edited = await rendered(path, sides.before, sides.after);
    const isProved =
      edited !== null && provesInTargets([{ path: edited.path, ...sides, cleared }], edited.targets, judge);
    const file = { path, content: result.content, fixed, refused: isProved ? null : whyNot(edited) };
    files.push(file);
    if (isProved) proved.push({ file, edit: { path, ...sides, cleared } });
  }
  if (options.renderedTogether !== undefined)
    await refuseWhatClashes(proved, options.renderedTogether, judge);
  return files;
}

/** Fixes that are safe one by one are tried together; where they are not so, one after the other joins those before it. */
async function refuseWhatClashes(
  proved: readonly { file: FixedTreeFile; edit: EditedFile }[],
  rendered: RenderTogether,
  judge: Judge,
): Promise<void> {
  const isSafe = async (edits: readonly EditedFile[]): Promise<boolean> => {
    const edited = await rendered(edits);
    const named = edits.map((edit, index) => ({ ...edit, path: edited?.paths[index] ?? edit.path }));
    return edited !== null && provesInTargets(named, edited.targets, judge);
  };
  const all = proved.map(({ edit }) => edit);
  if (all.length < 2 || (await isSafe(all))) return;
  const kept: EditedFile[] = [];
  for (const { file, edit } of proved) {
    if (kept.length === 0 || (await isSafe([...kept, edit]))) kept.push(edit);
    else
      file.refused = 'together with the fixes of other files it would do something else to what is rendered';
  }
}

function whyNot(edited: Awaited<ReturnType<RenderEdited>>): string {
  const why = 'it cannot be shown that nothing else would change in what is rendered from it';
  if (edited === null) return `${why}: too many targets read it`;
  for (const { target, before, after } of edited.targets) {
    const unseen = [before, after].find(({ status }) => status !== 'rendered');
    if (unseen === undefined) continue;
    return `${why}: ${target.name}: ${'reason' in unseen ? unseen.reason : 'is not rendered'}`;
  }
  return why;
}

/** A tree that nothing is rendered from. */
const unrendered: RenderEdited = async (path) => ({ path, targets: [] });

interface ReadTree {
  judge: Judge;
  manifests: Manifest[];
  paths: readonly string[];
  notVerified: NotVerified[];
  /** Documents of these files that are no Kubernetes objects. */
  otherDocuments: number;
}

/** What is to be judged, and the judge. */
async function readTree(tree: Tree, { config, now, paths: given }: LintOptions): Promise<ReadTree> {
  const set = await loadPolicies(config);
  const schemas = await loadSchemas(config);
  const paths = given ?? [...(await tree.files()).keys()].filter(isManifestFile);
  const { manifests, notVerified, otherDocuments } = await readManifests(tree, paths, true);
  const { kubernetesVersion, data, request } = config.config.policies;
  const answers = declaredData(data);
  const objects = clusterObjects([...manifests, ...set.companions]);
  const judge: Judge = {
    policies: set.policies,
    trusted: objects,
    options: {
      now,
      ...answers,
      objects,
      exceptions: exceptionsInForce(set.companions, now),
    },
    kubernetesVersion,
    crds: customKindsOf([...schemas.manifests, ...manifests]),
    user: request.username === undefined ? null : { ...request, username: request.username },
    namespaceLabels: namespaceLabels(set.companions, manifests),
    enforcedLevel: enforcedLevels(manifests),
  };
  return {
    judge,
    manifests,
    paths,
    otherDocuments,
    notVerified: [...set.notVerified, ...schemas.notVerified, ...notVerified],
  };
}
