import { type GoUrl, parseGoUrl, splitHost } from '../values/go-url.js';
import { instanceAt, overload, stringAt } from './arguments.js';
import { ipText } from './format.js';
import type { CelFunction, Library } from './language.js';
import { CelError, type CelValue, CidrObject, IpObject, UrlObject } from './values.js';

/** An IP address as Go's netip reads it: no leading zeros, no zones, no IPv4 inside of IPv6. */
export function parseIp(source: string): IpObject | null {
  if (source.length > 45) return null;
  const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(source);
  if (dotted !== null) {
    const parts = dotted.slice(1);
    if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) return null;
    return new IpObject(
      parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n),
      4,
    );
  }
  const halves = source.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const given = [...head, ...tail];
  if (!given.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const missing = 8 - given.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = halves.length === 1 ? head : [...head, ...new Array<string>(missing).fill('0'), ...tail];
  return new IpObject(
    all.reduce((bits, group) => (bits << 16n) + BigInt(`0x${group}`), 0n),
    6,
  );
}

function parseCidr(source: string): CidrObject | null {
  const slash = source.lastIndexOf('/');
  const ip = slash < 0 ? null : parseIp(source.slice(0, slash));
  const length = source.slice(slash + 1);
  if (ip === null || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > (ip.family === 4 ? 32 : 128))
    return null;
  return new CidrObject(ip, Number(length));
}

function masked(cidr: CidrObject): IpObject {
  const width = cidr.ip.family === 4 ? 32 : 128;
  const shift = BigInt(width - cidr.prefix);
  return new IpObject((cidr.ip.bits >> shift) << shift, cidr.ip.family);
}

function contains(cidr: CidrObject, ip: IpObject): boolean {
  if (cidr.ip.family !== ip.family) return false;
  return masked(cidr).bits === masked(new CidrObject(ip, cidr.prefix)).bits;
}

function inRange(ip: IpObject, ...ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const cidr = parseCidr(range);
    return cidr !== null && contains(cidr, ip);
  });
}

function ipArgument(name: string, args: readonly CelValue[], index: number): IpObject {
  const value = args[index];
  if (value instanceof IpObject) return value;
  const parsed = parseIp(stringAt(name, args, index));
  if (parsed === null) throw new CelError('not an IP address');
  return parsed;
}

function parseUrl(source: string): UrlObject | null {
  const url = parseGoUrl(source);
  return url === null ? null : new UrlObject(url);
}

function ofUrl(name: string, read: (url: GoUrl) => CelValue): CelFunction {
  return (args) => read(instanceAt(name, args, 0, UrlObject).url);
}

function ofIp(name: string, read: (ip: IpObject) => CelValue): CelFunction {
  return (args) => read(instanceAt(name, args, 0, IpObject));
}

const methods: Record<string, CelFunction> = {
  getScheme: ofUrl('getScheme', ({ scheme }) => scheme),
  getHost: ofUrl('getHost', ({ host }) => host),
  getHostname: ofUrl('getHostname', ({ host }) => splitHost(host).hostname),
  getPort: ofUrl('getPort', ({ host }) => splitHost(host).port),
  getEscapedPath: ofUrl('getEscapedPath', ({ path }) => path),
  getQuery: ofUrl(
    'getQuery',
    ({ query }) => new Map([...query].map(([key, values]): [string, CelValue] => [key, [...values]])),
  ),
  family: ofIp('family', ({ family }) => BigInt(family)),
  isUnspecified: ofIp('isUnspecified', ({ bits }) => bits === 0n),
  isLoopback: ofIp('isLoopback', (ip) => inRange(ip, '127.0.0.0/8', '::1/128')),
  isLinkLocalMulticast: ofIp(
    'isLinkLocalMulticast',
    (ip) => inRange(ip, '224.0.0.0/24') || (ip.family === 6 && ((ip.bits >> 112n) & 0xff0fn) === 0xff02n),
  ),
  isLinkLocalUnicast: ofIp('isLinkLocalUnicast', (ip) => inRange(ip, '169.254.0.0/16', 'fe80::/10')),
  isGlobalUnicast: ofIp(
    'isGlobalUnicast',
    (ip) =>
      ip.bits !== 0n &&
      !inRange(
        ip,
        '255.255.255.255/32',
        '127.0.0.0/8',
        '::1/128',
        '224.0.0.0/4',
        'ff00::/8',
        '169.254.0.0/16',
        'fe80::/10',
      ),
  ),
  containsIP: (args) =>
    contains(instanceAt('containsIP', args, 0, CidrObject), ipArgument('containsIP', args, 1)),
  containsCIDR: (args) => {
    const outer = instanceAt('containsCIDR', args, 0, CidrObject);
    const given = args[1];
    const inner = given instanceof CidrObject ? given : parseCidr(stringAt('containsCIDR', args, 1));
    if (inner === null) throw new CelError('not a CIDR');
    return outer.prefix <= inner.prefix && contains(outer, masked(inner));
  },
  ip: (args) => instanceAt('ip', args, 0, CidrObject).ip,
  masked: (args) => {
    const cidr = instanceAt('masked', args, 0, CidrObject);
    return new CidrObject(masked(cidr), cidr.prefix);
  },
  prefixLength: (args) => BigInt(instanceAt('prefixLength', args, 0, CidrObject).prefix),
};

function required<T extends CelValue>(name: string, parse: (source: string) => T | null): CelFunction {
  return (args) => {
    const parsed = parse(stringAt(name, args, 0));
    if (parsed === null) throw new CelError(`${name}: the string does not parse`);
    return parsed;
  };
}

function tested(name: string, parse: (source: string) => CelValue): CelFunction {
  return (args) => (typeof args[0] === 'string' ? parse(args[0]) !== null : overload(name, args));
}

const globals: Record<string, CelFunction> = {
  url: required('url', parseUrl),
  isURL: tested('isURL', parseUrl),
  ip: required('ip', parseIp),
  isIP: tested('isIP', parseIp),
  'ip.isCanonical': (args) => {
    const source = stringAt('ip.isCanonical', args, 0);
    const parsed = parseIp(source);
    if (parsed === null) throw new CelError('not an IP address');
    return ipText(parsed) === source;
  },
  cidr: required('cidr', parseCidr),
  isCIDR: tested('isCIDR', parseCidr),
};

/** Kubernetes' URL, IP and CIDR libraries (apiserver/pkg/cel/library). */
export const networkLibrary: Library = {
  globals: new Map(Object.entries(globals)),
  methods: new Map(Object.entries(methods)),
};
