import { type Finding, finding, fingerprint, type JsonValue } from '../../contract/index.js';
import { describeRef, type Manifest } from '../../kubernetes/index.js';
import { labelsOf } from './kyverno/request.js';
import type { Unit } from './unit.js';
import { isObject, type JsonObject, list, member, memberAt, text } from './values/json.js';
import { keyOf } from './violation.js';

/** Labels by which policies and their bindings choose namespaces, with their names. */
function chosenBy(policies: readonly JsonObject[]): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const policy of policies) {
    const name = text(memberAt(policy, 'metadata', 'name'));
    selectorsIn(policy, (selector) => {
      const matched = member(selector, 'matchLabels');
      const keys = [
        ...(isObject(matched) ? Object.keys(matched) : []),
        ...list(member(selector, 'matchExpressions')).map((item) => text(member(item, 'key'))),
      ];
      for (const key of keys) labels.set(key, (labels.get(key) ?? new Set()).add(name));
    });
  }
  return labels;
}

/** The texts of policies whose expressions look at the namespace (CEL's `namespaceObject`), by the policies' names. */
function expressionsOf(policies: readonly JsonObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const policy of policies) {
    const texts = textsIn(member(policy, 'spec') ?? null);
    if (texts.some((one) => one.includes('namespaceObject')))
      found.set(text(memberAt(policy, 'metadata', 'name')), texts);
  }
  return found;
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** True where an expression names a label, quoted or as a field. */
function names(expression: string, label: string): boolean {
  if (expression.includes(`'${label}'`) || expression.includes(`"${label}"`)) return true;
  return (
    /^\w+$/.test(label) && expression.split(/[^\w.?]+/).some((word) => word.split(/[.?]+/).includes(label))
  );
}

function selectorsIn(value: JsonValue, tell: (selector: JsonValue) => void): void {
  if (Array.isArray(value)) for (const item of value) selectorsIn(item, tell);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'namespaceSelector') tell(item);
    else selectorsIn(item, tell);
  }
}

/**
 * Namespaces whose labels the change sets, alters or takes away where policies choose by them: what runs there comes under
 * other policies, with this change (a new namespace) or the next one.
 * @param policies policies of the base, and what binds them
 */
export function relabelledNamespaces(units: readonly Unit[], policies: readonly JsonObject[]): Finding[] {
  const chosen = chosenBy(policies);
  const expressions = expressionsOf(policies);
  if (chosen.size + expressions.size === 0) return [];
  const findings = new Map<string, Finding>();
  for (const unit of units) {
    const before = new Map(unit.base.filter(isNamespace).map((item) => [keyOf(item), item]));
    for (const manifest of unit.result.filter(isNamespace)) {
      const then = labelsOf(before.get(keyOf(manifest))?.object);
      const now = labelsOf(manifest.object);
      for (const label of new Set([...then.keys(), ...now.keys()])) {
        if (then.get(label) === now.get(label)) continue;
        const naming = [...expressions].filter(([, texts]) => texts.some((one) => names(one, label)));
        const choosing = new Set([...(chosen.get(label) ?? []), ...naming.map(([name]) => name)]);
        if (choosing.size === 0) continue;
        const item = relabelled(manifest, label, now.get(label), [...choosing].sort());
        findings.set(item.fingerprint, item);
      }
    }
  }
  return [...findings.values()];
}

function isNamespace({ ref }: Manifest): boolean {
  return ref.kind === 'Namespace' && ref.apiVersion === 'v1';
}

function relabelled(
  manifest: Manifest,
  label: string,
  value: string | undefined,
  policies: readonly string[],
): Finding {
  const position = manifest.locate(['metadata', 'labels', label]) ?? manifest.locate(['metadata']);
  return finding({
    check: 'policies',
    ruleId: 'policies/namespace-label',
    action: 'approve',
    severity: 'warning',
    message: `${describeRef(manifest.ref)} ${value === undefined ? `loses the label ${label}` : `has the label ${label} set to ${JSON.stringify(value)}`}, by which ${policies.slice(0, 3).join(', ')} ${policies.length === 1 ? 'chooses' : 'choose'} namespaces`,
    help: 'Meant? An approving review opens this.',
    path: manifest.path,
    line: position?.line ?? null,
    column: position?.column ?? null,
    object: manifest.ref,
    fingerprint: fingerprint('policies/namespace-label', manifest.ref.name, label, value ?? ''),
  });
}
