import type { Config } from '../../config/index.js';
import type { SignatureType, SignatureVerdict } from '../../contract/index.js';
import { parseTag } from '../../git/index.js';
import { notTouched } from './commit-judge.js';
import type { Keyring } from './keyring.js';
import { Principals } from './principals.js';
import { remedyFor } from './remedies.js';
import { SignatureVerifier } from './signature-verifier.js';
import type { Verification } from './verification.js';
import { WEB_FLOW, WEB_FLOW_KEYS } from './web-flow.js';

/** The verdict over an annotated tag. */
export interface TagJudgement {
  /** The tag's own id, its name as the object states it, and what it points to. */
  sha: string;
  name: string;
  object: string;
  verdict: SignatureVerdict;
  type: SignatureType | null;
  signer: string | null;
  fingerprint: string | null;
  reason: string;
  /** How to mend a refusal, as an exact command where there is one; empty for a valid tag. */
  help: string;
}

/**
 * Judges an annotated tag object as commits are judged: its signature, the state of the key at `now`, and the
 * tagger's e-mail bound to the signer. Scopes do not apply: a tag changes no file. Whoever asks must compare `name`
 * with the ref that led here: a signed tag can be copied to another ref.
 * @param raw bytes of the tag object
 * @param sha its id
 * @param options `webFlowKeys`: GitHub's own keys
 * @throws GateError `git-failed` for bytes that are no tag
 */
export async function judgeTag(
  raw: Buffer,
  sha: string,
  settings: Config['signatures'],
  keyring: Keyring,
  now: Date,
  options: { webFlowKeys?: readonly string[] } = {},
): Promise<TagJudgement> {
  const tag = parseTag(raw, sha);
  const principals = new Principals(settings.signers);
  const verifier = new SignatureVerifier(keyring, principals.keys(), now);
  const verification = await verifier.verify('tag', sha, raw);
  const github = options.webFlowKeys ?? WEB_FLOW_KEYS;
  const owned = ownerOf(verification, tag.tagger?.email ?? '', principals, settings, github);
  const { type, fingerprint } = verification;
  const { keys, crls = keys } = settings;
  const facts = { mergeBase: null, hasMerges: false, keys, lists: crls, tag: tag.tag };
  const { list } = verification.verdict === 'valid' ? {} : verification;
  const refused = { verdict: owned.verdict, fingerprint, entitled: [], list };
  const help = owned.verdict === 'valid' ? '' : remedyFor(refused, facts);
  return { sha, name: tag.tag, object: tag.object, type, fingerprint, ...owned, help };
}

function ownerOf(
  verification: Verification,
  email: string,
  principals: Principals,
  { webFlow }: Config['signatures'],
  github: readonly string[],
): Pick<TagJudgement, 'verdict' | 'signer' | 'reason'> {
  const { verdict, reason } = verification;
  if (verdict !== 'valid') return { verdict, signer: null, reason };
  const { by } = verification;
  if (github.includes(by.fingerprint) && webFlow !== 'edits') {
    const why = 'GitHub signed it for somebody, and webFlow does not let edits in';
    return { verdict: 'not_entitled', signer: WEB_FLOW, reason: why };
  }
  const owner = principals.ownerOf(by, email, 'tagger');
  if (owner.verdict !== 'valid') return owner;
  const untouched = notTouched(by, owner.signer);
  return untouched === null
    ? { verdict, signer: owner.name, reason }
    : { verdict: 'not_entitled', signer: owner.name, reason: untouched };
}
