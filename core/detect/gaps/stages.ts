import type { Evidence, LogGap } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import { type Observation, type ObservedKind, STRETCHES } from '../../store/observation.ts';
import { sum, thinned } from '../coverage/losses.ts';

/** Requests that last as long as their client likes: their last stage may come after the end of the log. */
const LASTING = new Set(['exec', 'attach', 'portforward', 'proxy', 'log']);
const isLasting = ({ verb, subresource }: ObservedKind): boolean => verb === 'watch' || LASTING.has(subresource ?? '');

/**
 * Runs in which requests have a first stage and no last one, or the other way round, though they come in pairs otherwise: events
 * that were dropped on their way, taken out, or an audit policy that was changed.
 */
export function stageGaps({ kinds, span }: Observation, ledger: readonly Evidence[]): LogGap[] {
  if (span === null) return [];
  const paired = kinds.filter((kind) => kind.stretches !== null && !isLasting(kind));
  const byServer = Map.groupBy(paired, ({ cluster, server }) => JSON.stringify([cluster, server]));
  const width = (span.to - span.from + 1) / STRETCHES;
  return [...byServer.values()].flatMap((same) => {
    const kept = [...Map.groupBy(same, operationOf).values()].filter(isPaired).flat();
    if (kept.length === 0) return [];
    const { server, cluster } = kept[0] as ObservedKind;
    const all = sum(kept);
    const first = sum(kept.filter((kind) => kind.stage === FIRST));
    const last = sum(kept.filter((kind) => kind.stage !== FIRST));
    const losses = [
      ...thinned(all, last).map((run) => ({ ...run, lost: 'last' })),
      ...thinned(all, first).map((run) => ({ ...run, lost: 'first' })),
    ];
    return losses.map(({ from, to, lost }): LogGap => {
      const [begin, end] = [span.from + from * width, Math.min(span.to, span.from + (to + 1) * width)].map((time) =>
        formatTime(Math.floor(time)),
      ) as [string, string];
      const reason = `requests without their ${lost} stage (${FIRST} and ${LAST} come in pairs otherwise): events were lost or taken out, or the audit policy was changed`;
      const paths = ledger.filter(
        (line) =>
          line.server === server &&
          line.cluster === cluster &&
          (line.firstTime ?? '~') <= end &&
          (line.lastTime ?? '') >= begin,
      );
      return {
        kind: 'stages',
        from: begin,
        to: end,
        reason,
        server,
        cluster,
        paths: paths.map(({ path }) => path).sort(),
      };
    });
  });
}

const FIRST = 'RequestReceived';
const LAST = 'ResponseComplete';

const operationOf = ({ apiGroup, resource, subresource, verb }: ObservedKind): string =>
  JSON.stringify([apiGroup, resource, subresource, verb]);

/** Whether an operation is recorded with both stages: a policy may leave one out. */
function isPaired(kinds: readonly ObservedKind[]): boolean {
  const count = (isFirst: boolean) =>
    kinds.filter((kind) => (kind.stage === FIRST) === isFirst).reduce((sum, kind) => sum + kind.count, 0);
  const [first, last] = [count(true), count(false)];
  return first > 0 && last > 0 && Math.min(first, last) / Math.max(first, last) > 0.5;
}
