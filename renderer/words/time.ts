/** Times as people read them: UTC always, "9 Mar 01:38:15"; integer microseconds since 1970 inside. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

const two = (value: number): string => String(value).padStart(2, '0');

/** Microseconds of an RFC 3339 time; NaN where it is none. */
export function microseconds(time: string): number {
  const match = /^(.*?T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (match === null) return Date.parse(time) * 1000;
  const whole = Date.parse(`${match[1]}${match[3]}`) * 1000;
  return whole + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
}

/** RFC 3339 UTC with microseconds. */
export function rfc3339(us: number): string {
  const date = new Date(Math.floor(us / 1000));
  const micros = ((us % SECOND_US) + SECOND_US) % SECOND_US;
  return `${date.toISOString().slice(0, 19)}.${String(Math.floor(micros)).padStart(6, '0')}Z`;
}

/** `9 Mar` */
export function day(us: number): string {
  const date = new Date(us / 1000);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `9 Mar 2026` */
export function dayWithYear(us: number): string {
  return `${day(us)} ${new Date(us / 1000).getUTCFullYear()}`;
}

/** `01:38` */
export function clock(us: number): string {
  const date = new Date(us / 1000);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** `01:38:15` */
export function clockSeconds(us: number): string {
  return `${clock(us)}:${two(new Date(us / 1000).getUTCSeconds())}`;
}

/** `01:38:15.038417`, for comparing. */
export function clockMicroseconds(us: number): string {
  return `${clockSeconds(us)}.${String(Math.floor(((us % SECOND_US) + SECOND_US) % SECOND_US)).padStart(6, '0')}`;
}

/** `9 Mar 01:38:15`, for lists. */
export function dayAndTime(us: number): string {
  return `${day(us)} ${clockSeconds(us)}`;
}

/** `9 Mar 2026 01:38:15.038417 UTC`, for details. */
export function wholeTime(us: number): string {
  return `${dayWithYear(us)} ${clockMicroseconds(us)} UTC`;
}

/** `9 Mar 01:00 – 02:30`, the day said twice only where it changes; seconds where the range is short. */
export function range(fromUs: number, toUs: number): string {
  const time = toUs - fromUs < 10 * MINUTE_US ? clockSeconds : clock;
  const end = day(fromUs) === day(toUs) ? time(toUs) : `${day(toUs)} ${time(toUs)}`;
  return `${day(fromUs)} ${time(fromUs)} – ${end}`;
}

/** `41 s`, `2 min 10 s`, `1 h 30 min`, `10 days`. */
export function duration(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < SECOND_US) return `${Math.round(us / 1000)} ms`;
  if (us < 10 * SECOND_US) return `${(us / SECOND_US).toFixed(1).replace('.0', '')} s`;
  if (us < MINUTE_US) return `${Math.round(us / SECOND_US)} s`;
  if (us < HOUR_US) return pair(us, MINUTE_US, 'min', SECOND_US, 's');
  if (us < 2 * DAY_US) return pair(us, HOUR_US, 'h', MINUTE_US, 'min');
  return pair(us, DAY_US, 'days', HOUR_US, 'h');
}

function pair(us: number, large: number, largeName: string, small: number, smallName: string): string {
  const total = Math.round(us / small);
  const per = large / small;
  const rest = total % per;
  const whole = `${Math.floor(total / per)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
