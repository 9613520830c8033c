import { constants, type Dirent, type Stats } from 'node:fs';
import { access, type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import type { RejectedMember } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import { escapeSourcePath } from './container/names.ts';
import type { Source } from './member.ts';

const CHUNK_BYTES = 512 * 1024;

export interface FoundSources {
  readonly sources: readonly Source[];
  /** Links, FIFOs, sockets and devices, never opened; below folders, also what may not be read. */
  readonly rejected: readonly RejectedMember[];
}

interface Found {
  readonly sources: Source[];
  readonly rejected: RejectedMember[];
}

/**
 * The regular files at the given paths and below the given folders, in the order given and bytewise by path within a folder. A
 * path that was given may be a link; below a folder no link is followed. `names`: how a path is called that only stands for
 * something else, such as an upload. Throws `import/unreadable` for a given path; one file that may not be read does not keep a
 * whole folder out.
 */
export async function findSources(
  paths: readonly string[],
  names: Readonly<Record<string, string>> = {},
): Promise<FoundSources> {
  const found: Found = { sources: [], rejected: [] };
  for (const path of paths) {
    const label = labelOf(names[path] ?? path);
    const status = await reading(label, () => stat(path));
    if (status.isDirectory()) await walkFolder(Buffer.from(path), label, found);
    else addFile(Buffer.from(path), label, status, found);
  }
  return found;
}

/** A source from a stream of bytes that can be read once: an upload, a pipe. */
export function streamSource(name: string, chunks: AsyncIterable<Uint8Array>, bytes: number | null = null): Source {
  return { path: name, bytes, read: () => limited(chunks, bytes) };
}

/** A source from bytes in memory. */
export function bufferSource(name: string, content: Uint8Array): Source {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return {
    path: name,
    bytes: bytes.length,
    read: async function* (offset = 0) {
      for (let at = offset; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    },
    readAt: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Labels have `/` between folders on every system. */
function labelOf(path: string): string {
  const label = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  return escapeSourcePath(label.length > 1 ? label.replace(/\/+$/, '') : label);
}

async function walkFolder(folder: Buffer, label: string, found: Found): Promise<void> {
  const entries = await reading(label, () => readdir(folder, { encoding: 'buffer', withFileTypes: true }));
  const slash = Buffer.from('/');
  for (const entry of entries.sort(compareNames)) {
    const path = Buffer.concat([folder, slash, entry.name]);
    const entryLabel = `${label === '/' ? '' : label}/${escapeSourcePath(entry.name)}`;
    const unreadable = await whyUnreadable(path, entry);
    if (unreadable !== null) found.rejected.push({ path: entryLabel, reason: unreadable });
    else if (entry.isDirectory()) await walkFolder(path, entryLabel, found);
    else addFile(path, entryLabel, await reading(entryLabel, () => lstat(path)), found);
  }
}

/** Links, FIFOs and the like are not asked: they are never opened. */
async function whyUnreadable(path: Buffer, entry: Dirent<Buffer>): Promise<string | null> {
  if (!entry.isDirectory() && !entry.isFile()) return null;
  const wanted = entry.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK;
  try {
    await access(path, wanted);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return `${entry.isDirectory() ? 'folder ' : ''}${SENTENCES[code]?.[0] ?? `could not be read (${code})`}`;
  }
}

/** Bytewise by whole path: a folder sorts as if its name ended with the slash. */
function compareNames(a: Dirent<Buffer>, b: Dirent<Buffer>): number {
  return Buffer.compare(sortKey(a), sortKey(b));
}

function sortKey(entry: Dirent<Buffer>): Buffer {
  return entry.isDirectory() ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
}

function addFile(path: Buffer, label: string, status: Stats, found: Found): void {
  const reason = rejection(status);
  if (reason === null) found.sources.push(fileSource(path, label, status.size));
  else found.rejected.push({ path: label, reason });
}

function rejection(status: Stats): string | null {
  if (status.isFile()) return null;
  if (status.isSymbolicLink()) return 'symbolic link';
  if (status.isFIFO()) return 'FIFO';
  if (status.isSocket()) return 'socket';
  if (status.isBlockDevice()) return 'block device';
  return status.isCharacterDevice() ? 'character device' : 'not a regular file';
}

/** A file as a source; of a file that grows, the first `size` bytes. */
export function fileSource(path: Buffer | string, label: string, size: number): Source {
  const random: { handle: Promise<FileHandle> | null } = { handle: null };
  return {
    path: label,
    bytes: size,
    read: (offset = 0) => readFile(path, label, offset, size),
    readAt: async (offset, length) => {
      random.handle ??= openFile(path, label);
      return readPart(await random.handle, label, offset, Math.min(length, size - offset));
    },
    close: async () => {
      const handle = random.handle;
      random.handle = null;
      await (await handle)?.close();
    },
  };
}

function openFile(path: Buffer | string, label: string): Promise<FileHandle> {
  // Should a FIFO have taken the file's place, opening it must not wait for a writer. Windows has no such flag.
  return reading(label, () => open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
}

/** Reads ahead by one chunk, so that the disk works while a chunk is being unpacked. */
async function* readFile(path: Buffer | string, label: string, start: number, end: number): AsyncGenerator<Buffer> {
  const handle = await openFile(path, label);
  const fetch = (at: number) => {
    const chunk = readPart(handle, label, at, Math.min(CHUNK_BYTES, end - at));
    chunk.catch(() => undefined);
    return chunk;
  };
  let ahead = fetch(start);
  try {
    for (let at = start; at < end; ) {
      const bytes = await ahead;
      if (bytes.length === 0) return;
      at += bytes.length;
      ahead = fetch(at);
      yield bytes;
    }
  } finally {
    await ahead.catch(() => undefined);
    await handle.close();
  }
}

async function readPart(handle: FileHandle, label: string, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await reading(label, () => handle.read(buffer, done, buffer.length - done, offset + done));
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

async function* limited(chunks: AsyncIterable<Uint8Array>, bytes: number | null): AsyncGenerator<Buffer> {
  let left = bytes ?? Number.POSITIVE_INFINITY;
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, left));
    left -= part.length;
    if (part.length > 0) yield part;
    if (left === 0) return;
  }
}

const SENTENCES: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['does not exist', 'Check the path.'],
  EACCES: ['may not be read', 'Ask for the right to read it, or copy it to where you may.'],
  EPERM: ['may not be read', 'Ask for the right to read it, or copy it to where you may.'],
  EIO: ['could not be read: the disk reports an error', 'Copy it to a sound disk and import the copy.'],
};

async function reading<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const [what, hint] = SENTENCES[code] ?? [
      `could not be read (${code || String(error)})`,
      'Check the path and the disk.',
    ];
    throw new CaseError('import/unreadable', `${label} ${what}.`, { hint, at: { path: label }, cause: error });
  }
}
