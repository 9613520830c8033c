import { gunzipSync } from 'node:zlib';
import { LIMITS } from '../../contract/limits.ts';
import type { Walk } from './walk.ts';

const FREE_BYTES = 1024 * 1024;

/** Unpacks base64 of gzip within the limits that hold for containers; null (and told) where that fails. */
export function gunzipBase64(walk: Walk, data: string): string | null {
  const packed = Buffer.from(data, 'base64');
  try {
    return unpack(packed).toString('utf8');
  } catch (error) {
    const isTooBig = error instanceof RangeError || (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooBig) walk.limit('ratio');
    walk.malformed(isTooBig ? 'payload unpacks to more than the limit' : 'payload cannot be unpacked', data);
    return null;
  }
}

/** Gunzip where the bytes are gzip, else the bytes as they are. */
export function unpack(packed: Buffer): Buffer {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  const maxOutputLength = Math.min(LIMITS.recordBytes, Math.max(FREE_BYTES, packed.length * LIMITS.ratio));
  return gunzipSync(packed, { maxOutputLength });
}
