import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { YOUNG } from '../../scan/young.ts';
import type { PackedBlock } from '../../store/unpack-block.ts';
import type { MatchTask, OpenEvents } from './block-matcher.ts';
import type { MatchAsk, MatchTell } from './match-worker.ts';

/** Threads at most: each keeps a block and the engine's code. */
const MOST_THREADS = 4;
/** After this time without a question the threads end. */
const IDLE_MS = 120_000;

type Verdicts = OpenEvents['verdicts'];

interface Waiting {
  resolve(verdicts: Verdicts): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  task: MatchTask | null;
}

/** Threads that match stored blocks. They begin with the first question, and end when nobody asks for a while. */
export class MatchPool {
  readonly size = Math.min(MOST_THREADS, availableParallelism());
  #threads: Thread[] = [];
  #nextId = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Begins the threads before anything is asked: whoever asks then does not wait for them. */
  start(): void {
    while (this.#threads.length < this.size) this.#threads.push(this.#begin());
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#rest(), IDLE_MS).unref();
  }

  /** The verdicts of the events, decided; those that are handed in are gone. Raises an `Error` if the thread fails. */
  decide(task: MatchTask, block: PackedBlock, events: OpenEvents): Promise<Verdicts> {
    this.start();
    const thread = this.#threads.reduce((best, one) => (one.waiting.size < best.waiting.size ? one : best));
    const id = this.#nextId++;
    if (thread.task !== task) tell(thread, { kind: 'task', task });
    thread.task = task;
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.ref();
      tell(thread, { kind: 'block', id, block, events }, [events.verdicts.buffer]);
    });
  }

  #rest(): void {
    if (this.#threads.some(({ waiting }) => waiting.size > 0)) {
      this.start();
      return;
    }
    for (const { worker } of this.#threads) void worker.terminate();
    this.#threads = [];
  }

  #begin(): Thread {
    const worker = new Worker(new URL('./match-worker.ts', import.meta.url), { resourceLimits: YOUNG });
    const thread: Thread = { worker, waiting: new Map(), task: null };
    const fail = (error: Error): void => {
      this.#threads = this.#threads.filter((one) => one !== thread);
      for (const { reject } of thread.waiting.values()) reject(error);
      thread.waiting.clear();
    };
    worker.on('message', (told: MatchTell) => {
      const asked = thread.waiting.get(told.id);
      thread.waiting.delete(told.id);
      if (thread.waiting.size === 0) worker.unref();
      if (told.ok) asked?.resolve(told.verdicts);
      else asked?.reject(new Error(`A matching thread failed: ${told.message}`));
    });
    worker.on('error', fail);
    worker.on('exit', (code) => fail(new Error(`A matching thread ended with code ${code}.`)));
    worker.unref();
    return thread;
  }
}

const tell = ({ worker }: Thread, ask: MatchAsk, transfer: readonly ArrayBuffer[] = []): void =>
  worker.postMessage(ask, transfer);

/** One for the process: whoever previews, differs or tests shares its threads. */
export const matchPool = new MatchPool();
