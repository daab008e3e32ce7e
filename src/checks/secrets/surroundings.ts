import { type Finding, finding, fingerprint, type Redactor } from '../../contract/index.js';
import { type Change, type Commit, printable } from '../../git/index.js';
import type { Engine } from './engine.js';
import type { Hit } from './hit.js';

/** A text beside the files: what it is, and what mends a secret in it. */
export interface Surrounding {
  /** `commit message`, `author of commit 3f2c1ab`, `file name`. */
  what: string;
  text: string;
  commit: string | null;
  path: string | null;
  help: string;
  /** Part of the fingerprint. */
  place: string;
}

/** The texts of a change that are no file content: messages, people, file names. */
export async function surroundingsOf(change: Change): Promise<Surrounding[]> {
  const found: Surrounding[] = [];
  const names = new Set<string>();
  for (const commit of change.commits) {
    found.push(...textsOf(commit));
    for (const { path } of await change.addedLines(commit)) names.add(path);
  }
  for (const file of await change.files()) if (file.after !== null) names.add(file.path);
  for (const path of names) {
    const help = 'rotate it, rename the file, and drop the name from the history (git rebase -i)';
    found.push({ what: 'file name', text: path, commit: null, path, help, place: 'name' });
  }
  return found;
}

function textsOf(commit: Commit): Surrounding[] {
  const short = commit.sha.slice(0, 7);
  const help = `rotate it, then reword commit ${short} (git rebase -i ${short}^)`;
  const base = { commit: commit.sha, path: null, help };
  const person = `${commit.author.name} <${commit.author.email}>\n${commit.committer.name} <${commit.committer.email}>`;
  return [
    {
      ...base,
      what: `message of commit ${short}`,
      text: commit.message.toString('utf8'),
      place: `message ${commit.sha}`,
    },
    { ...base, what: `author or committer of commit ${short}`, text: person, place: `person ${commit.sha}` },
  ];
}

/** Secrets in texts beside the files: providers' tokens close, what only looks like one is told. */
export function scanSurroundings(
  texts: readonly Surrounding[],
  engine: Engine,
  redactor: Redactor,
): Finding[] {
  const findings: Finding[] = [];
  for (const item of texts) {
    const { hits } = engine.scan(item.text, { path: 'message.txt' });
    hits.forEach((hit, index) => {
      redactor.add(hit.value);
      findings.push(made(item, hit, index));
    });
  }
  return findings;
}

function made(item: Surrounding, hit: Hit, index: number): Finding {
  const id = `secrets/${hit.rule.id}`;
  const description = hit.rule.id === 'generic-secret' ? 'plaintext secret' : hit.rule.description;
  return finding({
    check: 'secrets',
    ruleId: id,
    action: hit.confidence === 'guess' ? 'inform' : 'fix',
    confidence: hit.confidence,
    message: `${description} in the ${item.what}`,
    help: `${item.help}; ${hit.rule.revoke}`,
    path: item.path === null ? null : printable(item.path),
    commit: item.commit,
    fingerprint: fingerprint(id, item.path, item.place, String(index)),
  });
}
