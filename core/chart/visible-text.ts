/**
 * Characters that a reader could not see or that would lead the eye astray: control characters, marks that turn the direction
 * of text, invisible characters, halves of surrogate pairs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** One piece of a text: as it stands, or a character written out. */
export interface TextPart {
  readonly text: string;
  readonly isEscape: boolean;
}

/** A text from evidence as one inert line: `\u202e` and its like are written out. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}

/** As `visibleText`, but in pieces, so that what was written out can be set apart. */
export function visibleParts(text: string): readonly TextPart[] {
  if (PLAIN.test(text)) return [{ text, isEscape: false }];
  const parts: TextPart[] = [];
  let start = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > start) parts.push({ text: text.slice(start, match.index), isEscape: false });
    parts.push({ text: escaped(match[0]), isEscape: true });
    start = match.index + match[0].length;
  }
  if (start < text.length) parts.push({ text: text.slice(start), isEscape: false });
  return parts;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
