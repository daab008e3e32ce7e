import { formatDuration } from '../values/duration.js';
import { formatQuantity } from '../values/quantity.js';
import {
  CelError,
  type CelValue,
  CidrObject,
  Duration,
  IpObject,
  QuantityObject,
  SemverObject,
  Timestamp,
  TypeValue,
  typeOf,
  Uint,
  UrlObject,
} from './values.js';

/** A duration as CEL prints it: seconds with what is needed behind the point, `90s`. */
function durationText(nanoseconds: number): string {
  const text = formatDuration(nanoseconds);
  return /[hm]/.test(text.replace('ms', '')) ? `${nanoseconds / 1e9}s` : text;
}

/** An IP address in its canonical text. */
export function ipText(ip: IpObject): string {
  if (ip.family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((ip.bits >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (ip.bits >> BigInt(112 - index * 16)) & 0xffffn);
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0n) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

/** The text of a value as `string()` gives it. @throws CelError for what has none */
export function formatValue(value: CelValue): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return formatObject(value);
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21
    ? value.toFixed(0)
    : String(value);
}

function formatObject(value: Exclude<CelValue, null | string | number | bigint | boolean>): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Duration) return durationText(value.nanoseconds);
  if (value instanceof Timestamp) return new Date(value.ms).toISOString().replace('.000Z', 'Z');
  if (value instanceof TypeValue) return value.name;
  if (value instanceof QuantityObject) return formatQuantity(value.quantity);
  if (value instanceof UrlObject) return value.url.source;
  if (value instanceof IpObject) return ipText(value);
  if (value instanceof CidrObject) return `${ipText(value.ip)}/${value.prefix}`;
  if (value instanceof SemverObject) {
    const { major, minor, patch, pre } = value.version;
    return `${major}.${minor}.${patch}${pre.length > 0 ? `-${pre.join('.')}` : ''}`;
  }
  throw new CelError(`no such overload: string(${typeOf(value)})`);
}

/** A value inside of lists and maps as `%s` prints it. */
function nested(value: CelValue): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(nested).join(', ')}]`;
  if (value instanceof Map) {
    const parts = [...value].map(([key, item]) => `${String(key)}: ${nested(item)}`);
    return `{${parts.sort().join(', ')}}`;
  }
  return formatValue(value);
}

/** `"...".format([...])`: %s, %d, %f, %e, %b, %o, %x, %X and %%. @throws CelError */
export function formatString(template: string, args: readonly CelValue[]): string {
  let next = 0;
  return template.replace(
    /%(?:\.(\d{1,3}))?([a-zA-Z%])/g,
    (_whole, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (next >= args.length) throw new CelError('index out of range in format');
      const value = args[next] ?? null;
      next += 1;
      return formatVerb(verb, precision === undefined ? 6 : Number(precision), value);
    },
  );
}

function formatVerb(verb: string, precision: number, value: CelValue): string {
  const whole = typeof value === 'bigint' ? value : value instanceof Uint ? value.value : null;
  switch (verb) {
    case 's':
      return nested(value);
    case 'd':
      if (whole !== null) return String(whole);
      break;
    case 'f':
      if (typeof value === 'number' || whole !== null)
        return Number(whole ?? value).toFixed(Math.min(precision, 100));
      break;
    case 'e':
      if (typeof value === 'number' || whole !== null)
        return Number(whole ?? value).toExponential(Math.min(precision, 100));
      break;
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (whole !== null) return whole.toString(2);
      break;
    case 'o':
      if (whole !== null) return whole.toString(8);
      break;
    case 'x':
    case 'X': {
      const hex =
        whole !== null
          ? whole.toString(16)
          : typeof value === 'string' || value instanceof Uint8Array
            ? Buffer.from(value).toString('hex')
            : null;
      if (hex !== null) return verb === 'X' ? hex.toUpperCase() : hex;
      break;
    }
    default:
      throw new CelError(`unknown formatting clause %${verb}`);
  }
  throw new CelError(`%${verb} does not take ${typeOf(value)}`);
}
