import { eventTimeUs, type SigmaOptions } from '../../sigma/sigma.ts';
import { Cells, type Proof } from './cells.ts';
import type { Report } from './judge.ts';
import { judgeBaseline } from './judge-baseline.ts';
import type { LinkedBaseline } from './link-baselines.ts';
import { baselineMapper } from './observe.ts';

/** What baselines report of loose events, one request each; each report's proofs name them by their indexes from 1 on. */
export function tryBaselines(
  baselines: readonly LinkedBaseline[],
  events: readonly unknown[],
  options: Pick<SigmaOptions, 'aliases' | 'resolver'>,
): readonly { readonly linked: LinkedBaseline; readonly episodes: readonly (readonly Report[])[] }[] {
  const compare = (a: Proof, b: Proof) => a.timeUs - b.timeUs || a.event - b.event;
  const toItems = baselineMapper(baselines, options, true);
  const rules = new Set(baselines.flatMap((one) => one.rules));
  const cells = baselines.map(({ baseline }) => new Cells(baseline, compare));
  let endUs = Number.NEGATIVE_INFINITY;
  for (const [index, event] of events.entries()) {
    const timeUs = eventTimeUs(event);
    if (timeUs === null) continue;
    endUs = Math.max(endUs, timeUs);
    const met = [...rules].filter((rule) => rule.matches(event));
    for (const item of toItems(event, met))
      cells[item.baseline]?.add(null, item, { timeUs, event: index + 1, count: 1, excluded: 0 });
  }
  return baselines.map((linked, index) => {
    const input = { priors: new Map(), endUs, compare };
    return { linked, episodes: judgeBaseline(linked.baseline, cells[index] as Cells, input).episodes };
  });
}
