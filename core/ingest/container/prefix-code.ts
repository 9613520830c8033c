import { Damage } from './damage.ts';

/**
 * A canonical prefix code as one table that maps the next `width` bits to symbol and length (`symbol << 5 | length`), 0
 * where no code begins so.
 */
export interface PrefixCode {
  readonly table: Uint32Array;
  readonly width: number;
}

/** Builds a code from the length of each symbol's code in bits, 0 for a symbol that does not occur. */
export function buildPrefixCode(lengths: ArrayLike<number>, order: 'low-first' | 'high-first'): PrefixCode {
  const width = longest(lengths);
  const table = new Uint32Array(1 << width);
  const next = firstCodes(lengths, width);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const code = next[length]!++;
    if (code >= 1 << length) throw new Damage('damaged prefix code');
    const entry = (symbol << 5) | length;
    if (order === 'low-first') spread(table, reversed(code, length), 1 << length, entry);
    else table.fill(entry, code << (width - length), (code + 1) << (width - length));
  }
  return { table, width };
}

function longest(lengths: ArrayLike<number>): number {
  let most = 1;
  for (let symbol = 0; symbol < lengths.length; symbol++) most = Math.max(most, lengths[symbol]!);
  return most;
}

/** The first code of each length (RFC 1951, 3.2.2). */
function firstCodes(lengths: ArrayLike<number>, width: number): Uint32Array {
  const counts = new Uint32Array(width + 2);
  for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol]! > 0) counts[lengths[symbol]!]!++;
  const next = new Uint32Array(width + 2);
  for (let length = 1, code = 0; length <= width; length++) {
    code = (code + counts[length - 1]!) << 1;
    next[length] = code;
  }
  return next;
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

function spread(table: Uint32Array, start: number, step: number, entry: number): void {
  for (let index = start; index < table.length; index += step) table[index] = entry;
}
