import { readAllowedSigners } from '../../src/checks/signatures/allowed-signers.js';
import { readArmor } from '../../src/checks/signatures/armor.js';
import { CommitJudge } from '../../src/checks/signatures/commit-judge.js';
import { loadKeyring } from '../../src/checks/signatures/keyring.js';
import { Revocations } from '../../src/checks/signatures/ssh-revocation.js';
import { verifySshSignature } from '../../src/checks/signatures/ssh-verifier.js';
import { judgeTag } from '../../src/checks/signatures/tag.js';
import { configSchema } from '../../src/config/index.js';
import { type Change, MemoryTree, parseCommit } from '../../src/git/index.js';
import type { RenderedChange } from '../../src/render/index.js';

/** One object to judge. */
export interface Case {
  name: string;
  type: 'commit' | 'tag';
  oid: string;
  raw: Buffer;
}

/** The gate's verdicts over objects, by name, with a keyring of these files and no signers configured. */
export async function verdictsOf(
  cases: readonly Case[],
  files: Readonly<Record<string, Uint8Array>>,
  now: Date,
): Promise<Map<string, { verdict: string; reason: string }>> {
  const tree = new MemoryTree(Object.entries(files).map(([name, bytes]) => [`keys/${name}`, bytes]));
  const keyring = await loadKeyring(tree, 'keys');
  for (const { what, reason } of keyring.problems) process.stderr.write(`keyring: ${what}: ${reason}\n`);
  const settings = configSchema.parse({ version: 1 }).signatures;
  // Without scopes nothing of the change but its list of commits is looked at, and nothing of the rendering.
  const change = { commits: [] } as unknown as Change;
  const judge = new CommitJudge(change, settings, keyring, {} as RenderedChange, now);
  const verdicts = new Map<string, { verdict: string; reason: string }>();
  for (const { name, type, oid, raw } of cases) {
    verdicts.set(
      name,
      type === 'commit'
        ? await judge.judge(parseCommit(raw, oid))
        : await judgeTag(raw, oid, settings, keyring, now),
    );
  }
  return verdicts;
}

/** True when the gate takes an armored SSH signature for an e-mail by one line of allowed_signers. */
export function admits(line: string, email: string, signature: Buffer, payload: string): boolean {
  const armor = readArmor(signature);
  if ('verdict' in armor) return false;
  const { signers: allowed } = readAllowedSigners(Buffer.from(line));
  const trust = { allowed, revocations: new Revocations(), listed: new Set<string>(), now: new Date() };
  const verification = verifySshSignature(Buffer.from(payload), armor.body, trust);
  return verification.verdict === 'valid' && verification.by.admits(email);
}
