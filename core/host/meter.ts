import type { Progress } from '../contract/rows.ts';

const INTERVAL_MS = 100;

/** Counts what a long call has done and tells it ten times a second at most. */
export class Meter {
  bytes = 0;
  total = 0;
  events = 0;
  file: string | null = null;
  readonly #phase: Progress['phase'];
  readonly #tell: (report: Progress) => void;
  readonly #started = performance.now();
  #told = 0;

  constructor(phase: Progress['phase'], tell: (report: Progress) => void) {
    this.#phase = phase;
    this.#tell = tell;
  }

  report(isLast = false): void {
    const now = performance.now();
    if (!isLast && now - this.#told < INTERVAL_MS) return;
    this.#told = now;
    const seconds = (now - this.#started) / 1000;
    const isKnown = this.total > 0 && this.bytes > 0;
    this.#tell({
      phase: this.#phase,
      bytes: this.bytes,
      totalBytes: this.total,
      events: this.events,
      eventsPerSecond: seconds > 0 ? Math.round(this.events / seconds) : 0,
      secondsLeft: isKnown ? Math.max(0, (seconds * (this.total - this.bytes)) / this.bytes) : null,
      file: this.file,
    });
  }
}
