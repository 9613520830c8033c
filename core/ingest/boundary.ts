import { standsOpen } from './partial.ts';
import { beginsRecord } from './units.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The last position in `units` at which a text of lines may be cut, or 0: behind a line feed, before something that can begin
 * a record, behind something that can end one, and outside a record that runs over several lines. Cheap where records are lines.
 * `isForced` cuts such a record rather than none: its parts never ended.
 */
export function lastBoundary(units: Buffer, upTo: number, isForced = false): number {
  for (let at = units.lastIndexOf(LINE_FEED, upTo); at > 0; at = units.lastIndexOf(LINE_FEED, at - 1)) {
    if (
      endsRecord(units, at) &&
      at + 1 < units.length &&
      beginsRecord(units, at + 1) &&
      (isForced || !standsOpen(units, at + 1))
    ) {
      return at + 1;
    }
  }
  return 0;
}

/** A line that ends with a comma or an opening bracket goes on: elements of a list may stand at column 0. */
function endsRecord(units: Buffer, lineFeed: number): boolean {
  const last = units[lineFeed - 1] === CARRIAGE_RETURN ? lineFeed - 2 : lineFeed - 1;
  const code = units[last];
  return code !== 0x2c && code !== 0x5b && code !== 0x7b && code !== 0x3a;
}
