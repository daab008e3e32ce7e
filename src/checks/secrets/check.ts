import { type CheckResult, emptyResult, type Finding, finding, fingerprint } from '../../contract/index.js';
import { printable } from '../../git/index.js';
import type { Check } from '../context.js';
import { BlobScanner } from './blob-scanner.js';
import { compareChange } from './compare.js';
import { Engine } from './engine.js';
import { excerptOf } from './excerpt.js';
import { TreeContext } from './file-context.js';
import { findLeaks, type Leak } from './leaks.js';
import { Lines } from './lines.js';
import { RULES } from './rules.generated.js';

let shared: Engine | null = null;

/** The engine with the rules that the project ships; built once, on first use. */
export function defaultEngine(): Engine {
  shared ??= new Engine(RULES);
  return shared;
}

/** The secrets check: what the change leaks, commit by commit, and what its result holds. */
export const secretsCheck: Check = async (context) => {
  const result = emptyResult('secrets');
  const { change, config, redactor, signal } = context;
  const engine = defaultEngine();
  const proposed = change.result ?? change.head.tree;
  const scanner = new BlobScanner(change, engine, new TreeContext(proposed));
  const baseScanner = new BlobScanner(change, engine, new TreeContext(change.base.tree));
  try {
    const found = await findLeaks(change, scanner, baseScanner, {
      history: config.config.secrets.history,
      signal,
    });
    result.notVerified.push(...found.notVerified);
    for (const leak of found.leaks) {
      if (leak.finding.value !== null) redactor.add(leak.finding.value);
      addLeak(leak, result);
    }
    for (const { path, finding: item } of await compareChange(change, proposed)) {
      const scan = await scanner.scanIn(proposed, path);
      const lines = scan?.lines ?? new Lines('');
      if (item.value !== null) redactor.add(item.value);
      addLeak(
        { finding: item, path, commit: null, present: true, scan: { findings: [], notScanned: null, lines } },
        result,
      );
    }
    result.debt = { count: found.debt, delta: 0 - found.mended };
    result.summary = `no secret in ${count(found.commits, 'commit')} and ${count(found.files, 'file')}`;
  } catch (error) {
    if (!signal.aborted) throw error;
    result.notVerified.push({
      what: 'secrets',
      reason: 'the check was ended before everything was scanned',
      closes: true,
    });
  }
  return result;
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function addLeak(leak: Leak, result: CheckResult): void {
  const made = leakFinding(leak);
  if (result.excerpts.has(made.fingerprint)) return;
  result.findings.push(made);
  result.excerpts.set(made.fingerprint, excerptOf(leak.finding, leak.scan.lines));
}

/** The finding for one leak. Its fingerprint: rule, path, structure; never the value. */
export function leakFinding(leak: Leak): Finding {
  const { path, commit, present } = leak;
  const item = leak.finding;
  const short = commit === null ? null : commit.slice(0, 7);
  const history = present
    ? short === null
      ? ''
      : `; drop it from commit ${short} (git rebase -i ${short}^)`
    : `; it was taken out again but commit ${short} still has it: drop it from there (git rebase -i ${short}^)`;
  const gone = present ? '' : `, added in commit ${short} and removed again: leaked all the same`;
  return finding({
    check: 'secrets',
    ruleId: `secrets/${item.rule}`,
    action: item.action,
    confidence: item.confidence,
    message: `${item.message}${gone}`,
    help: `${item.help}${item.value === null && present ? '' : history}`,
    path: printable(path),
    line: item.line,
    endLine: item.endLine,
    column: item.column,
    commit,
    object: item.object,
    fingerprint: fingerprint(`secrets/${item.rule}`, path, ...item.place),
  });
}
