import { CONFIG_PATH, loadConfig, type TrustedConfig } from '../../config/index.js';
import {
  type CheckResult,
  emptyResult,
  type Finding,
  GateError,
  type NotVerified,
} from '../../contract/index.js';
import type { FileChange, Tree } from '../../git/index.js';
import { customKindsOf, describeRef, type Manifest } from '../../kubernetes/index.js';
import type { Check } from '../context.js';
import { acceptedBy } from './accepted.js';
import { brokenPlaces } from './broken-places.js';
import { clusterObjects, trustedObjects } from './cluster-objects.js';
import { declaredData } from './declared-data.js';
import { toFindings } from './findings.js';
import { annotationFindings, ignoresOf } from './ignore-annotation.js';
import { type Judge, judgeDeletion, judgeManifest } from './judge.js';
import { requestFor } from './kyverno/request.js';
import { relabelledNamespaces } from './namespace-labels.js';
import { enforcedLevels, namespaceLabels } from './namespaces.js';
import { otherNamespaces } from './other-namespaces.js';
import { PACK_NAMES } from './packs.js';
import { type PolicyChangeInput, policyChangeFindings } from './policy-change.js';
import {
  exceptionsInForce,
  isPolicyException,
  policyExceptionNotices,
  unusedPolicyExceptions,
} from './policy-exceptions.js';
import { loadPolicies, loadSchemas, type PolicySet } from './policy-files.js';
import { fixCommand, withProvenFixes } from './proven-fixes.js';
import { compareSides, type PlacedViolation, type UnitViolations } from './ratchet.js';
import { registerSecrets } from './secret-values.js';
import { sourcesOf } from './sources.js';
import type { Unit } from './unit.js';
import { unitsOf } from './units.js';
import { keyOf, type Unjudged } from './violation.js';

/**
 * The policies check: schemas, packs and the base's policies over what the change would apply, base against result.
 * What is new or worse is a finding; what was there is debt.
 */
export const policiesCheck: Check = async ({ change, config, rendered, now, redactor, signal }) => {
  const result = emptyResult('policies');
  if (change.result === null) {
    const reason = change.unmergeable ?? 'there is no merge result';
    result.notVerified.push({ what: 'the merge result', reason, closes: true });
    result.summary = 'nothing could be judged';
    return result;
  }
  let set: PolicySet;
  let schemas: { manifests: Manifest[]; notVerified: NotVerified[] };
  try {
    set = await loadPolicies(config);
    schemas = await loadSchemas(config);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    result.notVerified.push({ what: 'the policies of the base', reason: error.message, closes: true });
    result.summary = error.message;
    return result;
  }
  const { units, notVerified } = await unitsOf(
    rendered,
    await change.files(),
    change.base.tree,
    change.result,
  );
  result.notVerified.push(...set.notVerified, ...schemas.notVerified, ...notVerified);
  for (const { base, result: after } of units) registerSecrets([...base, ...after], redactor);
  const after = change.result;
  const changes = await change.files();
  const choosers = [
    ...set.policies.map(({ policy }) => policy),
    ...set.companions.map(({ object }) => object),
  ];
  const beside = await otherNamespaces(units, choosers, rendered, change.base.tree);
  const judges = judgesFor([...units, ...beside], set, schemas.manifests, config, now);
  const sides: UnitViolations[] = [];
  const unjudged = new Map<string, Unjudged & { closes: boolean }>();
  const withoutSchema = new Set<string>();
  const remaining = new Set(units.flatMap((unit) => unit.result.map((manifest) => identity(unit, manifest))));
  for (const unit of units) {
    if (signal.aborted) {
      result.notVerified.push({
        what: unit.name,
        reason: 'the check was ended before it was judged',
        closes: true,
      });
      continue;
    }
    sides.push(judgeUnit(unit, judges, unjudged, withoutSchema, remaining));
  }
  for (const { manifest, ruleId, reason, closes } of unjudged.values()) {
    result.notVerified.push({ what: `${ruleId} on ${describeRef(manifest.ref)}`, reason, closes });
  }
  for (const kind of [...withoutSchema].sort()) {
    const reason = 'no schema is known; add its CustomResourceDefinition to policies.schemas';
    result.notVerified.push({ what: kind, reason, closes: false });
  }
  await finish(result, sides, config, now, units.length, judges, (violations) =>
    sourcesOf(violations, { rendered, changes, tree: after }),
  );
  result.findings = await withProvenFixes(result.findings, {
    tree: change.result,
    judge: judges(undefined).result,
    rendered: async (path, _before, after, most = 0) => {
      const targets = await rendered.edited(path, after, most);
      return targets === null ? null : { path, targets };
    },
    command: (path) => fixCommand(path, config.unconfigured ? [] : [['--config', CONFIG_PATH]]),
  });
  result.findings.push(...noticesOf(sides, set, now, judges), ...relabelledNamespaces(units, choosers));
  result.findings.push(
    ...(await policyChangeFindings({
      paths: config.config.policies.paths,
      changes: await change.files(),
      base: change.base.tree,
      result: change.result,
      now,
      policies: set.policies,
      rendered: units.flatMap((unit) => unit.result),
      judge: judges(undefined).result,
      future: await futureOf(change.result, change.base.tree, config, changes),
    })),
  );
  return result;
};

/** Packs and paths as the change's configuration has them, where it changes the one that is in force. */
async function futureOf(
  result: Tree,
  base: Tree,
  { config, files }: TrustedConfig,
  changes: readonly FileChange[],
): Promise<PolicyChangeInput['future']> {
  if (files.oid !== base.oid || !changes.some(({ path }) => path === CONFIG_PATH)) return null;
  try {
    const { packs, paths } = (await loadConfig(result)).config.policies;
    const isSame =
      JSON.stringify([packs, paths]) === JSON.stringify([config.policies.packs, config.policies.paths]);
    // a pack that does not exist closes the gate as soon as it is in force
    if (isSame || packs.some((pack) => !PACK_NAMES.includes(pack))) return null;
    return { packs, paths, path: CONFIG_PATH };
  } catch (error) {
    // the gate's own check says what is wrong with it
    if (error instanceof GateError) return null;
    throw error;
  }
}

/** What is to be said of annotations and PolicyExceptions: new, expired or unused ones. */
function noticesOf(
  sides: readonly UnitViolations[],
  set: PolicySet,
  now: Date,
  judges: (cluster: string | null | undefined) => Judges,
): Finding[] {
  const annotations = sides.flatMap(({ unit, result }) => {
    const before = new Map(unit.base.map((manifest) => [keyOf(manifest), manifest]));
    return unit.result
      .filter((manifest) => ignoresOf(manifest).written)
      .flatMap((manifest) => {
        const key = keyOf(manifest);
        const own = result.filter((violation) => violation.manifest === manifest);
        return annotationFindings(manifest, before.get(key) ?? null, own, now);
      });
  });
  const base = [...sides.flatMap(({ unit }) => unit.base), ...set.companions];
  if (!base.some(isPolicyException)) return annotations;
  const judged = sides.map(({ unit, result: violations }) => {
    const { namespaceLabels: labelsOf, user } = judges(unit.cluster).result;
    const requests = new Map(
      unit.result.map((manifest) => {
        const namespaceLabels = labelsOf(manifest.ref.namespace);
        return [manifest, requestFor(manifest.object, { user, namespaceLabels })] as const;
      }),
    );
    return { requests, violations };
  });
  return [
    ...annotations,
    ...policyExceptionNotices(base, set.policies, now),
    ...unusedPolicyExceptions(base, set.policies, judged, now),
  ];
}

interface Judges {
  base: Judge;
  result: Judge;
}

/**
 * The judge of a unit, made once for each cluster: versions differ, and what one cluster's namespaces and exceptions allow
 * is allowed there alone. Objects of no known cluster may be in any; `undefined` stands for all of them together.
 */
function judgesFor(
  units: readonly Unit[],
  set: PolicySet,
  schemas: readonly Manifest[],
  config: TrustedConfig,
  now: Date,
): (cluster: string | null | undefined) => Judges {
  const { kubernetesVersion, request, data } = config.config.policies;
  const user =
    request.username === undefined
      ? null
      : {
          username: request.username,
          groups: request.groups,
          roles: request.roles,
          clusterRoles: request.clusterRoles,
        };
  const answers = declaredData(data);
  const judgesOf = (own: readonly Unit[], shared: readonly Unit[], version: string): Judges => {
    const near = [...shared, ...own];
    const base = near.flatMap((unit) => unit.base);
    const after = near.flatMap((unit) => unit.result);
    const exceptions = exceptionsInForce([...base, ...set.companions], now);
    const before = clusterObjects([...base, ...set.companions]);
    const side = (manifests: readonly Manifest[]): Judge => {
      const objects = clusterObjects([...manifests, ...set.companions]);
      return {
        policies: set.policies,
        options: { now, ...answers, objects, exceptions },
        trusted: trustedObjects(before, objects),
        kubernetesVersion: version,
        crds: customKindsOf([...schemas, ...manifests]),
        user,
        namespaceLabels: namespaceLabels([...base, ...set.companions], after),
        enforcedLevel: enforcedLevels(own.flatMap((unit) => unit.base)),
      };
    };
    return { base: side(base), result: side(after) };
  };
  const made = new Map<string | null | undefined, Judges>();
  return (cluster) => {
    const known = made.get(cluster);
    if (known !== undefined) return known;
    const named = config.config.diff.clusters.find(({ name }) => name === cluster);
    const own = units.filter((unit) => cluster === undefined || unit.cluster === cluster);
    const shared = units.filter((unit) => typeof cluster === 'string' && unit.cluster === null);
    const judges = judgesOf(own, shared, named?.kubernetesVersion ?? kubernetesVersion);
    made.set(cluster, judges);
    return judges;
  };
}

/** An object within its cluster: moved to another target or file, it is not taken away. */
function identity(unit: Unit, manifest: Manifest): string {
  return JSON.stringify([unit.cluster, keyOf(manifest)]);
}

function judgeUnit(
  unit: Unit,
  judges: (cluster: string | null | undefined) => Judges,
  unjudged: Map<string, Unjudged & { closes: boolean }>,
  withoutSchema: Set<string>,
  remaining: ReadonlySet<string>,
): UnitViolations {
  const { base, result } = judges(unit.cluster);
  const before = unit.base.map((manifest) => judgeManifest(manifest, base));
  const old = new Map(unit.base.map((manifest) => [keyOf(manifest), manifest]));
  const told = (items: readonly Unjudged[], touched: boolean): void => {
    for (const item of items) {
      const key = JSON.stringify([item.ruleId, item.reason, keyOf(item.manifest)]);
      const closes = touched || (unjudged.get(key)?.closes ?? false);
      unjudged.set(key, { ...item, closes });
    }
  };
  const after = unit.result.map((manifest) => {
    const was = old.get(keyOf(manifest)) ?? null;
    const touched = was === null || JSON.stringify(was.object) !== JSON.stringify(manifest.object);
    const judged = judgeManifest(manifest, result, touched ? was : null);
    told(judged.unjudged, touched);
    if (judged.withoutSchema !== null) withoutSchema.add(judged.withoutSchema);
    return judged;
  });
  const gone = unit.base.filter((manifest) => !remaining.has(identity(unit, manifest)));
  const deletions = gone.map((manifest) => judgeDeletion(manifest, base));
  told(
    deletions.flatMap((judged) => judged.unjudged),
    true,
  );
  return {
    unit,
    base: before.flatMap(({ violations }) => violations),
    result: [...after, ...deletions].flatMap(({ violations }) => violations),
  };
}

async function finish(
  result: CheckResult,
  sides: readonly UnitViolations[],
  config: TrustedConfig,
  now: Date,
  judged: number,
  judges: (cluster: string | null | undefined) => Judges,
  sources: (violations: readonly PlacedViolation[]) => ReturnType<typeof sourcesOf>,
): Promise<void> {
  const placed = compareSides(sides, (side, unit, manifest, ruleId) =>
    brokenPlaces(manifest, ruleId, judges(unit.cluster)[side]),
  );
  const { ratchet } = config.config.policies;
  const counted = (violations: readonly PlacedViolation[]): PlacedViolation[] =>
    violations.filter(({ violation }) => violation.action !== 'inform');
  const shown = ratchet ? placed.filter(({ isNew }) => isNew) : placed;
  const accepted = acceptedBy(now);
  const { findings, reopened } = toFindings(shown, accepted, await sources(shown));
  result.findings.push(...findings);
  result.reopened = reopened;
  const before = counted(
    sides.flatMap(({ unit, base }) =>
      base.map((violation) => ({
        violation,
        unit,
        isNew: false,
        reopened: false,
        before: violation.manifest,
      })),
    ),
  );
  const old = counted(placed.filter(({ isNew }) => !isNew));
  const countOf = (violations: readonly PlacedViolation[]): number =>
    toFindings(violations.filter((violation) => accepted(violation) === null)).findings.length;
  const debt = countOf(old);
  result.debt = { count: ratchet ? debt : 0, delta: debt - countOf(before) };
  const fixes = result.findings.filter(
    ({ action, suppressed }) => action === 'fix' && suppressed === null,
  ).length;
  result.summary =
    fixes > 0
      ? `${fixes} ${fixes === 1 ? 'rule is' : 'rules are'} newly broken`
      : `${judged} ${judged === 1 ? 'target or file' : 'targets and files'} judged, nothing new is broken`;
}
