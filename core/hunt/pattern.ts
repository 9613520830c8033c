import { isWildcard, type Word } from './word.ts';

export type TextTest = (text: string) => boolean;

/** One UTF-16 unit, or a wildcard: any run of characters, exactly one character. */
type Token = string | typeof RUN | typeof ONE;
const RUN = Symbol('*');
const ONE = Symbol('?');

/** A test for the whole text against a word with wildcards, without regard to case, in time text x pattern at most. */
export function wholeTest(word: Word): TextTest {
  return compile(tokensOf(word));
}

/** As `wholeTest`, but the word may stand anywhere in the text. */
export function insideTest(word: Word): TextTest {
  return compile([RUN, ...tokensOf(word), RUN]);
}

function tokensOf(word: Word): Token[] {
  const tokens: Token[] = [];
  let literalStart = 0;
  for (let index = 0; index <= word.text.length; index++) {
    if (index < word.text.length && !isWildcard(word, index)) continue;
    // Whole runs are lowered, since letters beyond the basic plane are two units.
    tokens.push(...word.text.slice(literalStart, index).toLowerCase().split(''));
    literalStart = index + 1;
    if (word.text[index] === '?') tokens.push(ONE);
    else if (index < word.text.length && tokens.at(-1) !== RUN) tokens.push(RUN);
  }
  return tokens;
}

function compile(tokens: readonly Token[]): TextTest {
  const isOpenStart = tokens[0] === RUN;
  const isOpenEnd = tokens.length > 1 && tokens.at(-1) === RUN;
  const inner = tokens.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
  if (!inner.every((token) => typeof token === 'string')) return (text) => matches(tokens, text.toLowerCase());
  const literal = inner.join('');
  if (isOpenStart && (isOpenEnd || literal === '')) return (text) => text.toLowerCase().includes(literal);
  if (isOpenStart) return (text) => text.toLowerCase().endsWith(literal);
  if (isOpenEnd) return (text) => text.toLowerCase().startsWith(literal);
  return (text) => text.toLowerCase() === literal;
}

/** Wildcard matching that goes back to the latest `*` only: no run of stars makes it slow. */
function matches(tokens: readonly Token[], text: string): boolean {
  let [at, token, lastRun, resumeAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const step = stepOver(tokens[token], text, at);
    if (step > 0) {
      at += step;
      token++;
    } else if (tokens[token] === RUN) {
      lastRun = token++;
      resumeAt = at;
    } else if (lastRun >= 0) {
      token = lastRun + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (tokens[token] === RUN) token++;
  return token === tokens.length;
}

/** Units of text that the token takes: 0 if it does not fit. A `?` takes a whole code point. */
function stepOver(token: Token | undefined, text: string, at: number): number {
  if (token === ONE) return (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return token === text[at] ? 1 : 0;
}
