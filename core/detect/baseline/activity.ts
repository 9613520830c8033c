import { larger } from '../../larger.ts';
import { KeyTable } from '../../store/key-table.ts';
import type { Counted } from './cells.ts';
import { COLUMNS, type Ids } from './column-fields.ts';

/** One event as the narrow columns say it. */
export interface ActivityRow {
  readonly event: number;
  readonly timeUs: number;
  /** Ids in the order of `COLUMNS`, then the cluster's. */
  readonly ids: Ids;
  /** 1 where the row is the last word on a request, 0 where a later stage counts it. */
  readonly weight: number;
}

/** Combinations and hours kept, at 80 bytes each; past that columns that others may choose freely are left out one by one. */
export const MOST_CELLS = 1_000_000;
/** Columns that are left out first: a caller writes his user agent himself, and may have many addresses. */
const GIVEN_UP: readonly (typeof COLUMNS)[number][] = ['agent', 'address', 'namespace', 'answer', 'operation', 'actor'];

/** Ids of one event: of its columns and of its cluster. */
export const WIDTH = COLUMNS.length + 1;
const HOUR_US = 3_600_000_000;

/** Whether some baseline asks for the hours of a combination. */
export type IsHourly = (ids: Ids) => boolean;

/** Of two events of one time and kind, which comes first; found by their identities, whatever their row ids. */
export type IsBefore = (event: number, other: number) => boolean;

/**
 * Who did what from where, by hour or day: the events of a case folded over their columns, in any order. Bounded by what is
 * distinct, never by the number of events.
 */
export class Activity {
  readonly #isBefore: IsBefore;
  readonly #isHourly: IsHourly;
  readonly #levels: number;
  readonly #most: number;
  readonly #key = new Int32Array(WIDTH);
  readonly #left = new Set<number>();
  #combinations = new KeyTable(WIDTH);
  /** By combination. */
  #hourly = new Uint8Array(1024);
  /** By combination, the cell that was counted last: neighbours in a log mostly share it. */
  #lastCell = new Int32Array(1024);
  /** Combination and hour of each cell. */
  #cells = new KeyTable(2);
  readonly #place = new Int32Array(2);
  #counts = new Int32Array(1024);
  #excluded: Int32Array<ArrayBuffer>;
  #first = new Float64Array(1024);
  #events = new Float64Array(1024);
  /** All columns are left out and there are still too many hours: nothing can be judged any more. */
  #isFull = false;

  /** `levels`: how many counts of excluded requests a cell keeps. */
  constructor(how: { isBefore: IsBefore; isHourly: IsHourly; levels: number }, most = MOST_CELLS) {
    const { isBefore, isHourly, levels } = how;
    this.#isBefore = isBefore;
    this.#isHourly = isHourly;
    this.#levels = levels;
    this.#most = most;
    this.#excluded = new Int32Array(1024 * levels);
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Columns that had too many different values to be kept apart. */
  get leftOut(): readonly (typeof COLUMNS)[number][] {
    return GIVEN_UP.filter((column) => this.#left.has(COLUMNS.indexOf(column)));
  }

  /** Keeps nothing of the row itself. `excluded`: number of levels, from the first on, for which nothing is learnt from this event. */
  add({ event, timeUs, ids, weight }: ActivityRow, excluded: number): void {
    if (this.#isFull) return;
    const key = this.#key;
    for (let i = 0; i < WIDTH; i++) key[i] = ids[i] as number;
    for (const column of this.#left) key[column] = 0;
    const combination = this.#combinationOf(key);
    const hour = Math.floor(timeUs / HOUR_US);
    // What is left out may decide: then the whole row is asked about, or the order would show.
    const isHourly = this.#left.size === 0 ? this.#hourly[combination] === 1 : this.#isHourly(ids);
    const cell = this.#cellOf(combination, isHourly ? hour : hour - (hour % 24));
    this.#put(cell, weight, timeUs, event);
    for (let level = 0; level < excluded; level++) this.#exclude(cell, level, weight);
    if (this.size > this.#most) this.#coarsen();
  }

  /** Number of combinations; they count from 1. */
  get combinations(): number {
    return this.#combinations.size;
  }

  /** Writes the ids of a combination, in the order of `COLUMNS`, then the cluster's. */
  readIds(combination: number, into: Int32Array): void {
    this.#combinations.read(combination, into);
  }

  /** One of the ids of a combination. */
  idOf(combination: number, column: number): number {
    return this.#combinations.at(combination, column);
  }

  /**
   * Goes over what was done how often in one hour (in one day where no baseline asks for hours). `of`: by combination, a number that
   * is handed on, 0 for what is passed over. `level`: for which nothing is learnt from what is excluded. What is visited stands until
   * the next one: cells are many.
   */
  visitCells(of: Int32Array, level: number, visit: (of: number, counted: Counted) => void): void {
    const counted = { timeUs: 0, event: 0, count: 0, excluded: 0 };
    for (let cell = 1; cell <= this.size; cell++) {
      const wanted = of[this.#cells.at(cell, 0)] as number;
      if (wanted === 0) continue;
      counted.timeUs = this.#first[cell] as number;
      counted.event = this.#events[cell] as number;
      counted.count = this.#counts[cell] as number;
      counted.excluded = level < 0 ? 0 : (this.#excluded[cell * this.#levels + level] as number);
      visit(wanted, counted);
    }
  }

  #combinationOf(key: Int32Array): number {
    const before = this.#combinations.size;
    const combination = this.#combinations.find(key);
    if (combination === before + 1) {
      if (combination >= this.#hourly.length) {
        this.#hourly = larger(this.#hourly);
        this.#lastCell = larger(this.#lastCell);
      }
      this.#hourly[combination] = this.#left.size === 0 && this.#isHourly(key) ? 1 : 0;
    }
    return combination;
  }

  #cellOf(combination: number, hour: number): number {
    const last = this.#lastCell[combination] as number;
    if (last !== 0 && this.#cells.at(last, 1) === hour) return last;
    this.#place[0] = combination;
    this.#place[1] = hour;
    const cell = this.#cells.find(this.#place);
    if (cell >= this.#counts.length) this.#grow();
    this.#lastCell[combination] = cell;
    return cell;
  }

  #put(cell: number, count: number, timeUs: number, event: number): void {
    this.#counts[cell] = (this.#counts[cell] as number) + count;
    const known = this.#events[cell] as number;
    const first = this.#first[cell] as number;
    if (known !== 0 && (timeUs > first || (timeUs === first && !this.#isBefore(event, known)))) return;
    this.#first[cell] = timeUs;
    this.#events[cell] = event;
  }

  #exclude(cell: number, level: number, count: number): void {
    const at = cell * this.#levels + level;
    this.#excluded[at] = (this.#excluded[at] as number) + count;
  }

  #grow(): void {
    this.#counts = larger(this.#counts);
    this.#excluded = larger(this.#excluded);
    this.#first = larger(this.#first);
    this.#events = larger(this.#events);
  }

  /**
   * Leaves out one more column. Whether that happens is decided by how many different combinations there are, and the
   * result is the fold over the coarser ones: the order of the events cannot be seen.
   */
  #coarsen(): void {
    const next = GIVEN_UP.find((column) => !this.#left.has(COLUMNS.indexOf(column)));
    if (next === undefined) {
      this.#isFull = true;
      return;
    }
    this.#left.add(COLUMNS.indexOf(next));
    const [combinations, cells, counts] = [this.#combinations, this.#cells, this.#counts];
    const [excluded, first, events] = [this.#excluded, this.#first, this.#events];
    this.#combinations = new KeyTable(WIDTH);
    this.#hourly = new Uint8Array(1024);
    this.#lastCell = new Int32Array(1024);
    this.#cells = new KeyTable(2);
    this.#counts = new Int32Array(1024);
    this.#excluded = new Int32Array(1024 * this.#levels);
    this.#first = new Float64Array(1024);
    this.#events = new Float64Array(1024);
    for (let cell = 1; cell <= cells.size; cell++) {
      const key = combinations.of(cells.at(cell, 0)).slice();
      key[COLUMNS.indexOf(next)] = 0;
      const into = this.#cellOf(this.#combinationOf(key), cells.at(cell, 1));
      const [count, timeUs, event] = [counts[cell], first[cell], events[cell]] as [number, number, number];
      this.#put(into, count, timeUs, event);
      for (let level = 0; level < this.#levels; level++)
        this.#exclude(into, level, excluded[cell * this.#levels + level] as number);
    }
    if (this.size > this.#most) this.#coarsen();
  }
}
