import type { IndicatorKind } from '../../contract/rows.ts';
import type { Indicator } from './indicator.ts';
import { addressOrNetwork, indicatorOf, refang } from './kind-of.ts';

/** Types of attributes as MISP and feeds name them; which part of a value with `|` counts. */
const TYPES: Readonly<Record<string, readonly (readonly [kind: IndicatorKind, part: number])[]>> = {
  'ip-src': [['address', 0]],
  'ip-dst': [['address', 0]],
  'ip-src|port': [['address', 0]],
  'ip-dst|port': [['address', 0]],
  'domain|ip': [['address', 1]],
  ip: [['address', 0]],
  ipv4: [['address', 0]],
  ipv6: [['address', 0]],
  'ipv4-addr': [['address', 0]],
  'ipv6-addr': [['address', 0]],
  address: [['address', 0]],
  network: [['network', 0]],
  cidr: [['network', 0]],
  netblock: [['network', 0]],
  'user-agent': [['agent', 0]],
  agent: [['agent', 0]],
  sha256: [['digest', 0]],
  'sha-256': [['digest', 0]],
  'filename|sha256': [['digest', 1]],
  digest: [['digest', 0]],
  image: [['image', 0]],
  'container-image': [['image', 0]],
  'target-user': [['user', 0]],
  username: [['user', 0]],
  user: [['user', 0]],
};

/** What an attribute of that type stands for; nothing where an audit log cannot show it. */
export function mispIndicators(type: string, value: string, note: string, until: string | null = null): Indicator[] {
  const parts = value.split('|');
  return (TYPES[type] ?? []).flatMap(([kind, part]) => {
    const text = refang((type.includes('|') ? parts[part] : value) ?? '').trim();
    const actual = kind === 'address' || kind === 'network' ? addressOrNetwork(text) : kind;
    return indicatorOf(actual, text, { note, until }) ?? [];
  });
}
