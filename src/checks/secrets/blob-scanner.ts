import { GateError, LIMITS } from '../../contract/index.js';
import type { Change, Tree } from '../../git/index.js';
import type { Engine } from './engine.js';
import type { TreeContext } from './file-context.js';
import { namedFinding } from './file-name.js';
import { fileRuleFindings } from './file-rule.js';
import { Lines } from './lines.js';
import { scanFile, textOf } from './scan-file.js';
import type { FileScan } from './secret-finding.js';

/** A scanned blob: its findings, and its lines for excerpts. */
export interface BlobScan extends FileScan {
  lines: Lines;
}

/**
 * Scans blobs of a change, each (path, content) once however many commits and trees hold it. The path matters: rules
 * may ask for it, and it decides what is a manifest.
 */
export class BlobScanner {
  readonly #change: Change;
  readonly #engine: Engine;
  readonly #context: TreeContext;
  readonly #scans = new Map<string, Promise<BlobScan>>();

  /** @param context the tree whose `.sops.yaml` and generators say what the blobs are */
  constructor(change: Change, engine: Engine, context: TreeContext) {
    this.#context = context;
    this.#change = change;
    this.#engine = engine;
  }

  /** The scan of one blob under one path. Never throws for what is in it or for its size. */
  scan(path: string, oid: string): Promise<BlobScan> {
    const key = `${oid} ${path}`;
    const known = this.#scans.get(key);
    if (known !== undefined) return known;
    const scan = this.#read(oid).then(async (read) => {
      if (typeof read === 'string')
        return { findings: [], notScanned: read, opaque: null, lines: new Lines('') };
      const result = scanFile(path, read, this.#engine, await this.#context.of(path));
      const named = namedFinding(path, read);
      const broken = fileRuleFindings(this.#engine.fileRules, path, read);
      const findings = [...result.findings, ...(named === null ? [] : [named]), ...broken];
      return { ...result, findings, lines: new Lines(textOf(read).text) };
    });
    this.#scans.set(key, scan);
    return scan;
  }

  /** The scan of a tree's file, or null where the tree has no such file (or a submodule there). */
  async scanIn(tree: Tree, path: string): Promise<BlobScan | null> {
    const file = (await tree.files()).get(path);
    return file === undefined || file.mode === 'submodule' ? null : this.scan(path, file.oid);
  }

  async #read(oid: string): Promise<Buffer | string> {
    try {
      return await this.#change.readBlob(oid, { maxBytes: LIMITS.blobBytes });
    } catch (error) {
      if (error instanceof GateError) return error.message;
      throw error;
    }
  }
}
