import { GateError, LIMITS, type NotVerified } from '../../contract/index.js';
import { printable, type Tree } from '../../git/index.js';
import type { Engine } from './engine.js';
import { TreeContext } from './file-context.js';
import { namedFinding } from './file-name.js';
import { fileRuleFindings } from './file-rule.js';
import { scanFile } from './scan-file.js';
import type { FileScan, SecretFinding } from './secret-finding.js';

/** A finding with the file that it is in. */
export interface PlacedFinding extends SecretFinding {
  path: string;
}

export interface TreeScan {
  findings: PlacedFinding[];
  notVerified: NotVerified[];
  /** Files looked at and their bytes. */
  files: number;
  bytes: number;
}

/** Scans one file of a tree; what cannot be read is said in `notScanned`. Submodules have no content here. */
export async function scanTreeFile(
  tree: Tree,
  path: string,
  engine: Engine,
  context: TreeContext,
): Promise<FileScan & { bytes: number }> {
  try {
    const bytes = await tree.read(path, { maxBytes: LIMITS.blobBytes });
    const scan = scanFile(path, bytes, engine, await context.of(path));
    const named = namedFinding(path, bytes);
    const broken = fileRuleFindings(engine.fileRules, path, bytes);
    return {
      ...scan,
      findings: [...scan.findings, ...(named === null ? [] : [named]), ...broken],
      bytes: bytes.length,
    };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return { findings: [], notScanned: error.message, opaque: null, bytes: 0 };
  }
}

/**
 * Scans every file of a tree.
 * @param options.include only these paths; all without it
 */
export async function scanWholeTree(
  tree: Tree,
  engine: Engine,
  options: { include?: (path: string) => boolean; signal?: AbortSignal } = {},
): Promise<TreeScan> {
  const result: TreeScan = { findings: [], notVerified: [], files: 0, bytes: 0 };
  const context = new TreeContext(tree);
  for (const file of (await tree.files()).values()) {
    if (file.mode === 'submodule' || options.include?.(file.path) === false) continue;
    options.signal?.throwIfAborted();
    const scan = await scanTreeFile(tree, file.path, engine, context);
    result.files++;
    result.bytes += scan.bytes;
    for (const finding of scan.findings) result.findings.push({ ...finding, path: file.path });
    if (scan.notScanned !== null) {
      result.notVerified.push({
        what: printable(file.path),
        reason: `not scanned for secrets: ${scan.notScanned}`,
        closes: true,
      });
    } else if (scan.opaque !== null) {
      result.notVerified.push({
        what: printable(file.path),
        reason: `not readable as text: ${scan.opaque}`,
        closes: false,
      });
    }
  }
  return result;
}
