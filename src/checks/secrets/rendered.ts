import { type Finding, finding, fingerprint, type ObjectRef, type Redactor } from '../../contract/index.js';
import { printable } from '../../git/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import type { RenderedChange, RenderedTarget } from '../../render/index.js';
import type { Engine } from './engine.js';
import { helpFor, objectName, quoteName } from './secret-finding.js';
import { judgeField } from './structure/judge-field.js';
import { danglingReferences, type Reference } from './structure/references.js';
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
  for (const item of dangling(reached)) found.set(item.fingerprint, item);
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

/**
 * References to Secrets and stores, cluster by cluster. What the base supplied and the result does not, while
 * something still refers to it, is to fix; a reference to what was never seen here is told, since the rendering holds
 * only the targets that the change reaches.
 */
function dangling(reached: readonly RenderedTarget[]): Finding[] {
  const clusters = new Map<string, RenderedTarget[]>();
  for (const target of reached) {
    const name = target.target.cluster ?? '';
    const list = clusters.get(name);
    if (list === undefined) clusters.set(name, [target]);
    else list.push(target);
  }
  return [...clusters].flatMap(([cluster, targets]) => {
    const all = (side: 'base' | 'result'): Manifest[] =>
      targets.flatMap((target) => [...manifestsOf(target, side)]);
    const failed = targets.some(
      (target) => target.result.status === 'failed' || target.result.status === 'unresolved',
    );
    return danglingReferences(all('base'), all('result')).map((reference) =>
      danglingFinding(reference, cluster, targets, failed),
    );
  });
}

function danglingFinding(
  reference: Reference & { lost: boolean },
  cluster: string,
  targets: readonly RenderedTarget[],
  failed: boolean,
): Finding {
  const { from, to } = reference;
  const fix = reference.lost && !failed;
  const target = `${to.kind} ${to.namespace === '' ? '' : `${to.namespace}/`}${to.name}${to.key === null ? '' : ` (key ${to.key})`}`;
  return finding({
    check: 'secrets',
    ruleId: 'secrets/dangling-reference',
    action: fix ? 'fix' : 'inform',
    confidence: fix ? 'likely' : 'guess',
    message: `${objectName(from.ref)} refers to ${target}, which ${fix ? 'this change takes away' : 'nothing that was rendered supplies'}`,
    help: fix
      ? `keep ${to.kind} ${to.name}, or change the reference`
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
