import { isIPv4, isIPv6 } from 'node:net';

/**
 * Formats of strings that the API server holds values of custom kinds against, and what each is called.
 * Source: apiextensions-apiserver pkg/apiserver/validation/formats.go; kube-openapi pkg/validation/strfmt. Formats that are
 * not listed (uri, email, hostname and rarer ones) are not checked here.
 */
const FORMATS: ReadonlyMap<string, readonly [name: string, fits: (text: string) => boolean]> = new Map([
  ['byte', ['base64', isBase64]],
  ['date', ['a date such as 2006-01-02', isDate]],
  ['datetime', ['a time such as 2006-01-02T15:04:05Z', isTime]],
  ['duration', ['a duration such as 1h30m', isDuration]],
  ['ipv4', ['an IPv4 address', isIPv4]],
  ['ipv6', ['an IPv6 address', isAddress6]],
  ['cidr', ['a network such as 10.0.0.0/8', isNetwork]],
  ['uuid', ['a UUID', (text) => /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(text)]],
]);

/** What a text is not, where it does not have the format; null where it has, or the format is not one of those checked. */
export function lacksFormat(format: string, text: string): string | null {
  const known = FORMATS.get(format.replaceAll('-', ''));
  return known === undefined || known[1](text) ? null : known[0];
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  return date.getUTCMonth() === (month ?? 0) - 1 && date.getUTCDate() === day;
}

function isTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(
    text,
  );
  if (match === null) return false;
  const [, day = '', hour = '', minute = '', second = ''] = match;
  return isDate(day) && hour <= '23' && minute <= '59' && second <= '59';
}

const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** Beside Go's own form the API server reads whole numbers with a unit that is written out: `3 days`. */
const WORDED_DURATION =
  /\d\s*(?:ns|nano|us|µs|micro|ms|milli|s\b|sec|m\b|min|h\b|hr\b|hour|d\b|day|w\b|wk\b|week)/i;

function isDuration(text: string): boolean {
  return text.length <= 200 && (GO_DURATION.test(text) || WORDED_DURATION.test(text));
}

function isAddress6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

function isNetwork(text: string): boolean {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  if (match === null) return false;
  const [, address = '', bits = ''] = match;
  return isIPv4(address) ? Number(bits) <= 32 : isAddress6(address) && Number(bits) <= 128;
}
