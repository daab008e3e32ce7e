/** A container image reference in its parts, as Kyverno's `images` variable shows them. */
export interface ImageInfo {
  registry: string;
  name: string;
  path: string;
  tag: string;
  digest: string;
  reference: string;
  referenceWithTag: string;
}

const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/**
 * Reads an image reference with docker.io as the default registry and `latest` as the default tag, or null where it
 * is none. Semantics: distribution/reference and Kyverno's pkg/utils/image.
 */
export function parseImage(image: string): ImageInfo | null {
  if (image === '' || image.length > 512) return null;
  let rest = image;
  let digest = '';
  const at = rest.indexOf('@');
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!DIGEST.test(digest)) return null;
  }
  let registry = 'docker.io';
  const slash = rest.indexOf('/');
  const first = slash < 0 ? '' : rest.slice(0, slash);
  if (slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())) {
    registry = first;
    rest = rest.slice(slash + 1);
  }
  let tag = '';
  const colon = rest.lastIndexOf(':');
  if (colon >= 0 && !rest.slice(colon).includes('/')) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!TAG.test(tag)) return null;
  }
  if (!DOMAIN.test(registry) || !rest.split('/').every((part) => COMPONENT.test(part))) return null;
  if (digest === '' && tag === '') tag = 'latest';
  const full = `${registry}/${rest}`;
  return {
    registry,
    name: rest.slice(rest.lastIndexOf('/') + 1),
    path: rest,
    tag,
    digest,
    reference: digest === '' ? `${full}:${tag}` : `${full}@${digest}`,
    referenceWithTag: `${full}:${tag}`,
  };
}
