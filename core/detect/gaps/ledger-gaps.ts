import type { Evidence, LogGap } from '../../contract/rows.ts';

/** The ledger with what was found missing beside each line that it is about. */
export function withGaps(ledger: readonly Evidence[], gaps: readonly LogGap[]): Evidence[] {
  return ledger.map((line) => {
    const own = gaps.filter(({ paths }) => paths.includes(line.path));
    const timed = own.filter(isTimed).map(({ from, to, reason }) => ({ from, to, reason }));
    const others = own.filter((gap) => !isTimed(gap)).map(({ reason }) => reason);
    return { ...line, gaps: [...line.gaps, ...timed], warnings: [...line.warnings, ...others] };
  });
}

/** Whether something is missing in a time; else it is the records that do not fit together. */
const isTimed = ({ kind, from, to }: LogGap): boolean =>
  kind !== 'clock' && kind !== 'conflict' && from !== '' && to !== '';
