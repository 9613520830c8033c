import { LEVELS, type Level } from '../contract/rows.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { AlertProof } from './alert-proofs.ts';
import type { Groups } from './groups.ts';
import type { RowMask } from './row-mask.ts';

/** What is known of one entity, from the events that concern it. Times are microseconds since 1970 UTC. */
export interface EntityFacts {
  readonly name: string;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly events: number;
  /** Answered with 401 or 403, or failed otherwise. */
  readonly denied: number;
  readonly writes: number;
  readonly alerts: number;
  readonly alertLevel: Level | null;
}

const READS: ReadonlySet<string | null> = new Set(['get', 'list', 'watch', 'head', 'options', null]);

/** Facts of every entity of a kind among the rows of the mask, by name; one pass over the columns. */
export function tableOf(
  index: EventIndex,
  groups: Groups,
  mask: RowMask,
  proofs: readonly AlertProof[],
): EntityFacts[] {
  const counter = new FactCounter(index, groups.names.length);
  const { ids, keyOf } = groups;
  for (let row = 0; row < mask.length; row++)
    if (mask[row] === 1) counter.add(keyOf[ids[row] as number] as number, row);
  for (const proof of proofs) {
    const keys = new Set(proof.rows.flatMap((row) => (mask[row] === 1 ? [keyOf[ids[row] as number] as number] : [])));
    for (const key of keys) counter.addAlert(key, proof.level);
  }
  return groups.names.flatMap((name, key) => (name === null || name === '' ? [] : counter.factsOf(key, name)));
}

/** Counts facts by key; rows come in order. */
export class FactCounter {
  readonly #time: Float64Array;
  readonly #isDenied: Uint8Array;
  readonly #isWrite: Uint8Array;
  readonly #answer: ArrayLike<number>;
  readonly #operation: ArrayLike<number>;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #events: Uint32Array;
  readonly #denied: Uint32Array;
  readonly #writes: Uint32Array;
  readonly #alerts: Uint32Array;
  readonly #level: Int8Array;

  constructor(index: EventIndex, keys: number) {
    const codes = index.codes();
    const verbs = index.texts('verb');
    this.#time = index.columns.time;
    this.#answer = codes.ids;
    this.#operation = verbs.ids;
    this.#isDenied = Uint8Array.from({ length: codes.last + 1 }, (_, id) => ((codes.read(id) ?? 0) >= 400 ? 1 : 0));
    this.#isWrite = Uint8Array.from({ length: verbs.last + 1 }, (_, id) => (READS.has(verbs.read(id)) ? 0 : 1));
    this.#first = new Float64Array(keys).fill(Number.NaN);
    this.#last = new Float64Array(keys).fill(Number.NaN);
    this.#events = new Uint32Array(keys);
    this.#denied = new Uint32Array(keys);
    this.#writes = new Uint32Array(keys);
    this.#alerts = new Uint32Array(keys);
    this.#level = new Int8Array(keys).fill(-1);
  }

  add(key: number, row: number): void {
    const time = this.#time[row] as number;
    if (Number.isNaN(this.#first[key] as number)) this.#first[key] = time;
    if (!Number.isNaN(time)) this.#last[key] = time;
    this.#events[key] = (this.#events[key] as number) + 1;
    this.#denied[key] = (this.#denied[key] as number) + (this.#isDenied[this.#answer[row] as number] as number);
    this.#writes[key] = (this.#writes[key] as number) + (this.#isWrite[this.#operation[row] as number] as number);
  }

  addAlert(key: number, level: Level): void {
    this.#alerts[key] = (this.#alerts[key] as number) + 1;
    this.#level[key] = Math.max(this.#level[key] as number, LEVELS.indexOf(level));
  }

  /** Nothing where no event was counted. */
  factsOf(key: number, name: string): EntityFacts[] {
    if (this.#events[key] === 0) return [];
    const time = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
    return [
      {
        name,
        firstSeen: time(this.#first[key]),
        lastSeen: time(this.#last[key]),
        events: this.#events[key] as number,
        denied: this.#denied[key] as number,
        writes: this.#writes[key] as number,
        alerts: this.#alerts[key] as number,
        alertLevel: LEVELS[this.#level[key] as number] ?? null,
      },
    ];
  }
}
