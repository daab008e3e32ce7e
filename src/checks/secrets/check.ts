import {
  type CheckResult,
  emptyResult,
  type Finding,
  finding,
  fingerprint,
  GateError,
  LIMITS,
  type NotVerified,
} from '../../contract/index.js';
import { printable } from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';
import type { Check, CheckContext } from '../context.js';
import { BlobScanner } from './blob-scanner.js';
import { compareChange } from './compare.js';
import { Engine } from './engine.js';
import { excerptOf } from './excerpt.js';
import { TreeContext } from './file-context.js';
import { findLeaks, type Leak } from './leaks.js';
import { Lines } from './lines.js';
import { renderedFindings } from './rendered.js';
import { RULES } from './rules.generated.js';
import type { SecretFinding } from './secret-finding.js';
import { commentOn, type Suppressible, Suppressions } from './suppress/suppressions.js';
import { scanSurroundings, surroundingsOf } from './surroundings.js';

let shared: Engine | null = null;

/** The engine with the rules that the project ships; built once, on first use. */
export function defaultEngine(): Engine {
  shared ??= new Engine(RULES);
  return shared;
}

/** The secrets check: what the change leaks, commit by commit, and what its result and its rendering hold. */
export const secretsCheck: Check = async (context) => {
  const result = emptyResult('secrets');
  try {
    await judgeChange(context, result);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    result.notVerified.push({
      what: 'secrets',
      reason: 'the check was ended before everything was scanned',
      closes: true,
    });
  }
  return result;
};

async function judgeChange(context: CheckContext, result: CheckResult): Promise<void> {
  const { change, config, now, redactor, rendered, signal } = context;
  const suppressions = await Suppressions.read(config.files, config.config.secrets);
  for (const problem of suppressions.problems) {
    result.notVerified.push({ what: 'secrets', reason: problem, closes: true });
  }
  const engine = engineWith(suppressions);
  const proposed = change.result ?? change.head.tree;
  const scanner = new BlobScanner(change, engine, new TreeContext(proposed));
  const baseScanner = new BlobScanner(change, engine, new TreeContext(change.base.tree));
  const found = await findLeaks(change, scanner, baseScanner, {
    history: config.config.secrets.history,
    signal,
    hidden: (item, path, { lines }) => {
      const asked = suppressible(item, path, null, lines, true);
      return commentOn(asked) !== null || suppressions.find(asked, now) !== null;
    },
  });
  result.notVerified.push(...found.notVerified, ...(await opaqueFiles(found.opaque, rendered)));
  const leaks = [...found.leaks];
  for (const { path, finding: item } of await compareChange(change, proposed)) {
    const lines = (await scanner.scanIn(proposed, path))?.lines ?? new Lines('');
    const scan = { findings: [], notScanned: null, opaque: null, lines };
    leaks.push({ finding: item, path, commit: null, present: true, scan });
  }
  for (const leak of leaks) {
    if (leak.finding.value !== null) redactor.add(leak.finding.value);
    addLeak(leak, result, suppressions, now);
  }
  // A guess about a file (it lies in a test folder) says nothing for what a target renders from it.
  const known = new Set(
    leaks.flatMap(({ finding: item }) => (item.action === 'inform' ? [] : (item.value?.trim() ?? []))),
  );
  const sources = lazily(() => textsOfChange(context));
  result.findings.push(
    ...scanSurroundings(await surroundingsOf(change), engine, redactor).filter(
      (item) => !isKnown(item, result),
    ),
    ...(await renderedFindings(rendered, engine, redactor, known, sources)),
  );
  result.debt = { count: found.debt, delta: 0 - found.mended };
  result.summary = `no secret in ${count(found.commits, 'commit')} and ${count(found.files, 'file')}`;
}

function isKnown(item: Finding, result: CheckResult): boolean {
  return result.findings.some((other) => other.fingerprint === item.fingerprint);
}

/** What nobody can read closes the gate when a target reads it; else it is only told. */
async function opaqueFiles(
  opaque: ReadonlyMap<string, string>,
  rendered: RenderedChange,
): Promise<NotVerified[]> {
  const told: NotVerified[] = [];
  for (const [path, reason] of opaque) {
    const closes = (await rendered.targetsReading(path)).length > 0;
    told.push({ what: printable(path), reason: `not readable as text: ${reason}`, closes });
  }
  return told;
}

/** Texts of the files that the change touches, as the result has them. */
async function textsOfChange({ change }: CheckContext): Promise<string[]> {
  const texts: string[] = [];
  for (const file of await change.files()) {
    if (file.after === null || file.after.mode === 'submodule') continue;
    try {
      texts.push(
        (await change.readBlob(file.after.oid, { maxBytes: LIMITS.manifestBytes })).toString('utf8'),
      );
    } catch (error) {
      // Too large or missing: the scan has said so; a value is then not looked for in it.
      if (!(error instanceof GateError)) throw error;
    }
  }
  return texts;
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** An engine with the rules of the base's configuration beside the project's own. */
export function engineWith(suppressions: Suppressions): Engine {
  const { rules, fileRules } = suppressions;
  return rules.length === 0 && fileRules.length === 0 ? defaultEngine() : new Engine(RULES, rules, fileRules);
}

function addLeak(leak: Leak, result: CheckResult, suppressions: Suppressions, now: Date): void {
  const made = leakFinding(leak);
  if (result.excerpts.has(made.fingerprint)) return;
  const asked = suppressible(leak.finding, leak.path, leak.commit, leak.scan.lines, false);
  result.findings.push(accepted(made, asked, suppressions, now));
  result.excerpts.set(made.fingerprint, excerptOf(leak.finding, leak.scan.lines));
}

/** A finding as suppressions see it. */
export function suppressible(
  item: SecretFinding,
  path: string,
  commit: string | null,
  lines: Lines,
  sameTree: boolean,
): Suppressible {
  const { rule, value, line, endLine } = item;
  const id = fingerprint(`secrets/${rule}`, path, ...item.place);
  return { ruleId: `secrets/${rule}`, fingerprint: id, path, value, line, endLine, commit, sameTree, lines };
}

/**
 * What the base accepts is told and closes nothing. A comment that the change brings itself hides nothing: whether it
 * may is for somebody entitled to say.
 */
function accepted(made: Finding, asked: Suppressible, suppressions: Suppressions, now: Date): Finding {
  const suppressed = suppressions.find(asked, now);
  if (suppressed !== null) return { ...made, action: 'inform', severity: 'notice', suppressed };
  const comment = made.action === 'fix' ? commentOn(asked) : null;
  if (comment === null) return made;
  return {
    ...made,
    action: 'approve',
    severity: 'warning',
    message: `${made.message}, under a new comment that hides it (${comment})`,
    help: `an approving review accepts it; else ${made.help}`,
  };
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
