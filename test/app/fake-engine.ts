import { execFileSync } from 'node:child_process';
import type { Engine, Judgement } from '../../src/app/judge.js';
import {
  type CheckReport,
  type Finding,
  finding,
  fingerprint,
  type ObjectRef,
  type Verdict,
} from '../../src/contract/index.js';

/** What the engine of a test finds on a head; keyed by commit, else nothing. */
export type Findings = (judgement: Judgement) => Finding[] | Promise<Finding[]>;

export function approveFinding(path: string, message = `${path} is deleted`): Finding {
  return finding({
    check: 'diff',
    ruleId: 'diff/deletes-data',
    action: 'approve',
    message,
    help: 'git checkout main -- apps',
    path,
    line: 1,
    object: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'pay', name: 'data' },
    fingerprint: fingerprint('diff/deletes-data', path),
  });
}

export function fixFinding(path: string, line = 1): Finding {
  return finding({
    check: 'secrets',
    ruleId: 'secrets/plaintext',
    action: 'fix',
    message: 'plaintext `password`',
    help: 'rotate it',
    path,
    line,
    fingerprint: fingerprint('secrets/plaintext', path, String(line)),
  });
}

/** A verdict as the engine would give it for these findings. */
export function verdictOf(judgement: Judgement, findings: Finding[]): Verdict {
  const checks = (['signatures', 'secrets', 'policies', 'diff'] as const).map((name): CheckReport => {
    const own = findings.filter((one) => one.check === name);
    const closed = own.some(
      (one) => one.action === 'fix' || (one.action === 'approve' && one.approvedBy === null),
    );
    return {
      name,
      mode: 'enforce',
      conclusion: closed ? 'failure' : 'success',
      summary: closed ? `${own.length} found` : 'nothing found',
      durationMs: 1,
      findings: own,
      notVerified: [],
      debt: { count: 0, delta: 0 },
    };
  });
  return {
    report: {
      schemaVersion: 1,
      tool: { name: 'gitops-gate', version: '0.0.0' },
      base: judgement.base,
      mergeBase: judgement.base,
      head: judgement.head,
      result: judgement.head,
      conclusion: checks.some((check) => check.conclusion === 'failure') ? 'failure' : 'success',
      inputs: {
        config: 'sha256:0',
        keys: 'sha256:0',
        rules: 'sha256:0',
        tools: {},
        now: judgement.now.toISOString(),
        sandbox: 'none',
      },
      checks,
      signatures: { commits: [] },
      diff: {
        targets: findings
          .filter((one) => one.object !== null)
          .map((one) => ({
            name: 'directory/apps',
            kind: 'directory',
            cluster: null,
            status: 'changed' as const,
            changes: [
              {
                action: 'delete' as const,
                object: one.object as ObjectRef,
                fields: [],
                impacts: [],
                source: null,
              },
            ],
          })),
      },
    },
    excerpts: new Map(),
    approvers: [],
    unconfigured: false,
    elapsedMs: 1,
  };
}

/** An engine whose findings a test chooses; everything about git is real. */
export function engineOf(
  findings: Findings,
  settings: { governed?: string[]; approvers?: string[] } = {},
): Engine {
  const git = (gitDir: string, ...args: string[]) =>
    execFileSync('git', ['--git-dir', gitDir, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  return {
    judge: async (judgement) => ({
      ...verdictOf(judgement, await findings(judgement)),
      approvers: settings.approvers ?? [],
    }),
    approve: (verdict, approvals) => ({
      ...verdict,
      report: verdictOf(
        {
          gitDir: '',
          base: verdict.report.base ?? '',
          head: verdict.report.head ?? '',
          baseName: '',
          repository: { owner: '', repo: '' },
          urls: [],
          now: new Date(verdict.report.inputs.now),
          signal: AbortSignal.abort(),
        },
        verdict.report.checks.flatMap((check) =>
          check.findings.map((one) => ({ ...one, approvedBy: approvals.get(one.fingerprint) ?? null })),
        ),
      ).report,
    }),
    governed: async () => settings.governed ?? null,
    checks: async () => ['signatures', 'secrets', 'policies', 'diff'],
    has: async (gitDir, commit) => {
      try {
        return git(gitDir, 'cat-file', '-t', commit) === 'commit';
      } catch {
        // git's own word that the object is not there
        return false;
      }
    },
    resolve: async (gitDir, ref) => git(gitDir, 'rev-parse', '--verify', ref),
  };
}
