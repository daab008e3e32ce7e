import type { SignatureVerdict } from '../../contract/index.js';
import { describeRules, ruleIdOf } from './rules.js';
import { WEB_FLOW_KEYS } from './web-flow.js';

/** What the way out of a refusal depends on. */
export interface RemedyFacts {
  /** Where the change left the base; null for unrelated histories. */
  mergeBase: string | null;
  /** True when the change has merges, which a rebase must keep. */
  hasMerges: boolean;
  /** Folder of the keyring, relative to the root. */
  keys: string;
  /** The name of the tag that is judged, where it is one. */
  tag?: string;
}

/** The command that signs every commit of the change, or the tag, again. */
export function signAgain({ mergeBase, hasMerges, tag }: RemedyFacts): string {
  if (tag !== undefined) {
    const [name, target, ref] = [tag, `${tag}^{}`, `refs/tags/${tag}`].map(shellWord);
    return `git tag --sign --force ${name} ${target} && git push --force origin ${ref}`;
  }
  const merges = hasMerges ? '--rebase-merges ' : '';
  const from = mergeBase === null ? '--root' : mergeBase;
  return `git rebase ${merges}--exec 'git commit --amend --no-edit -S' ${from} && git push --force-with-lease`;
}

/** The command that signs a tag again. */
export function signTagAgain(tag: string): string {
  return signAgain({ mergeBase: null, hasMerges: false, keys: '', tag });
}

const SIGN_AGAIN: ReadonlySet<SignatureVerdict> = new Set([
  'unsigned',
  'bad_signature',
  'malformed',
  'multiple_signatures',
  'expired_signature',
]);

/** How to mend a refusal, as an exact command where there is one. */
export function remedyFor(
  verdict: SignatureVerdict,
  fingerprint: string | null,
  entitled: readonly string[],
  facts: RemedyFacts,
): string {
  const again = signAgain(facts);
  if (SIGN_AGAIN.has(verdict)) return again;
  if (verdict === 'unknown_key') return addKey(fingerprint, facts.keys);
  if (verdict === 'not_entitled' && entitled.length > 0) {
    return `have one of ${entitled.join(', ')} sign it: git fetch, then ${again}`;
  }
  if (verdict === 'future_dated') return `set the clock of the machine that signs, then ${again}`;
  if (verdict === 'not_verifiable_offline') return `git config gitsign.rekorMode offline, then ${again}`;
  const ruleId = ruleIdOf(verdict);
  return describeRules().find((rule) => rule.ruleId === ruleId)?.fix ?? again;
}

/** One word of a POSIX shell, whatever the name holds. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function addKey(fingerprint: string | null, keys: string): string {
  const then = 'in a change of its own';
  if (fingerprint === null) return `add the key to ${keys} and to a signer's keys, ${then}`;
  if (WEB_FLOW_KEYS.includes(fingerprint)) {
    return `GitHub made it in the browser: curl -fsSLo ${keys}/web-flow.asc https://github.com/web-flow.gpg, and set signatures.webFlow, ${then}`;
  }
  const [kind, id] = [
    fingerprint.slice(0, fingerprint.indexOf(':')),
    fingerprint.slice(fingerprint.indexOf(':') + 1),
  ];
  if (kind === 'openpgp') {
    return `if you trust it: gpg --armor --export ${id} > ${keys}/${id}.asc, and add "${fingerprint}" to a signer's keys, ${then}`;
  }
  return `if you trust it: add "${fingerprint}" to a signer's keys, ${then}`;
}
