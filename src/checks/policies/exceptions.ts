import { type Exception, exceptionsFor } from '../../config/index.js';
import type { Finding } from '../../contract/index.js';

/**
 * Marks findings that exceptions of a configuration accept, where no gate does it afterwards: `lint` has a configuration,
 * but no change. What an exception means is src/config's to say.
 */
export function withExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  now: Date,
): Finding[] {
  return findings.map((item) => {
    if (item.suppressed !== null) return item;
    const [first, ...others] = exceptionsFor(exceptions, item, now);
    if (first === undefined) return item;
    const until = others.reduce((day, other) => (other.until < day ? other.until : day), first.until);
    return { ...item, suppressed: { by: 'exceptions', reason: first.reason, until } };
  });
}
