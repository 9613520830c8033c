import { FLAGS } from '../event/columns.ts';
import { daysOf } from '../event/time.ts';
import type { ColumnBuilder, Dictionaries } from './columns.ts';
import { lastWasEscaped, resetSeen, sawNonAscii, skipString, skipValue } from './json-bytes.ts';

/**
 * Reads a line that the API server wrote (an `audit.k8s.io/v1` Event, compact JSON, known keys in any order) straight
 * into columns. Any surprise makes it refuse, and the general reader decides; on what it accepts both agree, which a
 * differential test holds.
 */

const QUOTE = 34;
const COMMA = 44;
const CLOSE_BRACE = 125;

const encoder = new TextEncoder();
const key = (text: string): Uint8Array => encoder.encode(text);

/** Keys at the top of an event with the bit that stands for "met". */
const TOP_KEYS = [
  'kind', 'level', 'auditID', 'apiVersion', 'stage', 'requestURI', 'verb', 'user', 'impersonatedUser', 'sourceIPs',
  'userAgent', 'objectRef', 'responseStatus', 'requestObject', 'responseObject', 'requestReceivedTimestamp',
  'stageTimestamp', 'annotations', 'authenticationMetadata',
]; // biome-ignore format: a table
const REF_KEYS = ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'];
const USER_KEYS = ['username', 'uid', 'groups', 'extra'];
const STATUS_KEYS = ['metadata', 'status', 'message', 'reason', 'details', 'code'];

/** Finds which key of a small fixed set stands at a place: first letter and length nearly always decide. */
class KeySet {
  readonly #byShape = new Map<number, number[]>();
  readonly #keys: Uint8Array[];
  readonly #table = new Int8Array(32 * 128).fill(-1);

  constructor(names: readonly string[]) {
    this.#keys = names.map(key);
    this.#keys.forEach((bytes, index) => {
      const shape = bytes.length * 128 + (bytes[0] as number);
      this.#byShape.set(shape, [...(this.#byShape.get(shape) ?? []), index]);
      if (shape < this.#table.length) this.#table[shape] = index;
    });
  }

  /** Index of the key whose text stands from `start` to `end`, or -1. */
  find(b: Uint8Array, start: number, end: number): number {
    const first = b[start] as number;
    const length = end - start;
    if (length > 31 || first > 127 || this.#table[length * 128 + first] === -1) return -1;
    for (const index of this.#byShape.get(length * 128 + first) as number[])
      if (isAt(b, start, this.#keys[index] as Uint8Array)) return index;
    return -1;
  }
}

function isAt(b: Uint8Array, p: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (b[p + i] !== bytes[i]) return false;
  return true;
}

const topKeys = new KeySet(TOP_KEYS);
const refKeys = new KeySet(REF_KEYS);
const userKeys = new KeySet(USER_KEYS);
const statusKeys = new KeySet(STATUS_KEYS);
const KIND = key('"Event"');
const API_VERSION = key('"audit.k8s.io/v1"');
const DECISION = key('"authorization.k8s.io/decision":"');
const TRUNCATED = key('"audit.k8s.io/truncated":"true"');
/** Without these no event is complete: the others may be absent. */
const MUST_HAVE = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7);

export class LineScanner {
  readonly #dictionaries: Dictionaries;
  readonly #columns: ColumnBuilder;
  readonly #actor = new Int32Array(3);
  readonly #operation = new Int32Array(4);
  readonly #answer = new Int32Array(4);
  readonly #reading = new Int32Array(6);
  readonly #plainFormat: number;
  #user = 0;
  #groups = 0;
  #dateKey = -1;
  #dateDays = 0;
  #time = 0;

  constructor(dictionaries: Dictionaries, columns: ColumnBuilder) {
    this.#dictionaries = dictionaries;
    this.#columns = columns;
    this.#plainFormat = dictionaries.terms.idOfText('k8s-audit-jsonl');
  }

  /** Appends the event that is the whole of `start` to `end`; false (and nothing appended) if it is not plain. */
  scan(b: Uint8Array, start: number, end: number): boolean {
    const after = b[end];
    if (after !== 10 && after !== 13) return false;
    resetSeen();
    this.#columns.reserve();
    if (this.#scanTop(b, start, end) !== end || sawNonAscii()) return false;
    this.#append(start, end);
    return true;
  }

  #scanTop(b: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    const row = columns.count;
    let met = 0;
    let flags = 0;
    let stageTime = Number.NaN;
    let received = Number.NaN;
    this.#actor.fill(0);
    this.#operation.fill(0);
    this.#answer.fill(0);
    columns.address[row] = columns.agent[row] = columns.namespace[row] = columns.name[row] = 0;
    let p = start + 1;
    for (;;) {
      if (b[p] !== QUOTE) return -1;
      const keyEnd = skipString(b, p + 1) - 1;
      if (keyEnd < 0 || b[keyEnd + 1] !== 58) return -1;
      const which = topKeys.find(b, p + 1, keyEnd);
      if (which < 0 || (met & (1 << which)) !== 0) return -1;
      met |= 1 << which;
      p = keyEnd + 2;
      switch (which) {
        case 0: p = isAt(b, p, KIND) ? p + KIND.length : -1; break;
        case 1: p = this.#term(b, p); this.#answer[1] = this.#id; break;
        case 2: p = this.#auditId(b, p, row * 16); break;
        case 3: p = isAt(b, p, API_VERSION) ? p + API_VERSION.length : -1; break;
        case 4: p = this.#term(b, p); this.#answer[0] = this.#id; break;
        case 5: p = b[p] === QUOTE ? skipString(b, p + 1) : -1; break;
        case 6: p = this.#term(b, p); this.#operation[0] = this.#id; break;
        case 7: p = this.#userInfo(b, p); this.#actor[0] = this.#user; this.#actor[1] = this.#groups; break;
        case 8: p = this.#userInfo(b, p); this.#actor[2] = this.#user; break;
        case 9: p = this.#texts(b, p); columns.address[row] = this.#id; break;
        case 10: p = this.#term(b, p); columns.agent[row] = this.#id; break;
        case 11: p = this.#objectRef(b, p, row); break;
        case 12: p = this.#status(b, p); break;
        case 13: if (b[p] === 110) return -1; p = skipValue(b, p); flags |= FLAGS.hasRequestBody; break;
        case 14: if (b[p] === 110) return -1; p = skipValue(b, p); flags |= FLAGS.hasResponseBody; break;
        case 15: p = this.#timestamp(b, p); received = this.#time; break;
        case 16: p = this.#timestamp(b, p); stageTime = this.#time; break;
        case 17: p = this.#annotations(b, p); flags |= this.#truncated; break;
        default: p = skipValue(b, p);
      } // biome-ignore format: one line a key
      if (p < 0 || p > end) return -1;
      if (b[p] === CLOSE_BRACE) break;
      if (b[p] !== COMMA) return -1;
      p++;
    }
    if ((met & MUST_HAVE) !== MUST_HAVE || Number.isNaN(received) || Number.isNaN(stageTime)) return -1;
    columns.time[row] = received;
    columns.elapsed[row] = stageTime - received;
    this.#reading[3] = flags;
    return p + 1;
  }

  #append(start: number, end: number): void {
    const { actors, operations, answers, readings } = this.#dictionaries;
    const columns = this.#columns;
    const row = columns.count++;
    columns.start[row] = start;
    columns.length[row] = end - start;
    columns.auditText[row] = 0;
    columns.actor[row] = actors.idOf(this.#actor);
    columns.operation[row] = operations.idOf(this.#operation);
    columns.answer[row] = answers.idOf(this.#answer);
    this.#reading[2] = this.#plainFormat;
    columns.reading[row] = readings.idOf(this.#reading);
  }

  #id = 0;
  #truncated = 0;

  /** A string without escapes; its term id in `#id`. */
  #term(b: Uint8Array, p: number): number {
    if (b[p] !== QUOTE) return -1;
    const after = skipString(b, p + 1);
    if (after < 0 || lastWasEscaped()) return -1;
    this.#id = this.#dictionaries.terms.idOf(b, p + 1, after - 1);
    return after;
  }

  /** An array of strings without escapes; the term id of its whole text in `#id`. */
  #texts(b: Uint8Array, p: number): number {
    const start = p;
    if (b[p++] !== 91) return -1;
    if (b[p] !== 93) {
      for (;;) {
        if (b[p] !== QUOTE) return -1;
        p = skipString(b, p + 1);
        if (p < 0 || lastWasEscaped()) return -1;
        if (b[p] !== COMMA) break;
        p++;
      }
    }
    if (b[p++] !== 93) return -1;
    this.#id = this.#dictionaries.terms.idOf(b, start, p);
    return p;
  }

  /** A lower-case UUID into the audit id column. */
  #auditId(b: Uint8Array, p: number, at: number): number {
    const ids = this.#columns.auditId;
    if (b[p++] !== QUOTE) return -1;
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) if (b[p++] !== 45) return -1;
      const high = HEX[b[p++] as number] as number;
      const low = HEX[b[p++] as number] as number;
      if ((high | low) > 15) return -1;
      ids[at + i] = (high << 4) | low;
    }
    return b[p] === QUOTE ? p + 1 : -1;
  }

  #userInfo(b: Uint8Array, p: number): number {
    let met = 0;
    this.#user = this.#groups = 0;
    if (b[p++] !== 123) return -1;
    if (b[p] === CLOSE_BRACE) return p + 1;
    for (;;) {
      if (b[p] !== QUOTE) return -1;
      const keyEnd = skipString(b, p + 1) - 1;
      if (keyEnd < 0 || b[keyEnd + 1] !== 58) return -1;
      const which = userKeys.find(b, p + 1, keyEnd);
      if (which < 0 || (met & (1 << which)) !== 0) return -1;
      met |= 1 << which;
      p = keyEnd + 2;
      if (which === 0) {
        p = this.#term(b, p);
        this.#user = this.#id;
      } else if (which === 2) {
        p = this.#texts(b, p);
        this.#groups = this.#id;
      } else p = skipValue(b, p);
      if (p < 0) return -1;
      const c = b[p++];
      if (c === CLOSE_BRACE) return p;
      if (c !== COMMA) return -1;
    }
  }

  #objectRef(b: Uint8Array, p: number, row: number): number {
    const columns = this.#columns;
    let met = 0;
    if (b[p++] !== 123) return -1;
    if (b[p] === CLOSE_BRACE) return p + 1;
    for (;;) {
      if (b[p] !== QUOTE) return -1;
      const keyEnd = skipString(b, p + 1) - 1;
      if (keyEnd < 0 || b[keyEnd + 1] !== 58) return -1;
      const which = refKeys.find(b, p + 1, keyEnd);
      if (which < 0 || (met & (1 << which)) !== 0) return -1;
      met |= 1 << which;
      p = keyEnd + 2;
      if (which === 3 || which === 5 || which === 6) p = b[p] === QUOTE ? skipString(b, p + 1) : -1;
      else {
        if (b[p + 1] === QUOTE) return -1;
        p = this.#term(b, p);
        if (which === 0) this.#operation[2] = this.#id;
        else if (which === 1) columns.namespace[row] = this.#id;
        else if (which === 2) columns.name[row] = this.#id;
        else if (which === 4) this.#operation[1] = this.#id;
        else this.#operation[3] = this.#id;
      }
      if (p < 0) return -1;
      const c = b[p++];
      if (c === CLOSE_BRACE) return p;
      if (c !== COMMA) return -1;
    }
  }

  #status(b: Uint8Array, p: number): number {
    let met = 0;
    if (b[p++] !== 123) return -1;
    if (b[p] === CLOSE_BRACE) return p + 1;
    for (;;) {
      if (b[p] !== QUOTE) return -1;
      const keyEnd = skipString(b, p + 1) - 1;
      if (keyEnd < 0 || b[keyEnd + 1] !== 58) return -1;
      const which = statusKeys.find(b, p + 1, keyEnd);
      if (which < 0 || (met & (1 << which)) !== 0) return -1;
      met |= 1 << which;
      p = which === 5 ? this.#code(b, keyEnd + 2) : skipValue(b, keyEnd + 2);
      if (p < 0) return -1;
      const c = b[p++];
      if (c === CLOSE_BRACE) return p;
      if (c !== COMMA) return -1;
    }
  }

  /** A code of three digits, the only kind that HTTP has. */
  #code(b: Uint8Array, p: number): number {
    let code = 0;
    for (let i = 0; i < 3; i++) {
      const digit = (b[p + i] as number) - 48;
      if (digit < (i === 0 ? 1 : 0) || digit > 9) return -1;
      code = code * 10 + digit;
    }
    this.#answer[2] = code;
    return p + 3;
  }

  /** `YYYY-MM-DDThh:mm:ss.ffffffZ` into `#time`. */
  #timestamp(b: Uint8Array, p: number): number {
    if (
      b[p] !== QUOTE ||
      b[p + 5] !== 45 ||
      b[p + 8] !== 45 ||
      b[p + 11] !== 84 ||
      b[p + 14] !== 58 ||
      b[p + 17] !== 58
    )
      return -1;
    if (b[p + 20] !== 46 || b[p + 27] !== 90 || b[p + 28] !== QUOTE) return -1;
    const year = digits(b, p + 1, 4);
    const month = digits(b, p + 6, 2);
    const day = digits(b, p + 9, 2);
    const hour = digits(b, p + 12, 2);
    const minute = digits(b, p + 15, 2);
    const second = digits(b, p + 18, 2);
    const micros = digits(b, p + 21, 6);
    if ((year | month | day | hour | minute | second | micros) < 0 || hour > 23 || minute > 59 || second > 59)
      return -1;
    const date = year * 10_000 + month * 100 + day;
    if (date !== this.#dateKey) {
      const days = daysOf(year, month, day);
      if (days === null) return -1;
      this.#dateKey = date;
      this.#dateDays = days;
    }
    this.#time = (this.#dateDays * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + micros;
    return p + 29;
  }

  /** Walks the annotations for the authorizer's decision and the mark of truncated bodies. */
  #annotations(b: Uint8Array, p: number): number {
    this.#truncated = 0;
    if (b[p++] !== 123) return -1;
    if (b[p] === CLOSE_BRACE) return p + 1;
    this.#keyCount = 0;
    for (;;) {
      const first = b[p + 1];
      if (first === 97 && isAt(b, p, DECISION)) {
        p = this.#term(b, p + DECISION.length - 1);
        this.#answer[3] = this.#id;
        if (!this.#isNewKey(DECISION.length)) return -1;
      } else {
        const after = skipString(b, p + 1);
        if (
          after < 0 ||
          lastWasEscaped() ||
          b[after] !== 58 ||
          b[after + 1] !== QUOTE ||
          !this.#isNewKey(hashOf(b, p + 1, after))
        )
          return -1;
        if (first === 97 && isAt(b, p, TRUNCATED)) this.#truncated = FLAGS.truncatedBody;
        p = skipString(b, after + 2);
      }
      if (p < 0) return -1;
      const c = b[p++];
      if (c === CLOSE_BRACE) return p;
      if (c !== COMMA || b[p] !== QUOTE) return -1;
    }
  }

  readonly #keys = new Int32Array(64);
  #keyCount = 0;

  #isNewKey(hash: number): boolean {
    for (let i = 0; i < this.#keyCount; i++) if (this.#keys[i] === hash) return false;
    if (this.#keyCount === this.#keys.length) return false;
    this.#keys[this.#keyCount++] = hash;
    return true;
  }
}

function hashOf(b: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (b[i] as number)) | 0;
  return hash;
}

function digits(b: Uint8Array, p: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = (b[p + i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const HEX = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) HEX[digit.toString(16).charCodeAt(0)] = digit;
