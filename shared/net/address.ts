import ipaddr from 'ipaddr.js';

/**
 * What an address is to us. `forbidden`: link-local, metadata, multicast and what means "this host" or nobody.
 * `special`: reserved, or a tunnel whose far end cannot be told; dialled only where a setting names it.
 */
export type AddressClass = 'public' | 'private' | 'loopback' | 'special' | 'forbidden';

type Ip = ReturnType<typeof ipaddr.parse>;

/** Instance metadata and its neighbours at the clouds, also where they lie outside the link-local ranges. */
const metadata = [
  '100.100.100.200/32', // Alibaba
  '168.63.129.16/32', // Azure's wire server
  '192.0.0.192/32', // Oracle
  'fd00:ec2::/32', // AWS: metadata, time, resolver, container credentials
  'fd20:ce::/32', // Google
].map((range) => ipaddr.parseCIDR(range));

/** An address as the dialling system understands it: IPv4 in its IPv6 clothes (mapped, NAT64) comes out as IPv4. */
export function effective(ip: Ip): Ip {
  if (ip.kind() === 'ipv4') return ip;
  const v6 = ip as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  return v6.match(nat64) ? ipv4In(v6, 12) : v6;
}

const nat64 = ipaddr.parseCIDR('64:ff9b::/96') as [ipaddr.IPv6, number];
const globalUnicast = ipaddr.parseCIDR('2000::/3');
/** ::a.b.c.d, deprecated before it was of use. */
const compatible = ipaddr.parseCIDR('::/96');

const ipv4In = (ip: ipaddr.IPv6, from: number): ipaddr.IPv4 =>
  new ipaddr.IPv4(ip.toByteArray().slice(from, from + 4));

export function isWithin(ip: Ip, [network, bits]: [Ip, number]): boolean {
  return ip.kind() === network.kind() && ip.match(network, bits);
}

export function classify(address: Ip): AddressClass {
  const ip = effective(address);
  if (metadata.some((range) => isWithin(ip, range))) return 'forbidden';
  // A string, because the library's types lag behind its ranges.
  const range: string = ip.range();
  switch (range) {
    case 'unicast':
      if (ip.kind() === 'ipv4' || isWithin(ip, globalUnicast)) return 'public';
      return isWithin(ip, compatible) ? hidden(ipv4In(ip as ipaddr.IPv6, 12)) : 'special';
    case 'private':
    case 'carrierGradeNat':
    case 'uniqueLocal':
      return 'private';
    case 'loopback':
      return 'loopback';
    case 'linkLocal':
    case 'deprecatedSiteLocal':
    case 'unspecified':
    case 'broadcast':
    case 'multicast':
    case 'discard':
      return 'forbidden';
    case '6to4':
      return hidden(ipv4In(ip as ipaddr.IPv6, 2));
    default:
      return 'special';
  }
}

/** A tunnel is special at best, and never to be used where what it leads to is not. */
const hidden = (inner: ipaddr.IPv4): AddressClass => {
  const found = classify(inner);
  return found === 'forbidden' || found === 'loopback' ? 'forbidden' : 'special';
};
