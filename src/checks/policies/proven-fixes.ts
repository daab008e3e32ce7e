import { type Finding, GateError, LIMITS, type Suggestion, suggestionOf } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';
import { fixFile } from './fix.js';
import type { Judge } from './judge.js';
import { remedyOf } from './remedy.js';
import { provesInTargets } from './rendered-proof.js';
import { memberAt, text } from './values/json.js';

/** Fixes are looked for in so many findings; the others keep their words. */
const MOST = 50;
/** Targets that are rendered to prove fixes, together: a fix of what more read is the user's to try. */
const MOST_RENDERED = 60;
/** Characters of a file in which one is looked for: proving it judges the whole file twice. */
const LARGEST = 200_000;
/** What a shell takes as it stands; a path begins with no hyphen. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/;

/** What fixes are proved against. */
export interface Proof {
  tree: Tree;
  judge: Judge;
  /** Renders what reads a file that would be changed; null where nothing is rendered. */
  rendered: Pick<RenderedChange, 'edited'> | null;
  /** The configuration that the command must name, so that it judges by the same packs; null: none. */
  configPath: string | null;
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
    const offers = policy !== undefined && remedyOf(policy.policy) !== null && finding.path !== null;
    if (!offers || tried >= MOST || finding.path === null) {
      offered.push(finding);
      continue;
    }
    tried += 1;
    const own = { ...proof.judge, policies: [policy] };
    const change = await changeOfFile(finding, finding.path, proof.tree, own);
    const path = finding.path;
    const targets = change === null ? null : await editedTargets(proof, path, change.after, renders);
    renders -= targets?.length ?? 0;
    const cleared = [{ ruleId: finding.ruleId, line: finding.line }];
    if (
      change === null ||
      targets === null ||
      !provesInTargets({ path, ...change, cleared }, targets, proof.judge)
    ) {
      offered.push(finding);
      continue;
    }
    const suggestion = suggestionOf(path, change.before, change.after);
    const help =
      `${finding.help} ${inWords(suggestion)} ${commandFor(finding.path, proof.configPath)}`.trim();
    offered.push({ ...finding, help, suggestion });
  }
  return offered;
}

async function editedTargets({ rendered }: Proof, path: string, content: string, most: number) {
  return rendered === null ? [] : rendered.edited(path, content, most);
}

function commandFor(path: string, configPath: string | null): string {
  // a path that a shell would read otherwise is no command to copy
  if (!PLAIN.test(path)) return '';
  return `\`gitops-gate lint --fix${configPath === null ? '' : ` --config ${configPath}`} ${path}\` does it`;
}

/** The change of a file that clears a finding and nothing else in it; null where there is none that is safe. */
async function changeOfFile(
  { ruleId, object, line }: Finding,
  path: string,
  tree: Tree,
  judge: Judge,
): Promise<{ before: string; after: string } | null> {
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
  return result === null ? null : { before: content, after: result.content };
}

/** The first line that goes or comes, without what comments say. */
function inWords({ line, removed, added }: Suggestion): string {
  const shown = (text: string | undefined): string =>
    `\`${(text ?? '')
      .trim()
      .replace(/\s#.*$/, '')
      .replaceAll('`', "'")
      .slice(0, 120)}\``;
  if (removed.length === 0) return `Line ${line}: add ${shown(added[0])}.`;
  if (added.length === 0) return `Line ${line}: remove ${shown(removed[0])}.`;
  return `Line ${line}: ${shown(removed[0])} becomes ${shown(added[0])}.`;
}
