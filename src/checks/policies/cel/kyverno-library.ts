import { createHash } from 'node:crypto';
import { parse as parseYaml } from 'yaml';
import type { JsonValue } from '../../../contract/index.js';
import { goJson } from '../jmespath/standard.js';
import { serviceAccountOf } from '../kyverno/request.js';
import { parseImage } from '../values/image.js';
import { listAt, overload, stringAt } from './arguments.js';
import type { CelFunction, Library } from './language.js';
import { imageObject } from './natives.js';
import { CelError, type CelMap, type CelValue, fromCel, Native, Timestamp, toCel } from './values.js';

function hash(algorithm: 'sha1' | 'sha256' | 'md5'): CelFunction {
  return (args, { budget }) => {
    const source = stringAt(algorithm, args, 0);
    budget.spend(source.length >> 3);
    return createHash(algorithm).update(source, 'utf8').digest('hex');
  };
}

const parseServiceAccount: CelFunction = (args) => {
  const { name, namespace } = serviceAccountOf(stringAt('parseServiceAccount', args, 0));
  return new Map<string, CelValue>([
    ['Name', name],
    ['Namespace', namespace],
    ['name', name],
    ['namespace', namespace],
  ]);
};

const listObjToMap: CelFunction = (args) => {
  const [a, b] = [listAt('listObjToMap', args, 0), listAt('listObjToMap', args, 1)];
  const [keyName, valueName] = [stringAt('listObjToMap', args, 2), stringAt('listObjToMap', args, 3)];
  const map: CelMap = new Map();
  for (const [index, item] of a.entries()) {
    const other = b[index];
    const key = item instanceof Map ? item.get(keyName) : undefined;
    const value = other instanceof Map ? other.get(valueName) : undefined;
    if (typeof key !== 'string' || value === undefined) return overload('listObjToMap', args);
    map.set(key, value);
  }
  return map;
};

function parsed(read: () => JsonValue): CelValue {
  try {
    return toCel(read());
  } catch (error) {
    throw new CelError(error instanceof Error ? error.message : 'does not parse');
  }
}

/** `json.unmarshal`, `json.marshal` and `yaml.parse`. */
export class Codec extends Native {
  constructor(readonly typeName: 'kyverno.json' | 'kyverno.yaml') {
    super();
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    if (this.typeName === 'kyverno.json' && method === 'unmarshal') {
      return parsed(() => JSON.parse(stringAt(method, args, 0)) as JsonValue);
    }
    if (this.typeName === 'kyverno.json' && method === 'marshal') return goJson(fromCel(args[0] ?? null));
    if (this.typeName === 'kyverno.yaml' && method === 'parse') {
      return parsed(
        () =>
          JSON.parse(
            JSON.stringify(parseYaml(stringAt(method, args, 0), { maxAliasCount: 100 }) ?? null),
          ) as JsonValue,
      );
    }
    throw new CelError(`undeclared method '${method}' of ${this.typeName}`);
  }
}

const globals: Record<string, CelFunction> = {
  parseServiceAccount,
  'user.parseServiceAccount': parseServiceAccount,
  image: (args) => imageObject(stringAt('image', args, 0)),
  isImage: (args) => parseImage(stringAt('isImage', args, 0)) !== null,
  parseImageReference: (args) => imageObject(stringAt('parseImageReference', args, 0)),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
  md5: hash('md5'),
  'hash.sha1': hash('sha1'),
  'hash.sha256': hash('sha256'),
  'hash.md5': hash('md5'),
  listObjToMap,
  'transform.listObjToMap': listObjToMap,
  'time.now': (_args, { now }) => new Timestamp(now.getTime()),
  random: () => {
    throw new CelError('random values cannot be foreseen');
  },
};

/** Kyverno's CEL libraries that need no cluster (kyverno/sdk extensions/cel/libs). */
export const kyvernoLibrary: Library = { globals: new Map(Object.entries(globals)), methods: new Map() };
