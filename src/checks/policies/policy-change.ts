import { type Finding, finding, fingerprint } from '../../contract/index.js';
import type { FileChange, Tree } from '../../git/index.js';
import { describeRef, type Manifest } from '../../kubernetes/index.js';
import { type Judge, judgeManifest } from './judge.js';
import type { LoadedPolicy } from './packs.js';
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
  result: Tree;
  /** The policies in force: the base's. */
  policies: readonly LoadedPolicy[];
  /** Objects of rendered targets; those of files are read from the result. */
  rendered: readonly Manifest[];
  judge: Judge;
}

function lies(path: string, paths: readonly string[]): boolean {
  return paths.some((item) => {
    const clean = item.replace(/^\.\//, '').replace(/\/+$/, '');
    return path === clean || clean === '' || clean === '.' || path.startsWith(`${clean}/`);
  });
}

/**
 * For each policy that the change adds, alters or takes away: which existing objects would newly fail or newly pass. The
 * policies themselves stay those of the base for this change.
 */
export async function policyChangeFindings(input: PolicyChangeInput): Promise<Finding[]> {
  const { paths, changes, result, judge } = input;
  const touched = changes.filter(
    ({ path, oldPath }) => lies(path, paths) || (oldPath !== null && lies(oldPath, paths)),
  );
  if (paths.length === 0 || touched.length === 0) return [];
  const names = [...(await result.files()).keys()].filter(isManifestFile);
  const policyFiles = names.filter((name) => lies(name, paths));
  const others = names.filter((name) => !lies(name, paths));
  const { manifests: after } = await readManifests(result, policyFiles, false);
  const { manifests: files } = await readManifests(result, others.slice(0, MOST_FILES), false);
  const objects = [
    ...new Map([...files, ...input.rendered].map((manifest) => [keyOf(manifest), manifest])).values(),
  ];
  const before = byName(input.policies.filter(({ pack }) => pack === null));
  const now = byName(
    after
      .filter(({ object }) => isPolicy(object))
      .map(({ object, path }) => ({ policy: object, pack: null, path })),
  );
  const limited = others.length > MOST_FILES ? ` (of the first ${MOST_FILES} files)` : '';
  const findings: Finding[] = [];
  for (const name of [...new Set([...before.keys(), ...now.keys()])].sort()) {
    const [old, fresh] = [before.get(name), now.get(name)];
    if (JSON.stringify(old?.policy) === JSON.stringify(fresh?.policy)) continue;
    const failed = failing(old, objects, judge);
    const fails = failing(fresh, objects, judge);
    const newly = [...fails].filter(([key]) => !failed.has(key)).map(([, ref]) => ref);
    const cleared = [...failed].filter(([key]) => !fails.has(key)).map(([, ref]) => ref);
    findings.push(effect(name, old, fresh, newly, cleared, limited));
  }
  return findings;
}

function byName(policies: readonly LoadedPolicy[]): Map<string, LoadedPolicy> {
  return new Map(
    policies.map((loaded) => [
      `${text(memberAt(loaded.policy, 'kind'))} ${text(memberAt(loaded.policy, 'metadata', 'name'))}`,
      loaded,
    ]),
  );
}

/** Objects that break a policy, by identity. */
function failing(
  policy: LoadedPolicy | undefined,
  objects: readonly Manifest[],
  judge: Judge,
): Map<string, string> {
  if (policy === undefined) return new Map();
  const alone: Judge = { ...judge, policies: [policy] };
  return new Map(
    objects
      .filter((manifest) => judgeManifest(manifest, alone).violations.some(({ ruleId }) => !OWN.has(ruleId)))
      .map((manifest) => [keyOf(manifest), describeRef(manifest.ref)]),
  );
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
  newly: readonly string[],
  cleared: readonly string[],
  limited: string,
): Finding {
  const what = old === undefined ? 'is added' : fresh === undefined ? 'is taken away' : 'is changed';
  const parts = [
    newly.length > 0 ? `newly fail: ${some(newly)}` : '',
    cleared.length > 0 ? `no longer fail: ${some(cleared)}` : '',
  ].filter((part) => part !== '');
  return finding({
    check: 'policies',
    ruleId: 'policies/policy-changed',
    action: 'inform',
    message: `${name} ${what}: ${parts.length === 0 ? 'no object is judged otherwise' : parts.join('; ')}${limited}`,
    help: 'This change is still judged by the policies of the base; the new ones count once it is merged.',
    path: fresh?.path ?? old?.path ?? null,
    fingerprint: fingerprint('policies/policy-changed', name),
  });
}
