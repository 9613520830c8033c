/**
 * What a terminal obeys or hides: control characters, marks that turn the direction of text, invisible characters, halves of
 * surrogate pairs. Evidence holds them, and people must see them instead of being led by them.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** As above, but line feeds stay. */
const UNSEEN_IN_LINES = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;
const PLAIN_LINES = /^[\n\x20-\x7e]*$/;

/** One line that is safe to show: `\u202e` and its like are written out, line feeds too. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}

/** As `visible` for a text of several lines; tabs become two spaces. */
export function visibleLines(text: string): string {
  if (PLAIN_LINES.test(text)) return text;
  return text.replaceAll('\r\n', '\n').replaceAll('\t', '  ').replace(UNSEEN_IN_LINES, escaped);
}

/** JSON text that means the same as `JSON.stringify`'s and that no terminal obeys. */
export function jsonText(value: unknown, indent?: number): string {
  return inertJson(stringify(value, indent));
}

/**
 * The same text in pieces, one an element of the lists that the value holds at the top or one step below: a ledger of a hundred
 * thousand members is never one string.
 */
export function* jsonPieces(value: unknown, steps = 2): Generator<string> {
  if (steps === 0 || typeof value !== 'object' || value === null) yield jsonText(value) ?? 'null';
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield `${index === 0 ? '[' : ','}${jsonText(item) ?? 'null'}`;
    yield value.length === 0 ? '[]' : ']';
  } else {
    let before = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${jsonText(key)}:`;
      yield* jsonPieces(item, steps - 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}

/** Integers that are beyond a double's reach come as `BigInt` (core/json.ts) and leave with all their digits. */
function stringify(value: unknown, indent: number | undefined): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(
      value,
      (_, item: unknown) => (typeof item === 'bigint' ? rawJson.rawJSON(`${item}`) : item),
      indent,
    );
  }
}

/** In Node since 21, not yet in TypeScript's library. */
const rawJson = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** Escapes what a terminal would obey in a text that is JSON already: outside of strings there is nothing to escape. */
export function inertJson(json: string): string {
  return PLAIN_LINES.test(json) ? json : json.replace(UNSEEN_IN_LINES, escapedForJson);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** JSON knows UTF-16 units only. Tabs and carriage returns between tokens are space. */
function escapedForJson(character: string): string {
  if (character === '\t' || character === '\r') return ' ';
  return character.split('').map(escaped).join('');
}
