import { type Finding, finding, fingerprint, type ObjectRef, type Redactor } from '../../contract/index.js';
import { printable } from '../../git/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import type { RenderedChange, RenderedTarget } from '../../render/index.js';
import type { Engine } from './engine.js';
import { helpFor, objectName, quoteName } from './secret-finding.js';
import { judgeField } from './structure/judge-field.js';
import { type Dangling, danglingReferences, suppliesAll } from './structure/references.js';
import { secretFields } from './structure/secret-object.js';

/**
 * What only the rendered manifests show: plaintext that a chart or an overlay puts into a Secret, and references that
 * lose what they pointed at. Secrets that the base renders alike, and values that a file's finding names, are left out.
 * @param sources texts of the files that the change touches: a value that stands in none of them was computed
 */
export async function renderedFindings(
  rendered: RenderedChange,
  engine: Engine,
  redactor: Redactor,
  known: ReadonlySet<string>,
  sources: () => Promise<readonly string[]>,
): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  const reached = await rendered.reached();
  // A new overlay of what the base renders elsewhere discloses nothing new.
  const elsewhere = new Set(
    reached.flatMap((target) =>
      manifestsOf(target, 'base').flatMap((manifest) =>
        plainValues(manifest, engine).map((value) => JSON.stringify([manifest.ref.name, value])),
      ),
    ),
  );
  for (const target of reached) {
    const result = manifestsOf(target, 'result');
    for (const manifest of [...result, ...manifestsOf(target, 'base')]) registerValues(manifest, redactor);
    const before = new Set(manifestsOf(target, 'base').flatMap((manifest) => plainValues(manifest, engine)));
    for (const manifest of result) {
      if (manifest.ref.kind !== 'Secret') continue;
      for (const field of secretFields(manifest)) {
        for (const judged of judgeField(field, engine)) {
          const value = judged.value.trim();
          if (judged.confidence === 'guess' || before.has(value) || known.has(value)) continue;
          if (elsewhere.has(JSON.stringify([manifest.ref.name, value]))) continue;
          const literal = (await sources()).some((text) => text.includes(value));
          const id = fingerprint('secrets/rendered-secret', identity(manifest.ref), field.name);
          const existing = found.get(id);
          if (existing !== undefined) {
            existing.targets.push(target.target.name);
            continue;
          }
          found.set(
            id,
            renderedFinding(id, manifest, field.name, judged.description, judged.revoke, literal, target),
          );
        }
      }
    }
  }
  for (const item of await dangling(rendered, reached)) found.set(item.fingerprint, item);
  return [...found.values()];
}

function renderedFinding(
  id: string,
  manifest: Manifest,
  name: string,
  description: string,
  revoke: string,
  literal: boolean,
  { target }: RenderedTarget,
): Finding {
  return finding({
    check: 'secrets',
    ruleId: 'secrets/rendered-secret',
    action: literal ? 'fix' : 'inform',
    confidence: literal ? 'likely' : 'guess',
    message: `${description === 'plaintext value' ? 'plaintext' : description} ${quoteName(name)} in rendered ${objectName(manifest.ref)}`,
    help: literal
      ? helpFor(revoke, manifest.path ?? target.path)
      : 'the value is in no file of the change: made by the chart at each rendering, it will differ from what the cluster has',
    path: manifest.path === null ? null : printable(manifest.path),
    object: manifest.ref,
    targets: [target.name],
    clusters: target.cluster === null ? [] : [target.cluster],
    fingerprint: id,
  });
}

function identity(ref: ObjectRef): string {
  return `${ref.apiVersion}/${ref.kind}/${ref.namespace}/${ref.name}`;
}

function manifestsOf(target: RenderedTarget, side: 'base' | 'result'): readonly Manifest[] {
  const outcome = target[side];
  return outcome.status === 'rendered' ? outcome.manifests : [];
}

/** Every value of a rendered Secret is kept out of all output, whether it is judged a secret or not. */
function registerValues(manifest: Manifest, redactor: Redactor): void {
  if (manifest.ref.kind !== 'Secret') return;
  for (const field of secretFields(manifest)) {
    if (field.binary !== null) redactor.add(field.binary);
    else if (field.value.trim().length >= 8) redactor.add(field.value);
  }
}

function plainValues(manifest: Manifest, engine: Engine): string[] {
  if (manifest.ref.kind !== 'Secret') return [];
  return secretFields(manifest).flatMap((field) =>
    judgeField(field, engine).map((item) => item.value.trim()),
  );
}

/** Targets of one cluster beyond which the rest is not rendered to look for a supplier. */
const MOST_TARGETS = 200;

/**
 * References to Secrets and stores, cluster by cluster. To fix: what the base supplied and the result does not, and a
 * key that a Secret of known keys does not have. A new reference to what nothing in the cluster supplies asks for an
 * approval where all that the base of that cluster refers to is supplied by it, so that nothing is made by hand; else
 * it is told.
 */
async function dangling(rendered: RenderedChange, reached: readonly RenderedTarget[]): Promise<Finding[]> {
  const clusters = new Map<string, RenderedTarget[]>();
  for (const target of reached) {
    const name = target.target.cluster ?? '';
    const list = clusters.get(name);
    if (list === undefined) clusters.set(name, [target]);
    else list.push(target);
  }
  const findings: Finding[] = [];
  for (const [cluster, touched] of clusters) {
    if (danglingReferences(all(touched, 'base'), all(touched, 'result')).length === 0) continue;
    const { targets, complete } = await wholeCluster(rendered, cluster, touched);
    const base = all(targets, 'base');
    for (const reference of danglingReferences(base, all(targets, 'result'))) {
      const byHand = !complete || !suppliesAll(base, reference.to.kind);
      const from = touched.filter((target) => manifestsOf(target, 'result').includes(reference.from));
      if (from.length > 0) findings.push(danglingFinding(reference, cluster, touched, { complete, byHand }));
    }
  }
  return findings;
}

function all(targets: readonly RenderedTarget[], side: 'base' | 'result'): Manifest[] {
  return targets.flatMap((target) => [...manifestsOf(target, side)]);
}

/** Every target of a cluster, rendered; `complete` when none is left out and each could be rendered. */
async function wholeCluster(
  rendered: RenderedChange,
  cluster: string,
  touched: readonly RenderedTarget[],
): Promise<{ targets: readonly RenderedTarget[]; complete: boolean }> {
  const known = new Set(touched.map((item) => item.target.name));
  const names = (await rendered.targets())
    .filter((target) => (target.cluster ?? '') === cluster && !known.has(target.name))
    .map((target) => target.name);
  const others =
    names.length === 0 || names.length > MOST_TARGETS || rendered.also === undefined
      ? []
      : await rendered.also(names);
  const targets = [...touched, ...others];
  const whole = others.length === names.length;
  const complete = whole && targets.every((target) => settled(target.result) && settled(target.base));
  return { targets, complete };
}

function settled(outcome: RenderedTarget['result']): boolean {
  return outcome.status === 'rendered' || outcome.status === 'absent';
}

function danglingFinding(
  reference: Dangling,
  cluster: string,
  targets: readonly RenderedTarget[],
  inventory: { complete: boolean; byHand: boolean },
): Finding {
  const { from, to } = reference;
  const failed = targets.some(({ result }) => !settled(result));
  const fix = (reference.lost || reference.noKey) && !failed;
  const action = fix ? 'fix' : inventory.byHand ? 'inform' : 'approve';
  const target = `${to.kind} ${to.namespace === '' ? '' : `${to.namespace}/`}${to.name}${to.key === null ? '' : ` (key ${to.key})`}`;
  const why = fix
    ? reference.lost
      ? 'this change takes away'
      : 'has no such key'
    : inventory.complete
      ? `nothing in ${cluster === '' ? 'this repository' : 'that cluster'} supplies`
      : 'nothing that was rendered supplies';
  return finding({
    check: 'secrets',
    ruleId: 'secrets/dangling-reference',
    action,
    confidence: action === 'inform' ? 'guess' : 'likely',
    message: `${objectName(from.ref)} refers to ${target}, which ${why}`,
    help: fix
      ? reference.lost
        ? `keep ${to.kind} ${to.name}, or change the reference`
        : `add the key ${to.key ?? ''} to ${to.kind} ${to.name}, or change the reference`
      : action === 'approve'
        ? `add ${to.kind} ${to.name} to the change; an approving review says that it is made elsewhere`
        : `check that ${to.kind} ${to.name} exists in the cluster`,
    path: from.path === null ? null : printable(from.path),
    object: from.ref,
    targets: targets.map((item) => item.target.name),
    clusters: cluster === '' ? [] : [cluster],
    fingerprint: fingerprint(
      'secrets/dangling-reference',
      identity(from.ref),
      to.kind,
      to.namespace,
      to.name,
      to.key,
      cluster,
    ),
  });
}
