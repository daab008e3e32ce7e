import type { TestReport, TestRow } from './run.js';

/** What running tests comes to: the text to print and whether it failed. */
export interface TestOutput {
  text: string;
  passed: number;
  failed: number;
  /** As `kyverno test`: 1 where a test failed. */
  exitCode: 0 | 1;
}

/** What of the rows is shown. */
export interface TestTableOptions {
  /** Those that failed alone, in one table. */
  failOnly?: boolean | undefined;
  /** What the rule said of the resource, too. */
  detailed?: boolean | undefined;
}

const HEADER = ['ID', 'POLICY', 'RULE', 'RESOURCE', 'RESULT', 'REASON'];

/**
 * The tables that `kyverno test` (1.19) prints, one for each file, and its summary; with `failOnly` one for all that failed.
 */
export function formatTests(reports: readonly TestReport[], options: TestTableOptions = {}): TestOutput {
  const rows = reports.flatMap((report) => report.rows);
  const broken = rows.filter((row) => !row.ok);
  const failed = broken.length;
  const passed = rows.length - failed;
  const lines: string[] = [];
  for (const report of reports) {
    lines.push(`Loading test ${report.name} ( ${report.path} ) ...`, '  Checking results ...');
    if (options.failOnly !== true) lines.push('', ...table(report.rows, options), '');
  }
  lines.push('');
  if (options.failOnly === true) {
    lines.push(`Test Summary: ${failed} out of ${rows.length} tests failed`, '');
    if (failed > 0) lines.push('Aggregated Failed Test Cases : ', ...table(broken, options));
  } else lines.push(`Test Summary: ${passed} tests passed and ${failed} tests failed`, '');
  return { text: `${lines.join('\n')}\n`, passed, failed, exitCode: failed > 0 ? 1 : 0 };
}

function table(rows: readonly TestRow[], { detailed }: TestTableOptions): string[] {
  if (rows.length === 0) return [];
  const header = detailed === true ? [...HEADER, 'MESSAGE'] : HEADER;
  const cells = rows.map((row, index) => [
    String(index + 1),
    row.policy,
    row.ran,
    row.resource,
    row.ok ? 'Pass' : 'Fail',
    row.reason,
    ...(detailed === true ? [row.message.replaceAll('\n', ' ')] : []),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((cell) => (cell[column] ?? '').length)),
  );
  const rule = `│${widths.map((width) => '─'.repeat(width + 2)).join('│')}│`;
  const line = (cell: readonly string[]): string =>
    `│${widths.map((width, column) => ` ${(cell[column] ?? '').padEnd(width)} `).join('│')}│`;
  return [rule, line(header), rule, ...cells.map(line), rule];
}
