import path from 'node:path';
import { judgeTag, loadKeyring, ruleIdOf, signTagAgain } from '../checks/signatures/index.js';
import { loadConfig, loadConfigFile } from '../config/index.js';
import {
  type CheckResult,
  emptyResult,
  finding,
  fingerprint,
  GateError,
  Redactor,
  type Verdict,
} from '../contract/index.js';
import { scanVerdict } from '../gate/index.js';
import type { Repository } from '../git/index.js';
import { packageVersion } from './version.js';

/** Which tag to judge, and by whose rules. */
export interface TagQuestion {
  tag: string;
  base?: string;
  config?: string;
  now: Date;
}

/**
 * The verdict over an annotated tag: its signature by the base's keyring and signers, and that it is the tag that its
 * ref says it is.
 * @throws GateError `unknown-revision` when there is no such tag
 */
export async function judgeNamedTag(repository: Repository, question: TagQuestion): Promise<Verdict> {
  const started = performance.now();
  // `refs/tags/v1`, as git names it in full, is the tag v1.
  const tag = question.tag.replace(/^refs\/tags\//, '');
  const ref = `refs/tags/${tag}`;
  const oid = repository.refs().get(ref);
  if (oid === undefined) throw new GateError('unknown-revision', `there is no tag ${tag}`);
  const base = question.base ?? (await repository.defaultBase()).ref;
  const commit = await repository.resolve(base);
  const config =
    question.config === undefined
      ? await loadConfig(await repository.tree(commit), { ref: base, commit })
      : await loadConfigFile(path.resolve(question.config));
  const { signatures } = config.config;
  const keyring = await loadKeyring(config.files, signatures.keys, signatures.crls);
  const result = emptyResult('signatures');
  result.notVerified.push(...keyring.problems);
  const raw = await repository.readObject(oid);
  const short = oid.slice(0, 7);
  const refused = (verdict: Parameters<typeof ruleIdOf>[0], reason: string, help: string) => {
    result.findings.push(refusal(tag, oid, ruleIdOf(verdict), reason, help));
    result.summary = `tag ${tag} (${short}) is not validly signed`;
  };
  const again = signTagAgain(tag);
  if (oid === (await repository.resolve(ref))) {
    refused('unsigned', 'it is a lightweight tag, which carries no signature', again);
  } else {
    const judged = await judgeTag(raw, oid, signatures, keyring, question.now);
    if (judged.verdict !== 'valid') refused(judged.verdict, judged.reason, judged.help);
    else if (judged.name !== tag) {
      refused('bad_signature', `the signature is for the tag ${judged.name}, copied to another name`, again);
    } else {
      result.summary = `tag ${tag} (${short}) of ${judged.object.slice(0, 7)}, signed by ${judged.signer}`;
    }
  }
  return scanVerdict(result, {
    version: packageVersion(),
    now: question.now,
    redactor: new Redactor(),
    durationMs: Math.round(performance.now() - started),
  });
}

function refusal(
  tag: string,
  oid: string,
  ruleId: string,
  reason: string,
  help: string,
): CheckResult['findings'][number] {
  return finding({
    check: 'signatures',
    ruleId,
    action: 'fix',
    message: `tag ${tag} is not validly signed: ${reason}`,
    help,
    fingerprint: fingerprint(ruleId, 'tag', tag, oid),
  });
}
