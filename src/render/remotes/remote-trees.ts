import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GateError } from '../../contract/index.js';
import { openRepository, type Repository, type Tree } from '../../git/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { TreeView } from '../inputs/tree-view.js';
import { runBounded } from '../sandbox/bounded-process.js';
import { findProgram, SYSTEM_FOLDERS, trustedFolders } from '../sandbox/program-path.js';
import { type GitAddress, httpsUrl, plainRepository } from './git-address.js';
import { GitRemote, PROTOCOL, REQUEST_TYPE } from './git-protocol.js';
import {
  type GitRevision,
  gitRevision,
  meantRef,
  prefixesOf,
  type ResolvedRevision,
} from './git-revision.js';
import type { KeptDownloads } from './kept-downloads.js';
import { type RemotePolicy, urlOf } from './remote-policy.js';
import { StrangersTree } from './strangers-tree.js';

/** The files of one commit of another repository. */
export interface FetchedTree extends ResolvedRevision {
  view: TreeView;
}

const PACK_BYTES = 96 * 1024 * 1024;
const ANSWER_BYTES = 8 * 1024 * 1024;
const INDEX_MS = 60_000;

/**
 * Brings single commits of git repositories over https: no clone is made, no hook, filter, submodule or configuration of
 * theirs takes part. A branch or tag is resolved once a run; a commit is kept, for its name says what it holds.
 */
export class RemoteTrees {
  readonly #policy: RemotePolicy;
  readonly #kept: KeptDownloads;
  readonly #commits = new Map<string, Promise<ResolvedRevision>>();
  readonly #trees = new Map<string, Promise<TreeView>>();
  readonly #repositories: Repository[] = [];
  readonly #scratch: string;
  #folder: Promise<string> | null = null;

  constructor(policy: RemotePolicy, kept: KeptDownloads, scratch: string = tmpdir()) {
    this.#scratch = scratch;
    this.#policy = policy;
    this.#kept = kept;
  }

  /**
   * What `diff.remotes` knows a repository by.
   * @param what a clause for people: `a base is`
   * @throws Unresolved where it cannot be fetched over https
   */
  source(address: GitAddress, what = 'a base is'): string {
    const url = httpsUrl(address);
    if (url === null) throw new Unresolved(`${what} a path of the machine (file://)`);
    const { host } = urlOf(url);
    if (address.transport === 'ssh' && !this.#policy.hasCredentials(host)) {
      throw new Unresolved(
        `${what} fetched from ${host} over ssh, which the gate does not: write it as https://, or give the gate credentials for ${host}`,
      );
    }
    return plainRepository(url);
  }

  /**
   * The commit and its files.
   * @param revision which commit; by default what the address names
   * @throws Unresolved
   */
  async tree(address: GitAddress, revision: GitRevision = gitRevision(address.ref)): Promise<FetchedTree> {
    const source = this.source(address);
    const url = httpsUrl(address) ?? source;
    const key = JSON.stringify([source, revision]);
    const resolved = await once(this.#commits, key, () => this.#resolve(url, revision));
    const { commit } = resolved;
    const view = await once(this.#trees, `${source} ${commit}`, () => this.#bring(source, url, commit));
    return { ...resolved, view };
  }

  /** Takes away what was unpacked. */
  async close(): Promise<void> {
    for (const repository of this.#repositories.splice(0)) await repository.close();
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #resolve(url: string, revision: GitRevision): Promise<ResolvedRevision> {
    if (revision.kind === 'commit') return { commit: revision.commit, moves: false };
    const found = meantRef(revision, await this.#remote(url).refs(prefixesOf(revision)));
    if (found === null) {
      const { host } = urlOf(url);
      const what = revision.kind === 'range' ? 'version among its tags that is' : 'branch or tag';
      throw new Unresolved(`${host} has no ${what} ${revision.shown} of the repository`);
    }
    return found;
  }

  async #bring(source: string, url: string, commit: string): Promise<TreeView> {
    const name = createHash('sha256').update(`${source}\0${commit}`).digest('hex');
    const kept = `git/${name}.pack`;
    const { host } = urlOf(url);
    const pack = await this.#kept.get(kept, () => this.#remote(url).pack(commit));
    this.#folder ??= mkdtemp(join(this.#scratch, 'gitops-gate-bases-'));
    const folder = join(await this.#folder, name);
    for (const part of ['refs', 'objects/pack']) await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, 'HEAD'), `${commit}\n`);
    const path = join(folder, 'objects/pack/pack-fetched.pack');
    await writeFile(path, pack, { flag: 'wx', mode: 0o600 });
    const broken = (): Promise<void> => this.#kept.forget(kept);
    if (!(await indexPack(folder, path))) {
      await broken();
      throw new Unresolved(`${host} gave a pack that git cannot read`);
    }
    const repository = await openRepository(folder);
    this.#repositories.push(repository);
    const root = await this.#root(repository, commit, host, broken);
    const missing = `${host} gave a commit whose files are not all there`;
    return TreeView.open(new StrangersTree(root, missing, broken));
  }

  async #root(
    repository: Repository,
    commit: string,
    host: string,
    broken: () => Promise<void>,
  ): Promise<Tree> {
    try {
      return await repository.tree(commit);
    } catch (error) {
      if (!(error instanceof GateError) || error.code === 'limit') throw error;
      await broken();
      throw new Unresolved(`${host} gave a pack without the commit that was asked for`);
    }
  }

  #remote(url: string): GitRemote {
    const named = this.#policy.isNamed(plainRepository(url)) || this.#policy.isNamed(url);
    const authorization = this.#policy.basic(urlOf(url).host);
    return new GitRemote(url, (address, body) =>
      this.#policy.ask(address, {
        named,
        authorization,
        gitProtocol: PROTOCOL,
        ...(body === undefined ? {} : { body: { bytes: body.bytes, type: REQUEST_TYPE } }),
        maxBytes: body?.answer === 'pack' ? PACK_BYTES : ANSWER_BYTES,
      }),
    );
  }
}

/** Names each object by its content; false where it cannot. The pack is a stranger's: git reads it alone, bounded in time and memory. */
async function indexPack(folder: string, pack: string): Promise<boolean> {
  const git = findProgram('git', trustedFolders(process.env.PATH ?? ''));
  if (git === null) throw new Unresolved('git is not installed: what is fetched by git cannot be unpacked');
  const prlimit = findProgram('prlimit', SYSTEM_FOLDERS);
  const bounds = prlimit === null ? [] : [prlimit, `--as=${4 * 1024 ** 3}`, '--cpu=60', '--'];
  const result = await runBounded([...bounds, git, 'index-pack', '--threads=1', pack], {
    timeoutMs: INDEX_MS,
    maxOutputBytes: 64 * 1024,
    cwd: folder,
    env: {
      GIT_DIR: folder,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: '',
      LC_ALL: 'C',
    },
  });
  return result.end === 'exited' && result.code === 0;
}

/** The value of a key, worked out once. */
function once<T>(values: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = make();
  values.set(key, value);
  return value;
}
