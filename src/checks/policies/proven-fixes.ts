import { type Finding, GateError, LIMITS, type Suggestion, suggestionOf } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { fixFile } from './fix.js';
import type { Judge } from './judge.js';
import { remedyForRule } from './remedy.js';
import { provesInTargets, type RenderEdited } from './rendered-proof.js';
import { memberAt, text } from './values/json.js';
import { valueAt } from './violation.js';

/** Fixes are looked for in so many findings; the others keep their words. */
const MOST = 50;
/** Targets that are rendered to prove fixes, together: a fix of what more read is the user's to try. */
const MOST_RENDERED = 60;
/** Characters of a file in which one is looked for: proving it judges the whole file twice. */
const LARGEST = 200_000;
/** Characters of a line that are shown. */
const MOST_SHOWN = 120;
/** What a shell takes as it stands; a path begins with no hyphen. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/;

/** What fixes are proved against. */
export interface Proof {
  tree: Tree;
  judge: Judge;
  /** Renders what reads a file that would be changed. */
  rendered: RenderEdited;
  /** The command that mends a file, or '' where there is none. */
  command(path: string): string;
}

/**
 * Adds the exact remedy to findings that have a safe one: the lines to change and the command that changes them. It is
 * offered only where applying it clears the finding and changes nothing else, in the file and in every target that reads
 * it, which is tried.
 */
export async function withProvenFixes(findings: readonly Finding[], proof: Proof): Promise<Finding[]> {
  const offered: Finding[] = [];
  let tried = 0;
  let renders = MOST_RENDERED;
  for (const finding of findings) {
    const policy = proof.judge.policies.find(
      (loaded) => text(memberAt(loaded.policy, 'metadata', 'name')) === finding.ruleId.split('/')[1],
    );
    const offers =
      policy !== undefined && remedyForRule(policy.policy, finding.ruleId) !== null && finding.path !== null;
    if (!offers || tried >= MOST || finding.path === null) {
      offered.push(finding);
      continue;
    }
    tried += 1;
    const own = { ...proof.judge, policies: [policy] };
    const change = await changeOfFile(finding, finding.path, proof.tree, own);
    const sides = change ?? { before: '', after: '' };
    const edited = change && (await proof.rendered(finding.path, sides.before, sides.after, renders));
    renders -= edited?.targets.length ?? 0;
    const cleared = [{ ruleId: finding.ruleId, line: finding.line, isThere: change?.isThere ?? false }];
    if (
      edited === null ||
      !provesInTargets([{ path: edited.path, ...sides, cleared }], edited.targets, proof.judge)
    ) {
      offered.push(finding);
      continue;
    }
    const suggestion = suggestionOf(finding.path, sides.before, sides.after);
    const command = proof.command(finding.path);
    const does = command === '' ? '' : `\`${command}\` does it`;
    offered.push({ ...finding, help: `${finding.help} ${inWords(suggestion)} ${does}`.trim(), suggestion });
  }
  return offered;
}

/**
 * The command that mends a file, with the options that make it judge by the same policies; '' where a shell would read a
 * word of it otherwise: that is no command to copy.
 */
export function fixCommand(path: string, options: readonly ['--config' | '--policy', string][]): string {
  if (![path, ...options.map(([, value]) => value)].every((word) => PLAIN.test(word))) return '';
  return ['gitops-gate lint --fix', ...options.flat(), path].join(' ');
}

/** The change of a file that clears a finding and nothing else in it; null where there is none that is safe. */
async function changeOfFile(
  { ruleId, object, line }: Finding,
  path: string,
  tree: Tree,
  judge: Judge,
): Promise<{ before: string; after: string; isThere: boolean } | null> {
  let content: string;
  try {
    content = (await tree.read(path, { maxBytes: LIMITS.manifestBytes })).toString('utf8');
  } catch (error) {
    // a file that cannot be read (any more) has no fix; that it cannot be read is told elsewhere
    if (error instanceof GateError) return null;
    throw error;
  }
  if (content.length > LARGEST) return null;
  const result = fixFile(content, path, judge, {
    rounds: 1,
    // an overlay gives the object another name or namespace, but its line is that of the file
    isWanted: ({ ruleId: rule, manifest, field }) =>
      rule === ruleId && manifest.ref.kind === object?.kind && manifest.locate(field ?? [])?.line === line,
  });
  if (result === null) return null;
  const isThere = result.fixed.some(
    ({ manifest, field }) => valueAt(manifest.object, field ?? []) !== undefined,
  );
  return { before: content, after: result.content, isThere };
}

/** The first line that goes or comes, without what comments say. */
function inWords({ line, removed: [gone], added: [come] }: Suggestion): string {
  if (gone === undefined) return `Line ${line}: add ${quoted(come ?? '')}.`;
  if (come === undefined) return `Line ${line}: remove ${quoted(gone)}.`;
  // of long lines (JSON) what differs is shown
  let differs = 0;
  while (differs < gone.length && gone[differs] === come[differs]) differs += 1;
  const from = Math.max(0, differs - MOST_SHOWN / 2);
  const isLong = Math.max(gone.length, come.length) > MOST_SHOWN;
  const [then, now] = isLong ? [gone.slice(from), come.slice(from)] : [gone, come];
  return `Line ${line}: ${quoted(then)} becomes ${quoted(now)}.`;
}

function quoted(line: string): string {
  const text = line.trim().replace(/\s#.*$/, '');
  return `\`${text.replaceAll('`', "'").slice(0, MOST_SHOWN)}\``;
}
