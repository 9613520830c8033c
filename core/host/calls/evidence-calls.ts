import type { ServerStrip } from '../../contract/case-calls.ts';
import type { LogGap } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { CallTable } from '../call-scope.ts';

export const evidenceCalls = {
  'evidence/strip': ({ bins }, { store, session }) => stripsOf(store, session.gaps(), bins),
} satisfies Partial<CallTable>;

interface Counted {
  readonly server: string | null;
  readonly cluster: string | null;
  readonly bins: number[];
  from: number;
  to: number;
}

/** How much each API server wrote over the time of the case, by cluster and name. */
function stripsOf(store: CaseStore, gaps: readonly LogGap[], bins: number): ServerStrip[] {
  const counted = count(store, bins);
  return [...counted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { server, cluster, bins: counts, from, to }]) => {
      const own = gaps.filter((gap) => gap.server === server && gap.cluster === cluster);
      return {
        ...{ server, cluster, bins: counts },
        range: from <= to ? { from, to } : null,
        gaps: own.filter(({ kind }) => kind !== 'skew').map(withRange),
        skew: own.find(({ kind }) => kind === 'skew')?.aheadUs ?? null,
      };
    });
}

function count(store: CaseStore, bins: number): Map<string, Counted> {
  const index = store.index();
  const { columns } = index;
  const { time, reading } = columns;
  const [servers, clusters] = [index.texts('server'), index.texts('cluster')];
  const first = time.findIndex((value) => !Number.isNaN(value));
  const start = time[first] ?? 0;
  const step = Math.max(1, ((time[columns.count - 1] ?? start) - start + 1) / bins);
  const strips = new Map<string, Counted>();
  const byReading: (Counted | undefined)[] = [];
  for (let row = Math.max(0, first); row < columns.count; row++) {
    const id = reading[row] as number;
    const strip = byReading[id] ?? stripOf(servers.read(id), clusters.read(id));
    byReading[id] = strip;
    const at = time[row] as number;
    const bin = Math.min(bins - 1, Math.floor((at - start) / step));
    strip.bins[bin] = (strip.bins[bin] ?? 0) + 1;
    strip.from = Math.min(strip.from, at);
    strip.to = Math.max(strip.to, at);
  }
  return strips;

  function stripOf(server: string | null, cluster: string | null): Counted {
    const key = JSON.stringify([cluster, server]);
    const known = strips.get(key);
    const made: Counted = known ?? { server, cluster, bins: new Array(bins).fill(0), from: Infinity, to: -Infinity };
    strips.set(key, made);
    return made;
  }
}

function withRange(gap: LogGap) {
  const [from, to] = [parseTime(gap.from), parseTime(gap.to)];
  return { ...gap, range: from === null || to === null ? null : { from: Math.min(from, to), to: Math.max(from, to) } };
}
