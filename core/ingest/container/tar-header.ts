export const TAR_BLOCK = 512;

/** A piece of a sparse file: where its bytes belong and how many there are. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface TarHeader {
  readonly name: Buffer;
  /** The type flag as a character. */
  readonly type: string;
  readonly size: number;
  readonly linkName: Buffer;
  /** Of an old GNU sparse entry, as far as the header itself holds it. */
  readonly sparse: {
    readonly extents: readonly Extent[];
    readonly realSize: number;
    readonly continues: boolean;
  } | null;
}

/** A header is known by its checksum, with or without `ustar`. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < TAR_BLOCK || block[0] === 0) return false;
  const stated = readNumber(block.subarray(148, 156));
  if (stated === null || stated === 0) return false;
  const { unsigned, signed } = sumBytes(block);
  return stated === unsigned || stated === signed;
}

/** Old writers summed signed characters. The checksum's own bytes count as blanks. */
function sumBytes(block: Buffer): { unsigned: number; signed: number } {
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < TAR_BLOCK; index++) {
    const byte = index >= 148 && index < 156 ? 32 : block[index]!;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return { unsigned, signed };
}

export function parseTarHeader(block: Buffer): TarHeader {
  const type = String.fromCharCode(block[156]!);
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? cString(block.subarray(345, 500)) : Buffer.alloc(0);
  const name = cString(block.subarray(0, 100));
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    type,
    size: Math.max(0, readNumber(block.subarray(124, 136)) ?? 0),
    linkName: cString(block.subarray(157, 257)),
    sparse: type === 'S' ? parseOldSparse(block) : null,
  };
}

function parseOldSparse(block: Buffer): NonNullable<TarHeader['sparse']> {
  return {
    extents: parseExtents(block.subarray(386), 4),
    realSize: readNumber(block.subarray(483, 495)) ?? 0,
    continues: block[482] !== 0,
  };
}

/** A continuation block of an old GNU sparse map. */
export function parseSparseBlock(block: Buffer): { extents: Extent[]; continues: boolean } {
  return { extents: parseExtents(block, 21), continues: block[504] !== 0 };
}

function parseExtents(bytes: Buffer, most: number): Extent[] {
  const extents: Extent[] = [];
  for (let index = 0; index < most; index++) {
    const offset = readNumber(bytes.subarray(index * 24, index * 24 + 12));
    const length = readNumber(bytes.subarray(index * 24 + 12, index * 24 + 24));
    if (offset === null || length === null || bytes[index * 24] === 0) break;
    extents.push({ offset, length });
  }
  return extents;
}

function cString(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

/** Octal digits, or GNU's base 256 with the top bit set. Null where it is neither. */
function readNumber(field: Buffer): number | null {
  const first = field[0] ?? 0;
  if (first === 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  if (first > 0x80) return null;
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (text === '') return 0;
  return /^[0-7]+/.test(text) ? Number.parseInt(text, 8) : null;
}
