import { scopeOf } from '../../event/network-address.ts';

/**
 * The network that an address counts to when habits are compared: what one site or one cluster has for itself. `/16` of
 * private IPv4 addresses (pods and desks move inside it), `/24` of public ones, `/48` of IPv6.
 */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (address.includes(':') && !address.includes('.')) return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
  const parts = address.replace(/^::ffff:/i, '').split('.');
  if (parts.length !== 4) return address;
  return scopeOf(address) === 'public'
    ? `${parts.slice(0, 3).join('.')}.0/24`
    : `${parts.slice(0, 2).join('.')}.0.0/16`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<string>(gap).fill('0'), ...back].map((group) => group.replace(/^0+(?=.)/, ''));
}
