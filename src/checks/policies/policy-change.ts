import { type Action, type Finding, finding, fingerprint } from '../../contract/index.js';
import type { FileChange, Tree } from '../../git/index.js';
import { describeRef, type Manifest } from '../../kubernetes/index.js';
import { clusterObjects } from './cluster-objects.js';
import { type Judge, judgeManifest } from './judge.js';
import { type LoadedPolicy, packPolicies } from './packs.js';
import { exceptionsInForce } from './policy-exceptions.js';
import { isManifestFile, isPolicy, readManifests } from './policy-files.js';
import { memberAt, text } from './values/json.js';
import { keyOf } from './violation.js';

/** Files beyond these are not read for the effects of a changed policy; the finding says so. */
const MOST_FILES = 2_000;

/** What a change of policies is judged with. */
export interface PolicyChangeInput {
  /** `policies.paths` of the base's configuration. */
  paths: readonly string[];
  changes: readonly FileChange[];
  base: Tree;
  result: Tree;
  now: Date;
  /** The policies in force: the base's. */
  policies: readonly LoadedPolicy[];
  /** Objects of rendered targets; those of files are read from the result. */
  rendered: readonly Manifest[];
  judge: Judge;
  /** Packs and paths as the change's own configuration has them; null where it does not change them, or cannot be read. */
  future: { packs: readonly string[]; paths: readonly string[]; path: string } | null;
}

function lies(path: string, paths: readonly string[]): boolean {
  return paths.some((item) => {
    const clean = item.replace(/^\.\//, '').replace(/\/+$/, '');
    return path === clean || clean === '' || clean === '.' || path.startsWith(`${clean}/`);
  });
}

/**
 * For each policy that the change adds, alters or takes away, in its file or by the packs and paths of the configuration:
 * which existing objects would newly fail or newly pass. The policies themselves stay those of the base for this change.
 */
export async function policyChangeFindings(input: PolicyChangeInput): Promise<Finding[]> {
  const { paths, changes, result, judge, future } = input;
  const futurePaths = future?.paths ?? paths;
  const touched = changes.filter(
    ({ path, oldPath }) => lies(path, paths) || (oldPath !== null && lies(oldPath, paths)),
  );
  if (future === null && (paths.length === 0 || touched.length === 0)) return [];
  const names = [...(await result.files()).keys()].filter(isManifestFile);
  const policyFiles = names.filter((name) => lies(name, futurePaths));
  const others = names.filter((name) => !lies(name, paths) && !lies(name, futurePaths));
  const { manifests: after } = await readManifests(result, policyFiles, false);
  const { manifests: files } = await readManifests(result, others.slice(0, MOST_FILES), false);
  const objects = [
    ...new Map([...files, ...input.rendered].map((manifest) => [keyOf(manifest), manifest])).values(),
  ];
  const { manifests: earlier } = await readManifests(
    input.base,
    [...(await input.base.files()).keys()].filter((name) => isManifestFile(name) && lies(name, paths)),
    false,
  );
  const beside = companionsChanged(earlier, after);
  const judgeToBe = futureJudge(input, after);
  const packs = changedPacks(input);
  const before = byName([...input.policies.filter(({ pack }) => pack === null), ...packs.gone]);
  const now = byName([
    ...after
      .filter(({ object }) => isPolicy(object))
      .map(({ object, path }) => ({ policy: object, pack: null, path })),
    ...packs.come,
  ]);
  const limited = others.length > MOST_FILES ? ` (of the first ${MOST_FILES} files)` : '';
  const findings: Finding[] = [];
  for (const name of [...new Set([...before.keys(), ...now.keys()])].sort()) {
    const [old, fresh] = [before.get(name), now.get(name)];
    const same = JSON.stringify(old?.policy) === JSON.stringify(fresh?.policy);
    if (same && beside.length === 0) continue;
    const failed = failing(old, objects, judge);
    const fails = failing(fresh, objects, judgeToBe);
    const refs = (all: Failing, other: Failing): string[] =>
      [...all].filter(([key]) => !other.has(key)).map(([, { ref }]) => ref);
    const closing = (all: Failing): Failing => new Map([...all].filter(([, { action }]) => action === 'fix'));
    const parts = [
      ['newly fail', refs(fails, failed)] as const,
      ['no longer fail', refs(failed, fails)] as const,
      // broken as before, but the cluster would only tell of it
      [
        'are no longer refused',
        refs(closing(failed), closing(fails)).filter((ref) => has(fails, ref)),
      ] as const,
      [
        'are refused from now on',
        refs(closing(fails), closing(failed)).filter((ref) => has(failed, ref)),
      ] as const,
    ].filter(([, found]) => found.length > 0);
    const softer = isSofter(old, fresh);
    const isOfPack = (old ?? fresh)?.pack !== null;
    if ((same || isOfPack) && parts.length === 0) continue;
    const effects = parts.map(([what, found]) => `${what}: ${some(found)}`).join('; ');
    findings.push(
      effect(
        name,
        old,
        fresh,
        [softer, effects].filter((part) => part !== '').join('; '),
        same ? beside : [],
        limited,
      ),
    );
  }
  return findings;
}

/** Policies of packs that the change takes into its configuration, or out of it. */
function changedPacks({ policies, future }: PolicyChangeInput): {
  come: LoadedPolicy[];
  gone: LoadedPolicy[];
} {
  if (future === null) return { come: [], gone: [] };
  const inForce = new Set(policies.map(({ pack }) => pack));
  const at = ({ policy, pack }: LoadedPolicy): LoadedPolicy => ({ policy, pack, path: future.path });
  return {
    come: packPolicies(future.packs.filter((pack) => !inForce.has(pack))).map(at),
    gone: policies.filter(({ pack }) => pack !== null && !future.packs.includes(pack)).map(at),
  };
}

/** What the cluster would look into once the change is merged: exceptions, bindings and parameters of the result. */
function futureJudge({ judge, rendered, now }: PolicyChangeInput, after: readonly Manifest[]): Judge {
  return {
    ...judge,
    trusted: clusterObjects([...rendered, ...after.filter(({ object }) => !isPolicy(object))]),
    options: { ...judge.options, exceptions: exceptionsInForce([...rendered, ...after], now) },
  };
}

/** Objects beside the policies (bindings, parameters, exceptions) that are not what they were. */
function companionsChanged(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const written = (manifests: readonly Manifest[]): Map<string, string> =>
    new Map(
      manifests
        .filter(({ object }) => !isPolicy(object))
        .map(({ object, ref }) => [describeRef(ref), JSON.stringify(object)]),
    );
  const [old, fresh] = [written(before), written(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((name) => old.get(name) !== fresh.get(name))
    .sort();
}

/** Says it where a policy that the cluster enforces would only audit, or fail open: it may have no effect yet. */
function isSofter(old: LoadedPolicy | undefined, fresh: LoadedPolicy | undefined): string {
  if (old === undefined || fresh === undefined) return '';
  const [before, after] = [old, fresh].map(({ policy }) => JSON.stringify(policy));
  const count = (written: string | undefined, pattern: RegExp): number =>
    [...(written ?? '').matchAll(pattern)].length;
  const soft = /"(?:Audit|audit|Warn|Ignore)"/g;
  const hard = /"(?:Enforce|enforce|Deny|Fail)"/g;
  return count(after, soft) > count(before, soft) || count(after, hard) < count(before, hard)
    ? 'it enforces less'
    : '';
}

function has(all: Failing, ref: string): boolean {
  return [...all.values()].some((item) => item.ref === ref);
}

/** Objects that break a policy, by identity, and what the cluster does about it. */
type Failing = Map<string, { ref: string; action: Action }>;

function byName(policies: readonly LoadedPolicy[]): Map<string, LoadedPolicy> {
  return new Map(
    policies.map((loaded) => [
      `${text(memberAt(loaded.policy, 'kind'))} ${text(memberAt(loaded.policy, 'metadata', 'name'))}${
        loaded.pack === null ? '' : ` of the pack ${loaded.pack}`
      }`,
      loaded,
    ]),
  );
}

function failing(policy: LoadedPolicy | undefined, objects: readonly Manifest[], judge: Judge): Failing {
  const found: Failing = new Map();
  if (policy === undefined) return found;
  const alone: Judge = { ...judge, policies: [policy] };
  for (const manifest of objects) {
    const broken = judgeManifest(manifest, alone).violations.filter(
      ({ ruleId, excepted }) => !OWN.has(ruleId) && (excepted ?? null) === null,
    );
    if (broken.length === 0) continue;
    const action = broken.some((violation) => violation.action === 'fix') ? 'fix' : 'inform';
    found.set(keyOf(manifest), { ref: describeRef(manifest.ref), action });
  }
  return found;
}

/** Rules of the schemas: no policy's. */
const OWN = new Set(['policies/schema', 'policies/removed-api', 'policies/deprecated-api']);

function some(refs: readonly string[]): string {
  return refs.length > 3 ? `${refs.slice(0, 3).join(', ')} and ${refs.length - 3} more` : refs.join(', ');
}

function effect(
  name: string,
  old: LoadedPolicy | undefined,
  fresh: LoadedPolicy | undefined,
  effects: string,
  beside: readonly string[],
  limited: string,
): Finding {
  const what =
    beside.length > 0
      ? `judges otherwise by ${some(beside)}`
      : old === undefined
        ? 'is added'
        : fresh === undefined
          ? 'is taken away'
          : 'is changed';
  return finding({
    check: 'policies',
    ruleId: 'policies/policy-changed',
    action: 'inform',
    message: `${name} ${what}: ${effects === '' ? 'no object is judged otherwise' : effects}${limited}`,
    help: 'This change is still judged by the policies of the base; the new ones count once it is merged.',
    path: fresh?.path ?? old?.path ?? null,
    fingerprint: fingerprint('policies/policy-changed', name),
  });
}
