const ASCII = /^[\x00-\x7f]*$/;

/** Letters whose upper case is another letter's too, but which Unicode's simple folding leaves alone. */
const KEPT = new Set([0x130, 0x131]);

/** What has been computed so far. The three here fold to one letter although their upper cases are several. */
const folded = new Map([
  [0x1fd3, '\u0390'],
  [0x1fe3, '\u03b0'],
  [0xfb05, '\ufb06'],
]);

/**
 * Text without case: Unicode simple folding, one character to one, no normalisation (Sigma rules, section General). The
 * length never changes.
 */
export function fold(text: string): string {
  if (text.length < LONG) return foldText(text);
  if (text !== lastText) [lastText, lastFolded] = [text, foldText(text)];
  return lastFolded;
}

/** Many comparisons ask for the same long text one after the other: it is folded once. */
const LONG = 64;
let lastText = '';
let lastFolded = '';

function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let result = '';
  for (const character of text) result += foldCharacter(character);
  return result;
}

function foldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let known = folded.get(code);
  if (known === undefined) {
    known = computeFold(character, code);
    folded.set(code, known);
  }
  return known;
}

/** Through upper to lower case, so that letters with a shared upper case (`ς` and `σ`, `ſ` and `s`) become one. */
function computeFold(character: string, code: number): string {
  if (KEPT.has(code)) return character;
  const upper = character.toUpperCase();
  const lower = (isOne(upper) ? upper : character).toLowerCase();
  return isOne(lower) && lower.length === character.length ? lower : character;
}

function isOne(text: string): boolean {
  return text.length === ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}
