/**
 * AssemblyScript (not TypeScript): looks for text in bytes, sixteen at a time. `npm run build:finder` compiles it to find.wasm;
 * core/hunt/byte-finder.ts is the other half. Nothing is allocated: the text stands at NEEDLE, in lower case.
 */

const NEEDLE = 1024;

/** Bit of the case of an ASCII letter. */
const CASE: u8 = 0x20;

// @ts-ignore: decorator
@inline
function folded(byte: u8): u8 {
  return byte >= 0x41 && byte <= 0x5a ? byte | CASE : byte;
}

// @ts-ignore: decorator
@inline
function upper(byte: u8): u8 {
  return byte >= 0x61 && byte <= 0x7a ? byte & ~CASE : byte;
}

/**
 * The first place from `at` on where the needle of `length` bytes begins, and ends before `end`, in whichever case its ASCII letters
 * are; -1 if there is none. Sixteen bytes behind `end` may be read.
 */
export function find(at: i32, end: i32, length: i32): i32 {
  const first = load<u8>(NEEDLE);
  const last = load<u8>(NEEDLE + length - 1);
  const firstLower = i8x16.splat(<i8>first);
  const firstUpper = i8x16.splat(<i8>upper(first));
  const lastLower = i8x16.splat(<i8>last);
  const lastUpper = i8x16.splat(<i8>upper(last));
  const stop = end - length;
  for (let from = at; from <= stop; from += 16) {
    const heads = v128.load(from);
    const tails = v128.load(from + length - 1);
    const isHead = v128.or(i8x16.eq(heads, firstLower), i8x16.eq(heads, firstUpper));
    const isTail = v128.or(i8x16.eq(tails, lastLower), i8x16.eq(tails, lastUpper));
    let met = i8x16.bitmask(v128.and(isHead, isTail));
    while (met != 0) {
      const place = from + ctz(met);
      if (place > stop) return -1;
      if (isSame(place, length)) return place;
      met &= met - 1;
    }
  }
  return -1;
}

function isSame(place: i32, length: i32): bool {
  for (let i = 1; i < length - 1; i++) if (folded(load<u8>(place + i)) != load<u8>(NEEDLE + i)) return false;
  return true;
}

/**
 * The first place from `at` on, before `end`, where text may stand that the bytes do not show: `\u`, or the UTF-8 of a letter beyond
 * ASCII that is ASCII in another case (U+0130, U+017F, U+212A); -1 if there is none.
 */
export function odd(at: i32, end: i32): i32 {
  const backslash = i8x16.splat(0x5c);
  const lowest = i8x16.splat(<i8>0xc4);
  for (let from = at; from < end; from += 16) {
    const bytes = v128.load(from);
    let met = i8x16.bitmask(v128.or(i8x16.eq(bytes, backslash), i8x16.ge_u(bytes, lowest)));
    while (met != 0) {
      const place = from + ctz(met);
      if (place >= end) return -1;
      if (isOdd(place)) return place;
      met &= met - 1;
    }
  }
  return -1;
}

function isOdd(place: i32): bool {
  const next = load<u8>(place + 1);
  switch (load<u8>(place)) {
    case 0x5c:
      return next == 0x75;
    case 0xc4:
      return next == 0xb0;
    case 0xc5:
      return next == 0xbf;
    case 0xe2:
      return next == 0x84 && load<u8>(place + 2) == 0xaa;
    default:
      return false;
  }
}
