import type { Confidence } from '../../contract/index.js';
import type { Hit } from './hit.js';

const RANK: Readonly<Record<Confidence, number>> = { certain: 2, likely: 1, guess: 0 };

/** In test data a value that nothing proves is a guess, and so is a key pair, which tests make for themselves. */
export function milder(hit: Hit): Hit {
  if (hit.confidence === 'guess') return hit;
  const proven = hit.confidence === 'certain' && hit.rule.verify !== 'pem' && hit.rule.verify !== 'jwt';
  return proven ? hit : { ...hit, confidence: 'guess' };
}

/** Of hits that overlap or show the same value in one place, the one that says most: a provider's before a generic. */
export function settle(hits: readonly Hit[]): Hit[] {
  const ordered = [...hits].sort(
    (a, b) =>
      RANK[b.confidence] - RANK[a.confidence] ||
      Number(a.rule.id === 'generic-secret') - Number(b.rule.id === 'generic-secret') ||
      Number(a.rule.yields) - Number(b.rule.yields) ||
      a.encodings.length - b.encodings.length ||
      Number(a.rule.matcher === 'assignment') - Number(b.rule.matcher === 'assignment') ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start,
  );
  const kept: Hit[] = [];
  const taken = new Spans();
  for (const hit of ordered) {
    // Several secrets may lie under one encoded stretch: those are told apart by value, others by place.
    const key = hit.encodings.length > 0 ? `${hit.value}` : null;
    if (taken.add(hit.start, hit.end, key)) kept.push(hit);
  }
  return kept.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Spans already told of, in buckets so that a look-up does not depend on how many there are. */
class Spans {
  readonly #buckets = new Map<number, { start: number; end: number; key: string | null }[]>();

  /** False when the span overlaps one that is there (both under encodings: only with the same value). */
  add(start: number, end: number, key: string | null): boolean {
    const first = start >> 10;
    const last = Math.min(end >> 10, first + 64);
    for (let bucket = first; bucket <= last; bucket++) {
      for (const span of this.#buckets.get(bucket) ?? []) {
        if (start >= span.end || end <= span.start) continue;
        if (key === null || span.key === null || key.includes(span.key) || span.key.includes(key))
          return false;
      }
    }
    for (let bucket = first; bucket <= last; bucket++) {
      const list = this.#buckets.get(bucket);
      if (list === undefined) this.#buckets.set(bucket, [{ start, end, key }]);
      else list.push({ start, end, key });
    }
    return true;
  }
}
