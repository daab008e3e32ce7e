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
  /** Folder of authorities' lists of revoked certificates. */
  lists: string;
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
  return signAgain({ mergeBase: null, hasMerges: false, keys: '', lists: '', tag });
}

const SIGN_AGAIN: ReadonlySet<SignatureVerdict> = new Set([
  'unsigned',
  'bad_signature',
  'malformed',
  'multiple_signatures',
  'expired_signature',
]);

/** A refusal, as far as its way out depends on it; the fields are those of a judgement. */
export interface Refused {
  verdict: SignatureVerdict;
  fingerprint: string | null;
  entitled: readonly string[];
  list?: string | undefined;
}

/** How to mend a refusal, as an exact command where there is one. */
export function remedyFor(refused: Refused, facts: RemedyFacts): string {
  const { verdict, fingerprint, entitled, list } = refused;
  const again = signAgain(facts);
  if (SIGN_AGAIN.has(verdict)) return again;
  if (verdict === 'unknown_key') return addKey(fingerprint, facts.keys);
  if (verdict === 'not_entitled' && entitled.length > 0) {
    return `have one of ${entitled.join(', ')} sign it: git fetch, then ${again}`;
  }
  if (verdict === 'future_dated') return `set the clock of the machine that signs, then ${again}`;
  if (list !== undefined) return bringList(list, facts.lists);
  if (verdict === 'not_verifiable_offline') return `git config gitsign.rekorMode offline, then ${again}`;
  const ruleId = ruleIdOf(verdict);
  return describeRules().find((rule) => rule.ruleId === ruleId)?.fix ?? again;
}

function bringList(url: string, folder: string): string {
  const then = 'in a change of its own';
  if (url === '') return `put the authority's current list (PEM or DER, *.crl) into ${folder}, ${then}`;
  const name = /\/([\w-][\w.-]{0,80})$/.exec(url)?.[1] ?? 'authority';
  const file = `${folder}/${name.replace(/\.crl$/i, '')}.crl`;
  return `curl -fsSLo ${shellWord(file)} ${shellWord(url)}, ${then}`;
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
  if (kind === 'x509') {
    return `if you trust whoever certified it: put the authority's certificate (*.pem; for gitsign trusted_root.json) into ${keys}, and add "x509:<issuer>#<identity>" to a signer's keys, ${then}`;
  }
  return `if you trust it: add "${fingerprint}" to a signer's keys, ${then}`;
}
