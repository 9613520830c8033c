import type { CaseStore } from '../store/case-store.ts';

const QUIET_MS = 60_000;

/** What readers were refused, for the action log; a page that repeats itself fills one entry a minute, not the case. */
export class Refusals {
  readonly #examiner: string;
  readonly #counts = new Map<string, number>();
  readonly #writtenAt = new Map<string, number>();

  constructor(examiner: string) {
    this.#examiner = examiner;
  }

  note(call: string): void {
    this.#counts.set(call, (this.#counts.get(call) ?? 0) + 1);
  }

  /** Whether anything was written. */
  write(store: CaseStore): boolean {
    const now = Date.now();
    const due = [...this.#counts].filter(([call]) => now - (this.#writtenAt.get(call) ?? 0) >= QUIET_MS);
    if (due.length === 0) return false;
    store.change(() => {
      for (const [call, times] of due) {
        const detail = { call, role: 'reader', times };
        store.record({ examiner: this.#examiner, time: now * 1000, name: 'call/refused', detail, changed: [] });
      }
    });
    for (const [call] of due) {
      this.#counts.delete(call);
      this.#writtenAt.set(call, now);
    }
    return true;
  }
}
