import type { TestReport, TestRow } from './run.js';

/** What running tests comes to: the text to print and whether it failed. */
export interface TestOutput {
  text: string;
  passed: number;
  failed: number;
  /** As `kyverno test`: 1 where a test failed. */
  exitCode: 0 | 1;
}

const HEADER = ['ID', 'POLICY', 'RULE', 'RESOURCE', 'RESULT', 'REASON'];

/** The table that `kyverno test` prints, one for each file, and its summary line. */
export function formatTests(
  reports: readonly TestReport[],
  options: { failOnly?: boolean } = {},
): TestOutput {
  const rows = reports.flatMap((report) => report.rows);
  const failed = rows.filter((row) => !row.ok).length;
  const passed = rows.length - failed;
  const lines: string[] = [];
  for (const report of reports) {
    const shown = options.failOnly === true ? report.rows.filter((row) => !row.ok) : report.rows;
    if (options.failOnly === true && shown.length === 0) continue;
    lines.push(
      `Loading test ${report.name} ( ${report.path} ) ...`,
      '  Checking results ...',
      '',
      ...table(shown),
      '',
    );
  }
  lines.push(
    options.failOnly === true
      ? `Test Summary: ${failed} out of ${rows.length} tests failed`
      : `Test Summary: ${passed} tests passed and ${failed} tests failed`,
  );
  return { text: `${lines.join('\n')}\n`, passed, failed, exitCode: failed > 0 ? 1 : 0 };
}

function table(rows: readonly TestRow[]): string[] {
  const cells = rows.map((row, index) => [
    String(index + 1),
    row.policy,
    row.rule,
    row.resource,
    row.ok ? 'Pass' : 'Fail',
    row.reason,
  ]);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...cells.map((cell) => (cell[column] ?? '').length)),
  );
  const rule = `│${widths.map((width) => '─'.repeat(width + 2)).join('│')}│`;
  const line = (cell: readonly string[]): string =>
    `│${widths.map((width, column) => ` ${(cell[column] ?? '').padEnd(width)} `).join('│')}│`;
  return [rule, line(HEADER), rule, ...cells.map(line), rule];
}
