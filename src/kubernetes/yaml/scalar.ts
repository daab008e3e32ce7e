import { UnreadableError } from './problem.js';

export type ScalarValue = null | boolean | number | string;

export const YAML_TAG = 'tag:yaml.org,2002:';

const WORDS = new Map<string, ScalarValue>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);
const LONGEST_WORD = 5;

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DOT_FLOAT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** A number with whether it was written as an integer and whether JavaScript holds it exactly. */
interface NumberReading {
  value: number;
  integer: boolean;
  exact: boolean;
}

/**
 * Reads text as kubectl's YAML reader reads a plain number: decimal, 0x, 0b, 0o and 0-prefixed octal integers with
 * `_` anywhere, and floats; no base 60. Source of the semantics: go.yaml.in/yaml/v2 resolve.go.
 */
function readNumber(text: string): NumberReading | null {
  const first = text.charCodeAt(0);
  if (first === 46) {
    if (!DOT_FLOAT.test(text)) return null;
    const value = Number(text);
    return Number.isFinite(value) ? { value, integer: false, exact: true } : null;
  }
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45)) return null;
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = readInteger(plain);
  if (integer !== null) return integer;
  if (!FLOAT.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? { value, integer: false, exact: true } : null;
}

function readInteger(plain: string): NumberReading | null {
  const match = INTEGER.exec(plain);
  if (match === null) return null;
  const [, sign, hex, binary, octal, decimal] = match;
  const digits = hex ?? binary ?? octal ?? decimal ?? '';
  const base = hex !== undefined ? 16 : binary !== undefined ? 2 : octal !== undefined ? 8 : 10;
  if (digits.length <= 10) {
    const magnitude = Number.parseInt(digits, base);
    if (Number.isSafeInteger(magnitude)) {
      return { value: sign === '-' && magnitude !== 0 ? -magnitude : magnitude, integer: true, exact: true };
    }
  }
  // A longer run of digits than any 64-bit number has: settled before BigInt is asked, whose time grows with length.
  if (digits.length > 64 && digits.replace(/^0+/, '').length > 64) return null;
  const prefix = base === 16 ? '0x' : base === 2 ? '0b' : base === 8 ? '0o' : '';
  const magnitude = BigInt(prefix + digits);
  const negative = sign === '-';
  // Unsigned 64-bit numbers are read too, but not with a sign before them.
  if (magnitude > (negative ? MAX_INT64 + 1n : sign === '+' ? MAX_INT64 : MAX_UINT64)) return null;
  const value = Number(negative ? -magnitude : magnitude);
  return { value, integer: true, exact: Number.isSafeInteger(value) };
}

/** What a scalar says, and whether a number in it had to be rounded. */
export interface ResolvedScalar {
  value: ScalarValue;
  exact: boolean;
  integer: boolean;
}

const text = (value: string): ResolvedScalar => ({ value, exact: true, integer: false });

/** A plain scalar without a tag. */
export function resolvePlain(source: string): ResolvedScalar {
  if (source.length <= LONGEST_WORD) {
    const word = WORDS.get(source);
    if (word !== undefined) return { value: word, exact: true, integer: false };
  }
  return readNumber(source) ?? text(source);
}

/**
 * A scalar with an explicit tag, quoted or not.
 * @throws UnreadableError when the text does not fit the tag, as kubectl refuses it.
 */
export function resolveTagged(source: string, tag: string, offset: number): ResolvedScalar {
  if (tag === '!' || tag === `${YAML_TAG}str`) return text(source);
  if (tag === `${YAML_TAG}binary`) return text(decodeBinary(source, offset));
  const resolved = resolvePlain(source);
  const found = typeOf(resolved);
  if (!RESOLVABLE.has(tag)) return text(source);
  if (tag === `${YAML_TAG}${found}`) return resolved;
  if (tag === `${YAML_TAG}float` && found === 'int') return { ...resolved, integer: false };
  if (tag === `${YAML_TAG}timestamp` && found === 'str' && /^\d{4}-/.test(source)) return resolved;
  throw new UnreadableError(
    'syntax',
    `a ${found} value carries the tag ${tag.replace(YAML_TAG, '!!')}`,
    offset,
  );
}

const RESOLVABLE = new Set(['bool', 'int', 'float', 'null', 'timestamp'].map((name) => YAML_TAG + name));

function typeOf(resolved: ResolvedScalar): string {
  if (resolved.value === null) return 'null';
  if (typeof resolved.value === 'boolean') return 'bool';
  if (typeof resolved.value === 'string') return 'str';
  return resolved.integer ? 'int' : 'float';
}

function decodeBinary(source: string, offset: number): string {
  const compact = source.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new UnreadableError('syntax', '!!binary value is not base64', offset);
  }
  return Buffer.from(compact, 'base64').toString('utf8');
}
