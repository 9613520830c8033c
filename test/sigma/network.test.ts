import { expect, test } from 'vitest';
import { networkTest, parseAddress, parseNetwork } from '../../core/sigma/network.ts';

const lies = (network: string, address: string) => {
  const parsed = parseNetwork(network);
  return parsed !== null && networkTest(parsed)(address);
};

test.each([
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '01.2.3.4',
  ' 1.2.3.4',
  '1.2.3.4:443',
  ':::',
  '1::2::3',
  '12345::',
  'fe80::1%eth0',
  '::1.2.3',
  '',
])('`%s` is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test.each([
  ['::', 0n],
  ['::1', 1n],
  ['1::', 1n << 112n],
  ['::ffff:1.2.3.4', (0xffffn << 32n) | 0x01020304n],
  ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n],
])('%s is read', (text, value) => {
  expect(parseAddress(text)).toEqual({ family: 6, value });
});

test.each(['10.0.0.0/33', '10.0.0.1/8', '10.*', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', 'x/8'])(
  '`%s` is no network',
  (text) => {
    expect(parseNetwork(text)).toBeNull();
  },
);

test('families are kept apart', () => {
  expect(lies('0.0.0.0/0', '::1')).toBe(false);
  expect(lies('::/0', '1.2.3.4')).toBe(false);
  expect(lies('::ffff:0:0/96', '1.2.3.4')).toBe(false);
  expect(lies('::ffff:0:0/96', '::FFFF:1.2.3.4')).toBe(true);
});

test('a lone address is a network of one', () => {
  expect(lies('10.1.2.3', '10.1.2.3')).toBe(true);
  expect(lies('10.1.2.3', '10.1.2.4')).toBe(false);
});
