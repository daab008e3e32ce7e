import type { SignatureType } from '../../contract/index.js';
import type { Commit } from '../../git/index.js';
import { claimedSignature } from './claimed-signature.js';
import type { PublishedKey } from './published-keys.js';
import { shown } from './shown.js';
import { WEB_FLOW_KEYS } from './web-flow.js';

/** A signer that history suggests; nothing of it is verified, people have to confirm each key. */
export interface SignerProposal {
  name: string;
  emails: string[];
  /**
   * Keys that signatures under these e-mails name, most used first, then those that GitHub alone has; `published` says
   * that GitHub has the key under the login.
   */
  keys: { key: string; type: SignatureType; commits: number; published: boolean }[];
  commits: number;
  signed: number;
  /** GitHub login, where the e-mail tells it; its public keys are at https://github.com/<login>.gpg and .keys. */
  github: string | null;
  /** Commands that fetch the keys for a person to look at. */
  commands: string[];
}

const NOREPLY =
  /^(?:\d+\+)?([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?)(?:\[bot\])?@users\.noreply\.github\.com$/;
const GITHUB_EMAIL = 'noreply@github.com';

/**
 * Proposes signers out of past commits, for `init --signers`: one for each committer (e-mails that share a key are
 * one), most commits first. What GitHub committed for others is left out.
 * @param published public keys that GitHub has, by login in lower case, where the door has asked for them
 */
export function proposeSigners(
  commits: readonly Commit[],
  published: ReadonlyMap<string, readonly PublishedKey[]> = new Map(),
): SignerProposal[] {
  const people = new Map<string, Person>();
  const byKey = new Map<string, Person>();
  for (const commit of commits) {
    const email = commit.committer.email;
    const claim = claimedSignature(commit);
    if (email === '' || email === GITHUB_EMAIL || WEB_FLOW_KEYS.includes(claim?.key ?? '')) continue;
    const key = claim?.key ?? null;
    const person = (key === null ? undefined : byKey.get(key)) ?? people.get(email) ?? newPerson(commit);
    people.set(email, person);
    person.commits += 1;
    person.emails.add(email);
    if (claim === null) continue;
    person.signed += 1;
    if (key === null) continue;
    byKey.set(key, person);
    const seen = person.keys.get(key) ?? { key, type: claim.type, commits: 0, published: false };
    seen.commits += 1;
    person.keys.set(key, seen);
  }
  const names = new Map<string, number>();
  return [...new Set(people.values())]
    .sort((a, b) => b.commits - a.commits || compareText(a.name, b.name))
    .map((person) => proposalOf(person, published))
    .map((proposal) => {
      const times = (names.get(proposal.name) ?? 0) + 1;
      names.set(proposal.name, times);
      return times === 1 ? proposal : { ...proposal, name: `${proposal.name}-${times}` };
    });
}

interface Person {
  name: string;
  emails: Set<string>;
  keys: Map<string, SignerProposal['keys'][number]>;
  commits: number;
  signed: number;
}

function newPerson({ committer }: Commit): Person {
  return { name: committer.name, emails: new Set(), keys: new Map(), commits: 0, signed: 0 };
}

function proposalOf(
  { name, emails, keys, commits, signed }: Person,
  published: ReadonlyMap<string, readonly PublishedKey[]>,
): SignerProposal {
  const github = [...emails].map(loginOf).find((login) => login !== null) ?? null;
  for (const { key, type } of published.get(github?.toLowerCase() ?? '') ?? []) {
    keys.set(key, { type, commits: 0, ...keys.get(key), key, published: true });
  }
  const sorted = [...keys.values()].sort((a, b) => b.commits - a.commits);
  return {
    name: principalName(name, [...emails]),
    emails: [...emails].map(shown),
    keys: sorted.map((key) => ({ ...key, key: shown(key.key) })),
    commits,
    signed,
    github,
    commands: github === null ? exportsOf(sorted) : commandsFor(github, sorted),
  };
}

/** The GitHub login that a noreply e-mail tells, or null. */
export function loginOf(email: string): string | null {
  return NOREPLY.exec(email)?.[1] ?? null;
}

/** For who has no login that is known: the OpenPGP keys out of one's own ring. An SSH key is in its signature. */
function exportsOf(keys: readonly SignerProposal['keys'][number][]): string[] {
  return keys
    .filter(({ type }) => type === 'openpgp')
    .map(({ key }) => key.slice(key.indexOf(':') + 1))
    .map((id) => `gpg --armor --export ${id} > .gitops-gate/keys/${id}.asc`);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function commandsFor(login: string, keys: readonly SignerProposal['keys'][number][]): string[] {
  const types = new Set(keys.map(({ type }) => type));
  const all = types.size === 0;
  return [
    ...(all || types.has('openpgp')
      ? [`curl -fsSLo .gitops-gate/keys/${login}.asc https://github.com/${login}.gpg`]
      : []),
    ...(all || types.has('ssh') ? [`curl -fsSL https://github.com/${login}.keys | ssh-keygen -lf -`] : []),
  ];
}

/** A short name of plain letters, from the name or the e-mail. */
function principalName(name: string, emails: readonly string[]): string {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '');
  return plain(name) || plain(String(emails[0]).replace(/@.*/s, '')) || 'signer';
}
