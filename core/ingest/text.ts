import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from './block.ts';

/**
 * Bytes of a member as text, with one byte per code unit, so that brackets and line feeds are found the same way in every
 * encoding. Positions are in units; `scale` times a position is an offset in the member's own bytes.
 */
export interface Text {
  readonly units: Uint8Array;
  readonly scale: 1 | 2;
  /** The text between two positions; bytes that are no text become U+FFFD. */
  decode(start: number, end: number): string;
  /** Whether all bytes between two positions are valid in the encoding. */
  isValid(start: number, end: number): boolean;
}

/** A view of `bytes`; UTF-8 is not copied. */
export function textOf(bytes: Uint8Array, encoding: TextEncoding): Text {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? wideText(bytes, encoding) : narrowText(bytes);
}

function narrowText(bytes: Uint8Array): Text {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    units: buffer,
    scale: 1,
    decode: (start, end) => buffer.toString('utf8', start, end),
    isValid: (start, end) => isUtf8(buffer.subarray(start, end)),
  };
}

/** Code units beyond ASCII become 0x80: no bracket, no line feed, never looked at. */
function wideText(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Text {
  const low = encoding === 'utf-16le' ? 0 : 1;
  const units = Buffer.allocUnsafe(bytes.length >> 1);
  for (let index = 0; index < units.length; index++) {
    const unit = bytes[index * 2 + low]!;
    units[index] = bytes[index * 2 + 1 - low] === 0 && unit < 0x80 ? unit : 0x80;
  }
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const strict = new TextDecoder(encoding, { ignoreBOM: true, fatal: true });
  return {
    units,
    scale: 2,
    decode: (start, end) => decoder.decode(bytes.subarray(start * 2, end * 2)),
    isValid: (start, end) => decodes(strict, bytes.subarray(start * 2, end * 2)),
  };
}

function decodes(decoder: { decode(bytes: Uint8Array): string }, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
