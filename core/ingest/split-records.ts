import { parseJson } from '../json.ts';
import type { JsonObject } from './format/json-object.ts';
import type { LinePrefix } from './format/line-prefix.ts';
import { inside, NO_CONTEXT } from './format/walk.ts';
import { isPartOfLog } from './partial.ts';
import type { RecordReport } from './record.ts';
import type { Text } from './text.ts';

type Range = readonly [start: number, end: number];
/** A Docker record up to now: its place and the text of its parts. */
type Docker = { readonly start: number; readonly end: number; readonly text: string; readonly count: number };

/** Parts after which only a line feed ends a record: asking each time whether it is whole would take ever longer. */
const ASKED_PARTS = 64;

/** Puts together what container runtimes split: lines with `P` up to the one with `F`, log texts up to the line feed. */
export class SplitRecords {
  readonly #text: Text;
  readonly #report: RecordReport;
  readonly #runtime = new Map<string, { readonly start: number; readonly parts: Range[] }>();
  readonly #docker = new Map<string, Docker>();

  constructor(text: Text, report: RecordReport) {
    this.#text = text;
    this.#report = report;
  }

  /** Whether a line of a runtime is, or ends, a record in parts. A whole one is left to the caller. */
  takesRuntime({ part, length }: LinePrefix, start: number, end: number): boolean {
    if (part === null) return false;
    const begun = this.#runtime.get(part.stream);
    if (begun === undefined && !part.isPartial) return false;
    const record = begun ?? { start, parts: [] };
    record.parts.push([start + length, end]);
    this.#runtime.set(part.stream, record);
    if (!part.isPartial) this.#closeRuntime(part.stream);
    return true;
  }

  #closeRuntime(stream: string): void {
    const { start, parts } = this.#runtime.get(stream)!;
    this.#runtime.delete(stream);
    const last = parts.at(-1)!;
    const before = parts.at(-2);
    const hasLostEnd = before !== undefined && !isJson(this.#join(parts)) && isJson(this.#join([last]));
    if (!hasLostEnd) this.#tell(start, last[1], this.#join(parts), '');
    else {
      this.#tell(start, before[1], this.#join(parts.slice(0, -1)), '');
      this.#tellWhole(last);
    }
  }

  #tellWhole([from, end]: Range): void {
    const text = this.#join([[from, end]]);
    const at = { document: { text, value: parseJson(text), pointer: '', isRecord: true }, pointer: '' };
    this.#report.at(from, end).walk.value(at.document.value, at, inside(NO_CONTEXT, 'cri-log'));
  }

  #tell(start: number, end: number, text: string, pointer: '' | '/log'): void {
    const format = pointer === '' ? 'cri-log' : 'docker-json-log';
    this.#report.at(start, end).walk.text(text, pointer, inside(NO_CONTEXT, format));
  }

  /** Bytes are joined before they are decoded: a part may end inside a character. */
  #join(parts: readonly Range[]): string {
    const { units, scale } = this.#text;
    if (scale === 2) return parts.map((range) => this.#text.decode(...range)).join('');
    return Buffer.concat(parts.map((range) => units.subarray(...range))).toString('utf8');
  }

  /** A record of a Docker log; its text may go on in the stream's next record. */
  takeDocker(record: JsonObject, start: number, end: number): void {
    const stream = String(record.stream);
    const log = String(record.log);
    if (this.#docker.has(stream) && isJson(log)) this.#closeDocker(stream);
    const begun = this.#docker.get(stream) ?? { start, text: '', count: 0 };
    const joined = { start: begun.start, end, text: begun.text + log, count: begun.count + 1 };
    this.#docker.set(stream, joined);
    const isPart = joined.count > ASKED_PARTS ? !log.endsWith('\n') : isPartOfLog(joined.text);
    if (!isPart) this.#closeDocker(stream);
  }

  #closeDocker(stream: string): void {
    const record = this.#docker.get(stream);
    this.#docker.delete(stream);
    if (record !== undefined) this.#tell(record.start, record.end, record.text, '/log');
  }

  /** Tells of the records whose last part never came. */
  close(): void {
    for (const stream of [...this.#runtime.keys()]) this.#closeRuntime(stream);
    for (const stream of [...this.#docker.keys()]) this.#closeDocker(stream);
  }
}

/** Whether a text is one JSON value: the end of a record that was lost must not spoil the whole one behind it. */
function isJson(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
