import { isUtf8 } from 'node:buffer';

/** C0 and C1 controls, line separators, zero-width and bidirectional controls: what a reader of a path could not see. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\..*)?$/i;

/**
 * A name from an archive as a part of a path: `%`, `!` and what cannot be seen as the percent-encoded bytes, so that `!/`
 * stands only between an archive and its member. Bytes that are no UTF-8 are encoded the same way.
 */
export function escapeName(name: string | Buffer): string {
  return mapText(name, (text) => text.replace(/[%!]/g, percent).replace(INVISIBLE, percent));
}

/** A path as given by the user: as it is, but for what would look like a step into an archive and what cannot be seen. */
export function escapeSourcePath(path: string | Buffer): string {
  return mapText(path, (text) => text.replace(/!(?=\/|$)/g, percent).replace(INVISIBLE, percent));
}

/** Would this name leave the folder, or mean something else, if a file were ever written under it? None is. */
export function isUnsafeName(name: string | Buffer): boolean {
  const text = typeof name === 'string' ? name : name.toString('latin1');
  if (text === '' || text.startsWith('/') || /[\\\0]/.test(text) || /^[a-z]:/i.test(text)) return true;
  return text.split('/').some(isUnsafeStep);
}

function isUnsafeStep(step: string): boolean {
  if (step === '.' || step === '') return false;
  return /[. ]$/.test(step) || DEVICE.test(step);
}

function mapText(name: string | Buffer, escapeText: (text: string) => string): string {
  if (typeof name === 'string') return escapeText(name);
  if (isUtf8(name)) return escapeText(name.toString('utf8'));
  let text = '';
  for (const byte of name) text += byte < 0x80 ? escapeText(String.fromCharCode(byte)) : percentByte(byte);
  return text;
}

function percent(character: string): string {
  return [...Buffer.from(character)].map(percentByte).join('');
}

function percentByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
