import type { Evidence, LogGap } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import type { ConflictGlance } from '../../store/conflicts.ts';
import type { Observation } from '../../store/observation.ts';
import type { Rhythm } from '../../store/rhythm.ts';
import type { ClockSkew } from '../../store/skew.ts';
import { lengthText } from './length.ts';
import { rotationGaps } from './rotations.ts';
import { silences } from './silence.ts';
import { stageGaps } from './stages.ts';

export interface GapInput {
  readonly ledger: readonly Evidence[];
  readonly rhythm: Rhythm;
  readonly observed: Observation;
  readonly conflicts: ConflictGlance;
  readonly skews: readonly ClockSkew[];
}

/** What is missing in the evidence or does not fit together, in the order of time. A function of the evidence alone. */
export function gapsOf({ ledger, rhythm, observed, conflicts, skews }: GapInput): LogGap[] {
  const found = [
    ...silences(rhythm, ledger),
    ...rotationGaps(ledger),
    ...clockGaps(rhythm, ledger),
    ...skewGaps(skews, ledger),
    ...stageGaps(observed, ledger),
    ...conflictGaps(conflicts),
  ];
  const key = (gap: LogGap) =>
    JSON.stringify([gap.from, gap.to, gap.kind, gap.cluster, gap.server, gap.reason, gap.paths]);
  return found
    .map((gap) => [key(gap), gap] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, gap]) => gap);
}

function clockGaps({ timeSteps }: Rhythm, ledger: readonly Evidence[]): LogGap[] {
  return timeSteps.flatMap(({ evidence, from, to, steps }): LogGap[] => {
    const member = ledger.find(({ id }) => id === evidence);
    if (member === undefined) return [];
    const { server, cluster, path } = member;
    const back = `times go back by ${lengthText(from - to)} where the record after follows the one before`;
    const reason =
      steps === undefined
        ? `${back}: the clock was set back, or parts of the log were put together in another order`
        : 'times go back again and again: its records are not in the order in which an API server writes them';
    return [{ kind: 'clock', from: formatTime(to), to: formatTime(from), reason, server, cluster, paths: [path] }];
  });
}

const SECOND_US = 1_000_000;

/** Times are told as they stand, never put right. */
function skewGaps(skews: readonly ClockSkew[], ledger: readonly Evidence[]): LogGap[] {
  return skews.map(({ server, cluster, other, aheadUs, objects }) => {
    const own = ledger.filter((line) => line.server === server && line.cluster === cluster && line.format !== null);
    const way = `about ${lengthText(Math.round(Math.abs(aheadUs) / SECOND_US) * SECOND_US)} ${aheadUs > 0 ? 'ahead of' : 'behind'}`;
    const reason = `the clock of API server ${server} seems to be ${way} that of ${other}: their requests on ${objects} objects meet at that distance; times are shown as they stand`;
    const times = own.flatMap(({ firstTime, lastTime }) => [firstTime ?? [], lastTime ?? []].flat()).sort();
    const paths = own.map(({ path }) => path).sort();
    return { kind: 'skew', from: times[0] ?? '', to: times.at(-1) ?? '', reason, server, cluster, paths, aheadUs };
  });
}

function conflictGaps({ count, auditIDs, paths }: ConflictGlance): LogGap[] {
  if (count === 0) return [];
  const pairs = count === 1 ? 'One pair of events has' : `${count} pairs of events have`;
  const reason = `${pairs} the same id, stage and time, and contradict each other: ${auditIDs.join(', ')}`;
  return [{ kind: 'conflict', from: '', to: '', reason, server: null, cluster: null, paths }];
}
