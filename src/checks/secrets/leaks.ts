import { createHash } from 'node:crypto';
import type { NotVerified } from '../../contract/index.js';
import { type Change, type FileChange, printable, type Tree } from '../../git/index.js';
import type { BlobScan, BlobScanner } from './blob-scanner.js';
import type { SecretFinding } from './secret-finding.js';

/** A secret that the change brings, where it is now or where it was. */
export interface Leak {
  finding: SecretFinding;
  path: string;
  /** The commit whose line shows it first, or null where only the merge result does. */
  commit: string | null;
  /** False when a later commit of the change took it out again: it stays in the history. */
  present: boolean;
  scan: BlobScan;
}

export interface Leaks {
  leaks: Leak[];
  notVerified: NotVerified[];
  /** Files of the result whose content cannot be read, with the reason. */
  opaque: Map<string, string>;
  /** Findings in files the change touches that were there before and are there still. */
  debt: number;
  /** Findings of touched files that the change took away. */
  mended: number;
  commits: number;
  files: number;
}

/** Says that a finding is accepted: by the baseline, an exception, a comment in the base. */
export type Hidden = (finding: SecretFinding, path: string, scan: BlobScan) => boolean;

/** Identity of a finding across versions of a file: by its value, or by its place where it has none. */
export function identity(finding: SecretFinding): string {
  const hash = createHash('sha256');
  hash.update(`${finding.rule}\n${finding.value === null ? finding.place.join('\n') : finding.value.trim()}`);
  return hash.digest('hex');
}

/** True when one of the added lines (ascending) lies in a finding's extent. */
export function touches(finding: SecretFinding, lines: readonly number[]): boolean {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as number) < finding.line) low = middle + 1;
    else high = middle;
  }
  return low < lines.length && (lines[low] as number) <= finding.endLine;
}

/**
 * Finds what the change leaks: in the lines that its commits add (a merge's: those no parent has), and in the result
 * what its files hold that they did not hold in the base.
 * @param options.hidden true for a finding of the base that is accepted: it is no debt
 * @param options.history false: only what the result holds
 */
export async function findLeaks(
  change: Change,
  scanner: BlobScanner,
  baseScanner: BlobScanner,
  options: { history: boolean; signal: AbortSignal; hidden: Hidden },
): Promise<Leaks> {
  const result = change.result ?? change.head.tree;
  const files = await change.files();
  const before = await knownBefore(change, files, baseScanner, options.hidden);
  const collector = new Collector(before.byPath);
  const opaque = new Map<string, string>();
  const commits = options.history ? change.commits : [];
  for (const commit of commits) {
    for (const added of await change.addedLines(commit)) {
      options.signal.throwIfAborted();
      if (!added.binary && added.lines.length === 0) continue;
      const scan = await scanner.scan(added.path, added.oid);
      collector.unreadable(added.path, scan);
      for (const finding of scan.findings) {
        if (added.binary || touches(finding, added.lines))
          collector.add(finding, added.path, commit.sha, scan);
      }
    }
  }
  for (const file of files) {
    options.signal.throwIfAborted();
    if (file.after === null || file.after.mode === 'submodule') continue;
    const scan = await scanner.scan(file.path, file.after.oid);
    collector.unreadable(file.path, scan);
    if (scan.opaque !== null) opaque.set(file.path, scan.opaque);
    for (const finding of scan.findings) collector.add(finding, file.path, null, scan);
  }
  const leaks = await collector.settled(result, scanner);
  const after = await countAfter(files, scanner, before.byPath, options.hidden);
  return {
    leaks,
    notVerified: collector.notVerified,
    opaque,
    debt: after,
    mended: before.count - after,
    commits: change.commits.length,
    files: files.length,
  };
}

/** Findings of the touched files as the base has them, by path before and after a rename. */
async function knownBefore(
  change: Change,
  files: readonly FileChange[],
  scanner: BlobScanner,
  hidden: Hidden,
): Promise<{ byPath: Map<string, Set<string>>; count: number }> {
  const byPath = new Map<string, Set<string>>();
  let count = 0;
  for (const file of files) {
    const old = file.oldPath ?? (file.status === 'deleted' ? file.path : null);
    if (old === null) continue;
    const scan = await scanner.scanIn(change.base.tree, old);
    if (scan === null) continue;
    const known = knownOf(scan.findings);
    count += scan.findings.filter((item) => item.action !== 'inform' && !hidden(item, old, scan)).length;
    byPath.set(old, known);
    // What was let pass under the old path only is new under the new one: nobody has accepted it there.
    byPath.set(
      file.path,
      old === file.path ? known : knownOf(scan.findings.filter((item) => !hidden(item, old, scan))),
    );
  }
  return { byPath, count };
}

/** Identities of findings; of those that closed also as `closing`, so that a guess does not excuse what closes now. */
function knownOf(findings: readonly SecretFinding[]): Set<string> {
  return new Set(
    findings.flatMap((item) =>
      item.action === 'inform' ? [identity(item)] : [identity(item), `closing ${identity(item)}`],
    ),
  );
}

async function countAfter(
  files: readonly FileChange[],
  scanner: BlobScanner,
  before: ReadonlyMap<string, ReadonlySet<string>>,
  hidden: Hidden,
): Promise<number> {
  let count = 0;
  for (const file of files) {
    if (file.after === null || file.after.mode === 'submodule') continue;
    const known = before.get(file.path);
    const scan = await scanner.scan(file.path, file.after.oid);
    count += scan.findings.filter(
      (item) =>
        item.action !== 'inform' &&
        known?.has(`closing ${identity(item)}`) === true &&
        !hidden(item, file.path, scan),
    ).length;
  }
  return count;
}

/** Gathers leaks so that each secret of a file is one, with the first commit that shows it. */
class Collector {
  readonly notVerified: NotVerified[] = [];
  readonly #before: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #leaks = new Map<string, Leak>();
  readonly #unread = new Set<string>();

  constructor(before: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#before = before;
  }

  add(finding: SecretFinding, path: string, commit: string | null, scan: BlobScan): void {
    const id = identity(finding);
    const wanted = finding.action === 'inform' ? id : `closing ${id}`;
    if (this.#before.get(path)?.has(wanted) === true) return;
    const key = `${path}\n${id}`;
    const known = this.#leaks.get(key);
    if (known === undefined) this.#leaks.set(key, { finding, path, commit, present: false, scan });
  }

  unreadable(path: string, scan: BlobScan): void {
    const key = `${path}\n${scan.notScanned}`;
    if (scan.notScanned === null || this.#unread.has(key)) return;
    this.#unread.add(key);
    this.notVerified.push({
      what: printable(path),
      reason: `not scanned for secrets: ${scan.notScanned}`,
      closes: true,
    });
  }

  /** Places each leak where the result has it; one that moved to another file of the change is told of there only. */
  async settled(result: Tree, scanner: BlobScanner): Promise<Leak[]> {
    const leaks: Leak[] = [];
    const present = new Set<string>();
    for (const leak of this.#leaks.values()) {
      const scan = await scanner.scanIn(result, leak.path);
      const id = identity(leak.finding);
      const now = scan?.findings.find((finding) => identity(finding) === id);
      if (scan !== null && now !== undefined) {
        present.add(id);
        leaks.push({ ...leak, finding: now, scan, present: true });
      } else {
        leaks.push(leak);
      }
    }
    return leaks.filter((leak) => leak.present || !present.has(identity(leak.finding)));
  }
}
