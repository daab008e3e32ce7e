import { namesVersion } from '../remotes/git-revision.js';

/** True for a URL none of whose segments is a version or a commit. */
export function isMovingUrl(url: string): boolean {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path.split('/').every((segment) => {
    const name = segment.replace(/\.(ya?ml|json|tar\.gz|tgz)$/, '');
    return !/^[0-9a-f]{40}$/.test(name) && !namesVersion(name);
  });
}
