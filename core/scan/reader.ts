import { Worker } from 'node:worker_threads';
import type { Fault } from '../contract/fault.ts';
import type { RejectedMember } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { Block, TextEnd } from '../ingest/block.ts';
import type { MemberEnd } from '../ingest/member.ts';
import { YOUNG } from './young.ts';

export interface ReaderSetup {
  readonly paths: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly passwords: readonly string[];
  /** Where a nested archive too large for memory may be spooled. */
  readonly spoolFolder: string;
  /** Blocks that may be under way between the reader and whoever writes them; more than that one holds back before he writes. */
  readonly blocksAhead: number;
}

/** What the reader thread tells, in the order of the evidence. */
export type ReaderEvent =
  | { readonly kind: 'found'; readonly totalBytes: number; readonly rejected: readonly RejectedMember[] }
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'member'; readonly path: string; readonly containers: readonly string[] }
  | { readonly kind: 'block'; readonly block: Block }
  /** `text` is null for archives. */
  | {
      readonly kind: 'member-end';
      readonly sha256: Uint8Array;
      readonly bytes: number;
      readonly text: TextEnd | null;
      readonly end: MemberEnd;
      readonly isArchive: boolean;
    }
  | { readonly kind: 'source-end'; readonly sha256: string; readonly bytes: number }
  /** Bytes of sources read so far. */
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'fault'; readonly fault: Fault };

/**
 * A thread that opens sources, unpacks, hashes and cuts them, so that whoever writes the case need not wait for it. Untrusted
 * containers are opened there too. It reads ahead by a few blocks: `taken` lets it go on.
 */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #events: ReaderEvent[] = [];
  #wake: (() => void) | null = null;
  #error: Error | null = null;

  constructor(setup: ReaderSetup) {
    this.#worker = new Worker(new URL('./reader-worker.ts', import.meta.url), {
      workerData: setup,
      resourceLimits: YOUNG,
    });
    this.#worker.on('message', (event: ReaderEvent) => {
      this.#events.push(event);
      this.#wake?.();
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`The reader thread ended with code ${code}.`)));
  }

  /** Everything up to `done`; raises what the road (not the evidence) did wrong. */
  async *events(signal: AbortSignal): AsyncGenerator<ReaderEvent> {
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    for (;;) {
      signal.throwIfAborted();
      const event = this.#events.shift();
      if (event === undefined) {
        if (this.#error !== null) throw this.#error;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      if (event.kind === 'done') return;
      if (event.kind === 'fault') throw raised(event.fault);
      yield event;
    }
  }

  /** One block has been dealt with. */
  taken(): void {
    this.#worker.postMessage('taken');
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake?.();
  }
}

function raised({ code, message, hint, at }: Fault): Error {
  return code === 'bug'
    ? new Error(message)
    : new CaseError(code, message, { ...(hint && { hint }), ...(at && { at }) });
}
