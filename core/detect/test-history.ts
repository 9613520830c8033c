/** Events of a test that stand for weeks: one event repeated at even distances. */
interface Repeated {
  readonly event: Readonly<Record<string, unknown>>;
  /** Time of the first one, RFC 3339. */
  readonly from: string;
  /** Distance, such as `1h`. */
  readonly every: string;
  readonly times: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A test is no log. */
const MOST_EVENTS = 20_000;

/** Writes the history of a test out. Null where it is none. */
export function writeOut(history: unknown): Record<string, unknown>[] | null {
  if (!Array.isArray(history)) return null;
  const events: Record<string, unknown>[] = [];
  for (const entry of history) {
    const repeated = readRepeated(entry);
    if (repeated === null || events.length + repeated.times > MOST_EVENTS) return null;
    const distance = distanceOf(repeated.every);
    for (let index = 0; index < repeated.times; index++) {
      const time = new Date(Date.parse(repeated.from) + index * distance).toISOString();
      events.push({ ...repeated.event, requestReceivedTimestamp: time, stageTimestamp: time });
    }
  }
  return events;
}

function distanceOf(every: string): number {
  const [, count = '0', unit = ''] = /^(\d{1,4})([smhd])$/.exec(every) ?? [];
  return Number(count) * (UNITS[unit] ?? 0);
}

function readRepeated(entry: unknown): Repeated | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { event, from, every, times } = entry as Record<string, unknown>;
  const isSound =
    typeof event === 'object' &&
    event !== null &&
    typeof from === 'string' &&
    !Number.isNaN(Date.parse(from)) &&
    typeof every === 'string' &&
    distanceOf(every) > 0 &&
    typeof times === 'number' &&
    times > 0;
  return isSound ? { event: event as Repeated['event'], from, every, times } : null;
}
