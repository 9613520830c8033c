import type { Evidence, LogGap } from '../../contract/rows.ts';
import { formatTime } from '../../event/time.ts';
import type { Rhythm, ServerRhythm } from '../../store/rhythm.ts';
import { lengthText } from './length.ts';

/** A server is in rhythm if it wrote in so many different moments. */
const LEAST_MOMENTS = 200;
/** A pause is a silence if it is that many times longer than all but one in a hundred of the server's own pauses, */
const TIMES_USUAL = 20;
/** and that many times longer than the longest of those that are not. */
const TIMES_LONGEST = 3;
/** Restarts and quiet spells are shorter. */
const LEAST_US = 60_000_000;
/** More silences of one server than this are counted, not listed. */
const MOST_LISTED = 50;

/**
 * Pauses that do not fit the server's own rhythm. A server that is asked all the time (by kubelets, controllers, probes) pauses for
 * seconds; one of which only people's requests were kept rests at night and over weekends. What counts as long is therefore
 * measured on each server alone, on the whole of its log; a log with too few events has no rhythm, and nothing is said.
 */
export function silences(rhythm: Rhythm, ledger: readonly Evidence[]): LogGap[] {
  const heard = rhythm.servers.map((server) => ({ server, least: leastSilence(server, rhythm.momentUs) }));
  return heard.flatMap(({ server, least }) => {
    if (least === null) return [];
    const pauses = server.pauses(Math.floor(least / rhythm.momentUs)).filter(({ from, to }) => to - from >= least);
    const listed = pauses.slice(0, MOST_LISTED).map(({ from, to }) => silence(server, from, to, rhythm, ledger));
    return [...listed, ...restOf(server, pauses.slice(MOST_LISTED), ledger), ...edges(server, least, rhythm, ledger)];
  });
}

/** The shortest pause that does not fit, in microseconds; null where there is no rhythm. */
function leastSilence({ steps }: ServerRhythm, momentUs: number): number | null {
  const lengths = [...steps].sort(([a], [b]) => a - b);
  const total = lengths.reduce((sum, [, count]) => sum + count, 0);
  if (total < LEAST_MOMENTS) return null;
  const usual = quantile(lengths, total * 0.99);
  const longest = lengths.findLast(([length]) => length < usual * TIMES_USUAL)?.[0] ?? 1;
  return Math.max(LEAST_US, Math.max(usual * TIMES_USUAL, longest * TIMES_LONGEST) * momentUs);
}

/** The length that so many of the ways do not exceed. */
function quantile(lengths: readonly (readonly [number, number])[], rank: number): number {
  let passed = 0;
  for (const [length, count] of lengths) {
    passed += count;
    if (passed >= rank) return length;
  }
  return 1;
}

const nameOf = ({ server, cluster }: ServerRhythm): string =>
  server === null
    ? `API servers that the log does not tell apart${cluster === null ? '' : ` of ${cluster}`}`
    : `API server ${server}${cluster === null ? '' : ` of ${cluster}`}`;

function silence(server: ServerRhythm, from: number, to: number, rhythm: Rhythm, ledger: readonly Evidence[]): LogGap {
  const others = rhythm.servers.filter((other) => other !== server && other.cluster === server.cluster);
  const wrote = others
    .filter((other) => isMet(other, from, to, rhythm.momentUs))
    .map((other) => other.server ?? 'others');
  const meanwhile =
    others.length === 0
      ? ''
      : wrote.length === 0
        ? '; no other server of the cluster wrote either'
        : `; meanwhile ${wrote.sort().join(', ')} wrote`;
  const reason = `${nameOf(server)} wrote nothing for ${lengthText(to - from)}, far longer than it ever pauses${meanwhile}`;
  return {
    kind: 'silence',
    from: formatTime(from),
    to: formatTime(to),
    reason,
    ...named(server),
    paths: pathsAt(server, from, ledger),
  };
}

/** Whether a server wrote in the middle of a time: it has no pause that spans it. At its ends silences need not agree. */
function isMet(server: ServerRhythm, begin: number, end: number, momentUs: number): boolean {
  const margin = (end - begin) / 5;
  const [from, to] = [begin + margin, end - margin];
  if (server.first >= to || server.last <= from) return false;
  const moments = Math.max(1, Math.floor((to - from) / momentUs) - 1);
  return !server.pauses(moments).some((pause) => pause.from <= from && pause.to >= to);
}

function restOf(
  server: ServerRhythm,
  rest: readonly { from: number; to: number }[],
  ledger: readonly Evidence[],
): LogGap[] {
  const [first, last] = [rest[0], rest.at(-1)];
  if (first === undefined || last === undefined) return [];
  const reason = `${nameOf(server)} was silent ${rest.length} more times`;
  const paths = pathsAt(server, first.from, ledger);
  return [{ kind: 'silence', from: formatTime(first.from), to: formatTime(last.to), reason, ...named(server), paths }];
}

const named = ({ server, cluster }: ServerRhythm) => ({ server, cluster });

/** A log that begins later or ends earlier than those of the cluster's other servers. */
function edges(server: ServerRhythm, least: number, { servers }: Rhythm, ledger: readonly Evidence[]): LogGap[] {
  const others = servers.filter(
    (other) => other !== server && other.cluster === server.cluster && other.server !== null,
  );
  if (server.server === null || others.length === 0) return [];
  const first = Math.min(...others.map((other) => other.first));
  const last = Math.max(...others.map((other) => other.last));
  const gap = (from: number, to: number, what: string, at: number): LogGap[] => {
    if (to - from < least) return [];
    const reason = `the log of ${nameOf(server)} ${what} ${lengthText(to - from)} ${what === 'begins' ? 'after' : 'before'} those of the others`;
    return [
      {
        kind: 'edge',
        from: formatTime(from),
        to: formatTime(to),
        reason,
        ...named(server),
        paths: pathsAt(server, at, ledger),
      },
    ];
  };
  return [...gap(first, server.first, 'begins', server.first), ...gap(server.last, last, 'ends', server.last)];
}

/** Ledger lines of a server that hold a time. */
function pathsAt({ server, cluster }: ServerRhythm, time: number, ledger: readonly Evidence[]): string[] {
  const at = formatTime(time);
  const holds = (line: Evidence) =>
    line.firstTime !== null && line.lastTime !== null && line.firstTime <= at && line.lastTime >= at;
  const lines = ledger.filter(holds);
  const own = lines.filter((line) => line.server === server && line.cluster === cluster);
  return [...new Set((own.length > 0 ? own : lines).map(({ path }) => path))].sort();
}
