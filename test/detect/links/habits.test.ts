import { expect, test } from 'vitest';
import { Habits } from '../../../core/detect/links/habits.ts';
import { networkOf } from '../../../core/detect/links/network.ts';
import type { StrandRow } from '../../../core/store/strand-reader.ts';

const DAY = 86_400_000_000;

const row = (user: string, address: string, fromDay: number, toDay: number, events = 50): StrandRow => ({
  cluster: null,
  user,
  address,
  first: fromDay * DAY,
  last: toDay * DAY,
  events,
  pairs: [],
});

const OFFICE = [row('ann', '10.1.0.4', 0, 10), row('bob', '10.1.0.5', 0, 10), row('cat', '10.1.7.6', 0, 10)];

test.each([
  ['10.1.2.3', '10.1.0.0/16'],
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:0db8:77::5', '2001:db8:77::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['not an address', 'not an address'],
])('%s counts to %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('an identity is foreign where it comes late from a network that is not its own', () => {
  const strange = row('ann', '203.0.113.77', 7, 7.1, 3);
  const habits = new Habits([...OFFICE, strange, row('ann', '10.1.200.9', 7, 7.2, 3)]);

  expect(habits.foreignness(strange)).toBe('until then it had acted from 10.1.0.0/16 only');
  expect(habits.foreignness({ cluster: null, user: 'ann', address: '10.1.200.9' })).toBeNull();
  expect(habits.foreignness(OFFICE[0] as StrandRow)).toBeNull();
});

test('somebody new is foreign only from a network in which nobody is at home', () => {
  const hired = row('dan', '10.1.0.9', 6, 10);
  const made = row('eve', '198.51.100.4', 6, 7);
  const habits = new Habits([...OFFICE, hired, made]);

  expect([habits.foreignness(hired), habits.foreignness(made)]).toEqual([null, expect.stringContaining('first seen')]);
});

test('an identity seen only a few times before says nothing about where it belongs', () => {
  const second = row('dan', '198.51.100.4', 6, 7);
  const habits = new Habits([...OFFICE, row('dan', '10.1.0.9', 0, 0.1, 2), second]);

  expect(habits.foreignness(second)).toBeNull();
});

test('where everybody changes networks, a change says nothing', () => {
  const wandering = Array.from({ length: 60 }, (_, index) => [
    row(`user-${index}`, `20.1.${index}.4`, 0, 4),
    row(`user-${index}`, `31.7.${index}.9`, 5, 9),
  ]).flat();
  const habits = new Habits([...OFFICE, ...wandering]);

  expect(wandering.map((strand) => habits.foreignness(strand)).filter((why) => why !== null)).toEqual([]);
});

test('an identity that acts from very many addresses is found at each of them', () => {
  const roaming = Array.from({ length: 3000 }, (_, at) => row('eve', `198.51.${at >> 8}.${at & 255}`, 0, 10));
  const habits = new Habits([...OFFICE, ...roaming]);

  expect(roaming.filter((one) => habits.row(one) !== one)).toEqual([]);
  expect(habits.row({ cluster: null, user: 'eve', address: '203.0.113.9' })).toBe(undefined);
});

test('a strand is found by all of its parts, and by whose address it shares', () => {
  const guest = row('dan', '10.1.0.4', 6, 10);
  const habits = new Habits([...OFFICE, guest]);

  expect([
    habits.row({ cluster: null, user: 'dan', address: '10.1.0.4' }),
    habits.row({ cluster: null, user: 'dan', address: '10.1.0.5' }),
    habits.row({ cluster: 'other', user: 'dan', address: '10.1.0.4' }),
    habits.atAddress({ cluster: null, address: '10.1.0.4' }),
  ]).toEqual([guest, undefined, undefined, [OFFICE[0], guest]]);
});
