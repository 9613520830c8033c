import { parseTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';

/** A bound on times from the command line, in microseconds. */
export function parseBound(text: string, name: 'from' | 'to'): number {
  const time = parseTime(
    /^\d{4}-\d\d-\d\d$/.test(text)
      ? `${text}T00:00:00Z`
      : text.replace(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$/, '$1:00$2'),
  );
  if (time !== null) return time;
  throw new CaseError('usage', `--${name} ${text} is no time.`, {
    hint: 'Write RFC 3339, for example 2026-03-04T10:15:00Z.',
  });
}
