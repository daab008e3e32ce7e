import {
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type QuantityValue,
  quantityToNumber,
} from '../values/quantity.js';
import { compareSemver, parseSemver, type Semver } from '../values/semver.js';
import { boolAt, instanceAt, optional, overload, stringAt } from './arguments.js';
import type { CelFunction, Library } from './language.js';
import { CelError, type CelValue, Native, QuantityObject, SemverObject } from './values.js';

const NANO = 1_000_000_000n;

function quantity(name: string, args: readonly CelValue[], index: number): QuantityValue {
  const value = args[index];
  if (value instanceof QuantityObject) return value.quantity;
  if (typeof value === 'bigint') return { nano: value * NANO, format: 'decimalSI' };
  return overload(name, args);
}

function ordering(name: string, holds: (order: number) => boolean): CelFunction {
  return (args) => {
    const [left] = args;
    if (left instanceof SemverObject)
      return holds(compareSemver(left.version, instanceAt(name, args, 1, SemverObject).version));
    return holds(compareQuantities(quantity(name, args, 0), quantity(name, args, 1)));
  };
}

function sum(name: string, sign: 1n | -1n): CelFunction {
  return (args) => {
    const left = quantity(name, args, 0);
    return new QuantityObject({ nano: left.nano + sign * quantity(name, args, 1).nano, format: left.format });
  };
}

/** A version; with `true` as second argument `v1.2` and leading zeros are read too. */
function version(args: readonly CelValue[]): Semver | null {
  let source = stringAt('semver', args, 0);
  if (args.length > 1 && boolAt('semver', args, 1)) {
    source = source.trim().replace(/^v/, '');
    const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)$/s.exec(source);
    if (match !== null) {
      const [, major = '0', minor = '0', patch = '0', rest = ''] = match;
      source = `${[major, minor, patch].map((part) => String(BigInt(part))).join('.')}${rest}`;
    }
  }
  return parseSemver(source);
}

/** Named formats of Kubernetes: a regular expression and a greatest length. */
const FORMATS: ReadonlyMap<string, readonly [pattern: RegExp, longest: number]> = new Map([
  ['dns1123Label', [/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63]],
  ['dns1123Subdomain', [/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 253]],
  ['dns1035Label', [/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 63]],
  [
    'qualifiedName',
    [
      /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
      317,
    ],
  ],
  ['dns1123LabelPrefix', [/^[a-z0-9]([-a-z0-9]*[a-z0-9])?-?$/, 63]],
  ['dns1123SubdomainPrefix', [/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*-?$/, 253]],
  ['dns1035LabelPrefix', [/^[a-z]([-a-z0-9]*[a-z0-9])?-?$/, 63]],
  ['labelValue', [/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/, 63]],
  ['uri', [/^[A-Za-z][A-Za-z0-9+.-]*:\S*$|^\/\S*$/, 65_536]],
  ['uuid', [/^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/, 36]],
  ['byte', [/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 10_000_000]],
  ['date', [/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 10]],
  ['datetime', [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/, 40]],
]);

class NamedFormat extends Native {
  readonly typeName = 'kubernetes.NamedFormat';

  constructor(readonly name: string) {
    super();
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    if (method !== 'validate') throw new CelError(`undeclared method '${method}' of a format`);
    const value = stringAt('validate', args, 0);
    const [pattern, longest] = FORMATS.get(this.name) ?? [/^$/, 0];
    const problems: CelValue[] = [];
    if (value.length > longest) problems.push(`must be no more than ${longest} characters`);
    else if (!pattern.test(value)) problems.push(`is not a valid ${this.name}`);
    return optional(problems.length === 0 ? undefined : problems);
  }
}

const formats: Record<string, CelFunction> = Object.fromEntries(
  [...FORMATS.keys()].map((name) => [`format.${name}`, (): CelValue => new NamedFormat(name)]),
);

const globals: Record<string, CelFunction> = {
  ...formats,
  'format.named': (args) => {
    const name = stringAt('format.named', args, 0);
    return optional(FORMATS.has(name) ? new NamedFormat(name) : undefined);
  },
  quantity: (args) => {
    const parsed = parseQuantity(stringAt('quantity', args, 0));
    if (parsed === null) throw new CelError('quantity: the string does not parse');
    return new QuantityObject(parsed);
  },
  isQuantity: (args) => parseQuantity(stringAt('isQuantity', args, 0)) !== null,
  semver: (args) => {
    const parsed = version(args);
    if (parsed === null) throw new CelError('semver: the string does not parse');
    return new SemverObject(parsed);
  },
  isSemver: (args) => version(args) !== null,
};

const methods: Record<string, CelFunction> = {
  isGreaterThan: ordering('isGreaterThan', (order) => order > 0),
  isLessThan: ordering('isLessThan', (order) => order < 0),
  compareTo: (args) => {
    const [left] = args;
    if (left instanceof SemverObject) {
      return BigInt(compareSemver(left.version, instanceAt('compareTo', args, 1, SemverObject).version));
    }
    return BigInt(compareQuantities(quantity('compareTo', args, 0), quantity('compareTo', args, 1)));
  },
  add: sum('add', 1n),
  sub: sum('sub', -1n),
  sign: (args) => {
    const { nano } = quantity('sign', args, 0);
    return nano < 0n ? -1n : nano > 0n ? 1n : 0n;
  },
  isInteger: (args) => quantity('isInteger', args, 0).nano % NANO === 0n,
  asInteger: (args) => {
    const value = quantity('asInteger', args, 0);
    if (value.nano % NANO !== 0n) throw new CelError(`${formatQuantity(value)} is no integer`);
    return value.nano / NANO;
  },
  asApproximateFloat: (args) => quantityToNumber(quantity('asApproximateFloat', args, 0)),
  major: (args) => BigInt(instanceAt('major', args, 0, SemverObject).version.major),
  minor: (args) => BigInt(instanceAt('minor', args, 0, SemverObject).version.minor),
  patch: (args) => BigInt(instanceAt('patch', args, 0, SemverObject).version.patch),
};

/** Kubernetes' quantity, semver and format libraries (apiserver/pkg/cel/library). */
export const kubernetesLibrary: Library = {
  globals: new Map(Object.entries(globals)),
  methods: new Map(Object.entries(methods)),
};
