import {
  type CheckReport,
  type Finding,
  type FindingInput,
  finding,
  fingerprint,
  type Report,
  type TargetChange,
  type Verdict,
} from '../../src/contract/index.js';

const SHA = { base: '3f2c1ab'.padEnd(40, '0'), head: '9d8e7f6'.padEnd(40, '0') };
const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** A finding of a sample, with what a test does not care about filled in. */
export function sampleFinding(
  input: Partial<FindingInput> & Pick<FindingInput, 'ruleId' | 'action'>,
): Finding {
  const check = input.ruleId.split('/')[0] as Finding['check'];
  return finding({
    check,
    message: `something about ${input.ruleId}`,
    help: 'mend it',
    fingerprint: fingerprint(input.ruleId, input.path ?? null, input.message ?? ''),
    ...input,
  });
}

/** A check's report around some findings. */
export function sampleCheck(
  name: CheckReport['name'],
  findings: Finding[],
  more: Partial<CheckReport> = {},
): CheckReport {
  const closes = findings.some((item) => item.action !== 'inform');
  return {
    name,
    mode: 'enforce',
    conclusion: closes ? 'failure' : 'success',
    summary: `${name} looked`,
    durationMs: 12,
    findings,
    notVerified: [],
    debt: { count: 0, delta: 0 },
    ...more,
  };
}

/** A verdict around checks and targets. */
export function sampleVerdict(
  checks: CheckReport[],
  more: { targets?: TargetChange[]; report?: Partial<Report>; verdict?: Partial<Verdict> } = {},
): Verdict {
  const conclusions = checks.map((check) => check.conclusion);
  const conclusion = conclusions.includes('failure')
    ? 'failure'
    : conclusions.includes('error')
      ? 'error'
      : 'success';
  return {
    report: {
      schemaVersion: 1,
      tool: { name: 'gitops-gate', version: '0.1.0' },
      base: SHA.base,
      mergeBase: SHA.base,
      head: SHA.head,
      result: 'c'.repeat(40),
      conclusion,
      inputs: {
        config: DIGEST,
        keys: DIGEST,
        rules: DIGEST,
        tools: { kustomize: '5.8.1', helm: '4.2.3' },
        now: '2026-01-01T00:00:00.000Z',
        sandbox: 'bubblewrap',
      },
      checks,
      signatures: { commits: [] },
      diff: { targets: more.targets ?? [] },
      ...more.report,
    },
    excerpts: new Map(),
    approvers: ['acme/platform-security'],
    unconfigured: false,
    elapsedMs: 2_800,
    ...more.verdict,
  };
}

/** One cluster's change: a deployment scaled to zero and a claim deleted. */
export function sampleTarget(cluster: string, deletes = true): TargetChange {
  const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace: 'pay', name });
  return {
    name: `${cluster}:kustomize/overlays/${cluster}`,
    kind: 'kustomize',
    cluster,
    status: 'changed',
    changes: [
      {
        action: 'update',
        object: object('Deployment', 'api'),
        fields: [{ path: 'spec.replicas', from: 3, to: 0 }],
        impacts: ['diff/replicas-zero'],
        source: null,
      },
      ...(deletes
        ? [
            {
              action: 'delete' as const,
              object: object('PersistentVolumeClaim', 'data'),
              fields: [],
              impacts: ['diff/data-loss'],
              source: null,
            },
          ]
        : []),
    ],
  };
}

/** The refusal that the formats' tests look at: one of everything. */
export function sampleRefusal(): Verdict {
  const secret = sampleFinding({
    ruleId: 'secrets/kubernetes-secret',
    action: 'fix',
    message: 'plaintext `password` in Secret pay/db',
    help: 'rotate it; `sops -e -i apps/pay/secret.yaml`',
    path: 'apps/pay/secret.yaml',
    line: 9,
    column: 13,
    commit: SHA.head,
  });
  const loss = sampleFinding({
    ruleId: 'diff/data-loss',
    action: 'approve',
    message: 'deletes PersistentVolumeClaim pay/data: its data is lost',
    help: 'Meant? An approving review opens this. Not meant? Restore `apps/pay/pvc.yaml`.',
    path: 'apps/pay/pvc.yaml',
    line: 1,
    clusters: ['prod-eu'],
  });
  const verdict = sampleVerdict(
    [
      sampleCheck('secrets', [secret], {
        notVerified: [{ what: 'apps/big.bin', reason: 'larger than 20 MiB', closes: true }],
      }),
      sampleCheck(
        'policies',
        [
          sampleFinding({
            ruleId: 'policies/baseline/privileged',
            action: 'inform',
            severity: 'error',
            message: 'container app is privileged',
            path: 'apps/pay/deploy.yaml',
            line: 20,
          }),
        ],
        { mode: 'report', debt: { count: 214, delta: -3 } },
      ),
      sampleCheck('diff', [
        loss,
        sampleFinding({
          ruleId: 'diff/rbac',
          action: 'approve',
          approvedBy: 'octocat',
          message: 'a new Role',
        }),
        sampleFinding({
          ruleId: 'diff/hpa',
          action: 'inform',
          severity: 'notice',
          message: 'the HPA overrides replicas',
        }),
      ]),
    ],
    { targets: [sampleTarget('prod-eu'), sampleTarget('prod-us', false), sampleTarget('prod-ap', false)] },
  );
  return {
    ...verdict,
    excerpts: new Map([[secret.fingerprint, { line: 9, text: '  password: hu[redacted]' }]]),
  };
}
