import { expect, test } from 'vitest';
import { type Draft, tellAll } from '../../core/detect/finish.ts';
import { LikelyShown } from '../../core/detect/likely-shown.ts';

const SCOPE = { actor: 'eve', namespace: 'shop', object: 'secrets/a', outcome: 'succeeded' };

test('of one rule, identity and object the first ten events are told of at once', () => {
  const shown = new LikelyShown();
  const answers = Array.from({ length: 12 }, () => shown.holds([3], SCOPE));
  expect(answers.filter(Boolean)).toHaveLength(10);
  expect(answers.lastIndexOf(true)).toBe(9);
  expect(shown.holds([3], { ...SCOPE, outcome: 'failed' })).toBe(true);
  expect(shown.holds([3], { ...SCOPE, actor: 'bob' })).toBe(true);
  expect(shown.holds([3, 4], SCOPE)).toBe(true);
});

test('of many objects of one namespace a hundred events are told of', () => {
  const shown = new LikelyShown();
  const told = Array.from({ length: 500 }, (_, at) => shown.holds([3], { ...SCOPE, object: `secrets/${at}` }));
  expect(told.filter(Boolean)).toHaveLength(100);
});

test('events of all alerts are read once each, in the order in which they are kept', () => {
  const eventOf = (id: number) => ({ id, rules: [0], fields: { auditID: `audit ${id}` } }) as unknown as Draft['best'];
  const draftOf = (...ids: readonly number[]): Draft => ({
    finding: { count: 1 } as Draft['finding'],
    ...{ index: 0, explanation: undefined, matched: [], best: eventOf(ids[0] as number), first: ids.map(eventOf) },
  });
  const read: number[] = [];
  const findings = tellAll([draftOf(9, 4), draftOf(7), draftOf(4, 1)], ({ id }) => {
    read.push(id);
    return { summary: `did ${id}`, matched: { 0: [{ field: 'verb', value: id }] } };
  });
  expect(read).toEqual([1, 4, 7, 9]);
  expect(findings.map(({ summary }) => summary)).toEqual(['did 9', 'did 7', 'did 4']);
  expect(findings.map(({ matched }) => matched.map(({ auditID, value }) => [auditID, value]))).toEqual([
    [
      ['audit 9', 9],
      ['audit 4', 4],
    ],
    [['audit 7', 7]],
    [
      ['audit 4', 4],
      ['audit 1', 1],
    ],
  ]);
});
