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

/** What was observed of one group with one set of terms; its cells differ in their buckets. */
export interface CellGroup {
  /** JSON of cluster and group-by values. */
  readonly group: string;
  readonly parts: Observation['parts'];
  /** The cell that was counted last. */
  last: Cell | null;
  /** All of them by bucket, where there are several; mostly there are not. */
  cells: Map<number, Cell> | null;
}

/** The cells of one baseline: a fold over what was observed, in any order. */
export class Cells {
  readonly #groups = new Map<string, CellGroup>();
  readonly #bucketUs: number;
  readonly #compare: CompareProofs;
  readonly #most: number;
  #isFull = false;
  #size = 0;
  #count = 0;

  /** `most`: cells that are kept. */
  constructor(baseline: Pick<Baseline, 'type'>, compare: CompareProofs, most = MOST_CELLS) {
    this.#bucketUs = bucketOf(baseline);
    this.#compare = compare;
    this.#most = most;
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
    if (this.#isFull) return nowhere();
    const name = JSON.stringify([cluster, ...group]);
    const key = `${name} ${JSON.stringify(parts)}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made = { group: name, parts, last: null, cells: null };
    this.#groups.set(key, made);
    // As many cells as groups are to come.
    if (this.#groups.size > this.#most) this.#fill();
    return made;
  }

  /** Keeps nothing of `counted` itself. */
  addTo(group: CellGroup, counted: Counted): void {
    const { timeUs, event, count, excluded } = counted;
    this.#count += count;
    if (this.#isFull) return;
    const bucket = Math.floor(timeUs / this.#bucketUs);
    const cell = knownCell(group, bucket);
    if (cell === undefined) {
      if (this.#size >= this.#most) this.#fill();
      else this.#append(group, { bucket, count, excluded, proofs: [{ timeUs, event }] });
      return;
    }
    group.last = cell;
    cell.count += count;
    cell.excluded += excluded;
    this.#addProof(cell, counted);
  }

  #append(group: CellGroup, counted: Pick<Cell, 'bucket' | 'count' | 'excluded' | 'proofs'>): void {
    const cell = { group: group.group, parts: group.parts, ...counted };
    this.#size++;
    if (group.last !== null) {
      group.cells ??= new Map([[group.last.bucket, group.last]]);
      group.cells.set(cell.bucket, cell);
    }
    group.last = cell;
  }

  /** There is more than is kept: nothing can be judged any more. */
  #fill(): void {
    this.#isFull = true;
    this.#groups.clear();
  }

  /** Cells by group, those of a group in the order of their first events. */
  byGroup(): Map<string, Cell[]> {
    const cells = [...this.#groups.values()].flatMap(({ last, cells: several }) => [
      ...(several?.values() ?? []),
      ...(several === null && last !== null ? [last] : []),
    ]);
    const sorted = cells.sort(
      (a, b) =>
        a.bucket - b.bucket ||
        this.#compare(a.proofs[0] as Proof, b.proofs[0] as Proof) ||
        compareTexts(JSON.stringify(a.parts), JSON.stringify(b.parts)),
    );
    const groups = Map.groupBy(sorted, (cell) => cell.group);
    return new Map([...groups].sort(([a], [b]) => compareTexts(a, b)));
  }

  /** Asks for identities only of those that may stand among the first. */
  #addProof(cell: Cell, seen: Proof): void {
    const last = cell.proofs.at(-1) as Proof;
    const isFull = cell.proofs.length >= MOST_PROOFS;
    if (isFull && (seen.timeUs > last.timeUs || this.#compare(seen, last) >= 0)) return;
    const proof = { timeUs: seen.timeUs, event: seen.event };
    cell.proofs.push(proof);
    if (this.#compare(proof, last) < 0) cell.proofs.sort(this.#compare);
    if (cell.proofs.length > MOST_PROOFS) cell.proofs.pop();
  }
}

const nowhere = (): CellGroup => ({ group: '', parts: [], last: null, cells: null });

const knownCell = ({ last, cells }: CellGroup, bucket: number): Cell | undefined =>
  last?.bucket === bucket ? last : cells?.get(bucket);

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
