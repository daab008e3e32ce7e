import { createHash } from 'node:crypto';

/**
 * A finding's fingerprint: 32 hex digits over the rule, the path and structural parts (an object's identity, a
 * field path, a key name, an ordinal). Callers must not pass line numbers or a secret's value.
 */
export function fingerprint(ruleId: string, ...parts: readonly (string | null)[]): string {
  const hash = createHash('sha256');
  for (const part of [ruleId, ...parts]) {
    const bytes = Buffer.from(part ?? '\u0000null', 'utf8');
    hash.update(`${bytes.length}:`);
    hash.update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}
