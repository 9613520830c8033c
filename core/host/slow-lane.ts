import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EngineCall } from './protocol.ts';

/** Calls that look at every event or compile rules: what a view shows beside its rows. */
const SLOW: ReadonlySet<string> = new Set<EngineCall>([
  'hunt/facets',
  'events/histogram',
  'events/lanes',
  'events/heat',
  'entities/kinds',
  'entities/detail',
  'entities/relations',
  'rules/tests',
]);

/** Slow calls start one after another, each behind the quick ones that came with it, so that rows come before their figures. */
export class SlowLane {
  #last: Promise<unknown> = Promise.resolve();

  static holds(call: EngineCall): boolean {
    return SLOW.has(call);
  }

  /** Starts `work` after the slow calls before it have given way once; raises the signal's reason where it was cancelled. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => nextTurn()).then(() => nextTurn());
    this.#last = turn;
    await turn;
    signal.throwIfAborted();
    return work();
  }
}
