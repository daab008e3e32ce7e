import type { Confidence } from '../../contract/index.js';
import type { Hit } from './hit.js';
import { wordsOf } from './key-name.js';
import { isRandom } from './randomness.js';

const RANK: Readonly<Record<Confidence, number>> = { certain: 2, likely: 1, guess: 0 };

/**
 * In test data a value that nothing proves is a guess, and so is a key pair, which tests make for themselves. What has
 * a provider's own form and was made at random is that provider's wherever it lies, and so is what names a place that
 * runs (`E2E_STAGING_PASSWORD`).
 */
export function milder(hit: Hit): Hit {
  if (hit.confidence === 'guess') return hit;
  const own = /^(?:pem|jwt|service-account)$/.test(hit.rule.verify ?? '');
  const proven = hit.confidence === 'certain' && !own;
  return proven || isIssued(hit) || namesRunning(hit) ? hit : { ...hit, confidence: 'guess' };
}

/** True for a token in the form that one provider gives its own, with a body that no person made up. */
function isIssued({ rule, value }: Hit): boolean {
  if (rule.matcher !== 'token' || rule.yields || rule.command.length > 0 || value.startsWith('eyJ'))
    return false;
  if (rule.verify !== null && rule.verify !== 'github' && rule.verify !== 'npm') return false;
  // Of a URL or of a token with a prefix, the longest stretch that nothing separates.
  const body = (value.match(/[A-Za-z0-9-]{16,}/g) ?? []).sort((a, b) => b.length - a.length)[0] ?? '';
  return body.length >= 20 && isRandom(body);
}

function namesRunning(hit: Hit): boolean {
  return (
    hit.name !== null && wordsOf(hit.name).some((word) => /^(?:staging|prod|production|live)$/.test(word))
  );
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
