import { createHash } from 'node:crypto';
import type { CheckResult, Redactor, Verdict } from '../contract/index.js';
import { overall } from './judge.js';
import { redactVerdict } from './redact.js';
import { builtinRulesDigest } from './rules-digest.js';
import { settle } from './settle.js';

/** What a scan of files, without a change, was made with. */
export interface ScanInputs {
  version: string;
  now: Date;
  redactor: Redactor;
  /** Milliseconds that the scan took. */
  durationMs: number;
  /** Names and versions of programs that it used. */
  tools?: Readonly<Record<string, string>>;
}

const NOTHING = `sha256:${createHash('sha256').digest('hex')}`;

/**
 * A verdict of one check over files that are part of no change (`secrets`, `lint`): the same report with one check,
 * no base and no head, through the same redactor.
 */
export async function scanVerdict(result: CheckResult, inputs: ScanInputs): Promise<Verdict> {
  const check = await settle(result, inputs.durationMs, {
    mode: 'enforce',
    unconfigured: true,
    exceptions: [],
    exceptionsPath: '',
    approvals: new Map(),
    now: inputs.now,
    isBound: async () => false,
  });
  const verdict: Verdict = {
    report: {
      schemaVersion: 1,
      tool: { name: 'gitops-gate', version: inputs.version },
      base: null,
      mergeBase: null,
      head: null,
      result: null,
      conclusion: overall([check]),
      inputs: {
        config: NOTHING,
        keys: NOTHING,
        rules: await builtinRulesDigest(inputs.version),
        tools: { ...inputs.tools },
        now: inputs.now.toISOString(),
        sandbox: 'none',
      },
      checks: [check],
      signatures: { commits: [] },
      diff: { targets: [] },
    },
    excerpts: result.excerpts,
    approvers: [],
    unconfigured: true,
    elapsedMs: inputs.durationMs,
  };
  return redactVerdict(verdict, inputs.redactor);
}
