import { expect, test } from 'vitest';
import { progressTeller } from '../../core/cli/progress.ts';
import type { Progress } from '../../core/contract/rows.ts';

const report: Progress = {
  phase: 'reading',
  bytes: 61_000_000,
  totalBytes: 100_000_000,
  events: 88_614,
  eventsPerSecond: 121_000.4,
  secondsLeft: 3,
  file: 'a\u202e.log',
};

function tell(isTTY: boolean, isQuiet: boolean, times: readonly number[]): string[] {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) };
  const teller = progressTeller(stream, isQuiet, () => now);
  for (now of times) teller.report(report);
  teller.clear();
  return written;
}

test('a terminal gets a bar, ten times a second at most, that is taken away at the end', () => {
  const bar =
    'reading [############--------] 61 %  61.0 MB of 100.0 MB  88,614 events  121,000/s  3.0 s left  a\\u202e.log';

  expect(tell(true, false, [0, 50, 150])).toEqual([`\r${bar}\x1b[K`, `\r${bar}\x1b[K`, '\r\x1b[K']);
});

test('elsewhere a plain line comes every five seconds', () => {
  const line = 'reading: 61.0 MB of 100.0 MB, 88,614 events, 121,000/s, 3.0 s left, a\\u202e.log\n';

  expect(tell(false, false, [0, 4999, 5000, 9000, 10_000])).toEqual([line, line]);
});

test('quiet is quiet', () => {
  expect(tell(true, true, [0, 10_000])).toEqual([]);
});
