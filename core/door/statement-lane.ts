import type { Answer } from '../contract/fault.ts';
import { faultOf } from '../fault.ts';
import type { EngineAsk, EngineSetup, EngineTell } from '../host/protocol.ts';
import { EngineKeeper } from './engine-keeper.ts';
import type { StartEngine } from './engine-link.ts';

type Ask = Extract<EngineAsk, { kind: 'ask' }>;

interface Waiting {
  readonly ask: Ask;
  readonly timeoutMs: number;
}

/**
 * Runs calls that cannot be interrupted, such as SQL that a person wrote, one by one in a process of their own. A call that is
 * cancelled or takes too long ends with its process.
 */
export class StatementLane {
  readonly #start: StartEngine;
  readonly #setup: EngineSetup;
  readonly #tell: (tell: Extract<EngineTell, { kind: 'answer' }>) => void;
  #keeper: EngineKeeper | null = null;
  #queue: Waiting[] = [];
  #running: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: StartEngine, setup: EngineSetup, tell: (tell: Extract<EngineTell, { kind: 'answer' }>) => void) {
    this.#start = start;
    this.#setup = { ...setup, role: 'reader' };
    this.#tell = tell;
  }

  ask(ask: Ask, timeoutMs: number): void {
    this.#queue.push({ ask, timeoutMs });
    void this.#next();
  }

  /** Whether the call was here. */
  cancel(id: number): boolean {
    const fault = { code: 'cancelled', message: 'The statement was cancelled.' } as const;
    if (this.#running?.ask.id === id) {
      this.#stop({ ok: false, fault });
      return true;
    }
    const waiting = this.#queue.find(({ ask }) => ask.id === id);
    if (waiting === undefined) return false;
    this.#queue = this.#queue.filter((other) => other !== waiting);
    this.#tell({ kind: 'answer', id, answer: { ok: false, fault } });
    return true;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#running = null;
    this.#keeper?.kill();
  }

  async #next(): Promise<void> {
    if (this.#running !== null) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#running = next;
    try {
      this.#keeper ??= await this.#open();
    } catch (error) {
      return this.#end(next.ask.id, { ok: false, fault: faultOf(error) });
    }
    if (this.#running !== next) return;
    this.#timer = setTimeout(() => this.#stop({ ok: false, fault: tooLong(next.timeoutMs) }), next.timeoutMs);
    this.#keeper.send(next.ask);
  }

  async #open(): Promise<EngineKeeper> {
    const keeper = new EngineKeeper(this.#start, this.#setup, {
      tell: (tell) => {
        if (tell.kind === 'answer') this.#end(tell.id, tell.answer);
      },
      lost: (how) => this.#stop({ ok: false, fault: lost(how) }),
      rules: () => {},
      back: () => {},
    });
    await keeper.open();
    return keeper;
  }

  #end(id: number, answer: Answer<unknown>): void {
    if (this.#running?.ask.id !== id) return;
    clearTimeout(this.#timer);
    this.#running = null;
    this.#tell({ kind: 'answer', id, answer });
    void this.#next();
  }

  #stop(answer: Answer<unknown>): void {
    const running = this.#running;
    this.#keeper?.kill();
    this.#keeper = null;
    if (running !== null) this.#end(running.ask.id, answer);
  }
}

const tooLong = (ms: number) =>
  ({
    code: 'sql/limit',
    message: `The statement took longer than ${Math.round(ms / 1000)} s and was ended.`,
    hint: 'Narrow it, by a time or an id, or allow it longer.',
  }) as const;

const lost = (how: string) =>
  ({
    code: 'sql/limit',
    message: `The statement ended its process (${how}): it may have needed too much memory.`,
    hint: 'Narrow it, or ask for fewer rows.',
  }) as const;
