import { inflateSync } from 'node:zlib';

const ENTRY_BYTES = 20;
const HEAD_BYTES = 44;

interface Table {
  readonly tag: number;
  readonly checksum: number;
  readonly bytes: Buffer;
}

/**
 * The plain font (sfnt) in a WOFF file, version 1: the reader of fonts that draws our PDF unpacks a table of WOFF anew for each
 * letter, which takes minutes.
 */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is no WOFF file of version 1.');
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, index) =>
    tableAt(woff, HEAD_BYTES + index * ENTRY_BYTES),
  );
  return assemble(woff.readUInt32BE(4), tables);
}

function tableAt(woff: Buffer, at: number): Table {
  const [tag, offset, packed, length, checksum] = [0, 4, 8, 12, 16].map((step) => woff.readUInt32BE(at + step)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const bytes = woff.subarray(offset, offset + packed);
  return { tag, checksum, bytes: packed < length ? inflateSync(bytes) : bytes };
}

function assemble(flavour: number, tables: readonly Table[]): Buffer {
  const exponent = Math.floor(Math.log2(tables.length));
  const head = Buffer.alloc(12 + tables.length * 16);
  head.writeUInt32BE(flavour, 0);
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(16 << exponent, 6);
  head.writeUInt16BE(exponent, 8);
  head.writeUInt16BE(tables.length * 16 - (16 << exponent), 10);
  const parts: Buffer[] = [head];
  let offset = head.length;
  for (const [index, { tag, checksum, bytes }] of tables.entries()) {
    for (const [step, value] of [tag, checksum, offset, bytes.length].entries())
      head.writeUInt32BE(value, 12 + index * 16 + step * 4);
    const padding = Buffer.alloc(-bytes.length & 3);
    parts.push(bytes, padding);
    offset += bytes.length + padding.length;
  }
  return Buffer.concat(parts);
}
