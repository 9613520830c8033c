/** An IP network: its family, its first address as a number, and how many bits are fixed. */
export interface Network {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** An address in any spelling, or null for text that is none (Sigma modifiers, section IP Modifiers). */
export function parseAddress(text: string): Address | null {
  if (text.length > 45) return null;
  if (text.includes(':')) return parseVersion6(text);
  const value = parseVersion4(text);
  return value === null ? null : { family: 4, value };
}

/** A network in CIDR notation; a lone address is a network of one. Text with bits set beyond the prefix is none. */
export function parseNetwork(text: string): Network | null {
  const [before = '', after, ...more] = text.split('/');
  const address = parseAddress(before);
  if (!address || more.length > 0) return null;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = after === undefined ? bits : /^\d{1,3}$/.test(after) ? Number(after) : bits + 1;
  if (prefix > bits || address.value !== mask(address.value, bits - prefix)) return null;
  return { family: address.family, address: address.value, prefix };
}

/** The network meant by text whose host bits are set, for a suggestion. */
export function networkAround(text: string): string | null {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(text);
  const value = parseVersion4(match?.[1] ?? '');
  const prefix = Number(match?.[2] ?? 33);
  if (value === null || prefix > 32) return null;
  const first = mask(value, 32 - prefix);
  return `${[24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n).join('.')}/${prefix}`;
}

/** A test whether text is an address inside the network. Families are kept apart. */
export function networkTest(network: Network): (text: string) => boolean {
  const hostBits = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
  const first = network.address >> hostBits;
  return (text) => {
    const address = parseAddress(text);
    return address !== null && address.family === network.family && address.value >> hostBits === first;
  };
}

function mask(value: bigint, hostBits: number): bigint {
  return (value >> BigInt(hostBits)) << BigInt(hostBits);
}

function parseVersion4(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4) return null;
  let value = 0;
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return null;
    value = value * 256 + Number(octet);
  }
  return BigInt(value);
}

function parseVersion6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = groupsOf(halves[1] ?? '', true);
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return { family: 6, value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) };
}

/** The 16-bit groups of a part; its last may be an IPv4 address, which is two. */
function groupsOf(text: string, mayEndInVersion4: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1 && mayEndInVersion4 && part.includes('.') ? parseVersion4(part) : null;
    if (last !== null) groups.push(Number(last >> 16n), Number(last & 0xffffn));
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
