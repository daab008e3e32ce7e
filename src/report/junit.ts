import type { CheckReport, Finding, Verdict } from '../contract/index.js';
import { standing } from './issue.js';
import { visible } from './visible.js';

/**
 * JUnit XML: a suite a check, a case a finding. What closes the gate fails, what could not be verified is an error,
 * what was suppressed, approved or only told is skipped; a check with nothing to say is one passed case.
 */
export function writeJunit(verdict: Verdict): string {
  const suites = verdict.report.checks.map(suite);
  const sum = (pick: (suite: Suite) => number) => suites.reduce((total, one) => total + pick(one), 0);
  const seconds = (verdict.elapsedMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gitops-gate" tests="${sum((s) => s.tests)}" failures="${sum((s) => s.failures)}" errors="${sum((s) => s.errors)}" skipped="${sum((s) => s.skipped)}" time="${seconds}">`,
    ...suites.map((one) => one.xml),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  xml: string;
}

function suite(check: CheckReport): Suite {
  const cases: string[] = [];
  let failures = 0;
  let errors = 0;
  let skipped = 0;
  for (const finding of check.findings) {
    const stands = standing(finding, check.mode);
    if (stands === 'fix' || stands === 'approve') {
      failures += 1;
      cases.push(
        testcase(
          check,
          finding,
          `<failure type="${stands}" message="${xml(finding.message)}">${body(finding)}</failure>`,
        ),
      );
    } else {
      skipped += 1;
      cases.push(testcase(check, finding, `<skipped message="${xml(`${stands}: ${finding.message}`)}"/>`));
    }
  }
  for (const item of check.notVerified) {
    const name = `classname="gitops-gate.${check.name}" name="not verified: ${xml(item.what)}"`;
    if (item.closes) {
      errors += 1;
      cases.push(
        `    <testcase ${name}><error type="not-verified" message="${xml(item.reason)}"/></testcase>`,
      );
    } else {
      skipped += 1;
      cases.push(`    <testcase ${name}><skipped message="${xml(item.reason)}"/></testcase>`);
    }
  }
  if (cases.length === 0) {
    cases.push(
      `    <testcase classname="gitops-gate.${check.name}" name="${xml(check.summary || check.name)}"/>`,
    );
  }
  const head = `  <testsuite name="${check.name}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${(check.durationMs / 1000).toFixed(3)}">`;
  return {
    tests: cases.length,
    failures,
    errors,
    skipped,
    xml: [head, ...cases, '  </testsuite>'].join('\n'),
  };
}

function testcase(check: CheckReport, finding: Finding, inner: string): string {
  const place =
    finding.path === null ? (finding.commit ?? finding.fingerprint) : `${finding.path}:${finding.line ?? 1}`;
  const file = finding.path === null ? '' : ` file="${xml(finding.path)}"`;
  const line = finding.line === null ? '' : ` line="${finding.line}"`;
  return `    <testcase classname="gitops-gate.${check.name}" name="${xml(`${finding.ruleId} ${place}`)}"${file}${line}>${inner}</testcase>`;
}

function body(finding: Finding): string {
  const place = finding.path === null ? '' : `${finding.path}:${finding.line ?? 1}\n`;
  return finding.help.split('\n').reduce((text, line) => `${text}${xml(line)}\n`, xmlLines(place));
}

function xmlLines(text: string): string {
  return text.split('\n').map(xml).join('\n');
}

/** Text for XML 1.0: markup escaped, characters that XML cannot hold written out. */
function xml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}
