import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of an archive that a test makes. */
export interface MadeEntry {
  readonly name: string;
  readonly content: Buffer;
  /** Type flag of a tar; `0` for a file. */
  readonly type?: string;
}

export interface ZipChoices {
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  /** As if written to a pipe: sizes and checksum stand behind the data. */
  readonly isStreamed?: boolean;
  readonly mode?: number;
  readonly flags?: number;
  /** Packed data in place of those that follow from the method. */
  readonly packed?: Buffer;
}

export function makeTar(entries: readonly MadeEntry[]): Buffer {
  return Buffer.concat([...entries.map(makeTarEntry), Buffer.alloc(1024)]);
}

export function makeTarEntry({ name, content, type = '0' }: MadeEntry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, 'utf8');
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export function makeZip(entries: readonly MadeEntry[], choices: ZipChoices = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = makeZipEntry(entry, offset, choices);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  return Buffer.concat([...parts, ...directory, makeZipEnd(entries.length, directory, offset)]);
}

function makeZipEntry({ name, content }: MadeEntry, offset: number, choices: ZipChoices) {
  const { method = 8, isStreamed = false, mode = 0o100644, flags = 0 } = choices;
  const packed = choices.packed ?? (method === 8 ? deflateRawSync(content) : content);
  const numbers = { crc: crc32(content), packed: packed.length, size: content.length };
  const path = Buffer.from(name);
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(0x02014b50, 0);
  fixed.writeUInt16LE(0x0314, 4);
  fixed.writeUInt16LE(20, 6);
  fixed.writeUInt16LE(0x800 | (isStreamed ? 8 : 0) | flags, 8);
  fixed.writeUInt16LE(method, 10);
  fixed.writeUInt32LE(numbers.crc, 16);
  fixed.writeUInt32LE(numbers.packed, 20);
  fixed.writeUInt32LE(numbers.size, 24);
  fixed.writeUInt16LE(path.length, 28);
  fixed.writeUInt32LE((mode << 16) >>> 0, 38);
  fixed.writeUInt32LE(offset, 42);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  fixed.copy(local, 4, 6, 32);
  if (isStreamed) local.fill(0, 14, 26);
  local.writeUInt16LE(path.length, 26);
  local.writeUInt16LE(0, 28);
  const parts = isStreamed ? [local, path, packed, makeDescriptor(numbers)] : [local, path, packed];
  return { local: Buffer.concat(parts), central: Buffer.concat([fixed, path]) };
}

function makeDescriptor(numbers: { crc: number; packed: number; size: number }): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(numbers.crc, 4);
  bytes.writeUInt32LE(numbers.packed, 8);
  bytes.writeUInt32LE(numbers.size, 12);
  return bytes;
}

function makeZipEnd(count: number, directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count % 0x10000, 8);
  end.writeUInt16LE(count % 0x10000, 10);
  end.writeUInt32LE(
    directory.reduce((sum, record) => sum + record.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return end;
}
