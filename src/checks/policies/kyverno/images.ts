import type { JsonValue } from '../../../contract/index.js';
import { type ImageInfo, parseImage } from '../values/image.js';
import {
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  memberAt,
  setMember,
  text,
} from '../values/json.js';
import { POD_CONTROLLERS } from './autogen.js';
import { PolicyError } from './errors.js';

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'];

/** An image of an object, with where it stands. */
export interface FoundImage {
  list: string;
  key: string;
  image: ImageInfo;
  path: (string | number)[];
}

function podSpecPath(kind: string): string[] | null {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return POD_CONTROLLERS.includes(kind) ? ['spec', 'template', 'spec'] : null;
}

/** True where a rule says by itself in which fields of such an object images stand: they are not looked for there. */
export function extractsImages(rule: JsonObject, resource: JsonObject): boolean {
  return memberAt(rule, 'imageExtractors', text(member(resource, 'kind'))) !== undefined;
}

/**
 * The images of a Pod or controller. An image that is no reference, a container without a name and a list of containers
 * that is none are errors, as in Kyverno (pkg/utils/api/image.go).
 * @throws PolicyError
 */
export function imagesOf(resource: JsonObject): FoundImage[] {
  const base = podSpecPath(text(member(resource, 'kind')));
  if (base === null) return [];
  return LISTS.flatMap((name) =>
    containersOf(memberAt(resource, ...base, name)).flatMap((container, index) => {
      if (container === null) return [];
      if (!isObject(container)) throw new PolicyError('invalid image config');
      const key = member(container, 'name');
      if (typeof key !== 'string') throw new PolicyError('invalid key');
      const source = text(member(container, 'image'));
      if (source.trim() === '') return [];
      const image = parseImage(source);
      if (image === null) throw new PolicyError(`invalid image '${source}'`);
      return [{ list: name, key, image, path: [...base, name, index, 'image'] }];
    }),
  );
}

/** @throws PolicyError */
function containersOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null || Array.isArray(value)) return list(value);
  throw new PolicyError('invalid type');
}

/** The `images` variable: by list, by container name. */
export function imagesVariable(resource: JsonObject): JsonValue {
  const variable = emptyObject();
  for (const found of imagesOf(resource)) {
    const group = member(variable, found.list);
    const target = isObject(group) ? group : emptyObject();
    if (target !== group) setMember(variable, found.list, target);
    setMember(target, found.key, { ...found.image });
  }
  return variable;
}
