import { createCipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { ByteReader } from './byte-reader.ts';

const derive = promisify(pbkdf2);

/** Turns the packed bytes of an encrypted entry into those of a plain one. */
export type Decipher = (bytes: Buffer) => Buffer;

export const ZIPCRYPTO_HEADER_BYTES = 12;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * Traditional PKWARE encryption (APPNOTE 6.1). Null where the password is certainly wrong; one wrong password in 256 passes,
 * so the data's own checksum has the last word.
 */
export function openZipCrypto(password: Buffer, header: Buffer, check: number): Decipher | null {
  const keys = new ZipCryptoKeys(password);
  const plain = keys.decipher(header);
  return plain[ZIPCRYPTO_HEADER_BYTES - 1] === check ? (bytes) => keys.decipher(bytes) : null;
}

class ZipCryptoKeys {
  #first = 0x12345678;
  #second = 0x23456789;
  #third = 0x34567890;

  constructor(password: Buffer) {
    for (const byte of password) this.#update(byte);
  }

  decipher(bytes: Buffer): Buffer {
    const plain = Buffer.allocUnsafe(bytes.length);
    for (let index = 0; index < bytes.length; index++) {
      const mix = (this.#third | 2) & 0xffff;
      const byte = (bytes[index]! ^ ((mix * (mix ^ 1)) >>> 8)) & 0xff;
      plain[index] = byte;
      this.#update(byte);
    }
    return plain;
  }

  #update(byte: number): void {
    this.#first = (CRC_TABLE[(this.#first ^ byte) & 0xff]! ^ (this.#first >>> 8)) >>> 0;
    this.#second = (Math.imul((this.#second + (this.#first & 0xff)) | 0, 134775813) + 1) >>> 0;
    this.#third = (CRC_TABLE[(this.#third ^ (this.#second >>> 24)) & 0xff]! ^ (this.#third >>> 8)) >>> 0;
  }
}

/** What the extra field 0x9901 says. */
export interface AesInfo {
  readonly version: number;
  /** 1, 2, 3 for keys of 128, 192, 256 bits. */
  readonly strength: number;
  readonly method: number;
}

export function parseAesInfo(field: Buffer | null): AesInfo | null {
  if (field === null || field.length < 7 || field[4]! < 1 || field[4]! > 3) return null;
  return { version: field.readUInt16LE(0), strength: field[4]!, method: field.readUInt16LE(5) };
}

/** Salt and verifier in front of the data, and the code behind them. */
export function aesOverhead(strength: number): { before: number; after: number } {
  return { before: 4 + 4 * strength + 2, after: 10 };
}

export interface AesKeys {
  readonly decipher: Decipher;
  /** Must be fed with every packed byte; then compares the authentication code. */
  readonly authenticate: { update(bytes: Buffer): void; matches(code: Buffer): boolean };
}

/** WinZip AES (AE-1 and AE-2). Null where the password is wrong, but for one in 65,536. */
export async function openAes(password: Buffer, strength: number, front: Buffer): Promise<AesKeys | null> {
  const saltBytes = 4 + 4 * strength;
  const keyBytes = 8 + 8 * strength;
  const keys = await derive(password, front.subarray(0, saltBytes), 1000, 2 * keyBytes + 2, 'sha1');
  if (!keys.subarray(2 * keyBytes).equals(front.subarray(saltBytes, saltBytes + 2))) return null;
  const hmac = createHmac('sha1', keys.subarray(keyBytes, 2 * keyBytes));
  return {
    decipher: littleEndianCounter(keys.subarray(0, keyBytes)),
    authenticate: {
      update: (bytes) => void hmac.update(bytes),
      matches: (code) => code.length === 10 && timingSafeEqual(hmac.digest().subarray(0, 10), code),
    },
  };
}

/** AES in counter mode with a counter that grows from its low end, which no cipher of OpenSSL does: the key stream is made with ECB. */
function littleEndianCounter(key: Buffer): Decipher {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  let counter = 1;
  let spare: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const blocks = Buffer.alloc(Math.max(0, Math.ceil((bytes.length - spare.length) / 16)) * 16);
    for (let at = 0; at < blocks.length; at += 16, counter++) blocks.writeUIntLE(counter, at, 6);
    const stream = Buffer.concat([spare, cipher.update(blocks)]);
    spare = stream.subarray(bytes.length);
    const plain = Buffer.allocUnsafe(bytes.length);
    for (let index = 0; index < bytes.length; index++) plain[index] = bytes[index]! ^ stream[index]!;
    return plain;
  };
}

/** Deciphers what is read; each portion passes `see` first, still encrypted. */
export async function* decipherAll(
  input: ByteReader,
  decipher: Decipher,
  see: (bytes: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  for (let bytes = await input.next(); bytes !== null; bytes = await input.next()) {
    see(bytes);
    yield decipher(bytes);
  }
}
