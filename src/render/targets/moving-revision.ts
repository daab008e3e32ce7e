/** True for a git revision that may mean another commit tomorrow: no commit id, and no tag that is a version. */
export function isMovingRevision(ref: string | null): boolean {
  if (ref === null) return true;
  const name = ref.replace(/^refs\/tags\//, '');
  return !/^[0-9a-f]{40}$/.test(name) && !/(^|[-_/@])v?\d+(\.\d+){1,3}([-+.][0-9A-Za-z.+-]+)?$/.test(name);
}

/** True for a URL none of whose segments is a version or a commit. */
export function isMovingUrl(url: string): boolean {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path
    .split('/')
    .every((segment) => isMovingRevision(segment.replace(/\.(ya?ml|json|tar\.gz|tgz)$/, '')));
}
