/** Times of events: integer microseconds since 1970 UTC, as JavaScript numbers (exact until the year 2255). */

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|z| UTC|([+-])(\d\d):?(\d\d))?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 of a date of the Gregorian calendar, or null if there is no such day. */
export function daysOf(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1) return null;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day > (MONTH_DAYS[month - 1] as number) + (month === 2 && isLeap ? 1 : 0)) return null;
  return Math.round(Date.UTC(2000, month - 1, day) / 86_400_000) + daysOfYear(year, month > 2);
}

/** Days from the year 2000 to `year`, corrected where the leap day of 2000 was or was not passed. */
function daysOfYear(year: number, afterFebruary: boolean): number {
  const leaps = (y: number) => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const passed = afterFebruary ? leaps(year) - leaps(2000) : leaps(year - 1) - leaps(1999);
  return (year - 2000) * 365 + passed;
}

/**
 * Reads an RFC 3339 time with 0 to 9 fraction digits, `Z`, an offset, or nothing (taken as UTC).
 * @returns microseconds since 1970 UTC (finer digits are cut off), or null for anything else
 */
export function parseTime(text: unknown): number | null {
  const match = typeof text === 'string' ? PATTERN.exec(text) : null;
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = match;
  const days = daysOf(Number(year), Number(month), Number(day));
  if (days === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset =
    sign === undefined ? 0 : (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60) * (sign === '-' ? -1 : 1);
  return (seconds - offset) * 1_000_000 + Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
}

/** RFC 3339 in UTC with six fraction digits. */
export function formatTime(timeUs: number): string {
  const milliseconds = Math.floor(timeUs / 1000);
  const rest = timeUs - milliseconds * 1000;
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
