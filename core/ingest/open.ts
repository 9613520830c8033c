import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { LIMITS } from '../contract/limits.ts';
import { ByteReader } from './container/byte-reader.ts';
import { newEnd, type Trip, walk } from './container/walk.ts';
import type { Digest, Member, Source } from './member.ts';

export type { Digest, Member, MemberEnd, Source } from './member.ts';

export interface OpenOptions {
  /** Tried on encrypted entries in this order. */
  readonly passwords?: readonly string[];
  /** Its reason is thrown between two chunks. */
  readonly signal?: AbortSignal;
  /** For a zip inside another container that is too large for memory: a file without a name. The system's own folder by default. */
  readonly spoolFolder?: string;
  /**
   * Called once with the digest of all bytes of the source, after the last member; also where nothing could be read and where
   * the caller stopped early. Not called after a fault of the road or a cancel.
   */
  readonly onSourceEnd?: (digest: Digest) => void;
}

/**
 * Unpacks a source to any depth and yields its members in their order: leaves to be read at once, and each archive after its members.
 * Faults of the evidence are written into `Member.end`; a disk that fails is thrown as `import/unreadable`.
 */
export async function* openMembers(source: Source, options: OpenOptions = {}): AsyncGenerator<Member> {
  const bytes = new SourceBytes(source, options.signal);
  let hasFailed = false;
  try {
    yield* walk(bytes.input, rootOf(source), tripOf(bytes, options));
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    try {
      // `Member.read` throws into the caller's hands, and then the walk only learns that it is over.
      const isOver = hasFailed || bytes.hasFailed || options.signal?.aborted;
      if (!isOver) options.onSourceEnd?.(await bytes.finish());
    } finally {
      await bytes.close();
    }
  }
}

function rootOf(source: Source) {
  const { path, bytes, readAt } = source;
  const access = readAt && bytes !== null ? { size: bytes, readAt } : null;
  return { path, containers: [], meter: null, budget: null, end: newEnd(), access };
}

function tripOf(bytes: SourceBytes, options: OpenOptions): Trip {
  return {
    passwords: options.passwords ?? [],
    signal: options.signal,
    spoolFolder: options.spoolFolder ?? tmpdir(),
    membersLeft: LIMITS.members,
    sourceDigest: () => bytes.finish(),
  };
}

/** The source's own bytes in order, hashed as they pass. */
class SourceBytes {
  readonly input: ByteReader;
  readonly #source: Source;
  readonly #signal: AbortSignal | undefined;
  readonly #hash = createHash('sha256');
  hasFailed = false;
  #bytes = 0;
  #digest: Digest | null = null;

  constructor(source: Source, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
    const again = source.readAt ? (offset: number) => source.read(offset) : undefined;
    this.input = new ByteReader(this.#read(), again);
  }

  /** Reads what nobody has asked for yet: for a zip, which is read from its end, that is a pass over the whole file. */
  async finish(): Promise<Digest> {
    await this.input.skip(Number.POSITIVE_INFINITY);
    this.#digest ??= { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
    return this.#digest;
  }

  async close(): Promise<void> {
    await this.input.close();
    await this.#source.close?.();
  }

  async *#read(): AsyncGenerator<Buffer> {
    try {
      for await (const bytes of this.#source.read()) {
        this.#signal?.throwIfAborted();
        this.#hash.update(bytes);
        this.#bytes += bytes.length;
        yield bytes;
      }
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}
