import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one address: an IPv4 address, also when written as an IPv6 one (RFC 4291 §2.5.5.2), or the /64 of an
 * IPv6 address, since one household has all of it. Anything else stands for itself.
 */
export function addressGroup(address: string): string {
  const plain = address.split('%')[0]!.toLowerCase();
  if (!isIPv6(plain)) return plain;
  const embedded = plain.slice(plain.lastIndexOf(':') + 1);
  const groups = groupsOf(isIPv4(embedded) ? plain.replace(embedded, '0:0') : plain);
  if (isIPv4(embedded) && groups[5] === 'ffff') return embedded;
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [before = [], after] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(after ? 8 - before.length - after.length : 0).fill('0');
  return [...before, ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16).toString(16));
}
