import { crc32 } from 'node:zlib';

/**
 * The container of a bundle: a zip that any program opens, in one form only. Nothing is packed, there are no times, comments or
 * extra fields, and entries follow each other without a gap: from names and contents follows every byte of the file.
 */
export interface Entry {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  content(): Iterable<Uint8Array>;
}

/** Sizes and places are 32-bit numbers. */
export const LARGEST = 0xffff_ffff;
/** Counts are 16-bit numbers. */
export const MOST_ENTRIES = 0xffff;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 1 January 1980, the first day that a zip can name. */
const FIRST_DAY = 0x21;
/** Names are UTF-8. */
const UTF8 = 0x800;
const PLAIN_VERSION = 10;

export const LOCAL_BYTES = 30;
export const LOCAL_SIGNATURE = LOCAL;

/** An entry with its content in memory. */
export function entryOf(name: string, bytes: Uint8Array): Entry {
  return { name, size: bytes.length, crc: crc32(bytes), content: () => [bytes] };
}

/** The bytes of a container, piece by piece. */
export function* writeContainer(entries: readonly Entry[]): Generator<Uint8Array> {
  for (const entry of entries) {
    yield localHeader(entry);
    yield* entry.content();
  }
  yield containerEnd(entries);
}

export type Header = Pick<Entry, 'name' | 'size' | 'crc'>;

/** What stands before the content of an entry. */
export function localHeader({ name, size, crc }: Header): Uint8Array {
  const text = Buffer.from(name);
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(PLAIN_VERSION, 4);
  header.writeUInt16LE(UTF8, 6);
  header.writeUInt16LE(FIRST_DAY, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(text.length, 26);
  return Buffer.concat([header, text]);
}

/** What stands behind the last entry: the directory and its end. */
export function containerEnd(entries: readonly Header[]): Uint8Array {
  const parts: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    parts.push(centralHeader(entry, offset));
    offset += LOCAL_BYTES + Buffer.byteLength(entry.name) + entry.size;
  }
  const directory = Buffer.concat(parts);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([directory, end]);
}

function centralHeader({ name, size, crc }: Header, offset: number): Buffer {
  const text = Buffer.from(name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL, 0);
  header.writeUInt16LE(PLAIN_VERSION, 4);
  header.writeUInt16LE(PLAIN_VERSION, 6);
  header.writeUInt16LE(UTF8, 8);
  header.writeUInt16LE(FIRST_DAY, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(size, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(text.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, text]);
}
