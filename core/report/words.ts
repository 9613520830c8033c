/** `312,408`. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 event`, `17 events`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `2026-03-09 01:12:07 UTC`: seconds are enough for people, microseconds stand with the citation. */
export function shortTime(time: string | null): string {
  return time ? `${time.slice(0, 10)} ${time.slice(11, 19)} UTC` : 'unknown time';
}

/** A span of time, or one time where both are equal. */
export function span(from: string | null, to: string | null): string {
  return shortTime(from) === shortTime(to) ? shortTime(from) : `${shortTime(from)} to ${shortTime(to)}`;
}

/** A text of bounded length, cut between characters. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${[...text.slice(0, longest)].join('').replace(/[\ud800-\udbff]$/, '')}...`;
}

/** `rejected`, in words: how a request ended. */
export const OUTCOMES = {
  succeeded: 'succeeded',
  attempted: 'attempted, refused',
  failed: 'failed',
} as const;
