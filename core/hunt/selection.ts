import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredBlock } from '../store/block-cache.ts';
import { BlockSearch } from './block-search.ts';
import type { EventSource } from './event-source.ts';
import { type Narrow, NONE } from './narrow.ts';
import type { QueryPlan } from './plan.ts';
import { type Portion, portionsOf } from './portions.ts';
import { both, countRows, maskOf, type RowMask, RowRanks } from './row-mask.ts';

/** Blocks that are being unpacked while one is searched. */
const AHEAD = 3;
const PAUSE_AFTER_MS = 12;

/** Candidate rows of one block. */
interface OpenPortion extends Portion {
  isDone: boolean;
}

/** From which end of the time the search goes on. */
export type Side = 'front' | 'back';

/** What is known before any event is read. Both are the selection's own from then on. */
export interface RowBounds {
  /** Rows that may be selected. */
  readonly upper: RowMask;
  /** Rows that are: the same mask where nothing is left to decide. */
  readonly sure: RowMask;
}

/** Decides about rows that lie in one block. */
export interface RowSearch {
  /** The accepted rows in no certain order, and null after each other event that was read, so that a caller can pause. */
  accepted(block: StoredBlock, rows: readonly number[]): Generator<number | null>;
}

/** The events that a query asks for within a range. */
export function selectQuery(source: EventSource, plan: QueryPlan, range: Narrow): EventSelection {
  const within = maskOf(range, source.index);
  const upper = both(maskOf(plan.narrow, source.index), within);
  const isDecided = plan.exact || plan.sure === plan.narrow;
  const sure = isDecided ? upper : both(maskOf(plan.sure, source.index), within);
  return new EventSelection(source, { upper, sure }, new BlockSearch(source, plan));
}

/**
 * Events that are asked for, as rows of the index. What columns decide is known at once; about the rest the blocks are
 * searched one by one, the earliest or the latest first, as far as somebody asks.
 */
export class EventSelection {
  /** 1 where a row is known to be selected. Final for the rows before `decidedTo` and from `decidedFrom` on. */
  readonly mask: RowMask;
  /** Rows selected so far. */
  count: number;
  /** The blocks to search, by their first row, and by their last one from behind. */
  readonly #queues: Readonly<Record<Side, readonly OpenPortion[]>>;
  readonly #heads: Record<Side, number> = { front: 0, back: 0 };
  readonly #search: RowSearch;
  readonly #source: EventSource;
  #ranks: RowRanks | null = null;
  #done = 0;
  #step: Promise<void> | null = null;
  readonly #unpacked = new Map<number, Promise<StoredBlock>>();

  constructor(source: EventSource, { upper, sure }: RowBounds, search: RowSearch) {
    this.#source = source;
    this.#search = search;
    this.mask = sure;
    this.count = countRows(this.mask);
    const front = upper === sure ? [] : openPortions(source, upper, sure);
    this.#queues = { front, back: [...front].sort((a, b) => lastOf(b) - lastOf(a)) };
  }

  get isComplete(): boolean {
    return this.#done === this.#queues.front.length;
  }

  /** Numbers of the selected rows; null until all is decided. */
  get ranks(): RowRanks | null {
    if (this.isComplete) this.#ranks ??= new RowRanks(this.mask);
    return this.#ranks;
  }

  /** Rows before this one are decided. */
  get decidedTo(): number {
    return this.#head('front')?.rows[0] ?? this.mask.length;
  }

  /** This row and all behind it are decided. */
  get decidedFrom(): number {
    const last = this.#head('back');
    return last === undefined ? 0 : lastOf(last) + 1;
  }

  /** Part of the search that is done, 0 to 1. */
  get done(): number {
    return this.isComplete ? 1 : this.#done / this.#queues.front.length;
  }

  /** Whether it is known if a row is selected. */
  isDecided(row: number): boolean {
    return row < this.decidedTo || row >= this.decidedFrom;
  }

  /** Decides until enough is known, or all. Several callers share the work. */
  async decideUntil(isEnough: () => boolean, signal: AbortSignal, side: Side = 'front'): Promise<void> {
    while (!this.isComplete && !isEnough()) {
      signal.throwIfAborted();
      this.#step ??= this.#decideNext(side).finally(() => {
        this.#step = null;
      });
      await this.#step;
      await nextTurn();
    }
    signal.throwIfAborted();
  }

  /** The selected rows from one on, in order. */
  async *rowsFrom(start: number, signal: AbortSignal): AsyncGenerator<number> {
    for (let row = start; row < this.mask.length; row++) {
      if (!this.isDecided(row)) await this.decideUntil(() => this.isDecided(row), signal);
      if (this.mask[row] === 1) yield row;
    }
  }

  /** The selected rows from one back to the first. */
  async *rowsBack(start: number, signal: AbortSignal): AsyncGenerator<number> {
    for (let row = start; row >= 0; row--) {
      if (!this.isDecided(row)) await this.decideUntil(() => this.isDecided(row), signal, 'back');
      if (this.mask[row] === 1) yield row;
    }
  }

  /** `told` hears which part is done, 0 to 1. */
  async decideAll(signal: AbortSignal, told: (done: number) => void = () => {}): Promise<void> {
    await this.decideUntil(() => {
      told(this.done);
      return false;
    }, signal);
  }

  #head(side: Side): OpenPortion | undefined {
    const queue = this.#queues[side];
    while (queue[this.#heads[side]]?.isDone) this.#heads[side]++;
    return queue[this.#heads[side]];
  }

  async #decideNext(side: Side): Promise<void> {
    const portion = this.#head(side) as OpenPortion;
    const { block, rows } = portion;
    const at = this.#heads[side];
    for (const ahead of this.#queues[side].slice(at, at + AHEAD)) if (!ahead.isDone) this.#unpack(ahead.block);
    const bytes = await this.#unpack(block);
    this.#unpacked.delete(block);
    let turn = performance.now();
    for (const row of this.#search.accepted(bytes, [...rows])) {
      if (row !== null) this.#select(row);
      if (performance.now() - turn < PAUSE_AFTER_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    portion.isDone = true;
    this.#done++;
  }

  #select(row: number): void {
    this.mask[row] = 1;
    this.count++;
  }

  #unpack(block: number): Promise<StoredBlock> {
    const known = this.#unpacked.get(block);
    if (known !== undefined) return known;
    const unpacked = this.#source.records.block(block);
    unpacked.catch(() => {});
    this.#unpacked.set(block, unpacked);
    return unpacked;
  }
}

/** Rows of `upper` that are not in `sure`. */
const openPortions = ({ index }: EventSource, upper: RowMask, sure: RowMask): OpenPortion[] =>
  portionsOf(index.columns.block, (row) => upper[row] === 1 && sure[row] === 0).map((portion) => ({
    ...portion,
    isDone: false,
  }));

const lastOf = ({ rows }: Portion): number => rows.at(-1) as number;

/** Bounds on the received time, in microseconds, both included. */
export function timeRange(from: number | undefined, to: number | undefined): Narrow {
  if (from === undefined && to === undefined) return { any: true };
  const [min, max] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  return min > max ? NONE : { column: 'time', min, max };
}
