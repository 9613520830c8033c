import { byteFinder, LONGEST_NEEDLE } from './byte-finder.ts';
import type { Needle } from './needle.ts';

/** Where a record lies in the bytes of its block. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

type Test = (start: number, end: number) => boolean;

/**
 * Looks for a needle in the bytes of a block. The answer is for any part of it: false only where no event that is accepted
 * can stand.
 */
export function searchBytes(needle: Needle, bytes: Buffer): (span: Span) => boolean {
  const found = compile(needle, new Haystack(bytes));
  const odd = oddPlaces(bytes);
  return ({ start, length }) => found(start, start + length) || hasWithin(odd, start, start + length, 1);
}

function compile(needle: Needle, haystack: Haystack): Test {
  if ('any' in needle) return () => true;
  if ('and' in needle) {
    const parts = needle.and.map((part) => compile(part, haystack));
    return (start, end) => parts.every((part) => part(start, end));
  }
  if ('or' in needle) {
    const parts = needle.or.map((part) => compile(part, haystack));
    return (start, end) => parts.some((part) => part(start, end));
  }
  const { ignoresCase } = needle;
  const literal = needle.literal.slice(0, LONGEST_NEEDLE);
  let places: readonly number[] | null = null;
  return (start, end) => {
    places ??= ignoresCase ? haystack.anyCase(literal) : haystack.exact(literal);
    return hasWithin(places, start, end, literal.length);
  };
}

class Haystack {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  exact(literal: string): number[] {
    const places: number[] = [];
    for (let at = this.#bytes.indexOf(literal); at >= 0; at = this.#bytes.indexOf(literal, at + 1)) places.push(at);
    return places;
  }

  /** Letters beyond ASCII have no case here. */
  anyCase(literal: string): number[] {
    return byteFinder().anyCase(literal, this.#bytes);
  }
}

const BACKSLASH = 0x5c;
/** Escapes that every writer makes: of `&`, `<`, `>`, quotation marks and control characters. */
const USUAL_ESCAPE = /^(00[01][0-9a-f]|0022|0026|0027|003c|003e|2028|2029|007f)$/i;
const IRREGULAR_ESCAPE = /^(00[2-7][0-9a-f]|212a|0130|017f)$/i;

/** Places where text may stand that the bytes do not show. */
function oddPlaces(bytes: Buffer): number[] {
  return byteFinder()
    .odd(bytes)
    .filter((at) => bytes[at] !== BACKSLASH || isIrregular(bytes.toString('latin1', at + 2, at + 6)));
}

const isIrregular = (code: string): boolean => !USUAL_ESCAPE.test(code) && IRREGULAR_ESCAPE.test(code);

/** Whether one of the ascending places begins something of that length within the bounds. */
function hasWithin(places: readonly number[], start: number, end: number, length: number): boolean {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < start) low = middle + 1;
    else high = middle;
  }
  const place = places[low];
  return place !== undefined && place + length <= end;
}
