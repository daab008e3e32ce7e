/**
 * Whether kustomize would take a reference that is no file of the tree for something to fetch: a URL, an scp-like
 * git address, or the host-first short forms (kustomize api/internal/git/repospec.go).
 */
export function isRemoteReference(reference: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(reference) ||
    /^(git::|gh:|oci:|s3::|hg::)/i.test(reference) ||
    /^[^/\s@]+@[^/\s:]+:/.test(reference) ||
    /^(www\.)?(github\.com|gitlab\.com|bitbucket\.org)[/:]/i.test(reference) ||
    /\.git(\/|\?|$)/.test(reference) ||
    /[?&](ref|version|timeout|submodules)=/.test(reference)
  );
}

/** A URL or address for messages: without user and password, of its query only the version it names. */
export function withoutCredentials(reference: string): string {
  const [address = '', query = ''] = reference
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/i, '$1')
    .split(/[?#]/, 2);
  const version = /(?:^|&)(ref|version)=([\w./-]{1,100})/.exec(query);
  return `${address.slice(0, 200)}${version === null ? '' : `?${version[1]}=${version[2]}`}`;
}
