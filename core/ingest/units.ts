const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Whether a record can begin with the unit at `at`, taken as the first of a line: see `core/ingest/cut.ts`. */
export function beginsRecord(units: Uint8Array, at: number): boolean {
  if (at >= units.length) return true;
  const code = units[at]!;
  return code > 0x20 && code !== 0x7d && code !== 0x5d && code !== COMMA && code !== QUOTE;
}

/** Whether an object stands exactly `indent` columns into the line that begins at `at`. */
export function beginsElement(units: Uint8Array, at: number, indent: number): boolean {
  if (indent < 0 || at + indent >= units.length || !isBracket(units[at + indent]!)) return false;
  for (let index = at; index < at + indent; index++) if (!isSpace(units[index]!)) return false;
  return true;
}

export function isBracket(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === LINE_FEED || code === 0x0d || code === 0x09;
}

/** A text line may begin with a bracket too (`[core] grpc: ...`): an array of records goes on with a bracket or a string. */
export function beginsJson(units: Uint8Array, at: number): boolean | 'unknown' {
  if (units[at] !== 0x5b) return units[at] === 0x7b;
  const next = skipSpace(units, at + 1);
  if (next >= units.length) return 'unknown';
  return isBracket(units[next]!) || units[next] === 0x5d || units[next] === QUOTE;
}

/** Between records: space, NUL, a byte order mark of a file glued on, a comma left by a list. */
export function isFiller(units: Uint8Array, at: number): boolean {
  const code = units[at]!;
  if (code <= 0x20) return code === 0 || isSpace(code);
  if (code === COMMA) return true;
  return (
    (code === 0xef && units[at + 1] === 0xbb && units[at + 2] === 0xbf) ||
    (code === 0xbb && units[at - 1] === 0xef && units[at + 1] === 0xbf) ||
    (code === 0xbf && units[at - 1] === 0xbb && units[at - 2] === 0xef)
  );
}

export function skipSpace(units: Uint8Array, start: number): number {
  let at = start;
  while (at < units.length && isSpace(units[at]!)) at++;
  return at;
}

/** Columns between the last line feed in `[from, at)` and `at`, or -1 where there is none. */
export function columnOf(units: Uint8Array, from: number, at: number): number {
  for (let index = at - 1; index >= from; index--) if (units[index] === LINE_FEED) return at - index - 1;
  return -1;
}

/** The quote that ends the key opened at `start`; -1 if a line feed comes first, the length if neither comes. */
export function endOfKey(units: Uint8Array, start: number): number {
  for (let at = start + 1; at < units.length; at++) {
    const code = units[at]!;
    if (code === QUOTE) return at;
    if (code === LINE_FEED) return -1;
    if (code === 0x5c) at++;
  }
  return units.length;
}

export function keyOf(raw: string): string {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}
