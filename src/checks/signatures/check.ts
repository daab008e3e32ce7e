import {
  type CheckResult,
  type CommitSignature,
  emptyResult,
  type Finding,
  finding,
  fingerprint,
  GateError,
  type SignatureVerdict,
} from '../../contract/index.js';
import type { Commit } from '../../git/index.js';
import type { Check, CheckContext } from '../context.js';
import { clusterVerification } from './cluster-verification.js';
import { CommitJudge, type Judgement } from './commit-judge.js';
import { loadKeyring } from './keyring.js';
import { type RemedyFacts, remedyFor } from './remedies.js';
import { ruleIdOf } from './rules.js';
import { shortId, shown, subjectOf } from './shown.js';
import { dayOf } from './verification.js';

/** Keys that end within this many days are told of. */
const EXPIRY_NOTICE_DAYS = 30;
/** Commits whose signatures are verified at a time. */
const AHEAD = 16;
const CLUSTERS = 'what Flux and Argo CD will say of the merged commit';
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Who signed the commits of a change, and may they: every commit that head has and base has not, against the keyring
 * and signers that the base names. What cannot be judged is not verified and closes.
 */
export const signaturesCheck: Check = async (context) => {
  const { change, config, rendered, now, signal } = context;
  const settings = config.config.signatures;
  const result = emptyResult('signatures');
  const keyring = await loadKeyring(config.files, settings.keys, settings.crls);
  result.notVerified.push(...keyring.problems);
  for (const refused of context.queueRefused ?? []) result.notVerified.push({ ...refused, closes: false });
  const queue = context.queue ?? [];
  const judge = new CommitJudge(change, settings, keyring, rendered, now, { queue });
  const judgements: Judgement[] = [];
  for (const [index, commit] of change.commits.entries()) {
    if (signal.aborted) {
      const left = change.commits.length - index;
      result.notVerified.push({
        what: `${left} of ${change.commits.length} commits`,
        reason: 'the check was ended before it reached them',
        closes: true,
      });
      break;
    }
    for (const next of change.commits.slice(index, index + AHEAD)) judge.announce(next);
    try {
      judgements.push(await judge.judge(commit));
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      result.notVerified.push({
        what: `what commit ${shortId(commit.sha)} changes`,
        reason: error.message,
        closes: true,
      });
    }
  }
  result.signatures = judgements.map(rowOf);
  const reportOnly = settings.mode === 'report' || config.unconfigured;
  if (reportOnly && keyring.empty && settings.signers.every((signer) => signer.keys.length === 0)) {
    coverage(result, judgements);
    return result;
  }
  const facts: RemedyFacts = {
    mergeBase: change.mergeBase,
    hasMerges: change.commits.some((commit) => commit.parents.length > 1),
    keys: settings.keys,
    lists: settings.crls ?? settings.keys,
  };
  for (const judgement of judgements) {
    if (judgement.verdict !== 'valid') result.findings.push(refusalOf(judgement, facts));
  }
  result.findings.push(...expiring(judgements, context), ...differingAuthors(judgements));
  try {
    const { findings, unread } = await clusterVerification(change.result ?? change.head.tree);
    result.findings.push(...findings);
    if (unread > 0) {
      const reason = `${unread} manifests beyond the limit were not looked into`;
      result.notVerified.push({ what: CLUSTERS, reason, closes: false });
    }
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    result.notVerified.push({ what: CLUSTERS, reason: error.message, closes: false });
  }
  result.summary = summaryOf(judgements, change.commits.length);
  return result;
};

function rowOf({ commit, verdict, type, signer, fingerprint: key }: Judgement): CommitSignature {
  return { sha: commit.sha, verdict, type, signer, fingerprint: key };
}

function named(commit: Commit): string {
  return `commit ${shortId(commit.sha)} "${subjectOf(commit.message)}"`;
}

function words(verdict: SignatureVerdict): string {
  return verdict.replaceAll('_', ' ');
}

/** The finding for a commit that is not valid. */
function refusalOf(judgement: Judgement, facts: RemedyFacts): Finding {
  const { commit, verdict, path } = judgement;
  const ruleId = ruleIdOf(verdict);
  const where = path === null ? '' : ` ${shown(path)}:`;
  return finding({
    check: 'signatures',
    ruleId,
    action: 'fix',
    message: `${named(commit)}: ${words(verdict)}:${where} ${shown(judgement.reason)}`,
    help: remedyFor(judgement, facts),
    path,
    commit: commit.sha,
    targets: [...judgement.targets],
    clusters: [...judgement.clusters],
    fingerprint: fingerprint(ruleId, commit.sha, path),
  });
}

/** One line instead of one a commit, where nobody has configured a key. */
function coverage(result: CheckResult, judgements: readonly Judgement[]): void {
  const all = judgements.length;
  const signed = judgements.filter(({ verdict }) => verdict !== 'unsigned').length;
  if (all === 0) {
    result.summary = 'no commits';
    return;
  }
  result.summary = `${signed} of ${all} commits ${all === 1 ? 'is' : 'are'} signed; no key is configured to verify them`;
  const ruleId = 'signatures/coverage';
  result.findings.push(
    finding({
      check: 'signatures',
      ruleId,
      action: 'inform',
      message: result.summary,
      help: 'gitops-gate init --signers proposes signers and keys from history',
      fingerprint: fingerprint(ruleId),
    }),
  );
}

/** Keys behind valid commits that end soon, each told once. */
function expiring(judgements: readonly Judgement[], { now, config }: CheckContext): Finding[] {
  const { keys } = config.config.signatures;
  const soon = new Map<string, { signer: string; expires: Date }>();
  for (const judgement of judgements) {
    const { verdict, signer, fingerprint: key, expires } = judgement;
    if (verdict !== 'valid' || key === null || expires === null) continue;
    if (expires.getTime() - now.getTime() <= EXPIRY_NOTICE_DAYS * DAY_MS) {
      soon.set(key, { signer: String(signer), expires });
    }
  }
  const ruleId = 'signatures/expiring-key';
  return [...soon].map(([key, { signer, expires }]) =>
    finding({
      check: 'signatures',
      ruleId,
      action: 'inform',
      message: `the key ${key} of ${shown(signer)} expires on ${dayOf(expires)}`,
      help: key.startsWith('openpgp:')
        ? `gpg --quick-set-expire ${key.slice(8)} 1y && gpg --armor --export ${key.slice(8)} > ${keys}/${key.slice(8)}.asc`
        : 'extend valid-before in allowed_signers, or have a new certificate issued',
      fingerprint: fingerprint(ruleId, key),
    }),
  );
}

/** Commits whose author is not their committer, one finding for each pair of people; GitHub commits for others. */
function differingAuthors(judgements: readonly Judgement[]): Finding[] {
  const pairs = new Map<string, { judgement: Judgement; count: number }>();
  for (const judgement of judgements) {
    const { author, committer } = judgement.commit;
    if (judgement.verdict !== 'valid' || judgement.webFlow || author.email === committer.email) continue;
    const key = JSON.stringify([author.email, committer.email]);
    const pair = pairs.get(key) ?? { judgement, count: 0 };
    pair.count += 1;
    pairs.set(key, pair);
  }
  const ruleId = 'signatures/author-differs';
  return [...pairs].map(([key, { judgement, count }]) => {
    const { author, committer } = judgement.commit;
    const commits = count === 1 ? named(judgement.commit) : `${count} commits`;
    return finding({
      check: 'signatures',
      ruleId,
      action: 'inform',
      message: `${commits} by <${shown(author.email)}> ${count === 1 ? 'was' : 'were'} committed and signed by <${shown(committer.email)}>`,
      help: 'the signature binds the committer; ask them where the change is from if that is not known',
      commit: judgement.commit.sha,
      fingerprint: fingerprint(ruleId, key),
    });
  });
}

function summaryOf(judgements: readonly Judgement[], commits: number): string {
  if (commits === 0) return 'no commits';
  const refused = judgements.filter(({ verdict }) => verdict !== 'valid');
  const of = `${commits} commit${commits === 1 ? '' : 's'}`;
  if (refused.length > 0) {
    const counts = new Map<SignatureVerdict, number>();
    for (const { verdict } of refused) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    const list = [...counts].map(([verdict, count]) => `${count} ${words(verdict)}`).join(', ');
    return `${refused.length} of ${of} refused: ${list}`;
  }
  if (judgements.length < commits) return `${judgements.length} of ${of} could be judged`;
  const signers = [...new Set(judgements.map(({ signer }) => shown(String(signer))))].sort();
  return `${of}, all signed by ${signers.join(', ')}`;
}
