import type { TestReport } from '../checks/policies/index.js';
import { painter, visible } from '../report/index.js';

const HEADS = ['ID', 'POLICY', 'RULE', 'RESOURCE', 'RESULT', 'REASON'];

/** The table that users of `kyverno test` know, a table a test file, and the sum last. */
export function writeTestTable(reports: readonly TestReport[], colour: boolean): string {
  const paint = painter(colour);
  const lines: string[] = [];
  for (const { name, path, rows } of reports) {
    lines.push(paint(visible(name === '' ? path : `${name} (${path})`), 'bold'));
    const cells = rows.map((row, index) => [
      String(index + 1),
      visible(row.policy),
      visible(row.rule),
      visible(row.resource),
      row.ok ? 'Pass' : 'Fail',
      visible(row.ok ? 'Ok' : row.reason || `wanted ${row.expected}, got ${row.actual}`),
    ]);
    const widths = HEADS.map((head, at) =>
      Math.max(head.length, ...cells.map((row) => (row[at] ?? '').length)),
    );
    const line = (row: readonly string[]) =>
      `│ ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' │ ')} │`;
    const rule = `│${widths.map((width) => '─'.repeat(width + 2)).join('│')}│`;
    lines.push(rule, line(HEADS), rule);
    for (const row of cells) lines.push(paint(line(row), row[4] === 'Pass' ? 'green' : 'red'));
    lines.push(rule, '');
  }
  const all = reports.flatMap(({ rows }) => rows);
  const passed = all.filter(({ ok }) => ok).length;
  const failed = all.length - passed;
  lines.push(
    paint(
      `Test Summary: ${passed} tests passed and ${failed} tests failed`,
      'bold',
      failed > 0 ? 'red' : 'green',
    ),
  );
  return `${lines.join('\n')}\n`;
}
