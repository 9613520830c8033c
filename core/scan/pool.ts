import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RuleSet } from '../detect/rule-set.ts';
import type { Block, Shape } from '../ingest/block.ts';
import type { ScannedBlock } from './scan-block.ts';
import { YOUNG } from './young.ts';

export interface WorkerSetup {
  /** Rules to match; a worker gets their text and compiles them itself. */
  readonly rules: RuleSet | null;
  /** Whether to measure what each rule costs. */
  readonly profile?: boolean;
}

export type ScanRequest =
  | { readonly kind: 'block'; readonly id: number; readonly block: Block }
  | ({ readonly kind: 'packed'; readonly id: number } & KeptBlock);

/** A block as the case keeps it. */
export interface KeptBlock {
  readonly data: Uint8Array;
  readonly offset: number;
  /** Bytes of it unpacked, as far as the case says. */
  readonly length: number;
  readonly shape: Shape;
  /** Starts and ends of the lines to be matched, in order: rows of hits count them. Null: all of the block. */
  readonly lines: Int32Array | null;
}

export type ScanReply =
  | (Omit<PoolResult, 'worker'> & { readonly id: number; readonly ok: true })
  | { readonly id: number; readonly ok: false; readonly message: string };

/** What a worker made of a block. Dictionary ids are those of the worker. */
export interface PoolResult {
  readonly worker: number;
  readonly scanned: ScannedBlock;
  /** The block's bytes, zstd; null for a block that the case has. */
  readonly packed: Uint8Array | null;
  /** The block's own bytes, handed back. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Waiting {
  resolve(result: PoolResult): void;
  reject(error: Error): void;
}

/** Parse workers asked for by `DECKLOG_WORKERS`, else cores less one, at least one. */
export function workerCount(): number {
  const asked = Number.parseInt(process.env['DECKLOG_WORKERS'] ?? '', 10);
  return asked > 0 ? Math.min(asked, 64) : Math.max(1, availableParallelism() - 1);
}

/** Parse workers. Each answers its blocks in the order it got them. */
export class ScanPool {
  readonly size: number;
  readonly #workers: Worker[];
  readonly #waiting: Map<number, Waiting>[];
  #nextId = 0;

  constructor(setup: WorkerSetup, size = workerCount()) {
    this.size = size;
    this.#waiting = Array.from({ length: size }, () => new Map());
    this.#workers = this.#waiting.map((waiting, index) => this.#start(setup, waiting, index));
  }

  /** Cuts nothing: the block's buffer goes to the worker and comes back with the result. */
  scan(block: Block): Promise<PoolResult> {
    return this.#send((id) => ({ kind: 'block', id, block }), [block.bytes.buffer]);
  }

  scanPacked(block: KeptBlock): Promise<PoolResult> {
    return this.#send((id) => ({ kind: 'packed', id, ...block }), []);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #send(request: (id: number) => ScanRequest, transfer: ArrayBuffer[]): Promise<PoolResult> {
    const id = this.#nextId++;
    const index = this.#leastBusy();
    return new Promise((resolve, reject) => {
      this.#waiting[index]?.set(id, { resolve, reject });
      this.#workers[index]?.postMessage(request(id), transfer);
    });
  }

  #leastBusy(): number {
    let best = 0;
    for (let i = 1; i < this.size; i++) if ((this.#waiting[i]?.size ?? 0) < (this.#waiting[best]?.size ?? 0)) best = i;
    return best;
  }

  #start(setup: WorkerSetup, waiting: Map<number, Waiting>, index: number): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: setup, resourceLimits: YOUNG });
    const fail = (error: Error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', (reply: ScanReply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.ok) asked?.resolve({ worker: index, scanned: reply.scanned, packed: reply.packed, bytes: reply.bytes });
      else asked?.reject(new Error(`A parse worker failed: ${reply.message}`));
    });
    worker.on('error', fail);
    worker.on('exit', (code) => fail(new Error(`A parse worker ended with code ${code}.`)));
    return worker;
  }
}
