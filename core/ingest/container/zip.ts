import type { MemberEnd } from '../member.ts';
import { Damage } from './damage.ts';
import type { Layer, Unpack } from './layer.ts';
import type { RandomAccess } from './random-access.ts';
import { findDirectory, readDirectory, type ZipEntry } from './zip-directory.ts';
import { EntryOpener, type Opened } from './zip-entry.ts';
import { findData, type StrayEntry, scanLocals } from './zip-local.ts';

const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The upper bits of a Unix mode. */
const FILE_TYPE = 0xf000;
const LINK = 'symbolic link';
const REJECTED_TYPES: ReadonlyMap<number, string> = new Map([
  [0xa000, LINK],
  [0x2000, 'character device'],
  [0x6000, 'block device'],
  [0x1000, 'FIFO'],
  [0xc000, 'socket'],
]);

export interface ZipMember {
  readonly name: string | Buffer;
  readonly opened: Opened;
}

/**
 * The members of a zip: those of its directory, in the directory's order; where that is cut off or damaged, also those that
 * have a local header. Null where there is neither: these bytes are no zip.
 */
export async function openZip(
  access: RandomAccess,
  methods: ReadonlyMap<number, Unpack>,
  passwords: readonly string[],
  end: MemberEnd,
): Promise<AsyncGenerator<ZipMember> | null> {
  const opener = new EntryOpener(access, methods, passwords);
  const directory = await findDirectory(access);
  if (directory === null) {
    const strays = openStrays(access, opener, new Map());
    const first = await strays.next();
    if (first.done) return null;
    end.warnings.push('zip archive without its directory: members were found by their local headers');
    return prepend(first.value, strays);
  }
  return openListed(access, opener, readDirectory(access, directory), end);
}

async function* prepend<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

async function* openListed(
  access: RandomAccess,
  opener: EntryOpener,
  entries: AsyncGenerator<ZipEntry>,
  end: MemberEnd,
): AsyncGenerator<ZipMember> {
  const seen = new Map<number, number>();
  try {
    for await (const entry of entries) {
      const place = await findData(access, entry);
      seen.set(entry.offset, (place?.start ?? entry.offset) + entry.packedSize);
      if (!isFolder(entry)) yield { name: nameOf(entry), opened: await openEntry(opener, entry, place) };
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    end.warnings.push(`${error.message}: further members were looked for by their local headers`);
    yield* openStrays(access, opener, seen);
  }
}

async function openEntry(
  opener: EntryOpener,
  entry: ZipEntry,
  place: { start: number; isSound: boolean } | null,
): Promise<Opened> {
  const type = REJECTED_TYPES.get(entry.mode & FILE_TYPE);
  // Info-ZIP calls what it was piped a FIFO: an entry with bytes is read, unless they are the target of a link.
  if (type !== undefined && (entry.size === 0 || type === LINK)) return { rejection: type, isEncrypted: false };
  if (place === null) return { rejection: 'its data lie beyond the end of the archive', isEncrypted: false };
  const opened = await opener.open(entry, place.start);
  return place.isSound ? opened : withWarning(opened, 'damaged local header of zip member');
}

function withWarning(opened: Opened, warning: string): Opened {
  if (opened.rejection !== null) return opened;
  return {
    rejection: null,
    read: (layer: Layer, end: MemberEnd) => {
      end.warnings.push(warning);
      return opened.read(layer, end);
    },
  };
}

/** Members that no directory lists; `seen` has the ends of those already known by the place of their header. */
async function* openStrays(
  access: RandomAccess,
  opener: EntryOpener,
  seen: ReadonlyMap<number, number>,
): AsyncGenerator<ZipMember> {
  const place = { at: 0 };
  for await (const entry of scanLocals(access, place)) {
    const knownEnd = seen.get(entry.offset);
    if (knownEnd !== undefined) place.at = Math.max(place.at, knownEnd);
    else if (!isFolder(entry)) yield await openStray(access, opener, entry, place);
  }
}

async function openStray(
  access: RandomAccess,
  opener: EntryOpener,
  entry: StrayEntry,
  place: { at: number },
): Promise<ZipMember> {
  const name = nameOf(entry);
  if (entry.hasSize) return { name, opened: await opener.open(entry, entry.dataStart) };
  // A deflate stream knows its own end; what else is streamed cannot be told from what follows it.
  if ((entry.flags & 1) !== 0 || entry.method !== 8) {
    return { name, opened: { rejection: 'size not stated, and no directory', isEncrypted: false } };
  }
  const opened = await opener.open({ ...entry, packedSize: access.size - entry.dataStart }, entry.dataStart);
  return { name, opened: measured(opened, entry, place) };
}

/** Reads an entry of unknown size and moves the search behind its data. */
function measured(opened: Opened, entry: StrayEntry, place: { at: number }): Opened {
  if (opened.rejection !== null) return opened;
  return {
    rejection: null,
    read: async function* (layer, end) {
      const inner: MemberEnd = { ...end, warnings: [] };
      yield* opened.read(layer, inner);
      place.at = entry.dataStart + layer.consumed;
      // Neither checksum nor size were stated in front of the data.
      const told = inner.warnings.filter((warning) => !/checksum|longer than stated/.test(warning));
      end.warnings.push(...told, 'zip member without a stated size or checksum');
      end.stoppedAt = inner.stoppedAt;
    },
  };
}

function isFolder(entry: ZipEntry): boolean {
  const last = entry.name.at(-1);
  return (last === 0x2f || last === 0x5c) && entry.size === 0;
}

/** UTF-8 where it is that, flagged or not; else the code page of old DOS tools. */
function nameOf(entry: ZipEntry): string | Buffer {
  const isUtf8Flagged = (entry.flags & 0x800) !== 0;
  const isAscii = entry.name.every((byte) => byte < 0x80);
  if (isAscii || isUtf8Flagged || isValidUtf8(entry.name)) return entry.name;
  return [...entry.name].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join('');
}

function isValidUtf8(bytes: Buffer): boolean {
  return bytes.toString('utf8').indexOf('\ufffd') < 0;
}
