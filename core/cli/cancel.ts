import type { Fault } from '../contract/fault.ts';
import { CaseError, faultOf } from '../fault.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** npm passes Ctrl+C on to a child that has had it already, so a second one counts only after this while. */
const SECOND_COUNTS_AFTER_MS = 400;
/** A call that has not stopped by then is ended hard: a case is safe against that at any moment. */
const PATIENCE_MS = 1700;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns Ctrl+C into an abort of the running call; a second one ends the process. */
export class Cancellation {
  readonly #controller = new AbortController();
  readonly #cleanups = new Set<() => void>();
  /** Told why, where the process is ended before the call could say so itself. */
  readonly #tell: (fault: Fault) => void;
  #firstAt = 0;

  constructor(tell: (fault: Fault) => void) {
    this.#tell = tell;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  listen(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.#stop());
    // A limit on file sizes then fails the write, which is a fault in words, instead of killing us.
    if (process.platform !== 'win32') process.on('SIGXFSZ', () => {});
    process.on('uncaughtException', (error) => this.#endHard(faultOf(error), EXIT.failed));
  }

  /** What must happen even if the process is ended hard. The answer takes it back. */
  onHardEnd(cleanup: () => void): () => void {
    this.#cleanups.add(cleanup);
    return () => this.#cleanups.delete(cleanup);
  }

  #stop(): void {
    if (!this.signal.aborted) {
      this.#firstAt = performance.now();
      this.#controller.abort(new CaseError('cancelled', 'Cancelled. The case is as it was before.'));
      setTimeout(() => this.#endAsCancelled(), PATIENCE_MS).unref();
    } else if (performance.now() - this.#firstAt > SECOND_COUNTS_AFTER_MS) this.#endAsCancelled();
  }

  #endAsCancelled(): void {
    this.#endHard(faultOf(this.signal.reason), EXIT.cancelled);
  }

  #endHard(fault: Fault, code: ExitCode): never {
    for (const cleanup of this.#cleanups) cleanup();
    this.#tell(fault);
    process.exit(code);
  }
}
