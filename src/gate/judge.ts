import type { CheckContext } from '../checks/index.js';
import { defaultConfig, type LoadedConfig, quoted, type TrustedConfig } from '../config/index.js';
import {
  CHECK_NAMES,
  type CheckName,
  type CheckReport,
  type CheckResult,
  type Conclusion,
  type Excerpt,
  GateError,
  Redactor,
  type Report,
  type Verdict,
} from '../contract/index.js';
import type { Change } from '../git/index.js';
import type { RenderedChange } from '../render/index.js';
import { boundTo } from './bound.js';
import { ownCheck } from './own/index.js';
import { type ProposalText, withProposalTexts } from './proposal-text.js';
import { redactVerdict } from './redact.js';
import { CHECKS, policyPacks, type RegisteredCheck } from './registry.js';
import { builtinRulesDigest } from './rules-digest.js';
import {
  type ErrorLog,
  type ErrorRecord,
  failed,
  notVerified,
  type RunOptions,
  runCheck,
  type TimedResult,
} from './run-check.js';
import { settle, settleApprovals } from './settle.js';

/** Ten minutes: rendering has bounds of its own, and a door's own limits are longer. */
const DEADLINE_MS = 600_000;
const GRACE_MS = 2_000;

/** Everything that a verdict depends on. The same input gives the same report but for `durationMs`. */
export interface JudgeInput {
  change: Change;
  /**
   * What the base says (`loadConfig(change.base.tree)`, or `loadConfigFile`); or the error that reading the base's
   * gave, and then the gate closes with it while the checks run on the defaults.
   */
  config: TrustedConfig | GateError;
  rendered: RenderedChange;
  /** The time by which keys, exceptions and certificates are judged. */
  now: Date;
  /** Version of the tool, for the report. */
  version: string;
  /** Given to the rendering too, so that what it decodes is redacted; a new one by default. */
  redactor?: Redactor;
  /** The checks to run besides the gate's own; all by default. */
  only?: readonly CheckName[] | null;
  /** By fingerprint: who approved that finding. */
  approvals?: ReadonlyMap<string, string>;
  /** What people wrote beside the commits; the secrets check looks at it too. */
  texts?: readonly ProposalText[] | undefined;
  /** For the group of a merge queue: as CheckContext says. */
  queue?: readonly string[] | undefined;
  queueRefused?: CheckContext['queueRefused'] | undefined;
  /** As CheckContext says. */
  repositoryUrls?: readonly string[] | undefined;
  isGoverned?: CheckContext['isGoverned'] | undefined;
  signal?: AbortSignal;
  /** Milliseconds that one check may take. */
  deadlineMs?: number;
  graceMs?: number;
  /** Gets what is known of unexpected errors, without secrets, when the verdict is made. */
  log?: ErrorLog;
  /** Told when a check begins and ends. */
  progress?: (check: CheckName, state: 'started' | 'done') => void;
  /** Policy packs that exist, for judging the head's configuration; by default those of this version. */
  packs?: readonly string[];
  /** `sha256:` over the built-in rules; by default that of the package's `rules` folder. */
  rules?: string;
  /** Milliseconds from any fixed point, for durations. */
  clock?: () => number;
  /** The checks there are; for tests. */
  registry?: readonly RegisteredCheck[];
}

/**
 * Judges a change: runs the gate's own check and every check that the configuration asks for, side by side and each on
 * its own, and makes one verdict of their findings. It does not throw for what a change holds: whatever a check cannot
 * judge closes it.
 */
export async function judge(input: JudgeInput): Promise<Verdict> {
  const clock = input.clock ?? (() => performance.now());
  const started = clock();
  const { change, rendered, now } = input;
  const packs = () => (input.packs === undefined ? policyPacks() : Promise.resolve(input.packs));
  const redactor = input.redactor ?? new Redactor();
  const configError =
    input.config instanceof GateError ? input.config : await unknownPack(input.config, packs);
  const config = configError === null ? (input.config as TrustedConfig) : fallback(change, configError);
  const errors: ErrorRecord[] = [];
  const runOptions: RunOptions = {
    signal: input.signal ?? new AbortController().signal,
    deadlineMs: input.deadlineMs ?? DEADLINE_MS,
    graceMs: input.graceMs ?? GRACE_MS,
    log: (record) => errors.push(record),
    clock,
  };
  const run = (
    name: CheckName,
    check: (signal: AbortSignal) => Promise<CheckResult>,
  ): Promise<TimedResult> => {
    input.progress?.(name, 'started');
    return runCheck(name, check, runOptions).finally(() => input.progress?.(name, 'done'));
  };
  const chosen = (input.registry ?? CHECKS).filter(
    ({ name }) => config.config[name].mode !== 'off' && (input.only?.includes(name) ?? true),
  );
  const results = await Promise.all([
    run('gate', () => ownCheck({ change, config, configError, rendered, now, packs })),
    ...chosen.map((check) =>
      run(check.name, async (signal) => {
        if (check.needsResult && change.result === null) {
          return notVerified(
            check.name,
            `there is no merge result: ${change.unmergeable ?? 'it is not known'}`,
          );
        }
        const context: CheckContext = { change, config, rendered, now, redactor, signal };
        if (input.queue !== undefined) context.queue = input.queue;
        if (input.queueRefused !== undefined) context.queueRefused = input.queueRefused;
        if (input.repositoryUrls !== undefined) context.repositoryUrls = input.repositoryUrls;
        if (input.isGoverned !== undefined) context.isGoverned = input.isGoverned;
        const result = await (await check.load())(context);
        return check.name === 'secrets' ? withProposalTexts(result, input.texts ?? [], redactor) : result;
      }),
    ),
  ]);
  const exceptionsPath = (config as Partial<LoadedConfig>).exceptionsPath ?? config.config.exceptions;
  const settling = (result: CheckResult, durationMs: number) =>
    settle(result, durationMs, {
      mode: result.name === 'gate' || config.config[result.name].mode === 'enforce' ? 'enforce' : 'report',
      unconfigured: config.unconfigured,
      exceptions: config.exceptions,
      exceptionsPath,
      approvals: input.approvals ?? new Map(),
      now,
      isBound: boundTo(change),
    });
  const checks: CheckReport[] = [];
  const excerpts = new Map<string, Excerpt>();
  for (const { result, durationMs } of results) {
    const check = await settling(result, durationMs).catch((error: unknown) =>
      settling(failed(result.name, error, runOptions.log), durationMs),
    );
    checks.push(check);
    for (const { fingerprint } of check.findings) {
      const excerpt = result.excerpts.get(fingerprint);
      if (excerpt !== undefined) excerpts.set(fingerprint, excerpt);
    }
  }
  checks.sort((a, b) => CHECK_NAMES.indexOf(a.name) - CHECK_NAMES.indexOf(b.name));
  const report: Report = {
    schemaVersion: 1,
    tool: { name: 'gitops-gate', version: input.version },
    base: change.base.commit,
    mergeBase: change.mergeBase,
    head: change.head.commit,
    result: change.result?.oid ?? null,
    conclusion: overall(checks),
    inputs: {
      config: config.digests.config,
      keys: config.digests.keys,
      rules: input.rules ?? (await builtinRulesDigest(input.version)),
      tools: sortedTools(rendered.tools),
      now: now.toISOString(),
      sandbox: rendered.sandbox,
    },
    checks,
    signatures: { commits: results.flatMap(({ result }) => result.signatures ?? []) },
    diff: { targets: results.flatMap(({ result }) => result.targets ?? []) },
  };
  const verdict: Verdict = {
    report,
    excerpts,
    approvers: config.config.approvers,
    unconfigured: config.unconfigured && configError === null,
    elapsedMs: Math.max(0, Math.round(clock() - started)),
  };
  // Only now is every secret of the run known.
  for (const record of errors) input.log?.({ ...record, stack: redactor.redact(record.stack) });
  return redactVerdict(verdict, redactor);
}

/**
 * The same verdict with other approvals (by fingerprint: who approved), without judging again. Approvals that it had
 * before and that are not in the map no longer count.
 */
export function applyApprovals(verdict: Verdict, approvals: ReadonlyMap<string, string>): Verdict {
  const checks = verdict.report.checks.map((check) => settleApprovals(check, approvals));
  return { ...verdict, report: { ...verdict.report, checks, conclusion: overall(checks) } };
}

/** The report without the times it took: equal for the same input at every door. */
export function comparable(report: Report): Report {
  return { ...report, checks: report.checks.map((check) => ({ ...check, durationMs: 0 })) };
}

/** Closed by findings outranks closed by what could not be verified. */
export function overall(checks: readonly Pick<CheckReport, 'conclusion'>[]): Conclusion {
  if (checks.some(({ conclusion }) => conclusion === 'failure')) return 'failure';
  return checks.some(({ conclusion }) => conclusion === 'error') ? 'error' : 'success';
}

/** A pack that does not exist is told as any other mistake of the configuration, whoever loaded it. */
async function unknownPack(
  { config }: TrustedConfig,
  packs: () => Promise<readonly string[]>,
): Promise<GateError | null> {
  if (config.policies.mode === 'off' || config.policies.packs.every((pack) => pack === 'baseline'))
    return null;
  const known = await packs();
  const pack = config.policies.packs.find((one) => !known.includes(one));
  if (pack === undefined) return null;
  return new GateError(
    'config',
    `policies.packs names ${quoted(pack)}; there are ${known.map(quoted).join(', ')}`,
  );
}

function fallback(change: Change, error: GateError): TrustedConfig {
  return defaultConfig(
    change.base.tree,
    `defaults, for the base's configuration is broken: ${error.message}`,
  );
}

function sortedTools(tools: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1)));
}
