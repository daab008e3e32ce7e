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
  ['fd00:ec2::254', 128],
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
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** How far a fetch may go: anywhere that is named, anywhere but this machine, or public addresses only. */
export type Reach = 'named' | 'remote' | 'public';

/** True for an address that a fetch of this reach may connect to. */
export function mayConnect(address: string, reach: Reach): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return false;
  if (reach === 'named') return true;
  if (OWN.check(address, family)) return false;
  return reach === 'remote' || !PRIVATE.check(address, family);
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
