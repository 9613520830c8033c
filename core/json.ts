/** More than the limits allow. Raised before anything recursive or costly touches the text. */
export class JsonLimitError extends Error {
  override readonly name: string = 'JsonLimitError';
}

/** Nested deeper than the limit. */
export class JsonDepthError extends JsonLimitError {
  override readonly name = 'JsonDepthError';
}

/** The limits `jsonDepth` and `jsonMarks` of core/contract/limits.ts, repeated so that this file needs nothing. */
const DEFAULT_DEPTH = 200;
const MOST_MARKS = 2 ** 21;

/**
 * `JSON.parse`, but exact: integers beyond 2^53 become `BigInt`, numbers beyond the range of a double stay text, and
 * nesting over `maximumDepth` is a `JsonDepthError`, more keys and values than memory should hold a `JsonLimitError`. The key `__proto__` is an own property like any other. Of a key that
 * stands twice the last value wins (see `hasRepeatedKey`). Throws `SyntaxError` as `JSON.parse` does.
 */
export function parseJson(text: string, maximumDepth: number = DEFAULT_DEPTH): unknown {
  const { depth, marks, needsCare } = inspect(text);
  if (depth > maximumDepth) throw new JsonDepthError(`JSON is nested deeper than ${maximumDepth}`);
  if (marks > MOST_MARKS) throw new JsonLimitError('JSON holds too many keys and values');
  return needsCare ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

/** `JSON.stringify` for what `parseJson` returns: a `BigInt` is written as the digits it was. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? rawJson.rawJSON(item.toString()) : item,
  );
}

/** Not in TypeScript's library yet; in Node since 21. */
const rawJson = JSON as typeof JSON & { rawJSON(text: string): unknown };

function exactNumber(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  if (/^-?\d+$/.test(source)) return BigInt(source);
  return Number.isFinite(value) ? value : source;
}

/** What one look over the brackets, colons and numbers of a JSON text tells. */
interface Inspection {
  readonly text: string;
  readonly depth: number;
  readonly colons: number;
  /** Commas, colons and opening brackets: they tell how much memory the parsed value takes, however long its texts are. */
  readonly marks: number;
  /** A number may not survive as a double: sixteen digits or more, or an exponent of three. */
  readonly needsCare: boolean;
}

/** The text is looked over when it is parsed and again when its keys are counted: the last answer is kept. */
let last: Inspection = { text: '', depth: 0, colons: 0, marks: 0, needsCare: false };

function inspect(text: string): Inspection {
  if (last.text === text) return last;
  let depth = 0;
  let deepest = 0;
  let colons = 0;
  let commas = 0;
  let brackets = 0;
  let needsCare = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfString(text, index);
    else if (code === 0x3a) colons++;
    else if (code === 0x2c) commas++;
    else if (code === 0x7b || code === 0x5b) {
      brackets++;
      if (++depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code >= 0x30 && code <= 0x39) {
      const end = endOfNumber(text, index);
      if (end - index >= 16 || hasLargeExponent(text, index, end)) needsCare = true;
      index = end - 1;
    }
  }
  last = { text, depth: deepest, colons, marks: colons + commas + brackets, needsCare };
  return last;
}

/** Digits, point, exponent: anything of which a number is made. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPart =
      (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2b || code === 0x2d || (code | 0x20) === 0x65;
    if (!isPart) return at;
  }
  return at;
}

function hasLargeExponent(text: string, start: number, end: number): boolean {
  return end - start > 4 && /[eE]\+?\d{3}/.test(text.slice(start, end));
}

/** Index of the quote that closes the string opened at `start`, or the text's length. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index;
    if (code === 0x5c) index++;
  }
  return text.length;
}

/**
 * Whether some object in `text` states a key twice. `parsed` is what `parseJson` made of it: every key of the text has a
 * colon outside strings, and every key that survived is an own property, so the two counts differ exactly when one was lost.
 */
export function hasRepeatedKey(text: string, parsed: unknown): boolean {
  return inspect(text).colons !== countKeys(parsed);
}

function countKeys(parsed: unknown): number {
  let count = 0;
  const waiting: unknown[] = [parsed];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const items = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) count += items.length;
    for (const item of items) if (typeof item === 'object' && item !== null) waiting.push(item);
  }
  return count;
}

/** Start and end of the value that `steps` lead to inside JSON `text`, or null. The last of repeated keys, as in parsing. */
export function locateJson(text: string, steps: readonly string[]): readonly [number, number] | null {
  let [start, end] = [skipSpace(text, 0), text.length];
  for (const step of steps) {
    const found = child(text, start, step);
    if (found === null) return null;
    [start, end] = found;
  }
  return [start, steps.length === 0 ? end : endOfValue(text, start)];
}

function child(text: string, start: number, step: string): readonly [number, number] | null {
  if (text[start] === '{') return member(text, start, step);
  return text[start] === '[' ? element(text, start, Number(step)) : null;
}

function member(text: string, start: number, step: string): readonly [number, number] | null {
  let found: readonly [number, number] | null = null;
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] === '"') {
    const close = endOfString(text, at);
    const isIt = JSON.parse(text.slice(at, close + 1)) === step;
    const from = skipSpace(text, skipSpace(text, close + 1) + 1);
    const to = endOfValue(text, from);
    if (isIt) found = [from, to];
    at = skipSpace(text, skipSpace(text, to) + 1);
  }
  return found;
}

function element(text: string, start: number, index: number): readonly [number, number] | null {
  let at = skipSpace(text, start + 1);
  for (let count = 0; at < text.length && text[at] !== ']'; count++) {
    const to = endOfValue(text, at);
    if (count === index) return [at, to];
    at = skipSpace(text, skipSpace(text, to) + 1);
  }
  return null;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** End of the value at `start`, by brackets and quotes alone. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = endOfString(text, index);
      if (depth === 0) return index + 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return index;
      if (--depth === 0) return index + 1;
    } else if (depth === 0 && (code === 0x2c || code <= 0x20)) return index;
  }
  return text.length;
}
