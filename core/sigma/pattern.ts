/** Any number of characters, none included. */
export const ANY = 1;
/** Exactly one code point. */
export const ONE = 2;

/** A value as text and wildcards (Sigma rules, sections String Wildcard and Escape Character). */
export type PatternPart = string | typeof ANY | typeof ONE;
export type Pattern = readonly PatternPart[];

export type TextTest = (text: string) => boolean;

/** Reads a value: `*` and `?` are wildcards, a backslash before either or before a backslash makes it plain. */
export function parsePattern(value: string): Pattern {
  const parts: PatternPart[] = [];
  let text = '';
  for (let index = 0; index < value.length; index++) {
    const character = value[index] as string;
    const next = value[index + 1];
    if (character === '\\' && next !== undefined && isSpecial(next)) {
      text += next;
      index++;
    } else if (character === '*' || character === '?') {
      if (text !== '') parts.push(text);
      text = '';
      parts.push(character === '*' ? ANY : ONE);
    } else text += character;
  }
  if (text !== '') parts.push(text);
  return parts;
}

function isSpecial(character: string): boolean {
  return character === '\\' || character === '*' || character === '?';
}

/** The text of a pattern without wildcards, else null. */
export function plainText(pattern: Pattern): string | null {
  if (pattern.length === 0) return '';
  return pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : null;
}

export function hasWildcard(pattern: Pattern): boolean {
  return pattern.some((part) => typeof part !== 'string');
}

/** Joins neighbouring texts and neighbouring stars, so that one pattern has one form. */
export function normalise(pattern: Pattern): Pattern {
  const parts: PatternPart[] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (part === '' || (part === ANY && last === ANY)) continue;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** Applies `change` to the texts of a pattern; wildcards stay. */
export function mapText(pattern: Pattern, change: (text: string) => string): Pattern {
  return pattern.map((part) => (typeof part === 'string' ? change(part) : part));
}

/** A test of the whole text. Takes time linear in the text, times the length of pieces that have question marks. */
export function compilePattern(pattern: Pattern): TextTest {
  const parts = normalise(pattern);
  const plain = plainText(parts);
  if (plain !== null) return (text) => text === plain;
  return simpleTest(parts) ?? globTest(parts);
}

/** The usual forms: `*x*`, `x*`, `*x` and a lone star. */
function simpleTest(parts: Pattern): TextTest | null {
  const texts = parts.filter((part) => typeof part === 'string');
  const text = texts[0] ?? '';
  if (parts.length > 3 || texts.length > 1 || parts.includes(ONE)) return null;
  if (texts.length === 0) return () => true;
  if (parts.length === 3) return (value) => value.includes(text);
  return parts[0] === ANY ? (value) => value.endsWith(text) : (value) => value.startsWith(text);
}

/**
 * The pieces between stars are found one after another from the left, each at its first place: if any choice fits, this
 * one does. First and last piece are tied to the ends.
 */
function globTest(parts: Pattern): TextTest {
  const pieces = piecesOf(parts).map((piece) => (piece.includes(ONE) ? markedPiece(piece) : textPiece(piece.join(''))));
  const first = pieces[0] as Piece;
  const last = pieces.at(-1) as Piece;
  if (pieces.length === 1) return (text) => first.end(text, 0) === text.length;
  const middle = pieces.slice(1, -1);
  return (text) => {
    let at = first.end(text, 0);
    if (at < 0) return false;
    const limit = last.start(text);
    for (const piece of middle) {
      at = piece.find(text, at);
      if (at < 0) return false;
    }
    return limit >= at;
  };
}

interface Piece {
  /** Where the piece ends if it stands at `from`, else -1. */
  end(text: string, from: number): number;
  /** Where the piece starts if it ends the text, else -1. */
  start(text: string): number;
  /** Where the piece ends at its first place from `from` on, else -1. */
  find(text: string, from: number): number;
}

/** The pieces between the stars, empty ones too. */
export function piecesOf(parts: Pattern): (string | typeof ONE)[][] {
  const pieces: (string | typeof ONE)[][] = [[]];
  for (const part of parts) {
    if (part === ANY) pieces.push([]);
    else pieces.at(-1)?.push(part);
  }
  return pieces;
}

function textPiece(piece: string): Piece {
  return {
    end: (text, from) => (text.startsWith(piece, from) ? from + piece.length : -1),
    start: (text) => (text.endsWith(piece) ? text.length - piece.length : -1),
    find: (text, from) => {
      const at = text.indexOf(piece, from);
      return at < 0 ? -1 : at + piece.length;
    },
  };
}

function markedPiece(piece: readonly (string | typeof ONE)[]): Piece {
  const reversed = piece.toReversed();
  const end = (text: string, from: number): number => {
    let at = from;
    for (const part of piece) {
      if (part === ONE) at = at < text.length ? at + widthAt(text, at) : -1;
      else at = text.startsWith(part, at) ? at + part.length : -1;
      if (at < 0) return -1;
    }
    return at;
  };
  const start = (text: string): number => {
    let at = text.length;
    for (const part of reversed) {
      if (part === ONE) at -= at > 0 ? widthBefore(text, at) : text.length + 1;
      else at = text.endsWith(part, at) ? at - part.length : -1;
      if (at < 0) return -1;
    }
    return at;
  };
  const find = (text: string, from: number): number => {
    for (let at = from; at <= text.length; at += at < text.length ? widthAt(text, at) : 1) {
      const stop = end(text, at);
      if (stop >= 0) return stop;
    }
    return -1;
  };
  return { end, start, find };
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function widthBefore(text: string, at: number): number {
  return at >= 2 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1;
}
