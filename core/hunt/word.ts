/**
 * A word of a query with quotes and escapes taken off. `mask` has the length of `text`; a `q` there marks a character that
 * was quoted or escaped and so is never a wildcard or an operator.
 */
export interface Word {
  readonly text: string;
  readonly mask: string;
  /** Offset in the query. */
  readonly offset: number;
}

/** Whether a character of the word may act as a wildcard or an operator. */
export function isActive(word: Word, index: number): boolean {
  return word.mask[index] === ' ';
}

/** A part of the word. */
export function cut(word: Word, start: number, end = word.text.length): Word {
  return { text: word.text.slice(start, end), mask: word.mask.slice(start, end), offset: word.offset };
}

/** Whether the word is exactly that text, written without quotes. */
export function isBare(word: Word, text: string): boolean {
  return word.text.toLowerCase() === text && !word.mask.includes('q');
}

/** Whether some character of the word is an active `*` or `?`. */
export function hasWildcard(word: Word): boolean {
  return [...word.mask].some((_, index) => isWildcard(word, index));
}

/** Whether that character is an active `*` or `?`. */
export function isWildcard(word: Word, index: number): boolean {
  return (word.text[index] === '*' || word.text[index] === '?') && isActive(word, index);
}

/** A text as a word without operators and wildcards. */
export function wordOf(text: string): Word {
  return { text, mask: 'q'.repeat(text.length), offset: 0 };
}
