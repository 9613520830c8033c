import { crc32 } from 'node:zlib';
import type { MemberEnd } from '../member.ts';
import { ByteReader } from './byte-reader.ts';
import { Damage } from './damage.ts';
import { inflateRaw } from './inflate.ts';
import type { Layer, Unpack } from './layer.ts';
import { type RandomAccess, readStretch } from './random-access.ts';
import { slowInflate } from './slow-inflate.ts';
import {
  aesOverhead,
  type Decipher,
  decipherAll,
  openAes,
  openZipCrypto,
  parseAesInfo,
  ZIPCRYPTO_HEADER_BYTES,
} from './zip-cipher.ts';
import { extraField, type ZipEntry } from './zip-directory.ts';

const FLAG = { encrypted: 1, streamed: 8, strong: 64 } as const;
const METHOD_AES = 99;
const METHOD_NAMES: Readonly<Record<number, string>> = { 1: 'shrink', 6: 'implode', 97: 'WavPack', 98: 'PPMd' };

/** How an entry is read, or why it is not. */
export type Opened =
  | { readonly rejection: string; readonly isEncrypted: boolean }
  | { readonly rejection: null; read(layer: Layer, end: MemberEnd): AsyncGenerator<Buffer> };

/** A way into the packed bytes of one entry. */
interface Way {
  readonly method: number;
  /** A fresh pass over the packed bytes, deciphered. */
  packed(): ByteReader;
  /** AES of version 2 leaves the checksum out and has a code of its own. */
  readonly hasChecksum: boolean;
  /** Call after everything was read; null where there is nothing to compare. */
  readonly isAuthentic: (() => boolean) | null;
}

/** Opens entries of one archive and remembers which password fits. */
export class EntryOpener {
  readonly #access: RandomAccess;
  readonly #methods: ReadonlyMap<number, Unpack>;
  #passwords: Buffer[];

  /** `methods` are the compressions that are layers of their own outside of zip. */
  constructor(access: RandomAccess, methods: ReadonlyMap<number, Unpack>, passwords: readonly string[]) {
    this.#access = access;
    this.#methods = new Map<number, Unpack>([...methods, [0, readStored], [8, inflateRaw], [9, inflate64]]);
    this.#passwords = passwords.map((password) => Buffer.from(password));
  }

  async open(entry: ZipEntry, start: number): Promise<Opened> {
    const way = (entry.flags & FLAG.encrypted) === 0 ? this.#plainWay(entry, start) : await this.#decrypt(entry, start);
    if (typeof way === 'string') return { rejection: way, isEncrypted: true };
    const unpack = this.#methods.get(way.method);
    if (unpack === undefined) return { rejection: unsupported(way.method), isEncrypted: false };
    return { rejection: null, read: (layer, end) => readEntry(entry, way, unpack, layer, end) };
  }

  #plainWay(entry: ZipEntry, start: number): Way {
    const packed = () => readStretch(this.#access, start, entry.packedSize);
    return { method: entry.method, packed, hasChecksum: true, isAuthentic: null };
  }

  /** The way in with the first password that fits, or why there is none. */
  async #decrypt(entry: ZipEntry, start: number): Promise<Way | string> {
    if (entry.flags & FLAG.strong) return 'encrypted: strong encryption of PKWARE is not supported';
    if (this.#passwords.length === 0) return 'encrypted';
    for (const password of this.#passwords) {
      const way =
        entry.method === METHOD_AES
          ? await this.#aesWay(entry, start, password)
          : await this.#zipCryptoWay(entry, start, password);
      if (way === null) continue;
      this.#passwords = [password, ...this.#passwords.filter((other) => other !== password)];
      return way;
    }
    return 'encrypted: no password fits';
  }

  async #zipCryptoWay(entry: ZipEntry, start: number, password: Buffer): Promise<Way | null> {
    const header = await this.#access.readAt(start, ZIPCRYPTO_HEADER_BYTES);
    const check = entry.flags & FLAG.streamed ? entry.dosTime >>> 8 : entry.crc >>> 24;
    const open = () => openZipCrypto(password, header, check);
    if (header.length < ZIPCRYPTO_HEADER_BYTES || open() === null) return null;
    const dataStart = start + ZIPCRYPTO_HEADER_BYTES;
    const packed = () =>
      deciphered(readStretch(this.#access, dataStart, entry.packedSize - ZIPCRYPTO_HEADER_BYTES), open()!);
    const way: Way = { method: entry.method, packed, hasChecksum: true, isAuthentic: null };
    return (await this.#isRight(entry, way)) ? way : null;
  }

  /** One wrong password in 256 comes so far; the checksum of all the data decides. */
  async #isRight(entry: ZipEntry, way: Way): Promise<boolean> {
    const unpack = this.#methods.get(way.method);
    if (unpack === undefined) return true;
    const sum = new Sum();
    try {
      for await (const bytes of unpack(way.packed(), { consumed: 0, warn: () => undefined })) {
        sum.add(bytes);
        if (sum.bytes > entry.size) return false;
      }
    } catch (error) {
      if (error instanceof Damage) return false;
      throw error;
    }
    return sum.crc === entry.crc;
  }

  async #aesWay(entry: ZipEntry, start: number, password: Buffer): Promise<Way | null> {
    const info = parseAesInfo(extraField(entry.extra, 0x9901));
    if (info === null) return null;
    const { before, after } = aesOverhead(info.strength);
    const front = await this.#access.readAt(start, before);
    const keys = front.length < before ? null : await openAes(password, info.strength, front);
    if (keys === null) return null;
    const length = Math.max(0, entry.packedSize - before - after);
    const code = await this.#access.readAt(start + before + length, after);
    const see = (bytes: Buffer) => keys.authenticate.update(bytes);
    return {
      method: info.method,
      packed: () => deciphered(readStretch(this.#access, start + before, length), keys.decipher, see),
      hasChecksum: info.version === 1,
      isAuthentic: () => keys.authenticate.matches(code),
    };
  }
}

function deciphered(input: ByteReader, decipher: Decipher, see?: (bytes: Buffer) => void): ByteReader {
  return new ByteReader(decipherAll(input, decipher, see));
}

function unsupported(method: number): string {
  return `unsupported compression: ${METHOD_NAMES[method] ?? `method ${method}`}`;
}

async function* readEntry(
  entry: ZipEntry,
  way: Way,
  unpack: Unpack,
  layer: Layer,
  end: MemberEnd,
): AsyncGenerator<Buffer> {
  const sum = new Sum();
  const input = way.packed();
  layer.claimedBytes = entry.size;
  try {
    for await (const bytes of unpack(input, layer)) {
      sum.add(bytes);
      yield bytes;
    }
    await input.skip(Number.POSITIVE_INFINITY);
    compare(entry, way, sum, end);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    end.warnings.push(
      `${error.message} in zip member at byte ${layer.consumed}, ${sum.bytes} of ${entry.size} bytes unpacked`,
    );
    end.stoppedAt ??= sum.bytes;
  } finally {
    await input.close();
  }
}

function compare(entry: ZipEntry, way: Way, sum: Sum, end: MemberEnd): void {
  if (sum.bytes < entry.size) {
    end.warnings.push(`unexpected end of zip member: ${sum.bytes} of ${entry.size} bytes`);
    end.stoppedAt ??= sum.bytes;
  } else if (sum.bytes > entry.size) {
    end.warnings.push(`zip member is longer than stated: ${sum.bytes} instead of ${entry.size} bytes`);
  } else if ((way.hasChecksum && sum.crc !== entry.crc) || way.isAuthentic?.() === false) {
    end.warnings.push(`checksum of zip member does not match its ${sum.bytes} bytes`);
  }
}

class Sum {
  crc = 0;
  bytes = 0;

  add(bytes: Buffer): void {
    this.crc = crc32(bytes, this.crc);
    this.bytes += bytes.length;
  }
}

async function* readStored(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  for (let bytes = await input.next(); bytes !== null; bytes = await input.next()) {
    layer.consumed += bytes.length;
    yield bytes;
  }
}

function inflate64(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  return slowInflate(input, layer, 'deflate64');
}
