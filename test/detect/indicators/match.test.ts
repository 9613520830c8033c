import { expect, test } from 'vitest';
import { indicatorOf } from '../../../core/detect/indicators/kind-of.ts';
import { IndicatorIndex } from '../../../core/detect/indicators/match.ts';

const index = new IndicatorIndex();
const given = [
  ['address', '203.0.113.7'],
  ['address', '2001:db8::1'],
  ['network', '198.51.100.0/24'],
  ['network', '2001:db8:1::/48'],
  ['agent', 'curl/*'],
  ['agent', '*evil*tool*'],
  ['user', 'Mallory'],
  ['image', 'docker.io/library/evil'],
  ['image', 'quay.io/bad/*:1'],
  ['digest', 'c'.repeat(64)],
] as const;
for (const [kind, value] of given) {
  const indicator = indicatorOf(kind, value);
  if (indicator !== null) index.add({ ...indicator, list: 1 });
}

test.each([
  ['address', '203.0.113.7', ['203.0.113.7']],
  ['address', '203.0.113.70', []],
  ['address', '2001:DB8:0::1', ['2001:db8::1']],
  ['address', '198.51.100.255', ['198.51.100.0/24']],
  ['address', '2001:db8:1:ffff::9', ['2001:db8:1::/48']],
  ['address', 'no address', []],
  ['agent', 'curl/8.5.0', ['curl/*']],
  ['agent', 'libcurl/8.5.0', []],
  ['agent', 'an EVIL tool here', ['*evil*tool*']],
  ['agent', 'tool evil', []],
  ['user', 'mallory', ['Mallory']],
  ['image', 'evil:1.2', ['docker.io/library/evil']],
  ['image', 'docker.io/evil@sha256:0', ['docker.io/library/evil']],
  ['image', 'other/evil', []],
  ['image', 'quay.io/bad/x:1', ['quay.io/bad/*:1']],
  ['image', `ghcr.io/x@sha256:${'C'.repeat(64)}`, ['c'.repeat(64)]],
] as const)('%s %s meets %j', (kind, text, met) => {
  const plain = (value: string) => value.replace('docker.io/library/', '');

  expect(index[kind](text).map(({ value }) => plain(value))).toEqual(met.map(plain));
});
