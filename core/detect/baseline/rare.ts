import { type Cell, DAY_US } from './cells.ts';
import { cleanCount, type Judge, mostSeen } from './judge.ts';

/**
 * `rare`: terms whose share of all that the group's requests show (of its peers, where the baseline names some) is below the
 * threshold, over the whole case. Clean requests make the shares; every request of a rare term is told.
 */
export const judgeRare: Judge = (baseline, cells, prior) => {
  const counts = new Map<string, number>();
  const peersOf = new Map<string, Set<string>>();
  const allPeers = new Set<string>();
  const days = new Set<number>();
  let events = prior?.events ?? 0;
  for (const [term, seen] of prior?.terms[0] ?? []) counts.set(term, seen);
  for (const cell of cells) {
    const clean = cleanCount(cell);
    if (clean > 0) days.add(cell.bucket);
    events += clean;
    const peers = baseline.peers === null ? [] : (cell.parts.at(-1) ?? []);
    if (clean > 0) for (const peer of peers) allPeers.add(peer);
    for (const term of cell.parts[0] ?? []) {
      counts.set(term, (counts.get(term) ?? 0) + clean);
      const own = peersOf.get(term) ?? new Set<string>();
      peersOf.set(term, own);
      for (const peer of peers) own.add(peer);
    }
  }
  const seenDays = days.size + (prior?.days ?? 0);
  const isEnough = seenDays >= baseline.minimum.days && events >= baseline.minimum.events;
  if (!isEnough) return { reports: [], readyUs: null, days: seenDays, events };
  const shareOf = (term: string): number =>
    baseline.peers === null
      ? (counts.get(term) ?? 0) / Math.max(1, events)
      : (peersOf.get(term)?.size ?? 0) / Math.max(1, allPeers.size);
  const rare = [...counts.keys()].filter((term) => shareOf(term) < baseline.threshold).sort();
  const common = new Map([...counts].filter(([term]) => shareOf(term) >= baseline.threshold));
  const buckets = [...days].sort((a, b) => a - b);
  const learned = {
    fromUs: Math.min(prior?.fromUs ?? Number.POSITIVE_INFINITY, (buckets[0] ?? Number.POSITIVE_INFINITY) * DAY_US),
    toUs: buckets.length === 0 ? (prior?.toUs ?? 0) : ((buckets.at(-1) as number) + 1) * DAY_US,
    events,
    days: seenDays,
    known: common.size,
    values: mostSeen(common),
  };
  const cellsOf = cellsByTerm(cells, new Set(rare));
  const reports = rare.flatMap((term) => {
    const own = cellsOf.get(term) ?? [];
    const first = own[0];
    return first === undefined
      ? []
      : [{ group: first.group, cells: own, fresh: [[term]], learned, share: shareOf(term) }];
  });
  return { reports, readyUs: cells[0]?.first.timeUs ?? null, days: seenDays, events };
};

/** The cells that show each of some terms, in their order. */
function cellsByTerm(cells: readonly Cell[], terms: ReadonlySet<string>): ReadonlyMap<string, readonly Cell[]> {
  const found = new Map<string, Cell[]>();
  for (const cell of cells) {
    for (const term of new Set(cell.parts[0] ?? [])) {
      if (!terms.has(term)) continue;
      const own = found.get(term);
      if (own === undefined) found.set(term, [cell]);
      else own.push(cell);
    }
  }
  return found;
}
