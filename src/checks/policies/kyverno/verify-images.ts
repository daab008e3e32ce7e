import { isObject, type JsonObject, list, member, text, texts } from '../values/json.js';
import { wildcardMatch } from '../values/wildcard.js';
import { writtenName } from './autogen.js';
import type { PolicyEnvironment } from './environment.js';
import { PolicyError } from './errors.js';
import { extractsImages, type FoundImage, imagesOf } from './images.js';
import type { Outcome } from './validate-rule.js';

/** The declared name under which images are listed whose signatures somebody has verified. */
export const VERIFIED_IMAGES = 'verifiedImages';

/** True where a block says who is to have signed: that is verified whether or not a signature is required of every image. */
function namesSigners(block: JsonObject): boolean {
  return (
    ['attestors', 'attestations'].some((key) => list(member(block, key)).length > 0) ||
    text(member(block, 'key')) !== ''
  );
}

/**
 * A `verifyImages` rule offline: an image without a digest fails where a digest is demanded; signatures cannot be
 * verified without the registry and are missing data, unless the image is declared as verified.
 */
export function verifyImages(rule: JsonObject, environment: PolicyEnvironment): Outcome | null {
  if (environment.request.object === null) return null;
  if (extractsImages(rule, environment.request.resource)) {
    const missing = 'what images the object names (imageExtractors)';
    return { status: 'error', message: `${missing} is not known offline`, path: null, missing };
  }
  let images: FoundImage[];
  try {
    images = imagesOf(environment.request.object);
  } catch (error) {
    if (error instanceof PolicyError)
      return { status: 'error', message: error.message, path: null, missing: null };
    throw error;
  }
  const verified = texts(
    environment.declared(writtenName(text(member(rule, 'name')))).get(VERIFIED_IMAGES) ?? null,
  );
  let unknown: FoundImage | null = null;
  let meant = 0;
  for (const block of list(member(rule, 'verifyImages')).filter(isObject)) {
    const references = [...texts(member(block, 'imageReferences')), text(member(block, 'image'))];
    const skipped = texts(member(block, 'skipImageReferences'));
    const matches = (patterns: readonly string[], found: FoundImage): boolean =>
      patterns.some((pattern) => pattern !== '' && wildcardMatch(pattern, found.image.reference));
    for (const found of images.filter((image) => matches(references, image) && !matches(skipped, image))) {
      meant += 1;
      if (member(block, 'verifyDigest') !== false && found.image.digest === '') {
        return {
          status: 'fail',
          message: `missing digest for ${found.image.reference}`,
          path: found.path,
          missing: null,
        };
      }
      const isDeclared = verified.some((pattern) => wildcardMatch(pattern, found.image.reference));
      if ((member(block, 'required') !== false || namesSigners(block)) && !isDeclared) unknown ??= found;
    }
  }
  if (meant === 0) return null;
  if (unknown === null) return { status: 'pass', message: 'image verified', path: null, missing: null };
  const missing = `the signature of ${unknown.image.reference}`;
  return { status: 'error', message: `${missing} is not known offline`, path: unknown.path, missing };
}
