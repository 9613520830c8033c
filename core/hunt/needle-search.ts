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
  const { literal, ignoresCase } = needle;
  let places: readonly number[] | null = null;
  return (start, end) => {
    places ??= ignoresCase ? haystack.anyCase(literal) : haystack.exact(literal);
    return hasWithin(places, start, end, literal.length);
  };
}

class Haystack {
  readonly #bytes: Buffer;
  #text: string | null = null;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  exact(literal: string): number[] {
    const places: number[] = [];
    for (let at = this.#bytes.indexOf(literal); at >= 0; at = this.#bytes.indexOf(literal, at + 1)) places.push(at);
    return places;
  }

  /** In one-byte text the letters of ASCII have no other case than their own. */
  anyCase(literal: string): number[] {
    const text = this.#text ?? this.#bytes.toString('latin1');
    this.#text = text;
    const pattern = new RegExp(
      literal.replace(/[^a-z0-9]/gi, (character) => `\\x${hex(character)}`),
      'gi',
    );
    const places: number[] = [];
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      places.push(match.index);
      pattern.lastIndex = match.index + 1;
    }
    return places;
  }
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0');

/** Letters beyond ASCII that are ASCII without case: the Kelvin sign, the I with a dot and the long s. */
const FOLDING = [Buffer.from('\u212a'), Buffer.from('\u0130'), Buffer.from('\u017f')];
/** Escapes that every writer makes: of `&`, `<`, `>`, quotation marks and control characters. */
const USUAL_ESCAPE = /^(00[01][0-9a-f]|0022|0026|0027|003c|003e|2028|2029|007f)$/i;
const IRREGULAR_ESCAPE = /^(00[2-7][0-9a-f]|212a|0130|017f)$/i;

/** Places where text may stand that the bytes do not show: escaped letters, and letters that fold to ASCII. */
function oddPlaces(bytes: Buffer): number[] {
  const places: number[] = [];
  for (const letter of FOLDING)
    for (let at = bytes.indexOf(letter); at >= 0; at = bytes.indexOf(letter, at + 1)) places.push(at);
  for (let at = bytes.indexOf('\\u'); at >= 0; at = bytes.indexOf('\\u', at + 2)) {
    const code = bytes.toString('latin1', at + 2, at + 6);
    if (!USUAL_ESCAPE.test(code) && IRREGULAR_ESCAPE.test(code)) places.push(at);
  }
  return places.sort((a, b) => a - b);
}

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
