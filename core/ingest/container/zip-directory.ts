import { Damage } from './damage.ts';
import { type RandomAccess, readStretch } from './random-access.ts';

/** Signatures and layouts: APPNOTE.TXT 4.3. */
export const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const MOST_COMMENT_BYTES = 0xffff;

export interface ZipEntry {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Of the local header, in the file. */
  readonly offset: number;
  /** Unix mode where the writer stated one. */
  readonly mode: number;
  readonly extra: Buffer;
  readonly dosTime: number;
}

export interface ZipDirectory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** Bytes in front of the archive, as in one that extracts itself: added to every stated offset. */
  readonly shift: number;
}

/** The central directory's place; null where the archive has none that can be read. */
export async function findDirectory(access: RandomAccess): Promise<ZipDirectory | null> {
  const tailStart = Math.max(0, access.size - END_BYTES - MOST_COMMENT_BYTES);
  const tail = await access.readAt(tailStart, access.size - tailStart);
  for (const at of endRecords(tail)) {
    const directory = await readEnd(access, tail.subarray(at), tailStart + at);
    if (directory !== null) return directory;
  }
  return null;
}

/** Candidates from the last: first those whose comment reaches to the end of the file exactly. */
function endRecords(tail: Buffer): number[] {
  const found: number[] = [];
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail[at] === 0x50 && tail.readUInt32LE(at) === SIGNATURE.end) found.push(at);
  }
  const isExact = (at: number) => at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length;
  return [...found.filter(isExact), ...found.filter((at) => !isExact(at))].slice(0, 16);
}

async function readEnd(access: RandomAccess, record: Buffer, at: number): Promise<ZipDirectory | null> {
  const short = {
    count: record.readUInt16LE(10),
    size: record.readUInt32LE(12),
    offset: record.readUInt32LE(16),
    at,
  };
  const isLong = short.count === 0xffff || short.size === 0xffffffff || short.offset === 0xffffffff;
  const stated = (isLong ? await readEnd64(access, at) : null) ?? short;
  const start = stated.at - stated.size;
  if (start < 0 || stated.offset > start) return null;
  // An empty archive has nothing to look at.
  if (stated.size === 0) return stated.count === 0 ? { start, end: stated.at, count: 0, shift: 0 } : null;
  const signature = await access.readAt(start, 4);
  if (signature.length < 4 || signature.readUInt32LE() !== SIGNATURE.central) return null;
  return { start, end: stated.at, count: stated.count, shift: start - stated.offset };
}

async function readEnd64(
  access: RandomAccess,
  endAt: number,
): Promise<{ count: number; size: number; offset: number; at: number } | null> {
  const locator = await access.readAt(Math.max(0, endAt - 20), 20);
  if (locator.length < 20 || locator.readUInt32LE() !== SIGNATURE.locator64) return null;
  const stated = Number(locator.readBigUInt64LE(8));
  // With bytes in front of the archive the stated offset is too low; the record then lies right before its locator.
  for (const at of [stated, endAt - 20 - 56]) {
    if (at < 0 || at >= access.size) continue;
    const record = await access.readAt(at, 56);
    if (record.length < 56 || record.readUInt32LE() !== SIGNATURE.end64) continue;
    const number = (offset: number) => Number(record.readBigUInt64LE(offset));
    return { count: number(32), size: number(40), offset: number(48), at };
  }
  return null;
}

/** The entries in the directory's order. Throws `Damage` behind the last that can be read. */
export async function* readDirectory(access: RandomAccess, directory: ZipDirectory): AsyncGenerator<ZipEntry> {
  const input = readStretch(access, directory.start, directory.end - directory.start);
  for (let count = 0; (await input.peek(1)).length > 0; count++) {
    const fixed = await input.take(CENTRAL_BYTES);
    if (fixed.length < CENTRAL_BYTES || fixed.readUInt32LE() !== SIGNATURE.central) {
      throw new Damage(`damaged zip directory after ${count} of ${directory.count} entries`);
    }
    const lengths = [28, 30, 32].map((at) => fixed.readUInt16LE(at));
    const name = await input.take(lengths[0]!);
    const extra = await input.take(lengths[1]!);
    await input.skip(lengths[2]!);
    yield parseEntry(fixed, name, extra, directory.shift);
  }
}

function parseEntry(fixed: Buffer, name: Buffer, extra: Buffer, shift: number): ZipEntry {
  const short = [fixed.readUInt32LE(24), fixed.readUInt32LE(20), fixed.readUInt32LE(42)];
  const [size, packedSize, offset] = widen(short, extra);
  const isUnix = fixed[5] === 3 || fixed[5] === 19;
  return {
    name,
    flags: fixed.readUInt16LE(8),
    method: fixed.readUInt16LE(10),
    dosTime: fixed.readUInt16LE(12),
    crc: fixed.readUInt32LE(16),
    size: size!,
    packedSize: packedSize!,
    offset: offset! + shift,
    mode: isUnix ? fixed.readUInt16LE(40) : 0,
    extra,
  };
}

/** Numbers that are all ones stand in the zip64 field instead, in this order. */
export function widen(numbers: readonly number[], extra: Buffer): number[] {
  const field = extraField(extra, 1);
  let at = 0;
  return numbers.map((number) => {
    if (number !== 0xffffffff || field === null || at + 8 > field.length) return number;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  });
}

/** The content of an extra field by its id; null where there is none. */
export function extraField(extra: Buffer, id: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}
