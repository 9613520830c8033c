import { expect, test } from 'vitest';
import { condition, quoted, withCondition } from '../../renderer/words/condition.ts';
import { chosenValues, conjuncts, toggled, without } from '../../renderer/words/conjuncts.ts';
import { objectText, shortUser } from '../../renderer/words/identity.ts';
import { count, counted, megabytes, middle, shortHash } from '../../renderer/words/number.ts';
import { duration, microseconds, range, rfc3339, wholeTime } from '../../renderer/words/time.ts';

test('times keep their microseconds from text to text', () => {
  const text = '2026-03-09T01:38:15.038417Z';

  expect(rfc3339(microseconds(text))).toBe(text);
  expect(wholeTime(microseconds(text))).toBe('9 Mar 2026 01:38:15.038417 UTC');
  expect(microseconds('2026-03-09T03:38:15.5+02:00')).toBe(microseconds('2026-03-09T01:38:15.500Z'));
});

test('a range says its day twice only where it changes, and seconds only where it is short', () => {
  const at = (text: string) => microseconds(`2026-03-${text}Z`);

  expect(range(at('09T01:00:00'), at('09T02:30:00'))).toBe('9 Mar 01:00 – 02:30');
  expect(range(at('02T00:00:00'), at('12T00:00:00'))).toBe('2 Mar 00:00 – 12 Mar 00:00');
  expect(range(at('09T01:00:00'), at('09T01:00:41'))).toBe('9 Mar 01:00:00 – 01:00:41');
});

test.each([
  [41_000_000, '41 s'],
  [130_000_000, '2 min 10 s'],
  [5_400_000_000, '1 h 30 min'],
  [864_000_000_000, '10 days'],
  [1_500, '2 ms'],
  [3_599_999_999, '60 min'],
])('%d microseconds last %s', (us, text) => {
  expect(duration(us)).toBe(text);
});

test('numbers are never rounded, sizes are in megabytes to one place', () => {
  expect([count(312408), counted(1, 'alert'), counted(36, 'alert'), megabytes(421_900_000), megabytes(99_999)]).toEqual(
    ['312,408', '1 alert', '36 alerts', '421.9 MB', '99,999 bytes'],
  );
  expect([shortHash('9f3c51d0b8e24a7716c3e1a7'), middle('abcdefghij', 5)]).toEqual(['9f3c…e1a7', 'ab…ij']);
});

test('identities and objects are named shortly', () => {
  expect(shortUser('system:serviceaccount:ci:deployer')).toBe('ci:deployer');
  expect(objectText({ resource: 'pods', subresource: 'exec', namespace: 'ci', name: 'a' })).toBe('ci · pods/a/exec');
  expect(objectText({ resource: null, namespace: null, name: null })).toBe('');
});

test('a value that a query would read otherwise is put in quotes', () => {
  expect([quoted('create'), quoted('and'), quoted('a b'), quoted('a*'), quoted('say "x"\\'), quoted('1..2')]).toEqual([
    'create',
    '"and"',
    '"a b"',
    '"a*"',
    '"say \\"x\\"\\\\"',
    '"1..2"',
  ]);
  expect(condition('namespace', null)).toBe('not namespace:*');
});

test('a condition that is added keeps what an or joined together', () => {
  expect(withCondition('verb:get or verb:list', 'ns:ci')).toBe('(verb:get or verb:list) and ns:ci');
  expect(withCondition('verb:get', 'ns:ci', true)).toBe('verb:get and not ns:ci');
  expect(withCondition('', 'not ns:*', true)).toBe('ns:*');
});

test('a query is cut at the ands at its top only', () => {
  expect(conjuncts('verb:(get and x) and name:"a and b" and ns:ci')).toEqual([
    'verb:(get and x)',
    'name:"a and b"',
    'ns:ci',
  ]);
  expect(conjuncts('verb:get or ns:ci')).toBeNull();
  expect(conjuncts('')).toEqual([]);
});

test('choosing two values of a field asks for either, choosing again takes one out', () => {
  const one = toggled('ns:ci', 'verb', 'verb:get');
  const two = toggled(one, 'verb', 'verb:list');

  expect([one, two]).toEqual(['ns:ci and verb:get', 'ns:ci and verb:(get or list)']);
  expect(chosenValues(two, 'verb')).toEqual(['get', 'list']);
  expect(toggled(two, 'verb', 'verb:get')).toBe('ns:ci and verb:list');
  expect(without(two, 'verb')).toBe('ns:ci');
  expect(toggled('not ns:*', 'ns', 'not ns:*')).toBe('');
});
