import type { Baseline } from './baseline.ts';
import type { Observation } from './observe.ts';

/** An event that shows something, by its row id. */
export interface Proof {
  readonly timeUs: number;
  readonly event: number;
}

/** What one baseline saw of one group and set of terms in one day (of a spike: hour). */
export interface Cell {
  /** JSON of cluster and group-by values. */
  readonly group: string;
  readonly parts: Observation['parts'];
  /** Days (of a spike: hours) since 1970 UTC. */
  readonly bucket: number;
  /** Requests, and those of them that nothing is learnt from. */
  count: number;
  excluded: number;
  /** The first events, in the order of time. */
  proofs: Proof[];
}

export const DAY_US = 86_400_000_000;
export const HOUR_US = 3_600_000_000;

/** Length of the buckets that a baseline counts in. */
export const bucketOf = ({ type }: Pick<Baseline, 'type'>): number => (type === 'spike' ? HOUR_US : DAY_US);

/** Events that a cell keeps as its proof. */
const MOST_PROOFS = 25;
/** Cells of one baseline; a group or term beyond is not learnt and the baseline says so. */
export const MOST_CELLS = 300_000;

/** Requests of one kind. */
export interface Counted extends Proof {
  readonly count: number;
  /** Those of them that nothing is learnt from. */
  readonly excluded: number;
}

/** Orders events by time and identity, whatever their row ids. */
export type CompareProofs = (a: Proof, b: Proof) => number;

/** What was observed of one cluster; its cells differ in their buckets. */
export interface CellGroup {
  readonly cluster: string | null;
  readonly observation: Observation;
  /** JSON of cluster and group-by values, and of the parts. */
  readonly group: string;
  readonly parts: string;
  /** The cell that was counted last. */
  last: Cell | null;
  /** The others by bucket; mostly there are none. */
  cells: Map<number, Cell> | null;
}

const knownCell = ({ last, cells }: CellGroup, bucket: number): Cell | undefined =>
  last?.bucket === bucket ? last : cells?.get(bucket);

function remember(group: CellGroup, cell: Cell): void {
  if (group.last === cell) return;
  if (group.last !== null) {
    group.cells ??= new Map();
    group.cells.set(group.last.bucket, group.last).set(cell.bucket, cell);
  }
  group.last = cell;
}

/** The cells of one baseline: a fold over what was observed, in any order. */
export class Cells {
  readonly #cells = new Map<string, Cell>();
  readonly #bucketUs: number;
  readonly #compare: CompareProofs;
  readonly #groups = new WeakMap<Observation, CellGroup>();
  #isFull = false;
  #count = 0;

  constructor(baseline: Pick<Baseline, 'type'>, compare: CompareProofs) {
    this.#bucketUs = bucketOf(baseline);
    this.#compare = compare;
  }

  /** Whether there was more to learn than is kept: then nothing of it can be judged. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Requests that were counted. */
  get count(): number {
    return this.#count;
  }

  /** One observation is mostly counted many times. */
  groupOf(cluster: string | null, observation: Observation): CellGroup {
    const known = this.#groups.get(observation);
    if (known !== undefined && known.cluster === cluster) return known;
    const group = {
      ...{ cluster, observation, last: null, cells: null },
      group: JSON.stringify([cluster, ...observation.group]),
      parts: JSON.stringify(observation.parts),
    };
    this.#groups.set(observation, group);
    return group;
  }

  add(cluster: string | null, observation: Observation, counted: Counted): void {
    this.addTo(this.groupOf(cluster, observation), counted);
  }

  addTo(group: CellGroup, { timeUs, event, count, excluded }: Counted): void {
    this.#count += count;
    if (this.#isFull) return;
    const bucket = Math.floor(timeUs / this.#bucketUs);
    const cell = knownCell(group, bucket) ?? this.#cellOf(group, bucket);
    if (cell === null) return;
    remember(group, cell);
    cell.count += count;
    cell.excluded += excluded;
    this.#addProof(cell, { timeUs, event });
  }

  /** Null where there are too many. */
  #cellOf({ group, parts, observation }: CellGroup, bucket: number): Cell | null {
    const key = `${bucket} ${group} ${parts}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    if (this.#cells.size >= MOST_CELLS) {
      this.#isFull = true;
      this.#cells.clear();
      return null;
    }
    const cell: Cell = { group, parts: observation.parts, bucket, count: 0, excluded: 0, proofs: [] };
    this.#cells.set(key, cell);
    return cell;
  }

  /** Cells by group, those of a group in the order of their first events. */
  byGroup(): Map<string, Cell[]> {
    const cells = [...this.#cells.values()];
    const sorted = cells.sort(
      (a, b) =>
        a.bucket - b.bucket ||
        this.#compare(a.proofs[0] as Proof, b.proofs[0] as Proof) ||
        compareTexts(JSON.stringify(a.parts), JSON.stringify(b.parts)),
    );
    const groups = Map.groupBy(sorted, (cell) => cell.group);
    return new Map([...groups].sort(([a], [b]) => compareTexts(a, b)));
  }

  #addProof(cell: Cell, proof: Proof): void {
    const last = cell.proofs.at(-1);
    const isFull = cell.proofs.length >= MOST_PROOFS;
    if (isFull && last !== undefined && this.#compare(proof, last) >= 0) return;
    cell.proofs.push(proof);
    if (last !== undefined && this.#compare(proof, last) < 0) cell.proofs.sort(this.#compare);
    if (cell.proofs.length > MOST_PROOFS) cell.proofs.pop();
  }
}

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
