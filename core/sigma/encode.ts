import type { Encoding } from './modifier-chain.ts';
import { hasWildcard, mapText, type Pattern, plainText } from './pattern.ts';

/** A value on its way through the modifiers: text, or bytes written as the characters of the same numbers. */
export interface Draft {
  readonly pattern: Pattern;
  readonly isBytes: boolean;
}

/** The values that an encoding makes of one value, or what is wrong with it (Sigma modifiers, section String Modifiers). */
export function encode(draft: Draft, encoding: Encoding): readonly Draft[] | string {
  if (encoding === 'base64' || encoding === 'base64offset') return encodeBase64(draft, encoding);
  const pattern = mapText(draft.pattern, (text) => wide(text, encoding).toString('latin1'));
  const marked = encoding === 'utf16' ? (['\xff\xfe', ...pattern] as Pattern) : pattern;
  return [{ pattern: marked, isBytes: true }];
}

function wide(text: string, encoding: Encoding): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf16be' ? bytes.swap16() : bytes;
}

function encodeBase64({ pattern, isBytes }: Draft, encoding: 'base64' | 'base64offset'): readonly Draft[] | string {
  if (hasWildcard(pattern)) return 'A wildcard has no encoding: escape it with a backslash to encode the character';
  const text = pattern.length > 1 ? pattern.join('') : (plainText(pattern) ?? '');
  const bytes = Buffer.from(text, isBytes ? 'latin1' : 'utf8');
  const texts = encoding === 'base64' ? [bytes.toString('base64')] : atOffsets(bytes);
  if (texts.includes('')) return 'The value is too short: at some offset no character of its encoding is certain';
  return texts.map((encoded) => ({ pattern: [encoded], isBytes: false }));
}

/** The characters that are certain wherever the bytes stand in a longer text: those of foreign bits are cut. */
function atOffsets(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const cut = [0, 3, 2][(bytes.length + offset) % 3] as number;
    return encoded.slice([0, 2, 3][offset], encoded.length - cut);
  });
}
