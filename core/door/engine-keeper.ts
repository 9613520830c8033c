import type { OpenedCase } from '../contract/case-calls.ts';
import type { Fault } from '../contract/fault.ts';
import { CaseError } from '../fault.ts';
import type { RuleSelection } from '../host/api.ts';
import type { EngineAsk, EngineSetup, EngineTell } from '../host/protocol.ts';
import type { EngineLink, StartEngine } from './engine-link.ts';

/** Waits before it starts an engine again, doubled with each that ends at once. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** An engine that has lived that long was sound. */
const SOUND_MS = 10_000;

export interface KeeperEars {
  tell(tell: Exclude<EngineTell, { kind: 'opened' | 'not-opened' | 'rules' }>): void;
  /** The engine uses other rules. */
  rules(rules: RuleSelection): void;
  /** The process has ended: what was asked of it will not be answered. */
  lost(how: string): void;
  back(): void;
}

/** Keeps one engine running over one case: where its process dies, another one opens the case again. */
export class EngineKeeper {
  readonly #start: StartEngine;
  #setup: EngineSetup;
  readonly #ears: KeeperEars;
  #link: EngineLink | null = null;
  #isOpen = false;
  #isClosing = false;
  #startedAt = 0;
  #wait = FIRST_WAIT_MS;
  #queue: EngineAsk[] = [];

  constructor(start: StartEngine, setup: EngineSetup, ears: KeeperEars) {
    this.#start = start;
    this.#setup = setup;
    this.#ears = ears;
  }

  /** Starts the engine. Raises what opening the case raises. */
  async open(): Promise<OpenedCase> {
    this.#startedAt = performance.now();
    const link = this.#start();
    this.#link = link;
    return new Promise((resolve, reject) => {
      link.onTell((tell) => {
        if (tell.kind === 'opened') {
          this.#opened(link);
          resolve(tell.case);
        } else if (tell.kind === 'not-opened') {
          this.#isClosing = true;
          reject(errorOf(tell.fault));
          link.kill();
        } else if (tell.kind === 'rules') {
          this.#setup = { ...this.#setup, rules: tell.rules };
          this.#ears.rules(tell.rules);
        } else this.#ears.tell(tell);
      });
      link.onEnd((how) => {
        reject(new CaseError('engine/lost', `The engine ended before the case was open: ${how}.`));
        if (this.#link === link) this.#ended(how);
      });
      link.send({ kind: 'open', setup: this.#setup });
    });
  }

  /** Sends, or keeps until the engine is back. */
  send(ask: EngineAsk): void {
    if (this.#isOpen) this.#link?.send(ask);
    else this.#queue.push(ask);
  }

  /** Closes the case in good order; a process that does not end by then is killed. */
  async close(patienceMs = 15_000): Promise<void> {
    const link = this.#link;
    this.#isClosing = true;
    if (link === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => link.kill(), patienceMs);
      link.onEnd(() => {
        clearTimeout(timer);
        resolve();
      });
      link.send({ kind: 'close' });
    });
  }

  /** Ends the process at once; it is started again when next needed only by `open`. */
  kill(): void {
    this.#isClosing = true;
    this.#link?.kill();
    this.#link = null;
  }

  #opened(link: EngineLink): void {
    this.#isOpen = true;
    const queue = this.#queue;
    this.#queue = [];
    for (const ask of queue) link.send(ask);
  }

  #ended(how: string): void {
    this.#link = null;
    this.#isOpen = false;
    if (this.#isClosing) return;
    this.#wait =
      performance.now() - this.#startedAt > SOUND_MS ? FIRST_WAIT_MS : Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    // What waits has not been begun: the next engine answers it.
    this.#ears.lost(how);
    setTimeout(() => void this.#again(), this.#wait);
  }

  async #again(): Promise<void> {
    if (this.#isClosing) return;
    try {
      await this.open();
      this.#ears.back();
    } catch (error) {
      if (!(error instanceof CaseError && error.code === 'engine/lost')) {
        this.#isClosing = false;
        setTimeout(() => void this.#again(), LONGEST_WAIT_MS);
      }
    }
  }
}

function errorOf({ code, message, hint, at }: Fault): Error {
  if (code === 'bug') return new Error(message);
  return new CaseError(code, message, { ...(hint !== undefined && { hint }), ...(at !== undefined && { at }) });
}
