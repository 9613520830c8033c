import { isDate } from './time-part.ts';

const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))?$/;

/** Fields that say when an event was, the first that holds a time decides. */
const FIELDS = ['requestReceivedTimestamp', 'stageTimestamp'] as const;

/** Microseconds since 1970 of an event, or null: then it is not correlated. */
export function eventTimeUs(event: unknown): number | null {
  if (typeof event !== 'object' || event === null) return null;
  for (const field of FIELDS) {
    const value = Object.hasOwn(event, field) ? (event as Record<string, unknown>)[field] : undefined;
    const time = typeof value === 'string' ? timeUs(value) : null;
    if (time !== null) return time;
  }
  return null;
}

/** Microseconds since 1970 of an RFC 3339 time; finer digits are cut off. */
export function timeUs(text: string): number | null {
  const match = text.length > 64 ? null : TIME.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 60) return null;
  const zone = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  const micros = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  return Date.UTC(year, month - 1, day, hour, minute - zone, second) * 1000 + micros;
}
