import { parentPort, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';
import type { Block } from '../ingest/block.ts';
import { buffersOf } from './columns.ts';
import { matcherFor } from './matcher.ts';
import type { ScanReply, ScanRequest, WorkerSetup } from './pool.ts';
import { BlockScanner } from './scan-block.ts';

/** A parse worker: takes blocks of untrusted bytes, answers with columns, hits and rejected records. */
const setup = workerData as WorkerSetup;
const scanner = new BlockScanner(setup.rules === null ? null : matcherFor(setup.rules));

function answer(request: ScanRequest): ScanReply {
  try {
    const block = request.kind === 'block' ? request.block : unpacked(request);
    const scanned = scanner.scan(block, { pack: request.kind === 'block' && request.pack });
    return { id: request.id, ok: true, scanned, bytes: block.bytes };
  } catch (error) {
    return {
      id: request.id,
      ok: false,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function unpacked(request: ScanRequest & { kind: 'packed' }): Block {
  const plain = zlib.zstdDecompressSync(request.data);
  const bytes = new Uint8Array(plain.buffer as ArrayBuffer, plain.byteOffset, plain.length);
  return { offset: request.offset, shape: request.shape, bytes };
}

parentPort?.on('message', (request: ScanRequest) => {
  const reply = answer(request);
  const transfer = reply.ok ? [...buffersOf(reply.scanned.columns), reply.bytes.buffer as ArrayBuffer] : [];
  if (reply.ok && reply.scanned.packed) transfer.push(reply.scanned.packed.buffer as ArrayBuffer);
  parentPort?.postMessage(reply, transfer);
});
