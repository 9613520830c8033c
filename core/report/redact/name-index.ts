import { formsOf, HIDDEN_FORM, type How, LONG, type Pattern } from './name-forms.ts';

/** Patterns that begin with the same letters: by their text, and their lengths from the longest on. */
interface Bucket {
  readonly byText: Map<string, Pattern>;
  readonly lengths: number[];
}

/** Letters by which patterns are looked up. Shorter names are found where they stand as words of their own. */
const GRAM = 5;
/** Letters of a base64 text that belong to one run. */
const RUN = /[A-Za-z0-9+/_=-]/;
/** Letters and digits: what is hidden in hexadecimal goes with its neighbours. */
const WORD = /[A-Za-z0-9]/;
/** Words in front of pseudonyms. */
const OWN_WORDS = new Set(['user', 'ns', 'node', 'name']);
/** Between words: also escapes of URLs and of JSON within JSON. */
const BETWEEN = /\\u[0-9a-fA-F]{4}|\\[nrtbf"\\/]|%[0-9a-fA-F]{2}|[^\p{L}\p{N}]/gu;

/**
 * Finds names in texts: long ones anywhere and in capitals, too; short ones as words; all of them URL-encoded, and those of four bytes
 * and more in base64 and hexadecimal.
 */
export class NameIndex {
  /** Patterns in small letters. */
  readonly #long = new Map<string, Bucket>();
  /** Patterns of which each letter counts as it is. */
  readonly #exact = new Map<string, Bucket>();
  readonly #short = new Set<string>();

  add(name: string): void {
    if (name.length < GRAM && name.length > 1 && !/^\d+$/.test(name) && !OWN_WORDS.has(name)) this.#short.add(name);
    for (const form of formsOf(name)) if (form.text.length >= GRAM) this.#addLong(form);
  }

  /** The text with each name replaced, the leftmost and longest first. */
  replace(text: string, by: (name: string, how: How) => string): string {
    return this.#words(this.#anywhere(text, by), by);
  }

  #addLong(pattern: Pattern): void {
    const text = pattern.how === LONG ? pattern.text : small(pattern.text);
    const buckets = pattern.how === LONG ? this.#exact : this.#long;
    const gram = text.slice(0, GRAM);
    const bucket = buckets.get(gram) ?? { byText: new Map<string, Pattern>(), lengths: [] };
    buckets.set(gram, bucket);
    if (bucket.byText.has(text)) return;
    bucket.byText.set(text, pattern);
    if (bucket.lengths.includes(text.length)) return;
    bucket.lengths.push(text.length);
    bucket.lengths.sort((a, b) => b - a);
  }

  #anywhere(text: string, by: (name: string, how: How) => string): string {
    const lower = small(text);
    let result = '';
    let kept = 0;
    for (let at = 0; at + GRAM <= text.length; at++) {
      const found = longestAt(this.#long, lower, at) ?? longestAt(this.#exact, text, at);
      if (found === undefined) continue;
      const [start, end] = placeOf(found, text, at, kept);
      result += text.slice(kept, start) + by(found.name, found.how);
      kept = end;
      at = end - 1;
    }
    return kept === 0 ? text : result + text.slice(kept);
  }

  #words(text: string, by: (name: string, how: How) => string): string {
    if (this.#short.size === 0) return text;
    let result = '';
    let kept = 0;
    for (const match of [...text.matchAll(BETWEEN), null]) {
      const end = match === null ? text.length : match.index;
      const word = text.slice(kept, end);
      result += this.#short.has(word) ? by(word, 'plain') : word;
      result += match?.[0] ?? '';
      kept = end + (match?.[0].length ?? 0);
    }
    return result;
  }
}

/** Small letters of ASCII, so that the length stays. */
const small = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The longest pattern that stands at a place. */
function longestAt(buckets: ReadonlyMap<string, Bucket>, text: string, at: number): Pattern | undefined {
  const bucket = buckets.get(text.slice(at, at + GRAM));
  if (bucket === undefined) return undefined;
  for (const length of bucket.lengths) {
    const found = bucket.byText.get(text.slice(at, at + length));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is replaced where a pattern was found: itself, or the run of letters that it hides in. */
function placeOf({ text: { length }, how }: Pattern, text: string, at: number, least: number): [number, number] {
  if (how === LONG) return runAround(text, at, at + length, least, RUN);
  return how === HIDDEN_FORM ? runAround(text, at, at + length, least, WORD) : [at, at + length];
}

function runAround(text: string, from: number, to: number, least: number, letters: RegExp): [number, number] {
  let [start, end] = [from, to];
  while (start > least && letters.test(text[start - 1] as string)) start--;
  while (end < text.length && letters.test(text[end] as string)) end++;
  return [start, end];
}
