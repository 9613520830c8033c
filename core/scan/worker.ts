import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';
import { hitBuffers } from '../event/hit-columns.ts';
import type { Block } from '../ingest/block.ts';
import { letGo } from '../let-go.ts';
import { buffersOf } from './columns.ts';
import { matcherFor } from './matcher.ts';
import type { ScanReply, ScanRequest, WorkerSetup } from './pool.ts';
import { BlockScanner } from './scan-block.ts';

/** A parse worker: takes blocks of untrusted bytes, answers with columns, hits and rejected records. */
const setup = workerData as WorkerSetup;
const scanner = new BlockScanner(setup.rules === null ? null : matcherFor(setup.rules, setup.profile));

async function answer(request: ScanRequest): Promise<void> {
  try {
    const block = request.kind === 'block' ? request.block : unpacked(request);
    const lines = request.kind === 'packed' ? request.lines : null;
    const scanned = lines === null ? scanner.scan(block) : scanner.match(block, lines);
    const isNew = request.kind === 'block';
    const packed = isNew && block.bytes.length > 0 ? await pack(block.bytes) : null;
    const bytes = isNew ? block.bytes : NOTHING;
    tell({ id: request.id, ok: true, scanned, packed, bytes }, [
      ...buffersOf(scanned.columns),
      ...hitBuffers(scanned.hits),
      ...whole(bytes),
      ...whole(packed),
    ]);
    if (!isNew) letGo(block.bytes);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ id: request.id, ok: false, message }, []);
  }
}

const tell = (reply: ScanReply, transfer: ArrayBuffer[]) => parentPort?.postMessage(reply, transfer);

const NOTHING = new Uint8Array(0);

/** The memory of an array, to be given away: with the room behind it, which would be copied otherwise. Small Buffers share theirs. */
function whole(bytes: Uint8Array | null): ArrayBuffer[] {
  const isOwn = bytes !== null && bytes.buffer.byteLength > Buffer.poolSize;
  return isOwn ? [bytes.buffer as ArrayBuffer] : [];
}

/** From here on a block is worth packing on another thread, beside the scanning of the next one. */
const LARGE = 256 * 1024;
const LEVEL_1 = { [zlib.constants.ZSTD_c_compressionLevel]: 1 };
const packApart = promisify(zlib.zstdCompress);

/** The memory for the result is asked for at once, since a block shrinks to a tenth: less of it means many pieces, more of it waste. */
function pack(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const options = { params: LEVEL_1, chunkSize: 1024 + (bytes.length >> 2) };
  return bytes.length < LARGE ? zlib.zstdCompressSync(bytes, options) : packApart(bytes, options);
}

/** What a forged length may ask for at most. */
const MOST_AT_ONCE = 2 ** 27;

function unpacked({ data, length, offset, shape }: ScanRequest & { kind: 'packed' }): Block {
  // Room for all of it at once: Node gathers pieces of 16 KiB otherwise, which costs more than unpacking.
  const chunkSize = Math.min(MOST_AT_ONCE, Math.max(64, length + 1));
  return { offset, shape, bytes: data.length === 0 ? NOTHING : zlib.zstdDecompressSync(data, { chunkSize }) };
}

parentPort?.on('message', answer);
