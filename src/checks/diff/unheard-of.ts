import { groupOf, isBuiltInGroup } from '../../kubernetes/index.js';
import type { CheckContext } from '../context.js';
import { manifestTexts } from './manifest-texts.js';
import { at, manifestsOf, type TargetDifference } from './model.js';
import { textOf } from './world.js';

/** Names that are looked for. */
const MOST_NAMES = 50;

type Asked = Pick<CheckContext, 'signal'> & Partial<Pick<CheckContext, 'change'>>;

/**
 * Groups and namespaces of new objects that no file of the base mentions, no rendered object of it has, and the change
 * does not define or make in any target: what nobody has installed by this repository.
 */
export async function unheardOf(
  targets: readonly TargetDifference[],
  { change, signal }: Asked,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { objects } of targets) {
    for (const { action, ref } of objects) {
      if (action !== 'create' || names.size >= MOST_NAMES) continue;
      const group = groupOf(ref.apiVersion);
      if (!isBuiltInGroup(group)) names.add(group);
      if (ref.namespace !== '') names.add(ref.namespace);
    }
  }
  for (const { base } of targets) {
    for (const { ref } of manifestsOf(base)) {
      names.delete(groupOf(ref.apiVersion));
      names.delete(ref.namespace);
    }
  }
  for (const { result } of targets) {
    for (const { ref, object } of manifestsOf(result)) {
      if (ref.kind === 'Namespace') names.delete(ref.name);
      if (ref.kind === 'CustomResourceDefinition') names.delete(textOf(at(object, 'spec', 'group')));
    }
  }
  if (names.size === 0 || change === undefined) return names.size === 0 ? names : new Set();
  for await (const { text } of manifestTexts(change.base.tree, signal)) {
    for (const name of names) if (text.includes(name.toLowerCase())) names.delete(name);
    if (names.size === 0) break;
  }
  return names;
}
