import { visibleText } from '../../../core/chart/visible-text.ts';

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Bytes as text: what is no UTF-8 is written `\xc3`, control and invisible characters are written out. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  while (start < bytes.length) {
    const end = Math.min(bytes.length, start + 4096);
    const piece = decodeWhole(bytes, start, end);
    text += piece.text;
    start = piece.end;
  }
  return text;
}

function decodeWhole(bytes: Uint8Array, start: number, end: number): { readonly text: string; readonly end: number } {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  // A character may stand across the end of the piece.
  for (let back = 0; back < 4 && end - back > start; back++) {
    try {
      return { text: visibleText(strict.decode(bytes.subarray(start, end - back))), end: end - back };
    } catch {
      // try without the last byte
    }
  }
  return byteByByte(bytes, start, end, strict);
}

function byteByByte(
  bytes: Uint8Array,
  start: number,
  end: number,
  strict: TextDecoder,
): { readonly text: string; readonly end: number } {
  let text = '';
  let at = start;
  while (at < end) {
    const length = characterLength(bytes[at] ?? 0);
    try {
      text += visibleText(strict.decode(bytes.subarray(at, at + length)));
      at += length;
    } catch {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at++;
    }
  }
  return { text, end: at };
}

function characterLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** `00000010  7b 22 6b ...  {"k...`, sixteen bytes a line. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += 16) {
    const part = [...bytes.subarray(start, start + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${start.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}
