/**
 * Strict JSON over bytes, without building anything: positions in, positions out, -1 for "not what the API server
 * writes" (white space, escaped or repeated keys, deep nesting, errors). Whoever gets -1 asks the general reader.
 *
 * Bytes behind the line must hold a line feed, so that no loop runs past its end.
 */

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

const MAX_DEPTH = 150;
const MAX_KEYS = 64;

/** What strings passed since `resetSeen` held: bit 7 set: a byte that is not ASCII. */
let seen = 0;
/** Whether the last string that was skipped holds a backslash. */
let escaped = false;

export const resetSeen = (): void => {
  seen = 0;
};
export const sawNonAscii = (): boolean => (seen & 0x80) !== 0;
export const lastWasEscaped = (): boolean => escaped;

const hexDigit = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);

/** Position behind an escape whose backslash stands just before `p`. */
function skipEscape(b: Uint8Array, p: number): number {
  const c = b[p] as number;
  if (c !== 117 /* u */) {
    const known =
      c === QUOTE || c === BACKSLASH || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116;
    return known ? p + 1 : -1;
  }
  for (let i = 1; i <= 4; i++) if (!hexDigit(b[p + i] as number)) return -1;
  return p + 5;
}

/** 0 for bytes that may stand in a string without further thought. */
const special = new Uint8Array(256).fill(1, 0, 32).fill(1, 128);
special[QUOTE] = special[BACKSLASH] = 1;

/** From behind the opening quote to behind the closing one. */
export function skipString(b: Uint8Array, p: number): number {
  while (special[b[p] as number] === 0) p++;
  if (b[p] === QUOTE) {
    escaped = false;
    return p + 1;
  }
  return skipOddString(b, p);
}

/** The rest of a string that holds an escape or a byte that is not ASCII. */
function skipOddString(b: Uint8Array, p: number): number {
  escaped = false;
  for (;;) {
    const c = b[p++] as number;
    if (c === QUOTE) return p;
    if (c >= 128) seen |= c;
    else if (c < 32) return -1;
    else if (c === BACKSLASH) {
      escaped = true;
      p = skipEscape(b, p);
      if (p < 0) return -1;
    }
  }
}

function skipDigits(b: Uint8Array, p: number): number {
  const from = p;
  while ((b[p] as number) >= 48 && (b[p] as number) <= 57) p++;
  return p === from ? -1 : p;
}

function skipNumber(b: Uint8Array, p: number): number {
  if (b[p] === 45) p++;
  p = b[p] === 48 ? p + 1 : skipDigits(b, p);
  if (p >= 0 && b[p] === 46) p = skipDigits(b, p + 1);
  if (p >= 0 && ((b[p] as number) | 32) === 101) {
    p++;
    if (b[p] === 43 || b[p] === 45) p++;
    p = skipDigits(b, p);
  }
  return p;
}

const TRUE = [116, 114, 117, 101];
const FALSE = [102, 97, 108, 115, 101];
const NULL = [110, 117, 108, 108];

function skipWord(b: Uint8Array, p: number, word: readonly number[]): number {
  for (let i = 0; i < word.length; i++) if (b[p + i] !== word[i]) return -1;
  return p + word.length;
}

/** Position behind a string, number, true, false or null. */
function skipScalar(b: Uint8Array, p: number): number {
  const c = b[p] as number;
  if (c === QUOTE) return skipString(b, p + 1);
  if (c === 116) return skipWord(b, p, TRUE);
  if (c === 102) return skipWord(b, p, FALSE);
  if (c === 110) return skipWord(b, p, NULL);
  return c === 45 || (c >= 48 && c <= 57) ? skipNumber(b, p) : -1;
}

const keyHashes = new Int32Array(MAX_DEPTH * MAX_KEYS);
const firstKey = new Int32Array(MAX_DEPTH + 1);
const isObject = new Uint8Array(MAX_DEPTH + 1);
let keyTop = 0;

/** Position behind `"key":`, -1 also if the innermost open object may hold that key already. */
function skipKey(b: Uint8Array, p: number, depth: number): number {
  if (b[p++] !== QUOTE) return -1;
  let hash = 0;
  let c = b[p] as number;
  for (; special[c] === 0; c = b[++p] as number) hash = (Math.imul(hash, 31) + c) | 0;
  if (c !== QUOTE || b[p + 1] !== COLON) return -1;
  p += 2;
  const first = firstKey[depth] as number;
  if (keyTop - first >= MAX_KEYS) return -1;
  for (let i = first; i < keyTop; i++) if (keyHashes[i] === hash) return -1;
  keyHashes[keyTop++] = hash;
  return p;
}

/** Position behind any JSON value that starts at `p`. */
export function skipValue(b: Uint8Array, p: number): number {
  let depth = 0;
  keyTop = 0;
  for (;;) {
    const c = b[p] as number;
    if (c === OPEN_BRACE && b[p + 1] !== CLOSE_BRACE) {
      if (++depth > MAX_DEPTH) return -1;
      isObject[depth] = 1;
      firstKey[depth] = keyTop;
      p = skipKey(b, p + 1, depth);
      if (p < 0) return -1;
      continue;
    }
    if (c === OPEN_BRACKET && b[p + 1] !== CLOSE_BRACKET) {
      if (++depth > MAX_DEPTH) return -1;
      isObject[depth] = 0;
      p++;
      continue;
    }
    p = c === OPEN_BRACE || c === OPEN_BRACKET ? p + 2 : skipScalar(b, p);
    if (p < 0) return -1;
    p = skipToNextValue(b, p, depth);
    if (p <= 0) return p === 0 ? end : -1;
    depth = openDepth;
  }
}

let end = 0;
let openDepth = 0;

/** After a value: closes what closes, and stands before the next value; 0 when all is closed (`end` says where). */
function skipToNextValue(b: Uint8Array, p: number, depth: number): number {
  for (;;) {
    if (depth === 0) {
      end = p;
      return 0;
    }
    const c = b[p++] as number;
    if (c === COMMA) {
      openDepth = depth;
      return isObject[depth] === 1 ? skipKey(b, p, depth) : p;
    }
    if (c !== (isObject[depth] === 1 ? CLOSE_BRACE : CLOSE_BRACKET)) return -1;
    if (isObject[depth] === 1) keyTop = firstKey[depth] as number;
    depth--;
  }
}
