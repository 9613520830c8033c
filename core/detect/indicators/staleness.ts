/** A list is stale when the log goes on for longer than this after its day. */
export const FRESH_DAYS = 90;

const DAY_MS = 86_400_000;

/** Why a list of that day says little about a log that ends at `endUs`, or ''. */
export function stalenessOf(date: string | null, endUs: number | null): string {
  if (date === null) return 'nobody knows the day of the list';
  if (endUs === null) return '';
  const days = Math.floor((endUs / 1000 - Date.parse(date)) / DAY_MS);
  return days > FRESH_DAYS ? `the list is ${days} days older than the end of the log` : '';
}

/** Whether the authors of an indicator no longer stood by it at a time. */
export const isExpired = (until: string | null, timeUs: number): boolean =>
  until !== null && timeUs / 1000 >= Date.parse(until) + DAY_MS;
