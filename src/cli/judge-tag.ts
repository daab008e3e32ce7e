import path from 'node:path';
import { judgeTag, loadKeyring } from '../checks/signatures/index.js';
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
  const ref = `refs/tags/${question.tag}`;
  const oid = repository.refs().get(ref);
  if (oid === undefined) throw new GateError('unknown-revision', `there is no tag ${question.tag}`);
  const base = question.base ?? (await repository.defaultBase()).ref;
  const commit = await repository.resolve(base);
  const config =
    question.config === undefined
      ? await loadConfig(await repository.tree(commit), { ref: base, commit })
      : await loadConfigFile(path.resolve(question.config));
  const { signatures } = config.config;
  const keyring = await loadKeyring(config.files, signatures.keys, question.now);
  const result = emptyResult('signatures');
  result.notVerified.push(...keyring.problems);
  const raw = await repository.readObject(oid);
  if (oid === (await repository.resolve(ref))) {
    result.findings.push(
      refusal(question.tag, oid, 'unsigned', 'it is a lightweight tag, which carries no signature'),
    );
  } else {
    const judged = await judgeTag(raw, oid, signatures, keyring, question.now);
    if (judged.verdict !== 'valid') {
      result.findings.push(refusal(question.tag, oid, judged.verdict, judged.reason));
    } else if (judged.name !== question.tag) {
      const reason = `the signature is for the tag ${judged.name}, copied to another name`;
      result.findings.push(refusal(question.tag, oid, 'bad_signature', reason));
    }
    result.summary = `tag ${question.tag} of ${judged.object.slice(0, 7)}, signed by ${judged.signer ?? 'nobody'}`;
  }
  return scanVerdict(result, {
    version: packageVersion(),
    now: question.now,
    redactor: new Redactor(),
    durationMs: Math.round(performance.now() - started),
  });
}

function refusal(tag: string, oid: string, verdict: string, reason: string): CheckResult['findings'][number] {
  const ruleId = `signatures/${verdict.replaceAll('_', '-')}`;
  return finding({
    check: 'signatures',
    ruleId,
    action: 'fix',
    message: `tag ${tag} is not validly signed: ${reason}`,
    help: `sign it again: git tag --sign --force ${shellWord(tag)} ${shellWord(`${tag}^{}`)} && git push --force origin ${shellWord(`refs/tags/${tag}`)}`,
    fingerprint: fingerprint(ruleId, 'tag', tag, oid),
  });
}

/** One word of a POSIX shell, whatever the name holds. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
