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

/** What was done how often in one hour, or in one day where no baseline asks for hours. */
export interface ActivityCell {
  /** Ids in the order of `COLUMNS`, then the cluster's. */
  readonly ids: Ids;
  /** Hours since 1970 UTC at which it begins. */
  readonly hour: number;
  readonly count: number;
  /** Requests among them that nothing is learnt from, for each of the levels that were asked for. */
  readonly excluded: readonly number[];
  readonly firstUs: number;
  /** The first event. */
  readonly event: number;
}

/** Combinations and hours kept, at 60 bytes each; past that columns that others may choose freely are left out one by one. */
export const MOST_CELLS = 2_000_000;
/** Columns that are left out first: a caller writes his user agent himself, and may have many addresses. */
const GIVEN_UP: readonly (typeof COLUMNS)[number][] = ['agent', 'address', 'namespace', 'answer', 'operation', 'actor'];

const WIDTH = COLUMNS.length + 2;
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
  /** Per cell: ids, cluster, hour. */
  #keys = new Int32Array(WIDTH * 1024);
  #slots = new Int32Array(4096);
  #counts = new Int32Array(1024);
  #excluded: Int32Array;
  #first = new Float64Array(1024);
  #events = new Float64Array(1024);
  #size = 0;
  readonly #key = new Int32Array(WIDTH);
  readonly #left = new Set<number>();
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
    return this.#size;
  }

  /** Columns that had too many different values to be kept apart. */
  get leftOut(): readonly (typeof COLUMNS)[number][] {
    return GIVEN_UP.filter((column) => this.#left.has(COLUMNS.indexOf(column)));
  }

  /** `excluded`: number of levels, from the first on, for which nothing is learnt from this event. */
  add({ event, timeUs, ids, weight }: ActivityRow, excluded: number): void {
    if (this.#isFull) return;
    const key = this.#key;
    for (let i = 0; i < WIDTH - 1; i++) key[i] = this.#left.has(i) ? 0 : (ids[i] as number);
    const hour = Math.floor(timeUs / HOUR_US);
    key[WIDTH - 1] = this.#isHourly(ids) ? hour : hour - (hour % 24);
    const cell = this.#find(key);
    this.#put(cell, { count: weight, firstUs: timeUs, event });
    for (let level = 0; level < excluded; level++) this.#exclude(cell, level, weight);
    if (this.#size > this.#most && !this.#isFull) this.#coarsen();
  }

  *cells(): Generator<ActivityCell> {
    for (let cell = 1; cell <= this.#size; cell++) yield this.#cell(cell);
  }

  #cell(cell: number): ActivityCell {
    return {
      ids: this.#keys.subarray(cell * WIDTH, cell * WIDTH + WIDTH - 1),
      hour: this.#keys[cell * WIDTH + WIDTH - 1] as number,
      count: this.#counts[cell] as number,
      excluded: [...this.#excluded.subarray(cell * this.#levels, (cell + 1) * this.#levels)],
      firstUs: this.#first[cell] as number,
      event: this.#events[cell] as number,
    };
  }

  #put(cell: number, { count, firstUs, event }: Pick<ActivityCell, 'count' | 'firstUs' | 'event'>): void {
    this.#counts[cell] = (this.#counts[cell] as number) + count;
    const known = this.#events[cell] as number;
    const first = this.#first[cell] as number;
    if (known !== 0 && (firstUs > first || (firstUs === first && !this.#isBefore(event, known)))) return;
    this.#first[cell] = firstUs;
    this.#events[cell] = event;
  }

  #exclude(cell: number, level: number, count: number): void {
    const at = cell * this.#levels + level;
    this.#excluded[at] = (this.#excluded[at] as number) + count;
  }

  #find(key: Int32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hashOf(key, 0) & mask; ; slot = (slot + 1) & mask) {
      const cell = slots[slot] as number;
      if (cell === 0) return this.#append(key, slot);
      if (this.#equals(cell, key)) return cell;
    }
  }

  #equals(cell: number, key: Int32Array): boolean {
    const from = cell * WIDTH;
    for (let i = 0; i < WIDTH; i++) if (this.#keys[from + i] !== key[i]) return false;
    return true;
  }

  #append(key: Int32Array, slot: number): number {
    const cell = ++this.#size;
    if (cell >= this.#counts.length) this.#grow();
    this.#keys.set(key, cell * WIDTH);
    this.#slots[slot] = cell;
    if (cell * 2 > this.#slots.length) this.#rehash();
    return cell;
  }

  #grow(): void {
    this.#keys = doubled(this.#keys, new Int32Array(this.#keys.length * 2));
    this.#counts = doubled(this.#counts, new Int32Array(this.#counts.length * 2));
    this.#excluded = doubled(this.#excluded, new Int32Array(this.#excluded.length * 2));
    this.#first = doubled(this.#first, new Float64Array(this.#first.length * 2));
    this.#events = doubled(this.#events, new Float64Array(this.#events.length * 2));
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let cell = 1; cell <= this.#size; cell++) {
      let slot = hashOf(this.#keys, cell * WIDTH) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = cell;
    }
    this.#slots = slots;
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
    const old = { keys: this.#keys, counts: this.#counts, excluded: this.#excluded, first: this.#first };
    const [events, size] = [this.#events, this.#size];
    this.#keys = new Int32Array(WIDTH * 1024);
    this.#slots = new Int32Array(4096);
    this.#counts = new Int32Array(1024);
    this.#excluded = new Int32Array(1024 * this.#levels);
    this.#first = new Float64Array(1024);
    this.#events = new Float64Array(1024);
    this.#size = 0;
    for (let cell = 1; cell <= size; cell++) {
      const key = old.keys.slice(cell * WIDTH, (cell + 1) * WIDTH);
      key[COLUMNS.indexOf(next)] = 0;
      const into = this.#find(key);
      const [count, firstUs, event] = [old.counts[cell], old.first[cell], events[cell]] as [number, number, number];
      this.#put(into, { count, firstUs, event });
      for (let level = 0; level < this.#levels; level++)
        this.#exclude(into, level, old.excluded[cell * this.#levels + level] as number);
    }
    if (this.#size > this.#most && !this.#isFull) this.#coarsen();
  }
}

function hashOf(values: Int32Array, from: number): number {
  let hash = 0;
  for (let i = 0; i < WIDTH; i++) hash = Math.imul(hash ^ (values[from + i] as number), 0x9e3779b1) ^ (hash >>> 13);
  return hash ^ (hash >>> 16);
}

function doubled<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
