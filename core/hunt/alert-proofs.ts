import type { Level } from '../contract/rows.ts';
import { LEVELS } from '../contract/rows.ts';
import { type Bins, binAt } from './charts.ts';
import type { RowMask } from './row-mask.ts';

/** An alert with the rows of the events that prove it, in order. */
export interface AlertProof {
  readonly id: number;
  readonly level: Level;
  readonly rows: readonly number[];
}

/** Alerts that fall together in one bin. */
export interface BinnedAlerts {
  readonly bin: number;
  readonly alerts: number;
  readonly level: Level;
  /** Of the first of them. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** Alerts by bin: each stands at its first event that is selected and within the bins. */
export function alertsByBin(
  proofs: readonly AlertProof[],
  mask: RowMask,
  bins: Bins,
  time: Float64Array,
): BinnedAlerts[] {
  const found = new Map<number, BinnedAlerts>();
  for (const proof of proofs) {
    const row = proof.rows.find((candidate) => mask[candidate] === 1 && binAt(bins, time[candidate] as number) >= 0);
    if (row === undefined) continue;
    const at = time[row] as number;
    const bin = binAt(bins, at);
    found.set(bin, joined(found.get(bin), { bin, alerts: 1, level: proof.level, id: proof.id, from: at, to: at }));
  }
  return [...found.values()].sort((a, b) => a.bin - b.bin);
}

function joined(before: BinnedAlerts | undefined, one: BinnedAlerts): BinnedAlerts {
  if (before === undefined) return one;
  const isHigher = LEVELS.indexOf(one.level) > LEVELS.indexOf(before.level);
  return {
    ...before,
    alerts: before.alerts + 1,
    level: isHigher ? one.level : before.level,
    from: Math.min(before.from, one.from),
    to: Math.max(before.to, one.to),
  };
}
