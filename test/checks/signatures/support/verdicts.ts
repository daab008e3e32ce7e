import { expect } from '@jest/globals';
import type { Verification } from '../../../../src/checks/signatures/verification.js';

/** What every verdict owes to whoever reads it: a reason in words, the kind of key, and the key in full if any. */
export function wellFormed<V extends Verification>(verification: V, type: V['type']): V {
  const { reason, fingerprint } = verification;
  expect(reason).toMatch(/^[a-zA-Z].{3,}/s);
  expect(reason).not.toMatch(/undefined|\[object/);
  expect(verification.type).toBe(type);
  const forms = {
    openpgp: /^openpgp:(?:[0-9A-F]{40}|[0-9A-F]{64})$/,
    ssh: /^ssh:SHA256:.{43}$/,
    x509: /^x509:[0-9a-f]{64}$/,
  };
  if (fingerprint !== null) expect(fingerprint).toMatch(type === null ? /^$/ : forms[type]);
  if (verification.verdict === 'valid') {
    const { by } = verification;
    expect([by.type, by.fingerprint, by.names.includes(by.fingerprint) || type === 'x509']).toEqual([
      type,
      fingerprint,
      true,
    ]);
  }
  return verification;
}
