import { type RandomAccess, readStretch } from './random-access.ts';
import { SIGNATURE, widen, type ZipEntry } from './zip-directory.ts';

const LOCAL_BYTES = 30;
const LOCAL_MAGIC = Buffer.from('504b0304', 'hex');

/** Where the data of an entry begin; null where its local header lies beyond the end. */
export async function findData(
  access: RandomAccess,
  entry: ZipEntry,
): Promise<{ start: number; isSound: boolean } | null> {
  if (entry.offset < 0 || entry.offset + LOCAL_BYTES > access.size) return null;
  const header = await access.readAt(entry.offset, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES) return null;
  const start = entry.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  return start > access.size ? null : { start, isSound: header.readUInt32LE() === SIGNATURE.local };
}

/** An entry known by its local header alone. */
export interface StrayEntry extends ZipEntry {
  readonly dataStart: number;
  /** A writer that streams states the sizes behind the data only. */
  readonly hasSize: boolean;
}

/**
 * Looks for members by their local headers, for an archive whose directory is cut off or damaged. `place.at` is where to go on
 * looking; the caller moves it behind the data of an entry whose size was not stated.
 */
export async function* scanLocals(access: RandomAccess, place: { at: number }): AsyncGenerator<StrayEntry> {
  while (true) {
    const at = await findMagic(access, place.at);
    if (at === null) return;
    place.at = at + LOCAL_MAGIC.length;
    const entry = await readLocal(access, at);
    if (entry === null) continue;
    place.at = entry.dataStart + (entry.hasSize ? entry.packedSize : 0);
    yield entry;
  }
}

async function findMagic(access: RandomAccess, from: number): Promise<number | null> {
  const input = readStretch(access, from, access.size - from);
  for (let head = await input.peek(65536); head.length >= LOCAL_MAGIC.length; head = await input.peek(65536)) {
    const found = head.indexOf(LOCAL_MAGIC);
    if (found >= 0) {
      const at = from + input.offset + found;
      await input.close();
      return at;
    }
    await input.skip(head.length - LOCAL_MAGIC.length + 1);
  }
  return null;
}

async function readLocal(access: RandomAccess, at: number): Promise<StrayEntry | null> {
  const fixed = await access.readAt(at, LOCAL_BYTES);
  if (fixed.length < LOCAL_BYTES || (fixed[4] ?? 0) > 99) return null;
  const nameBytes = fixed.readUInt16LE(26);
  const extraBytes = fixed.readUInt16LE(28);
  const texts = await access.readAt(at + LOCAL_BYTES, nameBytes + extraBytes);
  if (nameBytes === 0 || texts.length < nameBytes + extraBytes) return null;
  const extra = texts.subarray(nameBytes);
  const [size, packedSize] = widen([fixed.readUInt32LE(22), fixed.readUInt32LE(18)], extra);
  const flags = fixed.readUInt16LE(6);
  return {
    name: texts.subarray(0, nameBytes),
    flags,
    method: fixed.readUInt16LE(8),
    dosTime: fixed.readUInt16LE(10),
    crc: fixed.readUInt32LE(14),
    size: size!,
    packedSize: packedSize!,
    offset: at,
    mode: 0,
    extra,
    dataStart: at + LOCAL_BYTES + texts.length,
    hasSize: (flags & 8) === 0 || packedSize !== 0,
  };
}
