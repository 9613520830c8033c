/** How a name was found. */
export type Found = 'plain' | typeof ENCODED | typeof LONG;
export const ENCODED = 'encoded';
/** In base64: the whole run of letters around it goes. */
export const LONG = 'base64';

interface Pattern {
  readonly text: string;
  readonly name: string;
  readonly how: Found;
}

/** Patterns that begin with the same letters: by their text, and their lengths from the longest on. */
interface Bucket {
  readonly byText: Map<string, Pattern>;
  readonly lengths: number[];
}

/** Letters by which patterns are looked up. Shorter names are found where they stand as words of their own. */
const GRAM = 5;
/** Letters of a base64 text that belong to one run. */
const RUN = /[A-Za-z0-9+/_=-]/;
/** Words in front of pseudonyms. */
const OWN_WORDS = new Set(['user', 'ns', 'node', 'name']);
/** Between words: also escapes of URLs and of JSON within JSON. */
const BETWEEN = /\\u[0-9a-fA-F]{4}|\\[nrtbf"\\/]|%[0-9a-fA-F]{2}|[^\p{L}\p{N}]/gu;

/** Finds names in texts: long ones anywhere, short ones as words, all of them URL-encoded, those of four bytes and more in base64. */
export class NameIndex {
  readonly #long = new Map<string, Bucket>();
  readonly #short = new Set<string>();

  add(name: string): void {
    if (name.length < GRAM) {
      if (name.length > 1 && !/^\d+$/.test(name) && !OWN_WORDS.has(name)) this.#short.add(name);
    } else this.#addLong({ text: name, name, how: 'plain' });
    const encoded = encode(name);
    if (encoded !== name && encoded.length >= GRAM) this.#addLong({ text: encoded, name, how: ENCODED });
    for (const core of base64Cores(name)) this.#addLong({ text: core, name, how: LONG });
  }

  /** The text with each name replaced, the leftmost and longest first. */
  replace(text: string, by: (name: string, how: Found) => string): string {
    return this.#words(this.#anywhere(text, by), by);
  }

  #addLong(pattern: Pattern): void {
    const gram = pattern.text.slice(0, GRAM);
    const bucket = this.#long.get(gram) ?? { byText: new Map<string, Pattern>(), lengths: [] };
    this.#long.set(gram, bucket);
    if (bucket.byText.has(pattern.text)) return;
    bucket.byText.set(pattern.text, pattern);
    const { length } = pattern.text;
    if (bucket.lengths.includes(length)) return;
    bucket.lengths.push(length);
    bucket.lengths.sort((a, b) => b - a);
  }

  /** The longest pattern that stands at a place. */
  #at(text: string, at: number): Pattern | undefined {
    const bucket = this.#long.get(text.slice(at, at + GRAM));
    if (bucket === undefined) return undefined;
    for (const length of bucket.lengths) {
      const found = bucket.byText.get(text.slice(at, at + length));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #anywhere(text: string, by: (name: string, how: Found) => string): string {
    let result = '';
    let kept = 0;
    for (let at = 0; at + GRAM <= text.length; at++) {
      const found = this.#at(text, at);
      if (found === undefined) continue;
      const [start, end] =
        found.how === LONG ? runAround(text, at, at + found.text.length, kept) : [at, at + found.text.length];
      result += text.slice(kept, start) + by(found.name, found.how);
      kept = end;
      at = end - 1;
    }
    return kept === 0 ? text : result + text.slice(kept);
  }

  #words(text: string, by: (name: string, how: Found) => string): string {
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

function runAround(text: string, from: number, to: number, least: number): [number, number] {
  let [start, end] = [from, to];
  while (start > least && RUN.test(text[start - 1] as string)) start--;
  while (end < text.length && RUN.test(text[end] as string)) end++;
  return [start, end];
}

function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/** What base64 makes of a name at each of three places, less the letters that its neighbours share. */
function base64Cores(name: string): string[] {
  const bytes = Buffer.from(name);
  if (bytes.length < 4) return [];
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(start, end);
  });
  const urls = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...cores, ...urls])].filter((core) => core.length >= GRAM);
}
