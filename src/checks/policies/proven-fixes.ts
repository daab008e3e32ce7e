import { type Finding, GateError, LIMITS } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { fixFile } from './fix.js';
import type { Judge } from './judge.js';
import { remedyOf } from './remedy.js';
import { memberAt, text } from './values/json.js';

/** Fixes are looked for in so many findings; the others keep their words. */
const MOST = 50;
/** Characters of a file in which one is looked for: proving it judges the whole file twice. */
const LARGEST = 200_000;
/** What a shell takes as it stands; a path begins with no hyphen. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * Adds the exact remedy to findings that have a safe one: the lines to change and the command that changes them. It is
 * offered only where applying it to the file clears the finding and changes nothing else there, which is tried.
 * @param configPath the configuration that the command must name, so that it judges by the same packs; null: none
 */
export async function withProvenFixes(
  findings: readonly Finding[],
  tree: Tree,
  judge: Judge,
  configPath: string | null,
): Promise<Finding[]> {
  const offered: Finding[] = [];
  let tried = 0;
  for (const finding of findings) {
    const policy = judge.policies.find(
      (loaded) => text(memberAt(loaded.policy, 'metadata', 'name')) === finding.ruleId.split('/')[1],
    );
    const offers = policy !== undefined && remedyOf(policy.policy) !== null && finding.path !== null;
    if (!offers || tried >= MOST || finding.path === null) {
      offered.push(finding);
      continue;
    }
    tried += 1;
    const change = await provenChange(finding, finding.path, tree, { ...judge, policies: [policy] });
    offered.push(
      change === null
        ? finding
        : { ...finding, help: `${finding.help} ${change} ${commandFor(finding.path, configPath)}`.trim() },
    );
  }
  return offered;
}

function commandFor(path: string, configPath: string | null): string {
  // a path that a shell would read otherwise is no command to copy
  if (!PLAIN.test(path)) return '';
  return `\`gitops-gate lint --fix${configPath === null ? '' : ` --config ${configPath}`} ${path}\` does it`;
}

/** The change of a file that clears a finding, in words; null where there is none that is safe. */
async function provenChange(
  { ruleId, object }: Finding,
  path: string,
  tree: Tree,
  judge: Judge,
): Promise<string | null> {
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
    isWanted: ({ ruleId: rule, manifest }) =>
      rule === ruleId &&
      manifest.ref.kind === object?.kind &&
      manifest.ref.name === object.name &&
      manifest.ref.namespace === object.namespace,
  });
  return result === null ? null : difference(content, result.content);
}

/** The first line that differs, as it is and as it should be, without what comments say. */
function difference(before: string, after: string): string {
  const [old, fresh] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const first = fresh.findIndex((line, index) => line !== old[index]);
  const to = fresh[first]?.trim() ?? '';
  const from = old[first]?.trim() ?? '';
  const shown = (line: string): string =>
    `\`${line
      .replace(/\s#.*$/, '')
      .replaceAll('`', "'")
      .slice(0, 120)}\``;
  if (fresh.length > old.length) return `Line ${first + 1}: add ${shown(to)}.`;
  if (fresh.length < old.length) return `Line ${first + 1}: remove ${shown(from)}.`;
  return `Line ${first + 1}: ${shown(from)} becomes ${shown(to)}.`;
}
