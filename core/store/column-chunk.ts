import { createHash } from 'node:crypto';
import zlib from 'node:zlib';

/**
 * The columns of a chunk of event rows as planes of 32-bit integers, one after the other, zstd behind its SHA-256. Times are
 * two planes: the lower 32 bits, and what is above them; `NO_TIME` above stands for a missing time.
 */
export const PLANES = [
  'timeLow',
  'timeHigh',
  'elapsedLow',
  'elapsedHigh',
  'block',
  'actor',
  'address',
  'agent',
  'operation',
  'namespace',
  'name',
  'answer',
  'reading',
] as const;

export type Plane = (typeof PLANES)[number];

export const NO_TIME = -(2 ** 31);
const WORD = 2 ** 32;

/** Planes of which the numbers are copied as they are, with their place in a row of the hashed matrix (event-chunks.ts). */
const COPIED: readonly (readonly [Plane, number])[] = [
  ['block', 1],
  ['actor', 6],
  ['address', 7],
  ['agent', 8],
  ['operation', 9],
  ['namespace', 10],
  ['name', 11],
  ['answer', 12],
  ['reading', 13],
];
const TIME_AT = 4;
const ELAPSED_AT = 5;

const LEVEL_1 = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };
const HASH_LENGTH = 32;
/** Planes of a whole chunk, and one byte: room for all of it at once. */
const LARGEST = 4096 * PLANES.length * 4 + 1;

/** Packs rows of the matrix, `width` numbers each. */
export function packColumns(matrix: Float64Array, rows: number, width: number): Buffer {
  const planes = planesOf(matrix, rows, width);
  const packed = zlib.zstdCompressSync(Buffer.from(planes.buffer), LEVEL_1);
  return Buffer.concat([sha256(packed), packed]);
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The planes of rows, unpacked. */
export function planesOf(matrix: Float64Array, rows: number, width: number): Int32Array {
  const planes = new Int32Array(rows * PLANES.length);
  split(matrix, TIME_AT, width, planes.subarray(0, rows), planes.subarray(rows, rows * 2));
  split(matrix, ELAPSED_AT, width, planes.subarray(rows * 2, rows * 3), planes.subarray(rows * 3, rows * 4));
  for (const [plane, at] of COPIED) {
    const to = PLANES.indexOf(plane) * rows;
    for (let row = 0; row < rows; row++) planes[to + row] = matrix[row * width + at] as number;
  }
  return planes;
}

function split(matrix: Float64Array, at: number, width: number, low: Int32Array, high: Int32Array): void {
  for (let row = 0; row < low.length; row++) {
    const value = matrix[row * width + at] as number;
    const isMissing = Number.isNaN(value);
    const above = Math.floor(value / WORD);
    low[row] = isMissing ? 0 : value - above * WORD;
    high[row] = isMissing ? NO_TIME : above;
  }
}

/** The number that two planes say; NaN for a missing time. */
export function joinWords(low: number, high: number): number {
  return high === NO_TIME ? Number.NaN : high * WORD + (low >>> 0);
}

/** The planes again. Raises where a byte was changed. */
export function unpackColumns(stored: Uint8Array): Int32Array {
  const packed = stored.subarray(HASH_LENGTH);
  if (!sha256(packed).equals(stored.subarray(0, HASH_LENGTH))) throw new Error('its bytes were changed');
  const bytes = zlib.zstdDecompressSync(packed, { chunkSize: LARGEST });
  if (bytes.length % (PLANES.length * 4) !== 0) throw new Error('it holds no whole rows');
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
