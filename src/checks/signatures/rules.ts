import type { SignatureVerdict } from '../../contract/index.js';

/** What `explain` tells of a rule. */
export interface SignatureRule {
  ruleId: string;
  title: string;
  /** Why it matters. */
  why: string;
  /** How it is mended. */
  fix: string;
}

/** The ruleId of a verdict: `signatures/unknown-key`. */
export function ruleIdOf(verdict: SignatureVerdict): string {
  return `signatures/${verdict.replaceAll('_', '-')}`;
}

const RESIGN = "sign the commits again: git rebase --exec 'git commit --amend --no-edit -S' BASE";

type VerdictRule = readonly [Exclude<SignatureVerdict, 'valid'>, string, string, string];

const verdictRules = (): readonly VerdictRule[] => [
  [
    'unsigned',
    'The commit is not signed',
    'Author and committer are words that anybody can write; only a signature says who made a commit.',
    RESIGN,
  ],
  [
    'unknown_key',
    "The signature's key is not in the keyring",
    'A signature by a key that nobody vouched for says no more than none.',
    "add the key to the folder of signatures.keys and its fingerprint to a signer's keys, in a change of its own",
  ],
  [
    'bad_signature',
    'The signature does not hold',
    'The commit was altered after it was signed, or the signature was made for something else.',
    RESIGN,
  ],
  [
    'malformed',
    'The signature or the commit cannot be read',
    'What two programs may read differently cannot be trusted.',
    RESIGN,
  ],
  [
    'multiple_signatures',
    'The commit carries more than one signature',
    'git refuses such commits and other programs judge only one of the signatures; which, an attacker may choose.',
    RESIGN,
  ],
  [
    'weak_algorithm',
    'The key or digest is too weak',
    'Signatures over SHA-1, MD5 or by DSA, short RSA and secp256k1 keys can be forged or are not widely verified.',
    'make a new key (ed25519), add it to the keyring, and sign again; for a weak digest remove digest-algo from gpg.conf',
  ],
  [
    'expired_key',
    'The key has expired',
    'Whoever finds an expired key can date a signature back; only the present day counts.',
    'extend the key (gpg --quick-set-expire FINGERPRINT 1y) and add the new export to the keyring, or use a new key',
  ],
  [
    'revoked_key',
    'The key is revoked',
    'Its owner, or whoever keeps the keyring, withdrew it.',
    'sign again with a key that is not revoked',
  ],
  [
    'expired_signature',
    'The signature has expired',
    'Whoever signed limited how long the signature is good.',
    RESIGN,
  ],
  [
    'future_dated',
    'The signature is of the future',
    'A date to come outlives the revocation and expiry of a key; git accepts it, the gate does not.',
    'set the clock of the machine that signs, and sign again',
  ],
  [
    'not_signing_key',
    'The key is not one that may sign',
    'Its owner or the keyring gave it another purpose, or the subkey was never bound to its key by both.',
    'sign with a key made for signing',
  ],
  [
    'identity_mismatch',
    "The committer's e-mail is not the signer's",
    'A good signature under a name that is not its own makes others believe that somebody else did it.',
    "set user.email to an e-mail of the signer and sign again, or add the e-mail to the signer's emails",
  ],
  [
    'not_entitled',
    'The signer may not change this',
    'The scopes of the configuration say who may sign for which paths and clusters.',
    'have somebody entitled sign the commit',
  ],
  [
    'unsupported_type',
    'The signature is of a kind that is not judged',
    'What the gate cannot judge it does not let in.',
    'sign with OpenPGP, SSH, gitsign or S/MIME',
  ],
  [
    'not_verifiable_offline',
    'The signature cannot be verified by what the base holds',
    "gitsign in its default mode leaves the proof in the transparency log alone, and a certificate may have been revoked since an authority's list ended; the gate asks no network.",
    'git config gitsign.rekorMode offline, and sign again; for S/MIME bring the current list of the authority (signatures.crls)',
  ],
];

const otherRules = (): readonly SignatureRule[] => [
  {
    ruleId: 'signatures/author-differs',
    title: 'Author and committer differ',
    why: 'The signature binds the committer; of the author it says only what the committer wrote.',
    fix: 'nothing, where a change was taken over from somebody; otherwise ask the committer',
  },
  {
    ruleId: 'signatures/expiring-key',
    title: 'A key is about to expire',
    why: 'From that day on every commit signed with it is refused, those made before too.',
    fix: 'gpg --quick-set-expire FINGERPRINT 1y, export it, and replace it in the keyring',
  },
  {
    ruleId: 'signatures/cluster-verification',
    title: 'What the cluster will say of the merged commit',
    why: 'Flux and Argo CD verify the commit that merging leaves behind, which is not the one its author signed.',
    fix: "choose the merge method that is accepted, or add GitHub's key to what the cluster trusts",
  },
  {
    ruleId: 'signatures/coverage',
    title: 'Nobody signs yet',
    why: 'Without keys in the configuration no commit can be verified; one line says how many are signed at all.',
    fix: 'gitops-gate init --signers proposes signers and keys from history',
  },
];

/** Every rule of the check, for `explain`. */
export function describeRules(): SignatureRule[] {
  return [
    ...verdictRules().map(([verdict, title, why, fix]) => ({ ruleId: ruleIdOf(verdict), title, why, fix })),
    ...otherRules(),
  ];
}
