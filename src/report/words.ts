import type { Debt, ObjectRef, SourceLine, TargetStatus } from '../contract/index.js';

/** `1 cluster`, `2 clusters`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Wall time as people read it: `180 ms`, `2.8 s`, `1 min 12 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `a, b and 3 more`: the first `most` of a list. */
export function listed(items: readonly string[], most: number): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}

/** `Deployment pay/api`, `ClusterRole reader`. */
export function objectName(object: ObjectRef): string {
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return `${object.kind} ${name}`;
}

/** `apps/pay/kustomization.yaml:14`, or the file alone; '' where nothing is known. */
export function sourceName(source: SourceLine | null): string {
  if (source === null) return '';
  return source.line === null ? source.path : `${source.path}:${source.line}`;
}

/** `, 2 targets not rendered`, of which nobody knows what changes; '' where there are none. */
export function unseenWords(targets: readonly { status: TargetStatus }[]): string {
  const unseen = targets.filter(({ status }) => status === 'unresolved' || status === 'failed').length;
  return unseen === 0 ? '' : `, ${count(unseen, 'target')} not rendered`;
}

/** A commit as people name it. */
export function shortSha(sha: string): string {
  return /^[0-9a-f]{40,64}$/.test(sha) ? sha.slice(0, 7) : sha;
}

/** `214 were there before (-3)`: what a check found in the base too, and how the change moves it; '' for none. */
export function debtWords({ count: n, delta }: Debt): string {
  if (n === 0) return '';
  const trend = delta === 0 ? '' : ` (${delta > 0 ? '+' : ''}${delta})`;
  return `${n} ${n === 1 ? 'was' : 'were'} there before${trend}`;
}
