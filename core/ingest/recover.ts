import { parseJson } from '../json.ts';
import { isAuditEvent } from './format/decide.ts';
import { looksLikeAudit } from './format/marks.ts';
import { type Context, TOLD, type Told } from './format/walk.ts';
import type { RecordReport } from './record.ts';
import type { Text } from './text.ts';

/** Beginnings of an event, as producers write them. */
const BEGINNING =
  /\{\s*"kind"\s*:\s*"Event"\s*,\s*"apiVersion"\s*:\s*"audit\.k8s\.io\/|\{\s*"apiVersion"\s*:\s*"audit\.k8s\.io\/[^"]*"\s*,/g;
/** Brackets and commas left over from an envelope are nothing. */
const LEFTOVER = /^[\s\]},\0]*$/;

/** Characters looked at for the ends of events in one stretch: beginnings without an end must not make it quadratic. */
const SCAN_FLOOR = 16 * 1024 * 1024;
const SCAN_FACTOR = 16;

/**
 * Reads a stretch that does not parse: every whole event in it, and the rest as what it looks like. Inside an object or a
 * list of the stretch an event may be a client's request body, so one behind `:`, `,` or `[` counts only where the stretch
 * is part of a list of records.
 */
export function recover(
  text: Text,
  start: number,
  end: number,
  isListed: boolean,
  report: RecordReport,
  context: Context,
): Told {
  const raw = Buffer.from(text.units.buffer, text.units.byteOffset + start, end - start).toString('latin1');
  let from = 0;
  let budget = SCAN_FLOOR + SCAN_FACTOR * raw.length;
  for (const match of raw.matchAll(BEGINNING)) {
    if (match.index < from || !mayBegin(raw, match.index, isListed)) continue;
    const to = endOfObject(raw, match.index);
    budget -= (to < 0 ? raw.length : to) - match.index;
    if (budget < 0) break;
    if (to < 0) continue;
    const value = eventAt(text, start + match.index, start + to);
    if (value === null) continue;
    leaveOver(text, start + from, start + match.index, report);
    const document = { text: value.text, value: value.value, pointer: '', isRecord: true };
    report.at(start + match.index, start + to).walk.value(value.value, { document, pointer: '' }, context);
    from = to;
  }
  leaveOver(text, start + from, end, report);
  return TOLD;
}

function mayBegin(raw: string, at: number, isListed: boolean): boolean {
  const before = raw
    .slice(Math.max(0, at - 64), at)
    .trimEnd()
    .at(-1);
  if (before === ':') return false;
  return isListed || (before !== ',' && before !== '[');
}

function eventAt(text: Text, start: number, end: number): { text: string; value: unknown } | null {
  const own = text.decode(start, end);
  try {
    const value = parseJson(own);
    return isAuditEvent(value) ? { text: own, value } : null;
  } catch {
    return null;
  }
}

function leaveOver(text: Text, start: number, end: number, report: RecordReport): void {
  const rest = text.decode(start, end);
  if (LEFTOVER.test(rest)) return;
  const lead = rest.length - rest.trimStart().length;
  const trail = rest.length - rest.trimEnd().length;
  report.at(start + lead, end - trail);
  if (looksLikeAudit(rest)) report.walk.unread(rest.trim());
  else report.skipped('not readable');
}

/** Where the object that begins at `start` ends, or -1. */
function endOfObject(raw: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    if (isInString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return index + 1;
  }
  return -1;
}
