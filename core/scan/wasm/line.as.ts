/**
 * AssemblyScript (not TypeScript): strict JSON of one line that the API server wrote, with positions of what the columns
 * need. `npm run build:scanner` compiles it to line.wasm; core/scan/line-scanner.ts is the other half. Nothing is allocated:
 * all state lies at fixed places below INPUT.
 *
 * scan() gives 1 if the line from `start` to `end` is a plain event (compact JSON, known keys in any order, none twice), and
 * 0 for anything else, which the general reader decides. A line feed must stand at `end`.
 */

/** Results: pairs of positions (i32 start, end; 0 where absent), see SLOTS in line-scanner.ts. */
const OUT = 1024;
/** Times in microseconds (f64): received, stage. */
const TIMES = 1280;
/** The 16 bytes of the audit id. */
const AUDIT_ID = 1312;
/** Known keys, 32 bytes each, written by the host: top level, then objectRef, user, responseStatus, then values. */
const KEYS = 2048;
/** Hashes of keys of the objects that are open. */
const HASHES = 8192;
const FIRST_HASH = 90112;
const IS_OBJECT = 91136;
/** Spans (i32 start, end) of the values of the top-level keys that were met, by the number of the key. */
const SPANS = 92160;

const MAX_DEPTH = 150;
const MAX_KEYS = 64;

// Indexes of keys in the table.
const REF = 20;
const USER = 30;
const STATUS = 36;
const KIND_VALUE = 42;
const API_VERSION_VALUE = 43;
const DECISION = 44;
const REASON = 45;
const TRUNCATED = 46;

// Slots of OUT.
const FLAGS = 0;
const LEVEL = 1;
const STAGE = 3;
const VERB = 5;
const USERNAME = 7;
const GROUPS = 9;
const IMPERSONATED = 11;
const ADDRESS = 13;
const AGENT = 15;
const API_GROUP = 17;
const RESOURCE = 19;
const SUBRESOURCE = 21;
const NAMESPACE = 23;
const NAME = 25;
const CODE = 27;
const DECIDED = 28;
const SLOTS = 30;
/** Behind the groups of an impersonated user: which top-level keys the line has, a bit each. */
const MET = 32;
/** Whether an integer has so many digits that it may be no double. */
const LONG = 33;
/** Which keys the user has, a bit each. */
const USER_MET = 34;
const LONG_DIGITS = 16;

let escaped: bool = false;
let nonAscii: bool = false;
let isLong: i32 = 0;
let keysOfUser: i32 = 0;
let hashTop: i32 = 0;
let dateKey: i32 = -1;
let dateDays: i32 = 0;

@inline function byte(p: i32): i32 { return <i32>load<u8>(p); }
@inline function put(slot: i32, value: i32): void { store<i32>(OUT + (slot << 2), value); }
@inline function putSpan(slot: i32, start: i32, end: i32): void { put(slot, start); put(slot + 1, end); }

function same(p: i32, q: i32, length: i32): bool {
  let i = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(p + i) != load<u64>(q + i)) return false;
  for (; i < length; i++) if (load<u8>(p + i) != load<u8>(q + i)) return false;
  return true;
}

@inline function key(index: i32): i32 { return KEYS + (index << 5); }

function isHex(c: i32): bool { return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102); }

function skipEscape(p: i32): i32 {
  const c = byte(p);
  if (c == 117) {
    for (let i = 1; i <= 4; i++) if (!isHex(byte(p + i))) return -1;
    return p + 5;
  }
  return c == 34 || c == 92 || c == 47 || c == 98 || c == 102 || c == 110 || c == 114 || c == 116 ? p + 1 : -1;
}

/** From behind the opening quote to behind the closing one, sixteen bytes at a time. */
function skipString(p: i32): i32 {
  escaped = false;
  while (true) {
    const v = v128.load(p);
    const special = v128.or(v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92))), i8x16.lt_u(v, i8x16.splat(32)));
    const mask = i8x16.bitmask(special) | i8x16.bitmask(v);
    if (mask == 0) {
      p += 16;
      continue;
    }
    p += ctz(mask);
    const c = byte(p++);
    if (c == 34) return p;
    if (c >= 128) nonAscii = true;
    else if (c == 92) {
      escaped = true;
      p = skipEscape(p);
      if (p < 0) return -1;
    } else return -1;
  }
}

function skipDigits(p: i32): i32 {
  const from = p;
  while (byte(p) >= 48 && byte(p) <= 57) p++;
  return p == from ? -1 : p;
}

function skipNumber(p: i32): i32 {
  if (byte(p) == 45) p++;
  const from = p;
  p = byte(p) == 48 ? p + 1 : skipDigits(p);
  if (p - from >= LONG_DIGITS) isLong = 1;
  if (p >= 0 && byte(p) == 46) p = skipDigits(p + 1);
  if (p >= 0 && (byte(p) | 32) == 101) {
    p++;
    if (byte(p) == 43 || byte(p) == 45) p++;
    p = skipDigits(p);
  }
  return p;
}

function skipScalar(p: i32): i32 {
  const c = byte(p);
  if (c == 34) return skipString(p + 1);
  if (c == 116) return load<u32>(p) == 0x65757274 ? p + 4 : -1;
  if (c == 102) return load<u32>(p + 1) == 0x65736c61 ? p + 5 : -1;
  if (c == 110) return load<u32>(p) == 0x6c6c756e ? p + 4 : -1;
  return c == 45 || (c >= 48 && c <= 57) ? skipNumber(p) : -1;
}

function hashOf(start: i32, end: i32): u64 {
  let hash: u64 = <u64>(end - start);
  let p = start;
  for (; p + 8 <= end; p += 8) {
    hash = (hash ^ load<u64>(p)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  if (p < end) {
    const rest = load<u64>(p) & (((<u64>1) << (<u64>(end - p) << 3)) - 1);
    hash = (hash ^ rest) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return hash;
}

/** Notes a key of the object that opened with `first` hashes; false if it may stand in it already. */
function isNewKey(first: i32, hash: u64): bool {
  if (hashTop - first >= MAX_KEYS) return false;
  for (let i = first; i < hashTop; i++) if (load<u64>(HASHES + (i << 3)) == hash) return false;
  store<u64>(HASHES + (hashTop++ << 3), hash);
  return true;
}

/** Position behind `"key":`. */
function skipKey(p: i32, depth: i32): i32 {
  if (byte(p) != 34) return -1;
  const end = skipString(p + 1);
  if (end < 0 || escaped || byte(end) != 58) return -1;
  return isNewKey(load<i32>(FIRST_HASH + (depth << 2)), hashOf(p + 1, end - 1)) ? end + 1 : -1;
}

/** Position behind any JSON value. */
function skipValue(p: i32): i32 {
  let depth = 0;
  hashTop = 0;
  while (true) {
    const c = byte(p);
    if ((c == 123 && byte(p + 1) != 125) || (c == 91 && byte(p + 1) != 93)) {
      if (++depth > MAX_DEPTH) return -1;
      store<u8>(IS_OBJECT + depth, c == 123 ? 1 : 0);
      store<i32>(FIRST_HASH + (depth << 2), hashTop);
      p++;
      if (c == 123) p = skipKey(p, depth);
      if (p < 0) return -1;
      continue;
    }
    p = c == 123 || c == 91 ? p + 2 : skipScalar(p);
    if (p < 0) return -1;
    while (true) {
      if (depth == 0) return p;
      const isObject = load<u8>(IS_OBJECT + depth) == 1;
      const next = byte(p++);
      if (next == 44) {
        if (isObject) p = skipKey(p, depth);
        if (p < 0) return -1;
        break;
      }
      if (next != (isObject ? 125 : 93)) return -1;
      if (isObject) hashTop = load<i32>(FIRST_HASH + (depth << 2));
      depth--;
    }
  }
}

/** A string without escapes; its span without the quotes goes to `slot`. */
function text(p: i32, slot: i32): i32 {
  if (byte(p) != 34) return -1;
  const end = skipString(p + 1);
  if (end < 0 || escaped) return -1;
  putSpan(slot, p + 1, end - 1);
  return end;
}

/** An array of strings without escapes; its span goes to `slot`. */
function texts(p: i32, slot: i32): i32 {
  const start = p;
  if (byte(p++) != 91) return -1;
  if (byte(p) != 93) {
    while (true) {
      if (byte(p) != 34) return -1;
      p = skipString(p + 1);
      if (p < 0 || escaped) return -1;
      if (byte(p) != 44) break;
      p++;
    }
  }
  if (byte(p++) != 93) return -1;
  putSpan(slot, start, p);
  return p;
}

function hexValue(c: i32): i32 {
  if (c >= 48 && c <= 57) return c - 48;
  return c >= 97 && c <= 102 ? c - 87 : 255;
}

/** A lower-case UUID. */
function auditId(p: i32): i32 {
  if (byte(p++) != 34) return -1;
  for (let i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) if (byte(p++) != 45) return -1;
    const high = hexValue(byte(p++));
    const low = hexValue(byte(p++));
    if ((high | low) > 15) return -1;
    store<u8>(AUDIT_ID + i, <u8>((high << 4) | low));
  }
  return byte(p) == 34 ? p + 1 : -1;
}

/** Which known key stands from `p` on for `length` bytes, -1: none. */
function topKey(p: i32, length: i32): i32 {
  const c = byte(p);
  let which = -1;
  if (length == 4) which = c == 107 ? 0 : c == 118 ? 6 : 7;
  else if (length == 5) which = c == 108 ? 1 : 4;
  else if (length == 7) which = 2;
  else if (length == 9) which = c == 115 ? 9 : c == 117 ? 10 : 11;
  else if (length == 10) which = c == 97 ? 3 : 5;
  else if (length == 11) which = 17;
  else if (length == 13) which = 13;
  else if (length == 14) which = c == 115 ? 16 : byte(p + 8) == 83 ? 12 : 14;
  else if (length == 16) which = 8;
  else if (length == 22) which = 18;
  else if (length == 24) which = 15;
  return which >= 0 && same(p, key(which), length) ? which : -1;
}

function userKey(p: i32, length: i32): i32 {
  const which = length == 8 ? 0 : length == 3 ? 1 : length == 6 ? 2 : length == 5 ? 3 : -1;
  return which >= 0 && same(p, key(USER + which), length) ? which : -1;
}

function refKey(p: i32, length: i32): i32 {
  let which = -1;
  if (length == 8) which = byte(p) == 114 ? 0 : 4;
  else if (length == 9) which = 1;
  else if (length == 4) which = 2;
  else if (length == 3) which = 3;
  else if (length == 10) which = 5;
  else if (length == 15) which = 6;
  else if (length == 11) which = 7;
  return which >= 0 && same(p, key(REF + which), length) ? which : -1;
}

function statusKey(p: i32, length: i32): i32 {
  let which = -1;
  if (length == 8) which = 0;
  else if (length == 6) which = byte(p) == 115 ? 1 : 3;
  else if (length == 7) which = byte(p) == 109 ? 2 : 4;
  else if (length == 4) which = 5;
  return which >= 0 && same(p, key(STATUS + which), length) ? which : -1;
}

/** End of the key that starts behind the quote at `p`; -1 unless `":` follows. */
@inline function keyEnd(p: i32): i32 {
  if (byte(p) != 34) return -1;
  const end = skipString(p + 1);
  return end < 0 || escaped || byte(end) != 58 ? -1 : end - 1;
}

function userInfo(p: i32, userSlot: i32, groupsSlot: i32): i32 {
  let met = 0;
  keysOfUser = 0;
  if (byte(p++) != 123) return -1;
  if (byte(p) == 125) return p + 1;
  while (true) {
    const end = keyEnd(p);
    if (end < 0) return -1;
    const which = userKey(p + 1, end - p - 1);
    if (which < 0 || (met & (1 << which)) != 0) return -1;
    met |= 1 << which;
    p = end + 2;
    if (which == 0) p = text(p, userSlot);
    else if (which == 2) p = texts(p, groupsSlot);
    else p = skipValue(p);
    if (p < 0) return -1;
    keysOfUser = met;
    const c = byte(p++);
    if (c == 125) return p;
    if (c != 44) return -1;
  }
}

function objectRef(p: i32): i32 {
  let met = 0;
  if (byte(p++) != 123) return -1;
  if (byte(p) == 125) return p + 1;
  while (true) {
    const end = keyEnd(p);
    if (end < 0) return -1;
    const which = refKey(p + 1, end - p - 1);
    if (which < 0 || (met & (1 << which)) != 0) return -1;
    met |= 1 << which;
    p = end + 2;
    if (which == 3 || which == 5 || which == 6) p = byte(p) == 34 ? skipString(p + 1) : -1;
    else {
      if (byte(p + 1) == 34) return -1;
      p = text(p, which == 0 ? RESOURCE : which == 1 ? NAMESPACE : which == 2 ? NAME : which == 4 ? API_GROUP : SUBRESOURCE);
    }
    if (p < 0) return -1;
    const c = byte(p++);
    if (c == 125) return p;
    if (c != 44) return -1;
  }
}

/** A code of three digits, the only kind that HTTP has. */
function code(p: i32): i32 {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const digit = byte(p + i) - 48;
    if (digit < (i == 0 ? 1 : 0) || digit > 9) return -1;
    value = value * 10 + digit;
  }
  put(CODE, value);
  return p + 3;
}

function responseStatus(p: i32): i32 {
  let met = 0;
  if (byte(p++) != 123) return -1;
  if (byte(p) == 125) return p + 1;
  while (true) {
    const end = keyEnd(p);
    if (end < 0) return -1;
    const which = statusKey(p + 1, end - p - 1);
    if (which < 0 || (met & (1 << which)) != 0) return -1;
    met |= 1 << which;
    p = which == 5 ? code(end + 2) : skipValue(end + 2);
    if (p < 0) return -1;
    const c = byte(p++);
    if (c == 125) return p;
    if (c != 44) return -1;
  }
}

function digits(p: i32, count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = byte(p + i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
function daysOf(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const ofEra = y - era * 400;
  const ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
}

/** `"YYYY-MM-DDThh:mm:ss.ffffffZ"`, as microseconds. */
function timestamp(p: i32, slot: i32): i32 {
  if (byte(p) != 34 || byte(p + 5) != 45 || byte(p + 8) != 45 || byte(p + 11) != 84 || byte(p + 14) != 58 || byte(p + 17) != 58) return -1;
  if (byte(p + 20) != 46 || byte(p + 27) != 90 || byte(p + 28) != 34) return -1;
  const year = digits(p + 1, 4);
  const month = digits(p + 6, 2);
  const day = digits(p + 9, 2);
  const hour = digits(p + 12, 2);
  const minute = digits(p + 15, 2);
  const second = digits(p + 18, 2);
  const micros = digits(p + 21, 6);
  if ((year | month | day | hour | minute | second | micros) < 0 || hour > 23 || minute > 59 || second > 59) return -1;
  const date = year * 10000 + month * 100 + day;
  if (date != dateKey) {
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return -1;
    dateKey = date;
    dateDays = daysOf(year, month, day);
  }
  const seconds: i64 = <i64>dateDays * 86400 + <i64>(hour * 3600 + minute * 60 + second);
  store<f64>(TIMES + (slot << 3), <f64>(seconds * 1000000 + <i64>micros));
  return p + 29;
}

/** Walks the annotations for the authorizer's decision and the mark of truncated bodies. */
function annotations(p: i32): i32 {
  if (byte(p++) != 123) return -1;
  if (byte(p) == 125) return p + 1;
  hashTop = 0;
  while (true) {
    const end = keyEnd(p);
    if (end < 0 || byte(end + 2) != 34 || !isNewKey(0, hashOf(p + 1, end))) return -1;
    const length = end - p - 1;
    const value = end + 2;
    if (length == 29 && same(p + 1, key(DECISION), 29)) p = text(value, DECIDED);
    else {
      if (length == 22 && same(p + 1, key(TRUNCATED), 22) && same(value, key(TRUNCATED + 1), 6)) put(FLAGS, load<i32>(OUT) | 8);
      if (length != 27 || !same(p + 1, key(REASON), 27)) put(FLAGS, load<i32>(OUT) | 64);
      p = skipString(value + 1);
    }
    if (p < 0) return -1;
    const c = byte(p++);
    if (c == 125) return p;
    if (c != 44) return -1;
  }
}

/** Keys that every event has: kind, level, auditID, apiVersion, stage, requestURI, verb, user, and both times. */
const MUST_HAVE = 0xff | (1 << 15) | (1 << 16);

export function scan(start: i32, end: i32): i32 {
  let met = 0;
  nonAscii = false;
  isLong = 0;
  for (let slot = 0; slot < SLOTS; slot++) put(slot, 0);
  let p = start + 1;
  while (true) {
    const keyStop = keyEnd(p);
    if (keyStop < 0) return 0;
    const which = topKey(p + 1, keyStop - p - 1);
    if (which < 0 || (met & (1 << which)) != 0) return 0;
    met |= 1 << which;
    p = keyStop + 2;
    store<i32>(SPANS + (which << 3), p);
    switch (which) {
      case 0: p = same(p, key(KIND_VALUE), 7) ? p + 7 : -1; break;
      case 1: p = text(p, LEVEL); break;
      case 2: p = auditId(p); break;
      case 3: p = same(p, key(API_VERSION_VALUE), 17) ? p + 17 : -1; break;
      case 4: p = text(p, STAGE); break;
      case 5: p = byte(p) == 34 ? skipString(p + 1) : -1; break;
      case 6: p = text(p, VERB); break;
      case 7: p = userInfo(p, USERNAME, GROUPS); put(USER_MET, keysOfUser); break;
      case 8: p = impersonated(p); break;
      case 9: p = texts(p, ADDRESS); break;
      case 10: p = text(p, AGENT); break;
      case 11: p = objectRef(p); break;
      case 12: p = responseStatus(p); break;
      case 13: p = body(p, 16); break;
      case 14: p = body(p, 32); break;
      case 15: p = timestamp(p, 0); break;
      case 16: p = timestamp(p, 1); break;
      case 17: p = annotations(p); break;
      default: p = skipValue(p);
    }
    if (p < 0 || p > end) return 0;
    store<i32>(SPANS + (which << 3) + 4, p);
    const c = byte(p++);
    if (c == 125) break;
    if (c != 44) return 0;
  }
  put(MET, met);
  put(LONG, isLong);
  return p == end && (met & MUST_HAVE) == MUST_HAVE && !nonAscii ? 1 : 0;
}

/** An impersonated user without a name is nothing that the API server writes. Its groups go to a slot behind the others. */
function impersonated(p: i32): i32 {
  p = userInfo(p, IMPERSONATED, SLOTS);
  return load<i32>(OUT + (IMPERSONATED << 2)) == 0 ? -1 : p;
}

/** A request or response body; null counts as none and is left to the general reader. */
function body(p: i32, flag: i32): i32 {
  if (byte(p) == 110) return -1;
  put(FLAGS, load<i32>(OUT) | flag);
  return skipValue(p);
}
