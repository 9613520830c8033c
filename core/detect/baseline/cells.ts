import { larger } from '../../larger.ts';
import { KeyTable } from '../../store/key-table.ts';
import type { Baseline } from './baseline.ts';
import type { Observation } from './observe.ts';
import { type CompareProofs, type Proof, ProofLists } from './proof-lists.ts';
import { TextNumbers } from './text-numbers.ts';

export type { CompareProofs, Proof } from './proof-lists.ts';

/** What one baseline saw of one group and set of terms in one day (of a spike: hour). */
export interface Cell {
  /** JSON of cluster and group-by values. */
  readonly group: string;
  readonly parts: Observation['parts'];
  /** Days (of a spike: hours) since 1970 UTC. */
  readonly bucket: number;
  /** Requests, and those of them that nothing is learnt from. */
  readonly count: number;
  readonly excluded: number;
  /** The first event. */
  readonly first: Proof;
  /** The first events, in the order of time. */
  readonly proofs: readonly Proof[];
}

export const DAY_US = 86_400_000_000;
export const HOUR_US = 3_600_000_000;

/** Length of the buckets that a baseline counts in. */
export const bucketOf = ({ type }: Pick<Baseline, 'type'>): number => (type === 'spike' ? HOUR_US : DAY_US);

/** Cells of one baseline; a group or term beyond is not learnt and the baseline says so. */
export const MOST_CELLS = 300_000;

/** Requests of one kind. */
export interface Counted extends Proof {
  readonly count: number;
  /** Those of them that nothing is learnt from. */
  readonly excluded: number;
}

/** What was observed of one group with one set of terms, by number from 1 on; its cells differ in their buckets. */
export type CellGroup = number;

/** Where it counts when there is no more room. */
const NOWHERE: CellGroup = 0x7fff_ffff;

/** The cells of one baseline: a fold over what was observed, in any order. Numbers in typed arrays, each text once. */
export class Cells {
  readonly #bucketUs: number;
  readonly #compare: CompareProofs;
  readonly #most: number;
  /** Names of groups and JSON of parts by number, from 0 on. */
  #names = new TextNumbers();
  #partTexts = new TextNumbers();
  #parts: Observation['parts'][] = [];
  /** Name and parts of each group. */
  #groups = new KeyTable(2);
  readonly #pair = new Int32Array(2);
  /** Group and bucket of each cell. */
  #cells = new KeyTable(2);
  #counts = new Float64Array(1024);
  #excluded = new Float64Array(1024);
  #proofs: ProofLists;
  #isFull = false;
  #count = 0;

  /** `most`: cells that are kept. */
  constructor(baseline: Pick<Baseline, 'type'>, compare: CompareProofs, most = MOST_CELLS) {
    this.#bucketUs = bucketOf(baseline);
    this.#compare = compare;
    this.#most = most;
    this.#proofs = new ProofLists(compare);
  }

  /** Whether there was more to learn than is kept: then nothing of it can be judged. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Requests that were counted, whether or not there was room to learn from them. */
  get count(): number {
    return this.#count;
  }

  add(cluster: string | null, observation: Observation, counted: Counted): void {
    this.addTo(this.groupOf(cluster, observation), counted);
  }

  /** Where an observation counts; each is to be counted at least once. */
  groupOf(cluster: string | null, { group, parts }: Observation): CellGroup {
    return this.groupAt(this.nameOf(cluster, group), this.partsOf(parts));
  }

  /** A number for the name of a group. */
  nameOf(cluster: string | null, group: readonly string[]): number {
    return this.#isFull ? 0 : this.#names.numberOf(JSON.stringify([cluster, ...group]));
  }

  /** A number for terms. */
  partsOf(parts: Observation['parts']): number {
    if (this.#isFull) return 0;
    const number = this.#partTexts.numberOf(JSON.stringify(parts));
    if (number === this.#parts.length) this.#parts.push(parts);
    return number;
  }

  /** `groupOf` for the numbers of a name and of terms. */
  groupAt(name: number, parts: number): CellGroup {
    if (this.#isFull) return NOWHERE;
    const number = this.#find(this.#groups, name, parts);
    // As many cells as groups are to come.
    if (this.#groups.size > this.#most) this.#fill();
    return number;
  }

  /** Keeps nothing of `counted` itself. */
  addTo(group: CellGroup, { timeUs, event, count, excluded }: Counted): void {
    this.#count += count;
    if (this.#isFull) return;
    const cell = this.#find(this.#cells, group, Math.floor(timeUs / this.#bucketUs));
    if (this.#cells.size > this.#most) {
      this.#fill();
      return;
    }
    if (cell >= this.#counts.length) this.#grow();
    this.#counts[cell] = (this.#counts[cell] as number) + count;
    this.#excluded[cell] = (this.#excluded[cell] as number) + excluded;
    this.#proofs.add(cell, timeUs, event);
  }

  #find(table: KeyTable, a: number, b: number): number {
    this.#pair[0] = a;
    this.#pair[1] = b;
    return table.find(this.#pair);
  }

  #grow(): void {
    this.#counts = larger(this.#counts);
    this.#excluded = larger(this.#excluded);
  }

  /** There is more than is kept: nothing can be judged any more. */
  #fill(): void {
    this.#isFull = true;
    [this.#names, this.#partTexts, this.#parts] = [new TextNumbers(), new TextNumbers(), []];
    [this.#groups, this.#cells] = [new KeyTable(2), new KeyTable(2)];
    this.#proofs = new ProofLists(this.#compare);
  }

  /** One group after the other by their names, each with its cells in the order of their first events. */
  *byGroup(): Generator<[group: string, cells: Cell[]]> {
    const names = this.#names.texts;
    const partTexts = this.#partTexts.texts;
    const { cells, ends } = this.#cellsByName(names.length);
    const order = (a: number, b: number) =>
      this.#cells.at(a, 1) - this.#cells.at(b, 1) ||
      this.#proofs.timeOf(a) - this.#proofs.timeOf(b) ||
      this.#compare(this.#proofs.first(a), this.#proofs.first(b)) ||
      compareTexts(partTexts[this.#at(a, 1)] as string, partTexts[this.#at(b, 1)] as string);
    const sorted = Int32Array.from(names.keys()).sort((a, b) => compareTexts(names[a] as string, names[b] as string));
    for (const name of sorted) {
      const own = Array.from(cells.subarray(name === 0 ? 0 : ends[name - 1], ends[name]));
      if (own.length === 0) continue;
      const group = names[name] as string;
      yield [group, own.sort(order).map((cell) => this.#cell(cell, group))];
    }
  }

  /** Cells in the order of the numbers of their names, and where those of each name end. */
  #cellsByName(names: number): { cells: Int32Array; ends: Int32Array } {
    const starts = new Int32Array(names + 1);
    for (let cell = 1; cell <= this.#cells.size; cell++) {
      const after = this.#at(cell, 0) + 1;
      starts[after] = (starts[after] as number) + 1;
    }
    for (let name = 1; name <= names; name++) starts[name] = (starts[name] as number) + (starts[name - 1] as number);
    const cells = new Int32Array(this.#cells.size);
    for (let cell = 1; cell <= this.#cells.size; cell++) {
      const name = this.#at(cell, 0);
      cells[starts[name] as number] = cell;
      starts[name] = (starts[name] as number) + 1;
    }
    return { cells, ends: starts };
  }

  /** Number of the name, or of the parts, of a cell. */
  #at(cell: number, column: 0 | 1): number {
    return this.#groups.at(this.#cells.at(cell, 0), column);
  }

  #cell(cell: number, group: string): Cell {
    return new KeptCell(
      {
        group,
        parts: this.#parts[this.#at(cell, 1)] as Observation['parts'],
        bucket: this.#cells.at(cell, 1),
        count: this.#counts[cell] as number,
        excluded: this.#excluded[cell] as number,
      },
      this.#proofs,
      cell,
    );
  }
}

/** Reads what proves it when it is asked for: few are. */
class KeptCell implements Cell {
  readonly group: string;
  readonly parts: Observation['parts'];
  readonly bucket: number;
  readonly count: number;
  readonly excluded: number;
  readonly #proofs: ProofLists;
  readonly #list: number;

  constructor(cell: Omit<Cell, 'first' | 'proofs'>, proofs: ProofLists, list: number) {
    this.group = cell.group;
    this.parts = cell.parts;
    this.bucket = cell.bucket;
    this.count = cell.count;
    this.excluded = cell.excluded;
    this.#proofs = proofs;
    this.#list = list;
  }

  get first(): Proof {
    return this.#proofs.first(this.#list);
  }

  get proofs(): readonly Proof[] {
    return this.#proofs.of(this.#list);
  }
}

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
