import { explainConfig, nearest } from '../config/index.js';
import { type Finding, GateError, type RuleDescription } from '../contract/index.js';
import { allRules } from '../gate/index.js';
import { openRepository } from '../git/index.js';
import { clip, objectName, type Paint, painter, shortSha, visible } from '../report/index.js';
import type { ChangeOptions } from './change-options.js';
import { judgeChange } from './judge-change.js';
import { keptRenders } from './kept-renders.js';
import { withRevision } from './open-revision.js';
import type { Terminal } from './terminal.js';

interface Running {
  terminal: Terminal;
  signal: AbortSignal;
  say: (text: string) => void;
}

/** What `explain` prints for a rule, a family of rules, a fingerprint or `config`. */
export async function explain(
  what: string,
  options: ChangeOptions,
  colour: boolean,
  running: Running,
): Promise<string> {
  const paint = painter(colour);
  if (what === 'config') return explainSettings(options, paint);
  if (/^[0-9a-f]{6,32}$/.test(what)) return explainFinding(what, options, paint, running);
  const rules = await allRules();
  const exact = rules.filter((rule) => rule.id === what || covers(rule.id, what));
  const family = exact.length > 0 ? exact : rules.filter((rule) => rule.id.startsWith(what));
  if (family.length === 1 || exact.length > 0) return family.map((rule) => ruleText(rule, paint)).join('\n');
  if (family.length > 1) {
    const width = Math.max(...family.map((rule) => rule.id.length));
    return `${family.map((rule) => `${rule.id.padEnd(width)}  ${visible(rule.title)}`).join('\n')}\n`;
  }
  const near = nearest(
    what,
    rules.map((rule) => rule.id),
  );
  const hint =
    near === null ? '`gitops-gate explain policies` lists those of a check' : `did you mean ${near}?`;
  throw new GateError('usage', `there is no rule ${visible(what)}; ${hint}`);
}

/** A family such as `policies/<policy>/*` covers its members; `*` and `<name>` stand for any characters. */
function covers(pattern: string, ruleId: string): boolean {
  if (!/[*<]/.test(pattern)) return false;
  const parts = pattern.split(/\*|<[^>]*>/);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (ruleId.startsWith(part) ? 0 : -1) : ruleId.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || at === ruleId.length;
}

function ruleText(rule: RuleDescription, paint: Paint): string {
  const asks = {
    fix: 'closes the gate until mended',
    approve: 'closes the gate until somebody entitled approves',
    inform: 'only tells',
  }[rule.action];
  return [
    paint(rule.id, 'bold'),
    `  ${visible(rule.title)}`,
    ...(rule.why === '' ? [] : ['', `  Why:  ${visible(rule.why)}`]),
    ...(rule.help === '' ? [] : [`  Do:   ${visible(rule.help)}`]),
    `  It ${asks} (${rule.severity}).`,
    '',
  ].join('\n');
}

async function explainSettings(options: ChangeOptions, paint: Paint): Promise<string> {
  const repository = await openRepository(options.repo);
  let rev: string;
  try {
    rev = options.base ?? (await repository.defaultBase()).ref;
  } finally {
    await repository.close();
  }
  return withRevision({ repo: options.repo, rev, config: options.config }, async ({ config }) => {
    const rows = explainConfig(config).map(({ setting, value, from }) => ({
      setting,
      value: clip(visible(typeof value === 'string' ? value : JSON.stringify(value)), 60),
      from,
    }));
    const width = Math.max(...rows.map((row) => row.setting.length));
    const wide = Math.max(...rows.map((row) => row.value.length));
    const lines = rows.map(
      (row) => `${row.setting.padEnd(width)}  ${row.value.padEnd(wide)}  ${paint(visible(row.from), 'dim')}`,
    );
    return `${paint(visible(config.source), 'bold')}\n${lines.join('\n')}\n`;
  });
}

async function explainFinding(
  prefix: string,
  options: ChangeOptions,
  paint: Paint,
  running: Running,
): Promise<string> {
  const repository = await openRepository(options.repo);
  try {
    const { verdict } = await judgeChange(repository, {
      ...options,
      kept: await keptRenders(options, repository, options.repo, running.terminal),
      now: options.now ?? new Date(),
      signal: running.signal,
      say: running.say,
    });
    const found = verdict.report.checks
      .flatMap((check) => check.findings)
      .filter((finding) => finding.fingerprint.startsWith(prefix));
    if (found.length === 0) {
      const change = `${shortSha(verdict.report.head ?? '')} into ${shortSha(verdict.report.base ?? '')}`;
      throw new GateError(
        'usage',
        `merging ${change} has no finding ${prefix}; name the change with --base and --head`,
      );
    }
    const rules = await allRules();
    return found
      .map((finding) => {
        const rule = rules.find(({ id }) => id === finding.ruleId || covers(id, finding.ruleId));
        return findingText(finding, rule, paint);
      })
      .join('\n');
  } finally {
    await repository.close();
  }
}

function findingText(finding: Finding, rule: RuleDescription | undefined, paint: Paint): string {
  const place =
    finding.path === null ? null : `${finding.path}${finding.line === null ? '' : `:${finding.line}`}`;
  const rows: [string, string | null][] = [
    ['rule', finding.ruleId],
    ['asks', `${finding.action} (${finding.severity}, ${finding.confidence})`],
    ['where', place],
    ['commit', finding.commit],
    ['object', finding.object === null ? null : objectName(finding.object)],
    ['targets', finding.targets.length === 0 ? null : finding.targets.join(', ')],
    ['clusters', finding.clusters.length === 0 ? null : finding.clusters.join(', ')],
    ['new', finding.new ? 'yes' : 'no: it was there before'],
    ['approved', finding.approvedBy],
    [
      'suppressed',
      finding.suppressed === null ? null : `${finding.suppressed.by}: ${finding.suppressed.reason}`,
    ],
    ['why', rule === undefined || rule.why === '' ? null : rule.why],
    ['do', finding.help === '' ? null : finding.help],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === null ? [] : [`  ${name.padEnd(10)} ${visible(value)}`],
  );
  return `${paint(finding.fingerprint, 'bold')}\n  ${visible(finding.message)}\n${lines.join('\n')}\n`;
}
