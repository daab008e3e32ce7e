import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../contract/index.js';
import { gitFailed, gitVersion, runGit } from './git-process.js';
import type { ObjectFormat } from './object-id.js';
import { type RepositoryLocation, readSmall } from './repository-location.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Settings of the repository that are data to the gate, never obeyed by the git it runs. */
export interface RepositorySettings {
  objectFormat: ObjectFormat;
  /** URLs by remote: `remote.<name>.url`, without the credentials that an http URL may hold. */
  remotes: ReadonlyMap<string, readonly string[]>;
  /** A partial clone: objects are left with a promisor. */
  partial: boolean;
  /** The name of the remote that objects are missing from, for commands to copy. */
  promisor: string | null;
}

/** The gate's own git directory over a repository's objects: an empty configuration, no refs, no hooks, no grafts. */
export interface OwnGitDirectory {
  path: string;
  settings: RepositorySettings;
  remove(): void;
}

/**
 * Makes it in the system's temporary folder. What git writes (merge results) goes into its own object store; the
 * repository's objects, and what those borrow from, are reached as alternates and stay as they are.
 * @throws GateError `tool-missing`, or `git-failed` when the repository's configuration file cannot be parsed
 */
export async function makeOwnGitDirectory(location: RepositoryLocation): Promise<OwnGitDirectory> {
  const folder = temporaryDirectory('gitops-gate-git-');
  try {
    const [settings] = await Promise.all([readSettings(location, folder.path), gitVersion(folder.path)]);
    for (const name of ['objects/info', 'objects/pack', 'refs']) {
      mkdirSync(join(folder.path, name), { recursive: true });
    }
    writeFileSync(join(folder.path, 'objects/info/alternates'), `${quoted(location.objects)}\n`);
    writeFileSync(join(folder.path, 'HEAD'), 'ref: refs/heads/none\n');
    writeFileSync(join(folder.path, 'config'), configuration(settings.objectFormat));
    return { path: folder.path, settings, remove: folder.remove };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function configuration(format: ObjectFormat): string {
  return `[core]
\trepositoryFormatVersion = ${format === 'sha1' ? 0 : 1}
\tbare = true
\tcommitGraph = false
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
${format === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${format}\n`}[gc]
\tauto = 0
[maintenance]
\tauto = false
[protocol]
\tallow = never
`;
}

/** A path as git's alternates file quotes it: C style, every byte that is not plain in octal. */
function quoted(path: string): string {
  let text = '"';
  for (const byte of Buffer.from(path)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `${text}"`;
}

/** CI systems leave tokens in URLs; nobody who compares or shows a URL needs them. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}

/** Reads the configuration file as data: without includes, in an environment where it configures nothing. */
async function readSettings(location: RepositoryLocation, gitDir: string): Promise<RepositorySettings> {
  const file = join(location.commonDir, 'config');
  const values = new Map<string, string[]>();
  if (readSmall(file) !== null) {
    const { status, stdout, stderr } = await runGit(
      gitDir,
      ['config', '--file', file, '--no-includes', '--null', '--list'],
      { environment: { GIT_DIR: undefined, GIT_CEILING_DIRECTORIES: '/' } },
    );
    if (status !== 0) throw gitFailed('the configuration of the repository cannot be read', stderr);
    for (const record of stdout.toString('utf8').split('\0')) {
      const end = record.indexOf('\n');
      const key = end < 0 ? record : record.slice(0, end);
      if (key === '') continue;
      const list = values.get(key) ?? [];
      list.push(end < 0 ? 'true' : record.slice(end + 1));
      values.set(key, list);
    }
  }
  const format = values.get('extensions.objectformat')?.at(-1) ?? 'sha1';
  if (format !== 'sha1' && format !== 'sha256') {
    throw new GateError(
      'git-failed',
      'the repository names its objects by a hash that is neither SHA-1 nor SHA-256',
    );
  }
  const remotes = new Map<string, string[]>();
  let promisor: string | null = values.get('extensions.partialclone')?.at(-1) ?? null;
  for (const [key, list] of values) {
    const name = /^remote\.(.+)\.(url|promisor)$/s.exec(key);
    if (name?.[1] === undefined) continue;
    if (name[2] === 'url') remotes.set(name[1], list.map(withoutCredentials));
    else if (list.at(-1) !== 'false') promisor ??= name[1];
  }
  return { objectFormat: format, remotes, partial: promisor !== null, promisor };
}
