import type { Finding, Verdict } from '../contract/index.js';
import { type Standing, standing } from './issue.js';
import { visible } from './visible.js';

/**
 * SARIF 2.1.0 as GitHub's code scanning reads it: a result a finding, `partialFingerprints` that survive line moves,
 * suppressed and approved findings with their justification. Messages and excerpts come redacted; file contents are
 * never embedded.
 */
export function writeSarif(verdict: Verdict): string {
  const { report } = verdict;
  const standings = report.checks.flatMap((check) =>
    check.findings.map((finding) => ({ finding, stands: standing(finding, check.mode) })),
  );
  const rules = rulesOf(standings.map(({ finding }) => finding));
  const index = new Map(rules.map((rule, at) => [rule.id, at]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            rules,
          },
        },
        automationDetails: {
          id: `gitops-gate/${report.checks.map((check) => check.name).join('+') || 'none'}/`,
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'the root of the repository' } } },
        invocations: [
          {
            executionSuccessful: report.conclusion !== 'error',
            toolExecutionNotifications: report.checks.flatMap((check) =>
              check.notVerified.map((item) => ({
                level: item.closes ? 'error' : 'note',
                message: { text: visible(`not verified: ${item.what}: ${item.reason}`) },
              })),
            ),
          },
        ],
        ...(report.head === null ? {} : { properties: { base: report.base, head: report.head } }),
        results: standings.map(({ finding, stands }) =>
          result(finding, stands, index.get(finding.ruleId) ?? 0),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rulesOf(findings: readonly Finding[]) {
  const byId = new Map<string, Finding>();
  for (const finding of findings) if (!byId.has(finding.ruleId)) byId.set(finding.ruleId, finding);
  return [...byId.values()]
    .sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1))
    .map((finding) => ({
      id: finding.ruleId,
      name: finding.ruleId,
      shortDescription: { text: finding.ruleId },
      help: { text: visibleLines(finding.help) || finding.ruleId },
      defaultConfiguration: { level: levelOf(finding) },
      properties: { tags: ['security', finding.check] },
    }));
}

function levelOf(finding: Finding): 'error' | 'warning' | 'note' {
  return finding.severity === 'notice' ? 'note' : finding.severity;
}

function result(finding: Finding, stands: Standing, ruleIndex: number) {
  const help = finding.help === '' ? '' : `\n${visibleLines(finding.help)}`;
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: levelOf(finding),
    message: { text: `${visible(finding.message)}${help}` },
    locations: locationsOf(finding),
    partialFingerprints: { 'gitopsGate/v1': finding.fingerprint },
    baselineState: finding.new ? 'new' : 'unchanged',
    properties: {
      action: finding.action,
      confidence: finding.confidence,
      ...(finding.commit === null ? {} : { commit: finding.commit }),
      ...(finding.clusters.length === 0 ? {} : { clusters: finding.clusters }),
    },
    ...suppressionsOf(finding, stands),
    ...fixesOf(finding),
  };
}

function locationsOf(finding: Finding) {
  if (finding.path === null) return [];
  const region =
    finding.line === null
      ? {}
      : {
          region: {
            startLine: finding.line,
            ...(finding.endLine !== null && finding.endLine >= finding.line
              ? { endLine: finding.endLine }
              : {}),
            ...(finding.column === null ? {} : { startColumn: finding.column }),
          },
        };
  return [
    { physicalLocation: { artifactLocation: { uri: uriOf(finding.path), uriBaseId: 'SRCROOT' }, ...region } },
  ];
}

/** A path as a relative URI reference; bytes that are not UTF-8 as the bytes they are. */
function uriOf(path: string): string {
  return path
    .split('/')
    .map((segment) =>
      [...segment]
        .map((character) => {
          const code = character.codePointAt(0) ?? 0;
          if (code >= 0xdc80 && code <= 0xdcff) return `%${(code - 0xdc00).toString(16).toUpperCase()}`;
          return encodeURIComponent(character.toWellFormed());
        })
        .join(''),
    )
    .join('/');
}

/** SARIF 2.1.0, 3.55: a fix replaces a region that ends where the line after it begins. */
function fixesOf({ suggestion }: Finding) {
  if (suggestion === null) return {};
  const { path, line, removed, added } = suggestion;
  const text = added.map((one) => `${one}\n`).join('');
  return {
    fixes: [
      {
        description: { text: 'the change that mends it and nothing else' },
        artifactChanges: [
          {
            artifactLocation: { uri: uriOf(path), uriBaseId: 'SRCROOT' },
            replacements: [
              {
                deletedRegion: {
                  startLine: line,
                  startColumn: 1,
                  endLine: line + removed.length,
                  endColumn: 1,
                },
                ...(text === '' ? {} : { insertedContent: { text } }),
              },
            ],
          },
        ],
      },
    ],
  };
}

function suppressionsOf(finding: Finding, stands: Standing) {
  if (stands === 'suppressed' && finding.suppressed !== null) {
    const { by, reason, until } = finding.suppressed;
    const justification = visible(`${by}: ${reason}${until === null ? '' : ` (until ${until})`}`);
    return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
  }
  if (stands === 'approved') {
    const justification = visible(`approved by ${finding.approvedBy ?? ''}`);
    return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
  }
  return {};
}

function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
