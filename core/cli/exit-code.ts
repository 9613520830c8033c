import type { Fault } from '../contract/fault.ts';

/** What a command's end tells a script (reference of the command line). */
export const EXIT = { done: 0, failed: 1, usage: 2, alertStands: 3, differs: 4, cancelled: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed; the case is unchanged',
  2: 'wrong usage',
  3: 'done, but an alert at or above --fail-on stands',
  4: 'a verification found a difference',
  130: 'cancelled; the case is as before',
};

export function exitCodeOf(fault: Fault): ExitCode {
  switch (fault.code) {
    case 'cancelled':
      return EXIT.cancelled;
    case 'usage':
    case 'query/invalid':
    case 'alert/reason-missing':
      return EXIT.usage;
    default:
      return EXIT.failed;
  }
}
