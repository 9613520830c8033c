import type { AlertMark, Lane, Lanes } from '../contract/event-calls.ts';
import { LEVELS } from '../contract/rows.ts';
import type { LaneBy } from '../contract/scope.ts';
import type { EventIndex } from '../store/event-index.ts';
import { type AlertProof, alertsByBin } from './alert-proofs.ts';
import { type Bins, binAt } from './charts.ts';
import { compareNames, countKeys, type GroupBy, type Groups, groupsOf } from './groups.ts';
import type { RowMask } from './row-mask.ts';

const LANE_GROUPS: Readonly<Record<LaneBy, GroupBy>> = {
  identity: 'identity',
  namespace: 'namespace',
  object: 'object',
  address: 'address',
};

/** Events of the mask on lanes, those with alerts first, then by count; alerts are clustered by bin. */
export function lanesOf(
  index: EventIndex,
  mask: RowMask,
  bins: Bins,
  options: { readonly by: LaneBy; readonly limit: number },
  proofs: readonly AlertProof[],
  condition: (by: LaneBy, name: string | null) => string,
): Lanes {
  const groups = groupsOf(index, LANE_GROUPS[options.by]);
  const inRange = withinBins(index, mask, bins);
  const totals = countKeys(groups, inRange);
  const byLane = proofsByLane(groups, inRange, proofs);
  const order = [...totals.keys()]
    .filter((key) => (totals[key] as number) > 0)
    .map((key) => ({ key, level: highest(byLane.get(key)), events: totals[key] as number }))
    .sort(
      (a, b) =>
        b.level - a.level ||
        b.events - a.events ||
        compareNames(groups.names[a.key] ?? null, groups.names[b.key] ?? null),
    );
  const shown = order.slice(0, options.limit);
  const cells = countCells(index, inRange, bins, groups, new Map(shown.map(({ key }, at) => [key, at])));
  const lanes = shown.map(({ key, events }, at): Lane => {
    const name = groups.names[key] ?? null;
    const slice = (counts: Uint32Array) => [...counts.subarray(at * bins.count, (at + 1) * bins.count)];
    return {
      name,
      events,
      condition: condition(options.by, name),
      bins: slice(cells.all),
      denied: slice(cells.denied),
      marks: alertsByBin(byLane.get(key) ?? [], inRange, bins, index.columns.time).map(toMark),
    };
  });
  const hidden = order.slice(options.limit);
  return {
    range: { from: bins.from, to: bins.to },
    step: bins.step,
    lanes,
    hidden: hidden.length,
    hiddenEvents: hidden.reduce((sum, { events }) => sum + events, 0),
  };
}

const toMark = ({ bin, alerts, level, id, from, to }: ReturnType<typeof alertsByBin>[number]): AlertMark => ({
  ...{ bin, level, alerts, from, to },
  id: alerts === 1 ? id : null,
});

const highest = (proofs: readonly AlertProof[] | undefined): number =>
  (proofs ?? []).reduce((most, { level }) => Math.max(most, LEVELS.indexOf(level)), -1);

function withinBins({ columns: { time } }: EventIndex, mask: RowMask, bins: Bins): RowMask {
  return mask.map((value, row) => (value === 1 && binAt(bins, time[row] as number) >= 0 ? 1 : 0));
}

/** An alert belongs to the lane of its first event that is selected. */
function proofsByLane(
  { ids, keyOf }: Groups,
  mask: RowMask,
  proofs: readonly AlertProof[],
): ReadonlyMap<number, AlertProof[]> {
  const lanes = new Map<number, AlertProof[]>();
  for (const proof of proofs) {
    const row = proof.rows.find((candidate) => mask[candidate] === 1);
    if (row === undefined) continue;
    const key = keyOf[ids[row] as number] as number;
    lanes.set(key, [...(lanes.get(key) ?? []), proof]);
  }
  return lanes;
}

function countCells(
  index: EventIndex,
  mask: RowMask,
  bins: Bins,
  { ids, keyOf, names }: Groups,
  lanes: ReadonlyMap<number, number>,
): { all: Uint32Array; denied: Uint32Array } {
  const { time } = index.columns;
  const laneOf = new Int32Array(names.length).fill(-1);
  for (const [key, at] of lanes) laneOf[key] = at;
  const codes = index.codes();
  const isDenied = Uint8Array.from({ length: codes.last + 1 }, (_, id) => ((codes.read(id) ?? 0) >= 400 ? 1 : 0));
  const all = new Uint32Array(lanes.size * bins.count);
  const denied = new Uint32Array(lanes.size * bins.count);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    const lane = laneOf[keyOf[ids[row] as number] as number] as number;
    if (lane < 0) continue;
    const at = lane * bins.count + binAt(bins, time[row] as number);
    all[at] = (all[at] as number) + 1;
    denied[at] = (denied[at] as number) + (isDenied[codes.ids[row] as number] as number);
  }
  return { all, denied };
}
