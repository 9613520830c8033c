import { parentPort, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';
import type { Block } from '../ingest/block.ts';
import { buffersOf } from './columns.ts';
import { matcherFor } from './matcher.ts';
import type { ScanReply, ScanRequest, WorkerSetup } from './pool.ts';
import { BlockScanner } from './scan-block.ts';

/** A parse worker: takes blocks of untrusted bytes, answers with columns, hits and rejected records. */
const setup = workerData as WorkerSetup;
const scanner = new BlockScanner(setup.rules === null ? null : matcherFor(setup.rules, setup.profile));

function answer(request: ScanRequest): ScanReply {
  try {
    const block = request.kind === 'block' ? request.block : unpacked(request);
    const scanned = scanner.scan(block, { pack: request.kind === 'block' && request.pack });
    return { id: request.id, ok: true, scanned, bytes: request.kind === 'block' ? block.bytes : NOTHING };
  } catch (error) {
    return {
      id: request.id,
      ok: false,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

const NOTHING = new Uint8Array(0);

/** The memory of an array that has it to itself: small Buffers share theirs and cannot be given away. */
function whole(bytes: Uint8Array | null): ArrayBuffer[] {
  const isOwn = bytes !== null && bytes.byteLength > 0 && bytes.byteLength === bytes.buffer.byteLength;
  return isOwn ? [bytes.buffer as ArrayBuffer] : [];
}

function unpacked(request: ScanRequest & { kind: 'packed' }): Block {
  const plain = zlib.zstdDecompressSync(request.data);
  return { offset: request.offset, shape: request.shape, bytes: new Uint8Array(plain) };
}

parentPort?.on('message', (request: ScanRequest) => {
  const reply = answer(request);
  const transfer = reply.ok
    ? [...buffersOf(reply.scanned.columns), ...whole(reply.bytes), ...whole(reply.scanned.packed)]
    : [];
  parentPort?.postMessage(reply, transfer);
});
