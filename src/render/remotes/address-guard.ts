import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses that a fetch never goes to unless the configuration names the host: this machine and its cloud's metadata. */
const OWN = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.192', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  OWN.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
] as const) {
  OWN.addSubnet(network, bits, 'ipv6');
}

/** Private networks, which a redirect to another host must not lead into. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fec0::', 10, 'ipv6');

/** IPv6 networks whose addresses lead to an IPv4 address that stands in them, and the 16-bit group where it starts. */
const EMBEDDING = [
  ['::', 96, 6],
  ['::ffff:0:0:0', 96, 6],
  ['64:ff9b::', 96, 6],
  ['64:ff9b:1::', 48, 6],
  ['2002::', 16, 1],
].map(([network, bits, group]) => {
  const list = new BlockList();
  list.addSubnet(String(network), Number(bits), 'ipv6');
  return { list, group: Number(group) };
});

/** How far a fetch may go: anywhere that is named, anywhere but this machine, or public addresses only. */
export type Reach = 'named' | 'remote' | 'public';

/** True for an address that a fetch of this reach may connect to. */
export function mayConnect(address: string, reach: Reach): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return false;
  if (reach === 'named') return true;
  if (OWN.check(address, family)) return false;
  if (reach === 'public' && PRIVATE.check(address, family)) return false;
  const embedded = family === 'ipv6' ? embeddedAddress(address) : null;
  return embedded === null || mayConnect(embedded, reach);
}

/** The IPv4 address that a translated or tunnelled IPv6 address leads to (NAT64, 6to4, IPv4-compatible, IPv4-translated), or null. */
function embeddedAddress(address: string): string | null {
  const plain = address.replace(/%.*$/, '');
  const group = EMBEDDING.find(({ list }) => list.check(plain, 'ipv6'))?.group;
  if (group === undefined) return null;
  // As a URL's host it is written in one form: hexadecimal groups, the longest run of zeros left out.
  const [before = '', after] = new URL(`http://[${plain}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => part.split(':').filter((written) => written !== '');
  const [front, back] = [groups(before), groups(after ?? '')];
  const whole = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
  const bytes = whole.slice(group, group + 2).flatMap((written) => {
    const value = Number.parseInt(written, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join('.');
}

/** A resolver that gives only addresses the reach allows, so that what was checked is what is connected to. */
export function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 4);
        return;
      }
      const allowed = addresses.filter(({ address }) => mayConnect(address, reach));
      const [first] = allowed;
      if (first === undefined) {
        callback(Object.assign(new Error('the address is not allowed'), { code: 'EBLOCKED' }), '', 4);
      } else if (options.all === true) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
