import type { TimePart } from './modifier-chain.ts';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

/** A part of a date as it is written: no time zone is converted (Sigma modifiers, section Time Modifiers). Null: no date. */
export function timePart(text: string, part: TimePart): number | null {
  const match = text.length > 64 ? null : DATE.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (!isDate(year, month, day) || !isClock(match)) return null;
  if (part === 'hour' || part === 'minute') {
    const written = match[part === 'hour' ? 4 : 5];
    return written === undefined ? null : Number(written);
  }
  return part === 'week' ? isoWeek(year, month, day) : { year, month, day }[part];
}

/** Whether the calendar has this day. */
export function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isClock(match: RegExpExecArray): boolean {
  return Number(match[4] ?? 0) < 24 && Number(match[5] ?? 0) < 60 && Number(match[6] ?? 0) <= 60;
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start) / 604_800_000) + 1;
}
