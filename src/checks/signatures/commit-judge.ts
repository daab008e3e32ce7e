import type { Config, SignerConfig } from '../../config/index.js';
import { LIMITS, type SignatureType, type SignatureVerdict } from '../../contract/index.js';
import type { Change, Commit } from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';
import { CarriedPaths } from './carried-paths.js';
import { compileFields, fieldTrespass } from './fields.js';
import type { Keyring } from './keyring.js';
import { queuedCommits } from './merge-queue.js';
import { Principals } from './principals.js';
import { Scopes } from './scopes.js';
import { SignatureVerifier } from './signature-verifier.js';
import type { SignedBy, Verification } from './verification.js';
import { judgeWebFlow, WEB_FLOW, WEB_FLOW_KEYS } from './web-flow.js';

/** The verdict over one commit, with all that a report may say of it. */
export interface Judgement {
  commit: Commit;
  verdict: SignatureVerdict;
  type: SignatureType | null;
  fingerprint: string | null;
  /** The principal, where the key is somebody's. */
  signer: string | null;
  /** One clause for people. */
  reason: string;
  /** The path that the signer may not touch, with where it is rendered to; for `not_entitled` alone. */
  path: string | null;
  targets: readonly string[];
  clusters: readonly string[];
  entitled: readonly string[];
  /** As `Refusal` says it. */
  list?: string | undefined;
  /** When the key of a valid commit stops being valid. */
  expires: Date | null;
  /** True for a commit that GitHub signed for somebody. */
  webFlow: boolean;
}

/** Judges the commits of a change in order, parents before children. */
export class CommitJudge {
  readonly #change: Change;
  readonly #settings: Config['signatures'];
  readonly #principals: Principals;
  readonly #verifier: SignatureVerifier;
  readonly #scopes: Scopes;
  readonly #paths: CarriedPaths;
  readonly #own: ReadonlySet<string>;
  readonly #valid = new Set<string>();
  readonly #ahead = new Map<string, Promise<Verification>>();

  readonly #webFlowKeys: readonly string[];
  readonly #queue: readonly string[];
  #queued: Promise<ReadonlySet<string>> | null = null;

  /** @param options `webFlowKeys`: GitHub's own keys; `queue`: heads of a merge group, see `CheckContext.queue` */
  constructor(
    change: Change,
    settings: Config['signatures'],
    keyring: Keyring,
    rendered: RenderedChange,
    now: Date,
    options: { webFlowKeys?: readonly string[]; queue?: readonly string[] } = {},
  ) {
    this.#webFlowKeys = options.webFlowKeys ?? WEB_FLOW_KEYS;
    this.#queue = options.queue ?? [];
    this.#change = change;
    this.#settings = settings;
    this.#principals = new Principals(settings.signers);
    this.#verifier = new SignatureVerifier(keyring, this.#principals.keys(), now);
    this.#scopes = new Scopes(settings.scopes, rendered);
    this.#paths = new CarriedPaths(change);
    this.#own = new Set(change.commits.map(({ sha }) => sha));
  }

  /**
   * The verdict over a commit of the change.
   * @throws GateError when what the commit touches cannot be read
   */
  async judge(commit: Commit): Promise<Judgement> {
    const verification = await this.#verify(commit);
    this.#ahead.delete(commit.sha);
    const judgement = await this.#judge(commit, verification);
    if (judgement.verdict === 'valid') this.#valid.add(commit.sha);
    return judgement;
  }

  /**
   * Begins to verify a commit's signature, which waits for nothing else: a door that announces commits some way
   * ahead keeps all cores at work, since node:crypto verifies on threads of its own.
   */
  announce(commit: Commit): void {
    // A failure is told when the commit itself is judged.
    this.#verify(commit).catch(() => undefined);
  }

  #verify(commit: Commit): Promise<Verification> {
    let verification = this.#ahead.get(commit.sha);
    if (verification === undefined) {
      verification = this.#verifier.verify('commit', commit.sha, commit.raw);
      this.#ahead.set(commit.sha, verification);
    }
    return verification;
  }

  async #judge(commit: Commit, verification: Verification): Promise<Judgement> {
    const judgement: Judgement = {
      commit,
      verdict: verification.verdict,
      type: verification.type,
      fingerprint: verification.fingerprint,
      signer: null,
      reason: verification.reason,
      path: null,
      targets: [],
      clusters: [],
      entitled: [],
      expires: null,
      webFlow: false,
    };
    if (verification.verdict === 'unsigned' && (await this.#isQueued(commit))) {
      // GitHub signs no commit that it rebases; what the queue made of verified heads is known by its tree.
      const reason = 'its tree is that of verified heads, put together by the merge queue';
      return { ...judgement, verdict: 'valid', signer: WEB_FLOW, reason, webFlow: true };
    }
    if (verification.verdict !== 'valid') return { ...judgement, list: verification.list };
    const { by } = verification;
    judgement.expires = by.expires;
    if (this.#webFlowKeys.includes(by.fingerprint)) return this.#webFlow(judgement);
    const owner = this.#principals.ownerOf(by, commit.committer.email);
    if (owner.verdict !== 'valid') {
      return { ...judgement, verdict: owner.verdict, signer: owner.signer, reason: owner.reason };
    }
    judgement.signer = owner.name;
    const untouched = notTouched(by, owner.signer);
    if (untouched !== null) return { ...judgement, verdict: 'not_entitled', reason: untouched };
    return this.#rights(judgement, owner.name, owner.signer);
  }

  async #webFlow(judgement: Judgement): Promise<Judgement> {
    const { commit } = judgement;
    const verified = (sha: string) => !this.#own.has(sha) || this.#valid.has(sha);
    const queued = await this.#isQueued(commit);
    const verdict = await judgeWebFlow(this.#change, commit, this.#settings.webFlow, verified, queued);
    const github = { ...judgement, signer: WEB_FLOW, webFlow: true };
    if (verdict.as === 'refused') return { ...github, verdict: 'not_entitled', reason: verdict.reason };
    return verdict.as === 'merge'
      ? github
      : this.#rights(github, WEB_FLOW, this.#principals.get(WEB_FLOW) ?? null);
  }

  async #isQueued(commit: Commit): Promise<boolean> {
    if (this.#settings.webFlow === 'never') return false;
    this.#queued ??= queuedCommits(this.#change, this.#queue);
    return (await this.#queued).has(commit.sha);
  }

  async #rights(judgement: Judgement, name: string, signer: SignerConfig | null): Promise<Judgement> {
    if (this.#scopes.unrestricted(signer)) return judgement;
    const paths = await this.#paths.pathsOf(judgement.commit);
    const trespass = await this.#scopes.trespass(name, signer, paths);
    if (trespass === null) return this.#fields(judgement, name, signer, paths);
    const { path, reason, entitled, clusters, targets } = trespass;
    return { ...judgement, verdict: 'not_entitled', path, reason, entitled, clusters, targets };
  }

  /** A signer confined to fields may only modify files, and in them only these fields. */
  async #fields(
    judgement: Judgement,
    name: string,
    signer: SignerConfig | null,
    paths: readonly string[],
  ): Promise<Judgement> {
    const { commit } = judgement;
    const fields = signer?.fields;
    const [first] = paths;
    if (fields === undefined || first === undefined) return judgement;
    const no = (path: string, reason: string): Judgement => ({
      ...judgement,
      verdict: 'not_entitled',
      path,
      reason: `${name} may change only ${fields.join(', ')}: ${reason}`,
    });
    const [parent, ...others] = commit.parents;
    if (parent === undefined || others.length > 0) {
      return no(first, 'it is a merge or a first commit that changes files');
    }
    const allowed = compileFields(fields);
    const [before, after] = [await this.#change.treeOf(parent), await this.#change.treeOf(commit.sha)];
    for (const file of await this.#change.filesOfCommit(commit)) {
      if (file.status !== 'modified' || file.before?.mode !== 'file' || file.after?.mode !== 'file') {
        return no(file.path, 'it adds, removes, renames or retypes the file');
      }
      const options = { maxBytes: LIMITS.manifestBytes };
      const old = await before.read(file.path, options);
      const reason = fieldTrespass(file, old, await after.read(file.path, options), allowed);
      if (reason !== null) return no(file.path, reason);
    }
    return judgement;
  }
}

/** Signatures by a security key that nobody touched are refused, as sshd does, unless the signer says otherwise. */
export function notTouched(by: SignedBy, signer: SignerConfig | null): string | null {
  return by.touched === false && signer?.requireTouch !== false
    ? 'the security key was not touched when it signed'
    : null;
}
