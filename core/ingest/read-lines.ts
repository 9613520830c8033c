import { JsonDepthError, JsonLimitError, parseJson } from '../json.ts';
import type { FastLine, RecordSink, Shape } from './block.ts';
import { isObject, type JsonObject, own } from './format/json-object.ts';
import { type LinePrefix, prefixOf } from './format/line-prefix.ts';
import { looksLikeAudit } from './format/marks.ts';
import { type Context, inside, NO_CONTEXT, type Told } from './format/walk.ts';
import { KNOWN_LISTS, leadsToList } from './lists.ts';
import { isActionLine } from './partial.ts';
import { type Piece, PieceScanner } from './pieces.ts';
import { RecordReport } from './record.ts';
import { recover } from './recover.ts';
import { SplitRecords } from './split-records.ts';
import type { Text } from './text.ts';

const LINE_FEED = 0x0a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const BULK: Context = { ...NO_CONTEXT, format: 'elastic-bulk', isFixed: true };
/** Units of a line in which its prefix is looked for. */
const HEAD_UNITS = 2048;

type LineShape = Extract<Shape, { kind: 'lines' }>;
/** Reads a block of text: lines, JSON values, elements of lists. */
export function readLines(text: Text, shape: LineShape, sink: RecordSink, fast: FastLine | undefined): void {
  new LinesReader(text, shape, sink).run(shape.layout === 'lines' ? fast : undefined);
}

class LinesReader {
  readonly #text: Text;
  readonly #shape: LineShape;
  readonly #sink: RecordSink;
  readonly #report: RecordReport;
  readonly #scanner: PieceScanner;
  /** The last line was the action line of a bulk body: the next value is its source. */
  #isAfterAction = false;
  readonly #splits: SplitRecords;
  #envelope: { open: string; value: unknown } = { open: '', value: null };
  readonly #policyMarks = new Set<string>();

  constructor(text: Text, shape: LineShape, sink: RecordSink) {
    this.#text = text;
    this.#shape = shape;
    this.#sink = sink;
    this.#report = new RecordReport(text, sink);
    this.#splits = new SplitRecords(text, this.#report);
    this.#scanner = new PieceScanner(text, shape.open);
  }

  run(fast: FastLine | undefined): void {
    for (;;) {
      if (this.#scanner.isAtRoot) this.#runLines(fast);
      const piece = this.#scanner.next(true);
      if (piece === null) break;
      this.#read(piece);
    }
    this.#splits.close();
  }

  /** Takes line after line, as long as each is one whole record: the same pieces as the scanner's, found without it. */
  #runLines(fast: FastLine | undefined): void {
    const { units } = this.#text;
    let at = this.#scanner.position;
    if (at > 0 && units[at] === LINE_FEED) at++;
    while (units[at] === OPENING_BRACE && (at === 0 || units[at - 1] === LINE_FEED)) {
      const lineFeed = units.indexOf(LINE_FEED, at);
      const lineEnd = lineFeed < 0 ? units.length : lineFeed;
      const end = spaceBefore(units, at, lineEnd);
      const isTaken = fast !== undefined && !this.#isAfterAction && fast(units, at, end);
      if (!isTaken && !this.#takesLine(at, end)) return;
      this.#scanner.position = lineEnd;
      at = lineEnd + 1;
    }
  }

  /** A line that is one JSON object, and no envelope of a list. */
  #takesLine(start: number, end: number): boolean {
    if (this.#text.units[end - 1] !== CLOSING_BRACE) return false;
    const text = this.#text.decode(start, end);
    const value = parseQuietly(text);
    if (value === undefined || leadsToList(KNOWN_LISTS, value)) return false;
    const piece: Piece = { kind: 'value', start, end, list: null, open: '', isDeep: false };
    this.#readParsed(piece, text, value);
    return true;
  }

  #read(piece: Piece): void {
    if (piece.kind === 'text') this.#readText(piece);
    else if (piece.kind === 'broken') this.#readBroken(piece);
    else if (piece.isDeep) this.#tooDeep(piece);
    else this.#readValue(piece);
  }

  #readBroken({ start, end, list }: Piece): void {
    this.#isAfterAction = false;
    recover(this.#text, start, end, list !== null, this.#report, NO_CONTEXT);
  }

  #tooDeep({ start, end }: Piece): void {
    this.#sink.limit('json-depth', start * this.#text.scale);
    const head = this.#text.decode(start, Math.min(end, start + 65_536));
    this.#report.at(start, end);
    if (looksLikeAudit(head)) this.#report.walk.malformed('JSON is nested too deep', head);
    else this.#report.skipped('JSON is nested too deep');
  }

  #readValue(piece: Piece): void {
    const { start, end } = piece;
    const text = this.#text.decode(start, end);
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      if (error instanceof JsonLimitError) this.#report.at(start, end).walk.tooLarge(text, error);
      else if (error instanceof SyntaxError) this.#readBroken(piece);
      else throw error;
      return;
    }
    this.#readParsed(piece, text, value);
  }

  #readParsed(piece: Piece, text: string, value: unknown): void {
    const { start, end } = piece;
    const at = { document: { text, value, pointer: '', isRecord: true }, pointer: '' };
    const { walk } = this.#report.at(start, end);
    walk.rootFormat = this.#rootFormat(piece, text);
    if (piece.list !== null) walk.element(piece.list, this.#envelopeOf(piece.open), value, at, NO_CONTEXT);
    else if (this.#isBulk(value, text)) return;
    else if (isDockerRecord(value)) this.#splits.takeDocker(value, start, end);
    else walk.value(value, at, this.#takeAction() ? BULK : NO_CONTEXT);
  }

  #parse(text: string): unknown {
    try {
      return parseJson(text);
    } catch (error) {
      if (error instanceof JsonLimitError) this.#limit(error);
      else if (!(error instanceof SyntaxError)) throw error;
      return undefined;
    }
  }

  #limit(error: JsonLimitError): void {
    const hit = error instanceof JsonDepthError ? 'json-depth' : 'line-length';
    this.#sink.limit(hit, this.#scanner.position * this.#text.scale);
  }

  #rootFormat(piece: Piece, text: string): string {
    if (piece.list === 'array') return 'k8s-audit-json-array';
    return this.#shape.layout === 'stream' || text.includes('\n') ? 'k8s-audit-json-stream' : 'k8s-audit-jsonl';
  }

  #envelopeOf(open: string): unknown {
    if (this.#envelope.open === open) return this.#envelope.value;
    this.#envelope = { open, value: this.#parse(closeEnvelope(open)) ?? null };
    return this.#envelope.value;
  }

  /** Action lines say what happens to the source line behind them; they are no records. */
  #isBulk(value: unknown, text: string): boolean {
    if (!isObject(value)) return false;
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === 'delete' && isObject(value.delete)) return '_id' in value.delete;
    const isAction = keys.length === 1 && isActionLine(text);
    if (isAction) this.#isAfterAction = true;
    return isAction;
  }

  #takeAction(): boolean {
    const was = this.#isAfterAction;
    this.#isAfterAction = false;
    return was;
  }

  #readText({ start, end: lineEnd }: Piece): void {
    const { units } = this.#text;
    const end = trimmedEnd(units, start, lineEnd);
    const head = latin1(units, start, Math.min(end, start + HEAD_UNITS));
    if (/^[\]},\s\0]*$/.test(head)) return;
    this.#isAfterAction = false;
    const prefix = prefixOf(head);
    if (prefix === null) this.#readBare(start, end);
    else if (!this.#splits.takesRuntime(prefix, start, prefix.part?.isPartial ? partEnd(units, lineEnd) : end)) {
      this.#readRest(prefix, start, end);
    }
  }

  #readBare(start: number, end: number): void {
    const line = this.#text.decode(start, end);
    const { walk } = this.#report.at(start, end);
    const at = { document: { text: line, value: null, pointer: '', isRecord: true }, pointer: '' };
    if (this.#isPolicy(line)) walk.skipped('line of an audit policy');
    else if (walk.line(line, at, NO_CONTEXT) === null) recover(this.#text, start, end, false, this.#report, NO_CONTEXT);
  }

  #isPolicy(line: string): boolean {
    if (/^apiVersion:\s*["']?audit\.k8s\.io\//.test(line)) this.#policyMarks.add('version');
    else if (/^kind:\s*["']?Policy\b/.test(line)) this.#policyMarks.add('kind');
    else return false;
    if (this.#policyMarks.size === 2) this.#sink.nearMiss('k8s-audit-policy');
    return true;
  }

  /** The rest of a line behind its prefix: an event in its own bytes, if it is JSON. */
  #readRest(prefix: LinePrefix, start: number, end: number): Told {
    const context = inside(NO_CONTEXT, prefix.format, prefix);
    const from = start + prefix.length;
    const text = this.#text.decode(from, end);
    const value = text.startsWith('{') || text.startsWith('[') ? this.#parse(text) : undefined;
    if (value !== undefined) {
      const document = { text, value, pointer: '', isRecord: true };
      return this.#report.at(from, end).walk.value(value, { document, pointer: '' }, context);
    }
    if (text.startsWith('{')) return recover(this.#text, from, end, false, this.#report, context);
    return this.#report.at(start, end).walk.text(text, '', context);
  }
}

/** The end of a line without the space behind its text. */
function spaceBefore(units: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (units[at - 1] === 0x20 || units[at - 1] === 0x0d || units[at - 1] === 0x09)) at--;
  return at;
}

/** The parsed value, or undefined: the scanner says why. */
function parseQuietly(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The end of a line without what rsyslog leaves of a line feed (`#012`) and other space behind its text. */
function trimmedEnd(units: Uint8Array, start: number, end: number): number {
  let at = end;
  for (;;) {
    while (at > start && units[at - 1]! <= 0x20) at--;
    if (at - start < 4 || !/^#01[25]$/.test(latin1(units, at - 4, at))) return at;
    at -= 4;
  }
}

/** A part keeps the space at its end; only the carriage return of a converted file goes. */
function partEnd(units: Uint8Array, end: number): number {
  return units[end - 1] === 0x0d ? end - 1 : end;
}

function latin1(units: Uint8Array, start: number, end: number): string {
  return Buffer.from(units.buffer, units.byteOffset + start, end - start).toString('latin1');
}

function isDockerRecord(value: unknown): value is JsonObject {
  if (!isObject(value) || typeof own(value, 'log') !== 'string') return false;
  const keys = Object.keys(value);
  return keys.length <= 4 && 'stream' in value && 'time' in value && keys.every((key) => DOCKER_KEYS.has(key));
}

const DOCKER_KEYS = new Set(['log', 'stream', 'time', 'attrs']);

/** Closes the brackets that an envelope leaves open, so that it can be parsed. */
export function closeEnvelope(open: string): string {
  const brackets: string[] = [];
  let isInString = false;
  for (let index = 0; index < open.length; index++) {
    const character = open[index];
    if (isInString && character === '\\') index++;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === '{') brackets.push('}');
    else if (character === '[') brackets.push(']');
    else if (character === '}' || character === ']') brackets.pop();
  }
  return open + brackets.reverse().join('');
}
