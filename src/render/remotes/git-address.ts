/** A git repository that a kustomization names as a base, taken apart. */
export interface GitAddress {
  /** As kustomize hands it to git: `https://github.com/acme/config.git`, `git@host:acme/config`. */
  cloneUrl: string;
  /** How the repository is reached. */
  transport: 'http' | 'ssh' | 'file';
  /** Folder in the repository; '' for its root. May still hold `..` inside. */
  path: string;
  /** Branch, tag or commit; null for the repository's HEAD. */
  ref: string | null;
}

/**
 * Whether kustomize takes a reference for a git repository, and which: every form of kustomize's own (5.8,
 * api/internal/git/repospec.go NewRepoSpecFromURL): a forced `git::`, a scheme or none, a user, scp-like addresses,
 * `github.com/…` without a scheme; the repository ends before `//`, at `.git`, after `_git/<name>`, else after two
 * segments; the query names a `ref` (or `version`).
 * @returns null for what kustomize takes for a path
 */
export function gitAddress(reference: string): GitAddress | null {
  if (reference.startsWith('/') || /\p{Cc}/u.test(reference)) return null;
  const question = reference.indexOf('?');
  const query = question < 0 ? '' : reference.slice(question + 1);
  const address = (question < 0 ? reference : reference.slice(0, question)).replace(/^git::/i, '');
  const scheme = /^(ssh|https?|file):\/\//i.exec(address)?.[0].toLowerCase() ?? '';
  const afterScheme = address.slice(scheme.length);
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(afterScheme)?.[0] ?? '';
  const rest = afterScheme.slice(user.length);
  const github = /^github\.com[/:]/i.test(rest);
  const scpLike = scheme === '' && (user !== '' || github);
  if (scheme === '' && !scpLike) return null;
  if (scheme === 'file://') {
    const parts = splitPath(`${user}${rest}`, null);
    return parts === null ? null : made(`file://${parts.repository}`, 'file', parts.path, query);
  }
  const slash = rest.indexOf('/');
  const colon = scpLike ? rest.indexOf(':') : -1;
  const end = colon > 0 && (slash < 0 || colon < slash) ? colon : slash;
  if (end < 0) return null;
  const parts = splitPath(rest.slice(end + 1), 2);
  if (parts === null) return null;
  const ssh = scheme === 'ssh://' || (scheme === '' && user !== '') || (github && user !== '');
  const host = github
    ? ssh
      ? `${scheme}${user === '' ? 'git@' : user}github.com${scheme === '' ? ':' : '/'}`
      : 'https://github.com/'
    : `${scheme}${user}${rest.slice(0, end + 1)}`;
  return made(`${host}${parts.repository}`, ssh ? 'ssh' : 'http', parts.path, query);
}

/**
 * The address of a repository that is named by its URL alone, as Argo CD and Flux name them; null for what is none, a
 * path of the machine among them.
 */
export function repositoryAddress(url: string): GitAddress | null {
  const cloneUrl = url.trim();
  if (/[\s\p{Cc}?#]/u.test(cloneUrl)) return null;
  const http = /^https?:\/\/[^/]+\/./i.test(cloneUrl);
  const ssh = /^ssh:\/\/[^/]+\/./i.test(cloneUrl) || /^[^/@:]+@[^/:]+:./.test(cloneUrl);
  return http || ssh ? { cloneUrl, transport: http ? 'http' : 'ssh', path: '', ref: null } : null;
}

/** The repository over https, where it is named by another way of reaching it; null for a path of the machine. */
export function httpsUrl({ cloneUrl, transport }: GitAddress): string | null {
  if (transport === 'file') return null;
  if (transport === 'http') return cloneUrl.replace(/^(https?:\/\/)[^/]*@/i, '$1');
  const url = /^ssh:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(cloneUrl);
  const scp = /^[^/@\s]+@([^/:\s]+)[:/](.+)$/.exec(cloneUrl);
  const [, host, path] = url ?? scp ?? [];
  return host === undefined || path === undefined ? null : `https://${host}/${path.replace(/^\/+/, '')}`;
}

/** One form for a repository's URL, whether it is written with `.git` or not. */
export function plainRepository(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

function made(
  cloneUrl: string,
  transport: GitAddress['transport'],
  path: string,
  query: string,
): GitAddress | null {
  const plain = path.replace(/^\/+/, '');
  if (/^(\.\/+)*\.\.(\/|$)/.test(plain)) return null;
  const values = new URLSearchParams(query);
  const ref = values.get('ref') || values.get('version') || null;
  return { cloneUrl, transport, path: plain.replace(/\/+$/, ''), ref };
}

/** @param segments of a repository's path where nothing marks its end; null to take all */
function splitPath(path: string, segments: number | null): { repository: string; path: string } | null {
  const git = path.indexOf('_git/');
  let split: { repository: string; path: string };
  if (git >= 0) {
    const [name = '', ...below] = path.slice(git + '_git/'.length).split('/');
    split = { repository: path.slice(0, git + '_git/'.length) + name, path: below.join('/') };
  } else if (path.includes('//')) {
    const at = path.indexOf('//');
    split = { repository: path.slice(0, at), path: path.slice(at + 2) };
  } else if (path.includes('.git')) {
    const at = path.indexOf('.git') + '.git'.length;
    split = { repository: path.slice(0, at), path: path.slice(at) };
  } else if (segments === null) {
    split = { repository: path, path: '' };
  } else {
    const all = path.split('/');
    if (all.length < segments) return null;
    split = { repository: all.slice(0, segments).join('/'), path: all.slice(segments).join('/') };
  }
  return split.repository === '' ? null : split;
}
