import { type CheckResult, emptyResult, finding, fingerprint, type Redactor } from '../../contract/index.js';
import { printable, type Tree } from '../../git/index.js';
import { defaultEngine } from './check.js';
import { excerptOf } from './excerpt.js';
import { Lines } from './lines.js';
import { scanFile, textOf } from './scan-file.js';
import { type PlacedFinding, scanWholeTree } from './scan-tree.js';

export interface ScanOptions {
  /** Every value found is registered here. */
  redactor: Redactor;
  /** Only files for which it says true. */
  include?: (path: string) => boolean;
  signal?: AbortSignal;
}

/**
 * Scans every file of a tree, without git or a change: what is found is new, by definition. The result has the form
 * of the check's, so that the reports take it.
 */
export async function scanTree(tree: Tree, options: ScanOptions): Promise<CheckResult> {
  const result = emptyResult('secrets');
  const scan = await scanWholeTree(tree, defaultEngine(), options);
  result.notVerified.push(...scan.notVerified);
  let lines: { path: string; lines: Lines } | null = null;
  for (const item of scan.findings) {
    if (lines === null || lines.path !== item.path) {
      lines = { path: item.path, lines: new Lines(textOf(await tree.read(item.path)).text) };
    }
    add(item, lines.lines, options.redactor, result);
  }
  result.summary = `no secret in ${scan.files} file${scan.files === 1 ? '' : 's'}`;
  return result;
}

/** Scans one text or file content, as `gitops-gate secrets --stdin` does. `path` stands in the findings. */
export function scanText(
  content: Buffer | string,
  options: { path?: string; redactor: Redactor },
): CheckResult {
  const result = emptyResult('secrets');
  const path = options.path ?? '-';
  const bytes = Buffer.from(content);
  const scan = scanFile(path, bytes, defaultEngine());
  const lines = new Lines(textOf(bytes).text);
  for (const item of scan.findings) add({ ...item, path }, lines, options.redactor, result);
  if (scan.notScanned !== null) {
    result.notVerified.push({
      what: path,
      reason: `not scanned for secrets: ${scan.notScanned}`,
      closes: true,
    });
  }
  if (scan.opaque !== null) {
    result.notVerified.push({ what: path, reason: `not readable as text: ${scan.opaque}`, closes: false });
  }
  result.summary = 'no secret found';
  return result;
}

function add(item: PlacedFinding, lines: Lines, redactor: Redactor, result: CheckResult): void {
  if (item.value !== null) redactor.add(item.value);
  const id = fingerprint(`secrets/${item.rule}`, item.path, ...item.place);
  if (result.excerpts.has(id)) return;
  result.excerpts.set(id, excerptOf(item, lines));
  result.findings.push(
    finding({
      check: 'secrets',
      ruleId: `secrets/${item.rule}`,
      action: item.action,
      confidence: item.confidence,
      message: item.message,
      help: item.help,
      path: printable(item.path),
      line: item.line,
      endLine: item.endLine,
      column: item.column,
      object: item.object,
      fingerprint: id,
    }),
  );
}
