import { parseJson } from '../json.ts';

/** A line of a container runtime: time, stream, `P` for a part that goes on in the stream's next line, text. */
export const RUNTIME_LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::\S*)? /;

const DOCKER_HEAD = '{"log":"';
const ACTION_LINE = /^\{\s*"(?:index|create|update)"\s*:\s*\{[^{}]*\}\s*\}\s*$/;
const LINE_FEED = 0x0a;
/** Lines without a runtime's head that may stand between the parts of one. */
const FOREIGN_LINES = 8;
/** Lines of one stream in which an unfinished line of the other is looked for. */
const OTHER_STREAM_LINES = 512;

/** Whether a line is the action line of an Elasticsearch bulk body whose source follows on the next line. */
export function isActionLine(line: string): boolean {
  return line.length < 2048 && ACTION_LINE.test(line);
}

/**
 * Whether the text of one record of a Docker log goes on in the next one: the runtime splits long lines, and only the last part
 * ends with a line feed. Some tools strip that line feed, so a text that is whole JSON is whole.
 */
export function isPartOfLog(text: string): boolean {
  return !text.endsWith('\n') && text.startsWith('{') && !isWholeJson(text);
}

function isWholeJson(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the record before `end` (just behind a line feed) goes on in the lines after it. */
export function standsOpen(units: Buffer, end: number): boolean {
  let lineEnd = end - 1;
  for (let count = 0; count < FOREIGN_LINES && lineEnd > 0; count++) {
    const start = lineStart(units, lineEnd);
    const head = units.toString('latin1', start, Math.min(start + 64, lineEnd));
    if (RUNTIME_LINE.test(head)) return hasOpenPart(units, lineEnd, runtimeLine);
    if (head.startsWith(DOCKER_HEAD)) return hasOpenPart(units, lineEnd, dockerLine);
    if (count === 0 && isActionLine(units.toString('latin1', start, Math.min(lineEnd, start + 4096)))) return true;
    lineEnd = start - 1;
  }
  return false;
}

/** What a line says of its stream: `open`, `closed`, or `part` where the line before decides. */
type LineState = { readonly stream: string; readonly state: 'open' | 'closed' | 'part' } | null;

type ReadLine = (units: Buffer, start: number, end: number, settled: ReadonlySet<string>) => LineState;

function hasOpenPart(units: Buffer, end: number, read: ReadLine): boolean {
  const settled = new Set<string>();
  let left = OTHER_STREAM_LINES;
  for (let lineEnd = end; lineEnd > 0 && settled.size < 2; ) {
    if (settled.size > 0 && left-- <= 0) return false;
    const start = lineStart(units, lineEnd);
    const line = read(units, start, lineEnd, settled);
    if (line !== null && !settled.has(line.stream)) {
      if (line.state === 'open') return true;
      if (line.state === 'closed') settled.add(line.stream);
    }
    lineEnd = start - 1;
  }
  return false;
}

function runtimeLine(units: Buffer, start: number, end: number): LineState {
  const match = RUNTIME_LINE.exec(units.toString('latin1', start, Math.min(end, start + 64)));
  return match === null ? null : { stream: match[2]!, state: match[3] === 'P' ? 'open' : 'closed' };
}

function dockerLine(units: Buffer, start: number, end: number, settled: ReadonlySet<string>): LineState {
  const tail = units.toString('latin1', Math.max(start, end - 256), end);
  if (settled.has(/"stream":"(\w+)"/.exec(tail)?.[1] ?? '')) return null;
  const line = units.toString('latin1', start, end);
  if (!line.startsWith(DOCKER_HEAD)) return null;
  try {
    const record = parseJson(line) as { log?: unknown; stream?: unknown };
    const text = String(record.log);
    const isClosed = text.endsWith('\n') || (text.startsWith('{') && !isPartOfLog(text));
    return { stream: String(record.stream), state: isClosed ? 'closed' : text.startsWith('{') ? 'open' : 'part' };
  } catch {
    return null;
  }
}

function lineStart(units: Buffer, lineEnd: number): number {
  return lineEnd === 0 ? 0 : units.lastIndexOf(LINE_FEED, lineEnd - 1) + 1;
}
