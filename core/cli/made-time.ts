import { CaseError } from '../fault.ts';

/** The one time that an output states of itself, RFC 3339 in UTC; now if nobody says otherwise. */
export function madeTime(given: string | undefined): string {
  if (given === undefined) return new Date().toISOString();
  const time = /^\d{4}-\d\d-\d\dT/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new CaseError('usage', `${given} is no time.`, { hint: 'Write it as 2026-03-12T09:40:00Z.' });
}
