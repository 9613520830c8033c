import type { MemberEnd } from '../member.ts';
import type { ByteReader } from './byte-reader.ts';
import { type PaxFields, pairUp, parsePax, paxExtents, paxNumber } from './pax.ts';
import { fillHoles } from './sparse.ts';
import { type Extent, isTarHeader, parseSparseBlock, parseTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/** Names and records of extended headers beyond this are not believed. */
const MOST_EXTENDED_BYTES = 1024 * 1024;

export interface TarEntry {
  readonly name: Buffer;
  /** Null for a file; else why the entry is none. Folders are not yielded. */
  readonly rejection: string | null;
  /** The file's bytes, holes included. What is not read is passed over. */
  read(notes: MemberEnd): AsyncGenerator<Buffer>;
}

/** Walks a tar of any dialect in one pass. After damage it goes on at the next block that is a header. */
export class TarReader {
  readonly #input: ByteReader;
  readonly #notes: MemberEnd;
  #pax: PaxFields = emptyPax();
  readonly #globals: PaxFields = emptyPax();
  #longName: Buffer | null = null;
  #isAfterEnd = false;

  constructor(input: ByteReader, notes: MemberEnd) {
    this.#input = input;
    this.#notes = notes;
  }

  async *entries(): AsyncGenerator<TarEntry> {
    for (let block = await this.#nextHeader(); block !== null; block = await this.#nextHeader()) {
      const header = parseTarHeader(block);
      if (await this.#isExtension(header)) continue;
      yield* this.#open(header);
      this.#pax = emptyPax();
      this.#longName = null;
    }
  }

  /** The next valid header. Zero blocks end an archive, but others may be joined behind it. */
  async #nextHeader(): Promise<Buffer | null> {
    let lostFrom: number | null = null;
    while (true) {
      const at = this.#input.offset;
      const block = await this.#input.take(TAR_BLOCK);
      if (block.length < TAR_BLOCK) return this.#finish(block, lostFrom ?? at);
      if (isTarHeader(block)) {
        if (lostFrom !== null) this.#warn(`damaged tar header at byte ${lostFrom}, resumed at byte ${at}`);
        else if (this.#isAfterEnd) this.#warn(`further members after the end of the tar archive at byte ${at}`);
        this.#isAfterEnd = false;
        return block;
      }
      if (isZero(block)) this.#isAfterEnd = lostFrom === null;
      else lostFrom ??= at;
    }
  }

  #finish(rest: Buffer, lostFrom: number): null {
    const end = this.#input.offset;
    if (this.#isAfterEnd && end === lostFrom) return null;
    if (this.#isAfterEnd && isZero(rest) && lostFrom + rest.length === end) return null;
    if (this.#isAfterEnd) this.#warn(`trailing garbage after tar archive: ${end - lostFrom} bytes at ${lostFrom}`);
    else if (end > lostFrom) {
      this.#stop(lostFrom);
      this.#warn(`damaged tar header at byte ${lostFrom}, ${end - lostFrom} bytes could not be read`);
    } else {
      this.#stop(end);
      this.#warn(`unexpected end of tar archive at byte ${end}`);
    }
    return null;
  }

  #warn(text: string): void {
    this.#notes.warnings.push(text);
  }

  #stop(at: number): void {
    this.#notes.stoppedAt ??= at;
  }

  /** Long names and PAX records come as entries of their own before the one they describe. */
  async #isExtension(header: TarHeader): Promise<boolean> {
    if (header.type === 'L') this.#longName = trimNul(await this.#takeBody(header));
    else if (header.type === 'x' || header.type === 'X') this.#addPax(await this.#takeBody(header), this.#pax);
    else if (header.type === 'g') this.#addPax(await this.#takeBody(header), this.#globals);
    else if (header.type === 'K' || header.type === 'V') await this.#takeBody(header);
    else return false;
    return true;
  }

  #addPax(bytes: Buffer, into: PaxFields): void {
    if (!parsePax(bytes, into)) this.#warn(`damaged PAX header before byte ${this.#input.offset}`);
  }

  async #takeBody(header: TarHeader): Promise<Buffer> {
    if (header.size > MOST_EXTENDED_BYTES) {
      this.#warn(`extended tar header of ${header.size} bytes at byte ${this.#input.offset} passed over`);
      await this.#input.skip(padded(header.size));
      return Buffer.alloc(0);
    }
    const body = await this.#input.take(padded(header.size));
    return body.subarray(0, header.size);
  }

  async *#open(header: TarHeader): AsyncGenerator<TarEntry> {
    const name = this.#nameOf(header);
    const rejection = rejectionOf(header);
    if (rejection !== null || isFolder(header, name)) {
      if (rejection !== null) yield { name, rejection, read: nothing };
      await this.#skipBodyIfThere(header);
      return;
    }
    const size = this.#paxNumber('size') ?? header.size;
    const body = new Body(this.#input, size);
    const sparse = await this.#sparseMap(header, body);
    yield {
      name,
      rejection: null,
      read: (notes) => (sparse === null ? body.read(notes) : fillHoles(body.read(notes), sparse, notes)),
    };
    await body.finish();
  }

  #nameOf(header: TarHeader): Buffer {
    const fields = [this.#pax.fields, this.#globals.fields];
    const pick = (key: string) => fields.map((map) => map.get(key)).find((value) => value !== undefined);
    return pick('GNU.sparse.name') ?? pick('path') ?? this.#longName ?? header.name;
  }

  #paxNumber(key: string): number | null {
    return paxNumber(this.#pax, key) ?? paxNumber(this.#globals, key);
  }

  /** A link states the size of its target in some dialects and has no body: look whether a header follows at once. */
  async #skipBodyIfThere(header: TarHeader): Promise<void> {
    if (header.size === 0) return;
    const next = await this.#input.peek(TAR_BLOCK);
    if (!isTarHeader(next) && !isZero(next)) await this.#input.skip(padded(header.size));
  }

  /** Where the pieces of a sparse file belong, and its whole size; null for any other. */
  async #sparseMap(header: TarHeader, body: Body): Promise<{ extents: Extent[]; size: number } | null> {
    if (header.sparse) {
      const extents = await this.#oldExtents(header.sparse);
      return extents === null ? NO_PIECES : { extents, size: header.sparse.realSize };
    }
    const isVersion1 = this.#pax.fields.get('GNU.sparse.major')?.toString() === '1';
    const extents = isVersion1 ? await readMap(body) : paxExtents(this.#pax);
    if (extents === null) return isVersion1 ? NO_PIECES : null;
    const last = extents.at(-1);
    const size = this.#paxNumber('GNU.sparse.realsize') ?? this.#paxNumber('GNU.sparse.size');
    return { extents, size: size ?? (last ? last.offset + last.length : 0) };
  }

  async #oldExtents(sparse: NonNullable<TarHeader['sparse']>): Promise<Extent[] | null> {
    const extents = [...sparse.extents];
    for (let continues = sparse.continues; continues && extents.length < MOST_EXTENDED_BYTES; ) {
      const block = await this.#input.take(TAR_BLOCK);
      if (block.length < TAR_BLOCK) return null;
      const more = parseSparseBlock(block);
      extents.push(...more.extents);
      continues = more.continues;
    }
    return extents;
  }
}

/** The bytes of one entry in the archive, up to the next header. */
class Body {
  readonly #input: ByteReader;
  readonly #size: number;
  #taken = 0;

  constructor(input: ByteReader, size: number) {
    this.#input = input;
    this.#size = size;
  }

  async *read(notes: MemberEnd): AsyncGenerator<Buffer> {
    while (this.#taken < this.#size) {
      const bytes = await this.#input.next(this.#size - this.#taken);
      if (bytes === null) {
        notes.warnings.push(`unexpected end of tar member: ${this.#taken} of ${this.#size} bytes`);
        notes.stoppedAt ??= this.#taken;
        return;
      }
      this.#taken += bytes.length;
      yield bytes;
    }
  }

  async take(length: number): Promise<Buffer> {
    const bytes = await this.#input.take(Math.min(length, this.#size - this.#taken));
    this.#taken += bytes.length;
    return bytes;
  }

  async finish(): Promise<void> {
    await this.#input.skip(padded(this.#size) - this.#taken);
  }
}

/** A map that is cut off says nothing of where the bytes belong. */
const NO_PIECES = { extents: [], size: 0 };

/** Sparse format 1.0: decimal lines in front of the data, the first one the number of pairs, padded to whole blocks. Null if it is cut off. */
async function readMap(body: Body): Promise<Extent[] | null> {
  const numbers: number[] = [];
  let text = '';
  for (let read = 0; read < MOST_EXTENDED_BYTES; read += TAR_BLOCK) {
    const block = await body.take(TAR_BLOCK);
    text += block.toString('latin1');
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) numbers.push(Number(line));
    if (numbers.length > 0 && numbers.length > 2 * numbers[0]!) return pairUp(numbers.slice(1, 1 + 2 * numbers[0]!));
    if (block.length < TAR_BLOCK) break;
  }
  return null;
}

const REJECTIONS: Readonly<Record<string, string>> = {
  '1': 'hard link',
  '2': 'symbolic link',
  '3': 'character device',
  '4': 'block device',
  '6': 'FIFO',
  M: 'continuation of another volume',
};

function rejectionOf(header: TarHeader): string | null {
  const what = REJECTIONS[header.type];
  return what === undefined ? null : what;
}

/** Old tars mark a folder by a slash at the end of its name alone. */
function isFolder(header: TarHeader, name: Buffer): boolean {
  if (header.type === '5' || header.type === 'D') return true;
  return (header.type === '\0' || header.type === '0') && name.at(-1) === 0x2f;
}

async function* nothing(): AsyncGenerator<Buffer> {
  // Only files have bytes.
}

function emptyPax(): PaxFields {
  return { fields: new Map(), sparseNumbers: [] };
}

function padded(size: number): number {
  return Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function trimNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
