import { gunzipSync } from 'node:zlib';

/** Texts that were packed more often than that are left to whoever packs them so. */
const DEEPEST = 3;
const MOST_UNPACKED = 1 << 24;

/** Parts of URLs with escapes; parts with JSON's escapes; what may be base64. */
const URL_PART = /(?:[\w.~-]|%[0-9A-Fa-f]{2})*%[0-9A-Fa-f]{2}(?:[\w.~-]|%[0-9A-Fa-f]{2})*/g;
const JSON_PART = /(?:[^\s"\\]|\\u[0-9A-Fa-f]{4})*\\u[0-9A-Fa-f]{4}(?:[^\s"\\]|\\u[0-9A-Fa-f]{4})*/g;
const BASE64_RUN = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** Replaces names in a text, or only says whether there are some: by returning another text. */
type Replace = (text: string) => string;

/**
 * Replaces names that stand behind escapes of URLs and JSON, and runs of base64 that hold names more than one step deep: in base64
 * again, or packed with gzip. `hide` names what stands for a run.
 */
export function replaceDisguised(text: string, replace: Replace, hide: Replace): string {
  let shown = text;
  if (shown.includes('%'))
    shown = shown.replace(URL_PART, (part) => viaText(part, decodeFully(part), replace, encodeURIComponent));
  if (shown.includes('\\u'))
    shown = shown.replace(JSON_PART, (part) => viaText(part, unescapeJson(part), replace, escapeJson));
  return shown.replace(BASE64_RUN, (run) => (isPacked(run) && holdsName(run, replace, 1) ? hide(run) : run));
}

/** Base64 of that length has capitals: what has none is a path, a number or a word. */
const isPacked = (run: string): boolean => /[A-Z]/.test(run);

const escapeJson = (plain: string): string => JSON.stringify(plain).slice(1, -1);

function viaText(part: string, plain: string, replace: Replace, encode: Replace): string {
  const shown = replace(plain);
  return shown === plain ? part : encode(shown);
}

/** Escapes within escapes, too; an escape that is none stays. */
function decodeFully(part: string): string {
  let text = part;
  for (let depth = 0; depth < DEEPEST && text.includes('%'); depth++) {
    text = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  }
  return text;
}

const unescapeJson = (part: string): string =>
  part.replace(/\\u([0-9A-Fa-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Letters before a run shift it, so each of four places may be its beginning. */
const holdsName = (run: string, replace: Replace, depth: number): boolean =>
  [0, 1, 2, 3].some((shift) => decodedHoldsName(unpacked(Buffer.from(run.slice(shift), 'base64')), replace, depth));

function decodedHoldsName(bytes: Buffer, replace: Replace, depth: number): boolean {
  const isReadable = isText(bytes);
  const text = bytes.toString(isReadable ? 'utf8' : 'latin1');
  if (replace(text) !== text) return true;
  if (!isReadable || depth === DEEPEST) return false;
  return [...text.matchAll(BASE64_RUN)].some(([inner]) => isPacked(inner) && holdsName(inner, replace, depth + 1));
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch {
    return bytes;
  }
}

const isText = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
