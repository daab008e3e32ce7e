import { fromVerdict, resultsOf } from '../admission/policy-result.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, errorVerdict } from '../admission/validations.js';
import { type CelScope, evaluateCel } from '../cel/program.js';
import type { RuleResult } from '../result.js';
import { parseImage } from '../values/image.js';
import { type JsonObject, list, member, text, texts } from '../values/json.js';
import { wildcardMatch } from '../values/wildcard.js';
import { excepted } from './cel-exceptions.js';
import type { PolicyEnvironment } from './environment.js';
import { PolicyError } from './errors.js';
import { type FoundImage, imagesOf } from './images.js';
import { resultsOfSpecs } from './validating-policy.js';
import { VERIFIED_IMAGES } from './verify-images.js';

/**
 * Evaluates an ImageValidatingPolicy as far as offline data goes: an image that it means needs a digest where one is
 * demanded; its signatures and attestations are missing data, unless the image is declared as verified.
 */
export function evaluateImageValidatingPolicy(
  policy: JsonObject,
  environment: PolicyEnvironment,
): RuleResult[] {
  const { object } = environment.request;
  if (object === null) return [];
  return resultsOfSpecs(policy, environment, (spec) => judge(policy, spec, object, environment));
}

function judge(
  policy: JsonObject,
  spec: JsonObject,
  object: JsonObject,
  environment: PolicyEnvironment,
): RuleResult | null {
  const result = resultsOf(policy, 'verifyImages');
  const scope = celScope(environment, { variables: member(spec, 'variables'), kyverno: true });
  const exceptions = excepted(policy, scope, environment);
  if (exceptions.kind === 'skipped') return result('skip', exceptions.message);
  if (exceptions.kind === 'failed') return fromVerdict(exceptions.verdict, result);
  const held = conditionsHold(member(spec, 'matchConditions'), scope);
  if (held === false) return null;
  if (held !== true) return fromVerdict(held, result);
  let meant: FoundImage[];
  try {
    meant = [...imagesOf(object), ...extracted(spec, scope)].filter((found) => isMeant(spec, found, scope));
  } catch (error) {
    if (error instanceof PolicyError) return result('error', error.message);
    return fromVerdict(errorVerdict(error), result);
  }
  const settings = member(spec, 'validationConfigurations');
  const undigested = meant.find(({ image }) => image.digest === '');
  if (undigested !== undefined && member(settings, 'verifyDigest') !== false) {
    return result('fail', `missing digest for ${undigested.image.reference}`, { path: undigested.path });
  }
  const verified = texts(environment.declared('').get(VERIFIED_IMAGES) ?? null);
  const unknown = meant.find(
    ({ image }) => !verified.some((pattern) => wildcardMatch(pattern, image.reference)),
  );
  const isFree = member(settings, 'required') === false && list(member(spec, 'validations')).length === 0;
  if (unknown === undefined || isFree) return result('pass', 'success');
  const missing = `the signature of ${unknown.image.reference}`;
  return result('error', `${missing} is not known offline`, { path: unknown.path, missing });
}

/** Images that the policy itself looks up in the object, by expressions. @throws what they throw, PolicyError */
function extracted(spec: JsonObject, scope: CelScope): FoundImage[] {
  return list(member(spec, 'images')).flatMap((extractor) => {
    const { value } = evaluateCel(text(member(extractor, 'expression')), scope);
    const name = text(member(extractor, 'name'));
    if (!Array.isArray(value)) throw new PolicyError(`the images ${name} are no list`);
    return value.map((source, index): FoundImage => {
      const image = typeof source === 'string' ? parseImage(source) : null;
      if (image === null) throw new PolicyError(`image ${index} of ${name} is no reference`);
      return { list: name, key: String(index), image, path: [] };
    });
  });
}

/** True where a reference of the policy, by glob or by expression, means an image; one without references means all. */
function isMeant(spec: JsonObject, found: FoundImage, scope: CelScope): boolean {
  const references = list(member(spec, 'matchImageReferences'));
  return (
    references.length === 0 ||
    references.some((reference) => {
      const glob = text(member(reference, 'glob'));
      if (glob !== '') return wildcardMatch(glob, found.image.reference);
      const expression = text(member(reference, 'expression'));
      const bindings = new Map([...scope.bindings, ['ref', { value: found.image.reference }] as const]);
      return expression !== '' && evaluateCel(expression, { ...scope, bindings }).value === true;
    })
  );
}
