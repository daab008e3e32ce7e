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
import { type AdvertisedRef, GitRemote, PROTOCOL, REQUEST_TYPE } from './git-protocol.js';
import type { KeptDownloads } from './kept-downloads.js';
import { type RemotePolicy, urlOf } from './remote-policy.js';
import { StrangersTree } from './strangers-tree.js';

/** The files of one commit of another repository. */
export interface FetchedTree {
  view: TreeView;
  commit: string;
}

const PACK_BYTES = 96 * 1024 * 1024;
const ANSWER_BYTES = 8 * 1024 * 1024;
const INDEX_MS = 60_000;
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Brings single commits of git repositories over https: no clone is made, no hook, filter, submodule or configuration of
 * theirs takes part. A branch or tag is resolved once a run; a commit is kept, for its name says what it holds.
 */
export class RemoteTrees {
  readonly #policy: RemotePolicy;
  readonly #kept: KeptDownloads;
  readonly #commits = new Map<string, Promise<string>>();
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
   * @throws Unresolved where it cannot be fetched over https
   */
  source(address: GitAddress): string {
    const url = httpsUrl(address);
    if (url === null) throw new Unresolved('a base is a path of the machine (file://)');
    const { host } = urlOf(url);
    if (address.transport === 'ssh' && !this.#policy.hasCredentials(host)) {
      throw new Unresolved(
        `a base is fetched from ${host} over ssh, which the gate does not: write it as https://, or give the gate credentials for ${host}`,
      );
    }
    return plainRepository(url);
  }

  /** The commit and its files. @throws Unresolved */
  async tree(address: GitAddress): Promise<FetchedTree> {
    const source = this.source(address);
    const url = httpsUrl(address) ?? source;
    const key = JSON.stringify([source, address.ref]);
    const commit = await once(this.#commits, key, () => this.#resolve(url, address.ref));
    const view = await once(this.#trees, `${source} ${commit}`, () => this.#bring(source, url, commit));
    return { view, commit };
  }

  /** Takes away what was unpacked. */
  async close(): Promise<void> {
    for (const repository of this.#repositories.splice(0)) await repository.close();
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #resolve(url: string, ref: string | null): Promise<string> {
    // As git fetch: forty hex digits are a commit, whatever branches are called.
    if (ref !== null && COMMIT.test(ref)) return ref;
    if (ref !== null && (ref.length > 200 || /[\s\p{Cc}~^:?*[\\]/u.test(ref)))
      throw new Unresolved('a base names a revision that is none');
    const refs = await this.#remote(url).refs(ref);
    const found = meant(refs, ref);
    if (found === null) {
      throw new Unresolved(`${urlOf(url).host} has no branch or tag ${ref ?? 'HEAD'} of the base`);
    }
    return found.peeled ?? found.oid;
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
    return TreeView.open(new StrangersTree(await this.#root(repository, commit, host, broken), host, broken));
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

/** Of the refs that a name may mean the one that git takes (refs.c ref_rev_parse_rules). */
function meant(refs: readonly AdvertisedRef[], ref: string | null): AdvertisedRef | null {
  const name = ref ?? 'HEAD';
  for (const full of [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`]) {
    const found = refs.find((candidate) => candidate.name === full);
    if (found !== undefined) return found;
  }
  return null;
}

/** Names each object by its content; false where it cannot. The pack is a stranger's: git reads it alone, bounded in time and memory. */
async function indexPack(folder: string, pack: string): Promise<boolean> {
  const git = findProgram('git', trustedFolders(process.env.PATH ?? ''));
  if (git === null) throw new Unresolved('git is not installed: a base cannot be unpacked');
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
