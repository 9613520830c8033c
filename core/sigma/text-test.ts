import type { ValueTest } from './field-path.ts';
import { fold } from './fold.ts';
import { compilePattern, mapText, type Pattern, plainText, type TextTest } from './pattern.ts';
import { textOf } from './scalar.ts';

/** How text is made alike on both sides before it is compared. */
export interface Comparing {
  readonly cased: boolean;
  /** `-`, `/` and the three long dashes are one character. */
  readonly windash: boolean;
}

const DASHES = /[/\u2013\u2014\u2015]/g;

export function alike({ cased, windash }: Comparing): (text: string) => string {
  if (!windash) return cased ? (text) => text : fold;
  const dashed = (text: string) => text.replace(DASHES, '-');
  return cased ? dashed : (text) => dashed(fold(text));
}

/** A test whether a scalar's text is met by one of the patterns. Exact texts cost one look-up, however many there are. */
export function anyPattern(patterns: readonly Pattern[], comparing: Comparing): ValueTest {
  const prepare = alike(comparing);
  const exact = new Set<string>();
  const lengths = new Set<number>();
  const others: TextTest[] = [];
  for (const pattern of patterns.map((raw) => mapText(raw, prepare))) {
    const text = plainText(pattern);
    if (text === null) others.push(compilePattern(pattern));
    else {
      exact.add(text);
      lengths.add(text.length);
    }
  }
  return others.length === 0 ? exactTest(exact, lengths, prepare) : mixedTest(exact, others, prepare);
}

/** Preparing keeps the length, so most texts are turned away before that. */
function exactTest(
  exact: ReadonlySet<string>,
  lengths: ReadonlySet<number>,
  prepare: (text: string) => string,
): ValueTest {
  return (value) => {
    const text = typeof value === 'string' ? value : textOf(value);
    if (text === null || !lengths.has(text.length)) return false;
    return exact.has(text) || exact.has(prepare(text));
  };
}

function mixedTest(
  exact: ReadonlySet<string>,
  others: readonly TextTest[],
  prepare: (text: string) => string,
): ValueTest {
  return (value) => {
    const raw = textOf(value);
    if (raw === null) return false;
    const text = prepare(raw);
    if (exact.has(text)) return true;
    for (const test of others) if (test(text)) return true;
    return false;
  };
}

/** The folded texts that an exact pattern allows, or null if a pattern allows more than one text. */
export function exactTexts(patterns: readonly Pattern[]): string[] | null {
  const texts = patterns.map(plainText);
  return texts.every((text) => text !== null) ? texts.map(fold) : null;
}
