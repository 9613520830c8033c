import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CaseError } from '../../fault.ts';
import type { Digest } from '../member.ts';
import type { ByteReader } from './byte-reader.ts';
import type { RandomAccess } from './random-access.ts';

/** A zip inside another container is held in memory up to this size, beyond it in a file without a name. */
const MEMORY_BYTES = 64 * 1024 * 1024;

export interface Spool {
  readonly access: RandomAccess;
  readonly digest: Digest;
  close(): Promise<void>;
}

/** Reads a stream to its end so that it can be read from any offset. The caller closes it. */
export async function spool(input: ByteReader, folder: string): Promise<Spool> {
  const hash = createHash('sha256');
  const store = new Store(folder);
  try {
    for (let bytes = await input.next(); bytes !== null; bytes = await input.next()) {
      hash.update(bytes);
      await store.add(bytes);
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    access: await store.seal(),
    digest: { sha256: hash.digest('hex'), bytes: store.size },
    close: () => store.close(),
  };
}

class Store {
  readonly #folder: string;
  #chunks: Buffer[] = [];
  #file: UnnamedFile | null = null;
  size = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(bytes: Buffer): Promise<void> {
    if (this.#file === null && this.size + bytes.length > MEMORY_BYTES) await this.#spill();
    if (this.#file === null) this.#chunks.push(bytes);
    else await this.#file.write(bytes, this.size);
    this.size += bytes.length;
  }

  async #spill(): Promise<void> {
    this.#file = await UnnamedFile.create(this.#folder);
    let at = 0;
    for (const chunk of this.#chunks) {
      await this.#file.write(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [];
  }

  async seal(): Promise<RandomAccess> {
    const file = this.#file;
    if (file !== null) return { size: this.size, readAt: (offset, length) => file.read(offset, length, this.size) };
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return { size: whole.length, readAt: async (offset, length) => whole.subarray(offset, offset + length) };
  }

  async close(): Promise<void> {
    this.#chunks = [];
    await this.#file?.close();
    this.#file = null;
  }
}

/** A temporary file whose name is gone once it is open, so that no crash leaves evidence behind. Windows keeps the name until it is closed. */
class UnnamedFile {
  readonly #handle: FileHandle;
  readonly #leftPath: string | null;

  private constructor(handle: FileHandle, leftPath: string | null) {
    this.#handle = handle;
    this.#leftPath = leftPath;
  }

  static async create(folder: string): Promise<UnnamedFile> {
    const path = join(folder, `decklog-${randomUUID()}.tmp`);
    const handle = await writing(() => open(path, 'wx+', 0o600));
    const isGone = await unlink(path).then(
      () => true,
      () => false,
    );
    return new UnnamedFile(handle, isGone ? null : path);
  }

  async write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await writing(() => this.#handle.write(bytes, done, bytes.length - done, at + done));
      done += bytesWritten;
    }
  }

  async read(offset: number, length: number, size: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#leftPath !== null) await unlink(this.#leftPath).catch(() => undefined);
  }
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new CaseError('case/no-room', 'There is no room to unpack an archive inside another one.', {
      hint: 'Free some room beside the case file, or unpack the outer archive yourself.',
      cause,
    });
  }
}
