import type { Config } from '../../config/index.js';
import type { SignatureType, SignatureVerdict } from '../../contract/index.js';
import { parseTag } from '../../git/index.js';
import { notTouched } from './commit-judge.js';
import type { Keyring } from './keyring.js';
import { Principals } from './principals.js';
import { SignatureVerifier } from './signature-verifier.js';
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
  const { verdict, type, fingerprint, reason, ...rest } = await verifier.verify('tag', sha, raw);
  const judgement: TagJudgement = {
    sha,
    name: tag.tag,
    object: tag.object,
    verdict,
    type,
    signer: null,
    fingerprint,
    reason,
  };
  if (!('by' in rest)) return judgement;
  const github = options.webFlowKeys ?? WEB_FLOW_KEYS;
  if (github.includes(rest.by.fingerprint) && settings.webFlow !== 'edits') {
    const why = 'GitHub signed it for somebody, and webFlow does not let edits in';
    return { ...judgement, verdict: 'not_entitled', signer: WEB_FLOW, reason: why };
  }
  const owner = principals.ownerOf(rest.by, tag.tagger?.email ?? '');
  if (owner.verdict !== 'valid') {
    return { ...judgement, verdict: owner.verdict, signer: owner.signer, reason: owner.reason };
  }
  const untouched = notTouched(rest.by, owner.signer);
  return untouched === null
    ? { ...judgement, signer: owner.name }
    : { ...judgement, verdict: 'not_entitled', signer: owner.name, reason: untouched };
}
