import { type Config, configSchema } from '../../config/index.js';
import { type CheckResult, emptyResult, finding, fingerprint, type Redactor } from '../../contract/index.js';
import { printable, type StagedChange, type Tree } from '../../git/index.js';
import { engineWith, suppressible } from './check.js';
import { excerptOf } from './excerpt.js';
import { TreeContext } from './file-context.js';
import { identity, touches } from './leaks.js';
import { Lines } from './lines.js';
import { scanFile, textOf } from './scan-file.js';
import { type PlacedFinding, scanTreeFile, scanWholeTree } from './scan-tree.js';
import { type BaselineItem, writeBaseline } from './suppress/baseline.js';
import { commentOn, Suppressions } from './suppress/suppressions.js';

export interface ScanOptions {
  /** Every value found is registered here. */
  redactor: Redactor;
  /** Only files for which it says true. */
  include?: (path: string) => boolean;
  signal?: AbortSignal;
  /** Settings of the secrets check; those of an empty configuration without it. */
  config?: Config['secrets'];
  /** Where baselines and ignore files are read from: the scanned tree itself unless said; null obeys none. */
  trust?: Tree | null;
  /** The day by which entries end; the epoch without it, so that none has ended. */
  now?: Date;
}

/**
 * Scans every file of a tree, without git or a change: what is found is new, by definition. The result has the form
 * of the check's, so that the reports take it. What a baseline or a comment accepts is marked as suppressed.
 */
export async function scanTree(tree: Tree, options: ScanOptions): Promise<CheckResult> {
  const result = emptyResult('secrets');
  const suppressions = await suppressionsFor(tree, options, result);
  const scan = await scanWholeTree(tree, engineWith(suppressions), options);
  result.notVerified.push(...scan.notVerified);
  let open: { path: string; lines: Lines } | null = null;
  for (const item of scan.findings) {
    if (open === null || open.path !== item.path) {
      open = { path: item.path, lines: new Lines(textOf(await tree.read(item.path)).text) };
    }
    add(item, open.lines, suppressions, options, result);
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
  const none = new Suppressions();
  const scan = scanFile(path, bytes, engineWith(none));
  const lines = new Lines(textOf(bytes).text);
  for (const item of scan.findings) add({ ...item, path }, lines, none, options, result);
  const reason =
    scan.notScanned === null
      ? scan.opaque === null
        ? null
        : `not readable as text: ${scan.opaque}`
      : `not scanned for secrets: ${scan.notScanned}`;
  if (reason !== null) result.notVerified.push({ what: path, reason, closes: scan.notScanned !== null });
  result.summary = 'no secret found';
  return result;
}

/**
 * Scans what is staged, for use before the commit: findings in lines that the index adds to HEAD and that HEAD's
 * version of the file does not have. Baselines and ignore files are HEAD's.
 */
export async function scanStaged(staged: StagedChange, options: ScanOptions): Promise<CheckResult> {
  const result = emptyResult('secrets');
  const suppressions = await suppressionsFor(staged.head, options, result);
  const engine = engineWith(suppressions);
  const context = new TreeContext(staged.index);
  const oldContext = new TreeContext(staged.head);
  const heads = await staged.head.files();
  let files = 0;
  const moved = new Map<string, string>();
  for (const { path, oldPath, after } of await staged.files()) {
    if (oldPath !== null && oldPath !== path && after !== null && after.mode !== 'submodule')
      moved.set(path, oldPath);
  }
  const changed = new Map((await staged.addedLines()).map((added) => [added.path, added]));
  for (const path of new Set([...changed.keys(), ...moved.keys()])) {
    const added = changed.get(path) ?? { path, lines: [], binary: false };
    if (options.include?.(added.path) === false) continue;
    files++;
    const scan = await scanTreeFile(staged.index, added.path, engine, context);
    const old = heads.has(added.path)
      ? await scanTreeFile(staged.head, added.path, engine, oldContext)
      : null;
    const known = new Set(old?.findings.map(identity));
    const from = moved.get(path);
    if (from !== undefined) {
      // What closed under the old path is there already; what that path let pass is new under this one.
      const before = await scanTreeFile(staged.head, from, engine, oldContext);
      const lines = new Lines(textOf(await staged.head.read(from)).text);
      for (const item of before.findings) {
        const asked = suppressible(item, from, null, lines, true);
        const accepted = commentOn(asked) ?? suppressions.find(asked, options.now ?? new Date(0));
        if (item.action !== 'inform' && accepted === null) known.add(identity(item));
      }
    }
    if (scan.notScanned !== null) {
      const reason = `not scanned for secrets: ${scan.notScanned}`;
      result.notVerified.push({ what: printable(added.path), reason, closes: true });
    }
    const found = scan.findings.filter(
      (item) =>
        !known.has(identity(item)) && (from !== undefined || added.binary || touches(item, added.lines)),
    );
    if (found.length === 0) continue;
    const lines = new Lines(textOf(await staged.index.read(added.path)).text);
    for (const item of found) add({ ...item, path: added.path }, lines, suppressions, options, result);
  }
  result.summary = `no secret in ${files} staged file${files === 1 ? '' : 's'}`;
  return result;
}

/**
 * The text of a baseline that accepts every closing finding of a tree, each named by fingerprint and a slow salted
 * hash of its value. Entries of `previous` that still hide the same value stay as they are.
 */
export async function makeBaseline(
  tree: Tree,
  options: {
    previous: string | null;
    include?: (path: string) => boolean;
    config?: Config['secrets'];
    salt?: () => Buffer;
  },
): Promise<string> {
  const suppressions = await Suppressions.read(tree, options.config ?? defaults());
  const scan = await scanWholeTree(tree, engineWith(suppressions), options);
  const items = new Map<string, BaselineItem>();
  for (const item of scan.findings) {
    if (item.action === 'inform') continue;
    const id = fingerprint(`secrets/${item.rule}`, item.path, ...item.place);
    items.set(id, { fingerprint: id, rule: item.rule, path: item.path, value: item.value });
  }
  return writeBaseline([...items.values()], options.previous, options.salt);
}

function defaults(): Config['secrets'] {
  return configSchema.parse({ version: 1 }).secrets;
}

async function suppressionsFor(tree: Tree, options: ScanOptions, result: CheckResult): Promise<Suppressions> {
  const trust = options.trust === undefined ? tree : options.trust;
  if (trust === null) return new Suppressions();
  const suppressions = await Suppressions.read(trust, options.config ?? defaults());
  for (const reason of suppressions.problems)
    result.notVerified.push({ what: 'secrets', reason, closes: true });
  return suppressions;
}

function add(
  item: PlacedFinding,
  lines: Lines,
  suppressions: Suppressions,
  options: { redactor: Redactor; now?: Date },
  result: CheckResult,
): void {
  if (item.value !== null) options.redactor.add(item.value);
  const asked = suppressible(item, item.path, null, lines, true);
  if (result.excerpts.has(asked.fingerprint)) return;
  const comment = commentOn(asked);
  const suppressed =
    suppressions.find(asked, options.now ?? new Date(0)) ??
    (comment === null ? null : { by: comment, reason: 'a comment on the line', until: null });
  result.excerpts.set(asked.fingerprint, excerptOf(item, lines));
  result.findings.push(
    finding({
      check: 'secrets',
      ruleId: `secrets/${item.rule}`,
      action: suppressed === null ? item.action : 'inform',
      confidence: item.confidence,
      message: item.message,
      help: item.help,
      path: printable(item.path),
      line: item.line,
      endLine: item.endLine,
      column: item.column,
      object: item.object,
      fingerprint: asked.fingerprint,
      suppressed,
    }),
  );
}
