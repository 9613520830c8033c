import { isTarHeader, TAR_BLOCK } from './tar-header.ts';

/** How many bytes `recognise` wants to see. */
export const HEAD_BYTES = TAR_BLOCK;

export type LayerId = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'lz4';
export type ArchiveId = 'zip' | 'tar';

export type Recognised =
  | { readonly kind: 'layer'; readonly id: LayerId }
  | { readonly kind: 'archive'; readonly id: ArchiveId }
  /** Known, but not unpacked here: named in a warning. */
  | { readonly kind: 'unsupported'; readonly name: string };

/** Content decides, never the name. Null means: bytes to be read as they are. */
export function recognise(head: Buffer): Recognised | null {
  const layer = LAYERS.find(([, test]) => test(head));
  if (layer) return { kind: 'layer', id: layer[0] };
  if (ZIP_STARTS.some((magic) => startsWith(head, magic))) return { kind: 'archive', id: 'zip' };
  if (isTarHeader(head)) return { kind: 'archive', id: 'tar' };
  const unsupported = UNSUPPORTED.find(([, magic]) => startsWith(head, magic));
  return unsupported ? { kind: 'unsupported', name: unsupported[0] } : null;
}

const LAYERS: readonly (readonly [LayerId, (head: Buffer) => boolean])[] = [
  ['gzip', (head) => startsWith(head, '1f8b08')],
  ['lz4', (head) => startsWith(head, '04224d18') || startsWith(head, '02214c18') || skipsTo(head, '04224d18')],
  ['zstd', (head) => startsWith(head, '28b52ffd') || isSkippable(head)],
  ['bzip2', (head) => startsWith(head, '425a68') && isBzip2Block(head)],
  ['xz', (head) => startsWith(head, 'fd377a585a00')],
];

/** Members, an empty archive, and the mark of a spanned one before its first member. */
const ZIP_STARTS = ['504b0304', '504b0506', '504b0708504b0304', '504b3030504b0304'];

const UNSUPPORTED: readonly (readonly [string, string])[] = [
  ['7z archive', '377abcaf271c'],
  ['rar archive', '526172211a07'],
  ['Parquet file', '50415231'],
  ['Avro file', '4f626a01'],
  ['SQLite database', '53514c69746520666f726d6174203300'],
  ['lzip stream', '4c5a4950'],
  ['compress stream', '1f9d'],
  ['cabinet archive', '4d534346'],
  ['cpio archive', '303730373031'],
  ['cpio archive', '303730373037'],
  ['encrypted file of age', '6167652d656e6372797074696f6e2e6f72672f7631'],
];

function startsWith(head: Buffer, magic: string): boolean {
  return head.subarray(0, magic.length / 2).toString('hex') === magic;
}

/** The level, and then a block or the end of the stream. */
function isBzip2Block(head: Buffer): boolean {
  const block = head.subarray(4, 10).toString('hex');
  return /[1-9]/.test(head.toString('latin1', 3, 4)) && (block === '314159265359' || block === '177245385090');
}

/** Skippable frames belong to zstd and lz4 alike. */
function isSkippable(head: Buffer): boolean {
  return head.length >= 8 && head.readUInt32LE() >>> 4 === 0x184d2a5;
}

function skipsTo(head: Buffer, magic: string): boolean {
  return isSkippable(head) && startsWith(head.subarray(8 + head.readUInt32LE(4)), magic);
}
