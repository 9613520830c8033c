import { readFileSync } from 'node:fs';
import { LIMITS } from '../contract/limits.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { FLAGS } from '../event/columns.ts';
import { parseJson } from '../json.ts';
import { type WasmMemory, type WasmModule, wasm } from '../web-assembly.ts';
import { ColumnValues } from './column-values.ts';
import type { ColumnBuilder, Dictionaries } from './columns.ts';
import { LineEvents } from './line-event.ts';

/**
 * Reads a line that the API server wrote (an `audit.k8s.io/v1` Event, compact JSON, known keys in any order) straight
 * into columns. Any surprise makes it refuse, and the general reader decides; on what it accepts both agree, which a
 * differential test holds. The bytes are walked by wasm/line.as.ts; here spans become ids.
 */

/** Places in the memory that both halves share (bytes). */
const OUT = 1024;
const TIMES = 1280;
const AUDIT_ID = 1312;
const KEYS = 2048;
const SPANS = 92_160;
const INPUT = 131_072;
const PAGE = 65_536;
/** Vectors are read sixteen bytes at a time, past the last line too. */
const SLACK = 64;
/**
 * A longer block holds a record of unusual size: the general reader bounds what parsing it may cost. JSON has at most two marks
 * in three bytes, so nothing that is taken here can go beyond `LIMITS.jsonMarks` when it is read again.
 */
const LONGEST_BLOCK = (LIMITS.jsonMarks / 2) * 3;

/** Pairs of positions in the result, by the number of the first. */
const SLOT = {
  level: 1,
  stage: 3,
  verb: 5,
  user: 7,
  groups: 9,
  impersonatedUser: 11,
  address: 13,
  agent: 15,
  apiGroup: 17,
  resource: 19,
  subresource: 21,
  namespace: 23,
  name: 25,
  decision: 28,
} as const;
const CODE = 27;
const MET = 32;
const LONG = 33;
const USER_MET = 34;

/** Keys in the order in which wasm/line.as.ts numbers them. */
const TOP = `kind level auditID apiVersion stage requestURI verb user impersonatedUser sourceIPs userAgent objectRef
  responseStatus requestObject responseObject requestReceivedTimestamp stageTimestamp annotations authenticationMetadata`.split(
  /\s+/,
);
const [LEVEL, STAGE, VERB, USER, ADDRESSES, AGENT] = ['level', 'stage', 'verb', 'user', 'sourceIPs', 'userAgent'].map(
  (name) => TOP.indexOf(name),
);
const KEY_TABLE: Readonly<Record<number, readonly string[]>> = {
  0: TOP,
  20: ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'],
  30: ['username', 'uid', 'groups', 'extra'],
  36: ['metadata', 'status', 'message', 'reason', 'details', 'code'],
  42: [
    '"Event"',
    '"audit.k8s.io/v1"',
    'authorization.k8s.io/decision',
    'authorization.k8s.io/reason',
    'audit.k8s.io/truncated',
    '"true"',
  ],
};

let compiled: WasmModule | undefined;

export class LineScanner {
  readonly #dictionaries: Dictionaries;
  readonly #columns: ColumnBuilder;
  readonly #memory: WasmMemory = new wasm.Memory({ initial: 4 });
  readonly #scan: (start: number, end: number) => number;
  readonly #actor = new Int32Array(3);
  readonly #operation = new Int32Array(4);
  readonly #answer = new Int32Array(4);
  readonly #reading = new Int32Array(6);
  readonly #plainFormat: number;
  #bytes: Uint8Array;
  #out: Int32Array;
  #times: Float64Array;
  #spans: Int32Array;
  #text: Buffer;
  readonly #events = new LineEvents(this, TOP);
  readonly #values: ColumnValues;
  readonly #lastUser: { line: number; value: unknown } = { line: -1, value: null };
  #loaded: Uint8Array | null = null;
  #isAppended = false;
  /** Lines scanned so far. */
  line = 0;

  constructor(dictionaries: Dictionaries, columns: ColumnBuilder) {
    this.#dictionaries = dictionaries;
    this.#columns = columns;
    this.#values = new ColumnValues(dictionaries, columns, (key) => this.#user()[key]);
    this.#plainFormat = dictionaries.terms.idOfText('k8s-audit-jsonl');
    compiled ??= new wasm.Module(readFileSync(new URL('./wasm/line.wasm', import.meta.url)));
    const instance = new wasm.Instance(compiled, { env: { memory: this.#memory } });
    this.#scan = instance.exports['scan'] as (start: number, end: number) => number;
    [this.#bytes, this.#out, this.#times, this.#spans, this.#text] = viewsOf(this.#memory);
    this.#writeKeys();
  }

  /** Appends the event that is the whole of `start` to `end`; false (and nothing appended) if it is not plain. */
  scan(block: Uint8Array, start: number, end: number): boolean {
    this.#isAppended = this.#take(block, start, end);
    if (this.#isAppended) this.#append(start, end);
    return this.#isAppended;
  }

  /** Only makes `event` ready: no column is appended, no text remembered. False if the line is not plain. */
  read(block: Uint8Array, start: number, end: number): boolean {
    this.#isAppended = false;
    return this.#take(block, start, end);
  }

  /** The event of the line that was taken last; to be read before the next one is scanned. */
  event(): AuditEvent {
    return this.#events.of(this.#out[MET] as number);
  }

  get hasLongInteger(): boolean {
    return this.#out[LONG] === 1;
  }

  /** JSON of the value of a top-level key of that line. */
  text(key: number): string {
    return this.#text.toString('latin1', this.#spans[key * 2], this.#spans[key * 2 + 1]);
  }

  /** The value of a top-level key of that line, where its columns tell it. */
  told(key: number): unknown {
    if (!this.#isAppended) return undefined;
    const row = this.#columns.count - 1;
    switch (key) {
      case USER:
        return this.#values.user(row, this.#out[USER_MET] as number);
      case AGENT:
        return this.#values.text(this.#columns.agent[row] as number);
      case ADDRESSES:
        return this.#values.list(this.#columns.address[row] as number);
      case VERB:
        return this.#values.text(this.#operation[0] as number);
      case STAGE:
        return this.#values.text(this.#answer[0] as number);
      case LEVEL:
        return this.#values.text(this.#answer[1] as number);
      default:
        return undefined;
    }
  }

  #take(block: Uint8Array, start: number, end: number): boolean {
    if (block.length > LONGEST_BLOCK) return false;
    const after = block[end];
    if (after !== 10 && after !== 13) return false;
    if (this.#loaded !== block) this.#load(block);
    this.line++;
    return this.#scan(INPUT + start, INPUT + end) === 1;
  }

  /** All of the user, parsed. */
  #user(): Readonly<Record<string, unknown>> {
    const last = this.#lastUser;
    if (last.line !== this.line) {
      last.value = this.hasLongInteger ? parseJson(this.text(USER as number)) : JSON.parse(this.text(USER as number));
      last.line = this.line;
    }
    return last.value as Readonly<Record<string, unknown>>;
  }

  #writeKeys(): void {
    for (const [first, names] of Object.entries(KEY_TABLE)) {
      names.forEach((name, i) => {
        new TextEncoder().encodeInto(name, this.#bytes.subarray(KEYS + (Number(first) + i) * 32));
      });
    }
  }

  #load(block: Uint8Array): void {
    const needed = INPUT + block.length + SLACK;
    if (needed > this.#bytes.length) {
      this.#memory.grow(Math.ceil((needed - this.#bytes.length) / PAGE));
      [this.#bytes, this.#out, this.#times, this.#spans, this.#text] = viewsOf(this.#memory);
    }
    this.#bytes.set(block, INPUT);
    this.#bytes.fill(10, INPUT + block.length, needed);
    this.#loaded = block;
  }

  #append(start: number, end: number): void {
    const { actors, operations, answers, readings } = this.#dictionaries;
    const columns = this.#columns;
    columns.reserve();
    const row = columns.count++;
    columns.start[row] = start;
    columns.length[row] = end - start;
    columns.time[row] = this.#times[0] as number;
    columns.elapsed[row] = (this.#times[1] as number) - (this.#times[0] as number);
    columns.auditId.set(this.#bytes.subarray(AUDIT_ID, AUDIT_ID + 16), row * 16);
    columns.auditText[row] = 0;
    this.#actor[0] = this.#term(SLOT.user);
    this.#actor[1] = this.#term(SLOT.groups);
    this.#actor[2] = this.#term(SLOT.impersonatedUser);
    columns.actor[row] = actors.idOf(this.#actor);
    columns.address[row] = this.#term(SLOT.address);
    columns.agent[row] = this.#term(SLOT.agent);
    this.#operation[0] = this.#term(SLOT.verb);
    this.#operation[1] = this.#term(SLOT.apiGroup);
    this.#operation[2] = this.#term(SLOT.resource);
    this.#operation[3] = this.#term(SLOT.subresource);
    columns.operation[row] = operations.idOf(this.#operation);
    columns.namespace[row] = this.#term(SLOT.namespace);
    columns.name[row] = this.#term(SLOT.name);
    this.#answer[0] = this.#term(SLOT.stage);
    this.#answer[1] = this.#term(SLOT.level);
    this.#answer[2] = this.#out[CODE] as number;
    this.#answer[3] = this.#term(SLOT.decision);
    columns.answer[row] = answers.idOf(this.#answer);
    this.#reading[2] = this.#plainFormat;
    this.#reading[3] =
      (this.#out[0] as number) &
      (FLAGS.truncatedBody | FLAGS.hasRequestBody | FLAGS.hasResponseBody | FLAGS.hasMoreAnnotations);
    columns.reading[row] = readings.idOf(this.#reading);
  }

  /** Term of the span in a slot; 0 where the line has none. */
  #term(slot: number): number {
    const start = this.#out[slot] as number;
    return start === 0 ? 0 : this.#dictionaries.terms.idOf(this.#bytes, start, this.#out[slot + 1] as number);
  }
}

/** Growing the memory detaches all views of it. */
function viewsOf({ buffer }: WasmMemory): [Uint8Array, Int32Array, Float64Array, Int32Array, Buffer] {
  return [
    new Uint8Array(buffer),
    new Int32Array(buffer, OUT, 40),
    new Float64Array(buffer, TIMES, 2),
    new Int32Array(buffer, SPANS, TOP.length * 2),
    Buffer.from(buffer),
  ];
}
