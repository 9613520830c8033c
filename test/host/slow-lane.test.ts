import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CALLS } from '../../core/host/call-table.ts';
import { SlowLane } from '../../core/host/slow-lane.ts';

const { signal } = new AbortController();

test('slow calls start in the order in which they came, and quick ones go first', async () => {
  const lane = new SlowLane();
  const started: string[] = [];
  const slow = ['first', 'second', 'third'].map((name) => lane.run(async () => void started.push(name), signal));
  const quick = nextTurn().then(() => started.push('quick'));
  await Promise.all([...slow, quick]);
  expect(started).toEqual(['quick', 'first', 'second', 'third']);
});

test('a call that was cancelled while it waited never starts, and those behind it do', async () => {
  const lane = new SlowLane();
  const started: string[] = [];
  const given = new AbortController();
  const outcomes = Promise.allSettled([
    lane.run(async () => void started.push('first'), signal),
    lane.run(async () => void started.push('given up'), given.signal),
    lane.run(async () => void started.push('last'), signal),
  ]);
  given.abort(new Error('nobody looks any more'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(started).toEqual(['first', 'last']);
});

test('a call that fails does not hold up the next, and its fault is its own', async () => {
  const lane = new SlowLane();
  const failing = lane.run(async () => {
    throw new Error('the columns cannot be read');
  }, signal);
  const next = lane.run(async () => 'answered', signal);
  await expect(failing).rejects.toThrow('the columns cannot be read');
  expect(await next).toBe('answered');
});

test('a slow call that takes long does not hold up the start of the next', async () => {
  const lane = new SlowLane();
  const { promise, resolve } = Promise.withResolvers<string>();
  const long = lane.run(() => promise, signal);
  expect(await lane.run(async () => 'answered', signal)).toBe('answered');
  resolve('at last');
  expect(await long).toBe('at last');
});

test('rows are never among the slow calls', () => {
  const slow = Object.keys(CALLS).filter((name) => SlowLane.holds(name as keyof typeof CALLS));
  expect(slow).toContain('hunt/facets');
  expect(slow.filter((name) => name.endsWith('/page'))).toEqual([]);
});
