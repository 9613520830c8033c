/** Where ticks of a time axis stand and what they say. Times are integer microseconds since 1970 UTC. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1e3,
  2e3,
  5e3,
  1e4,
  2e4,
  5e4,
  1e5,
  2e5,
  5e5,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  182 * DAY,
  364 * DAY,
  728 * DAY,
  3640 * DAY,
];

/** Maps times to px. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export function xOf(scale: TimeScale, us: number): number {
  return scale.to === scale.from ? 0 : ((us - scale.from) / (scale.to - scale.from)) * scale.width;
}

/** The inverse, whole microseconds. */
export function timeAt(scale: TimeScale, x: number): number {
  return Math.round(scale.from + (x / scale.width) * (scale.to - scale.from));
}

export interface Tick {
  readonly us: number;
  readonly label: string;
}

/** Ticks at round times, about `pxBetween` px apart or more. */
export function timeTicks(scale: TimeScale, pxBetween = 96): readonly Tick[] {
  const span = scale.to - scale.from;
  if (span <= 0 || scale.width <= 0) return [];
  const least = span / Math.max(1, scale.width / pxBetween);
  const step = STEPS.find((each) => each >= least) ?? STEPS.at(-1)!;
  const ticks: Tick[] = [];
  for (let us = Math.ceil(scale.from / step) * step; us <= scale.to; us += step)
    ticks.push({ us, label: tickLabel(us, step) });
  return ticks;
}

function tickLabel(us: number, step: number): string {
  const date = new Date(us / 1000);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  if (step >= 91 * DAY) return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  if (step >= 7 * DAY) return day;
  const isMidnight = us % DAY === 0;
  if (step >= DAY || isMidnight) return `${DAYS[date.getUTCDay()]} ${day}`;
  const time = date.toISOString();
  if (step >= MINUTE) return time.slice(11, 16);
  if (step >= SECOND) return time.slice(11, 19);
  const micros = String(((us % SECOND) + SECOND) % SECOND).padStart(6, '0');
  return `${time.slice(17, 19)}.${step >= 1000 ? micros.slice(0, 3) : micros} s`;
}

/** Round values from 0 to at least `most`: at most `count` steps. */
export function countTicks(most: number, count = 3): readonly number[] {
  if (most <= 0) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? power * 10);
  const ticks: number[] = [];
  for (let value = 0; value <= most; value += step) ticks.push(value);
  return ticks;
}

/** `4k` on an axis only. */
export function axisCount(value: number): string {
  if (value >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  return value >= 1000 ? `${+(value / 1000).toFixed(1)}k` : String(value);
}
