/** Where an address lies, judged by its text alone. */
export type AddressScope = 'loopback' | 'private' | 'public';

/**
 * `loopback`; `private` (RFC 1918, shared 100.64.0.0/10, link-local, unique local); `public` (everything else).
 * Undefined for a text that is no address.
 */
export function scopeOf(address: string): AddressScope | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const four = octetsOf(mapped ?? address);
  if (four !== undefined) return scopeOfFour(four);
  return address.includes(':') && /^[0-9a-f:.]+(%[\w.-]+)?$/i.test(address)
    ? scopeOfSix(address.toLowerCase())
    : undefined;
}

function octetsOf(address: string): readonly number[] | undefined {
  const parts = address.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isAddress ? parts.map(Number) : undefined;
}

function scopeOfFour([first = 0, second = 0]: readonly number[]): AddressScope {
  if (first === 127) return 'loopback';
  if (first === 10 || (first === 192 && second === 168) || (first === 169 && second === 254)) return 'private';
  if ((first === 172 && second >= 16 && second < 32) || (first === 100 && second >= 64 && second < 128))
    return 'private';
  return 'public';
}

function scopeOfSix(address: string): AddressScope {
  if (address === '::1') return 'loopback';
  return /^(f[cd]|fe[89ab])/.test(address) ? 'private' : 'public';
}

/**
 * The network that an address lies in, as wide as one place usually is: /24 of a public IPv4 address, /16 of a private one (pods
 * and offices move about within it), /48 of IPv6. Undefined for a text that is no address.
 */
export function networkOf(address: string): string | undefined {
  const scope = scopeOf(address);
  if (scope === undefined || scope === 'loopback') return scope && 'loopback';
  const four = octetsOf(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address);
  if (four !== undefined) {
    const kept = scope === 'private' ? 2 : 3;
    return `${[...four.slice(0, kept), 0, 0].slice(0, 4).join('.')}/${kept * 8}`;
  }
  return `${firstGroups(address.toLowerCase()).join(':')}::/48`;
}

/** The first three groups of an IPv6 address, without leading zeros. */
function firstGroups(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return [0, 1, 2].map((index) => (groups[index] ?? '0').replace(/^0+(?=.)/, ''));
}

/** Ranges wider than these let strangers in. */
const WIDEST = { four: 16, six: 32 };

/** Whether a range such as `0.0.0.0/0` covers more addresses than one organisation has, private ranges excepted. */
export function isWideRange(range: string): boolean {
  const [address = '', bits = ''] = range.trim().split('/');
  const isSix = address.includes(':');
  const prefix = bits === '' ? (isSix ? 128 : 32) : Number(bits);
  if (!Number.isInteger(prefix)) return true;
  if (prefix > 0 && scopeOf(address) === 'private') return prefix < (isSix ? 7 : 8);
  return prefix < (isSix ? WIDEST.six : WIDEST.four);
}
