export { formatTime } from '../event/time.ts';

import { CaseError } from '../fault.ts';
import { parseTimeSpan } from '../hunt/time-span.ts';

/** A bound on times from the command line, in microseconds; a day or a minute means its first or its last moment. */
export function parseBound(text: string, name: 'from' | 'to' | 'expires' | 'at'): number {
  const span = parseTimeSpan(text);
  if (span !== null) return name === 'from' ? span.first : span.last;
  throw new CaseError('usage', `--${name} ${text} is no time.`, {
    hint: 'Write RFC 3339, for example 2026-03-04T10:15:00Z.',
  });
}
