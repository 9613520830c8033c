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

/** Orders events by time and identity, whatever their row ids. */
export type CompareProofs = (a: Proof, b: Proof) => number;

interface Texts {
  readonly cluster: string | null;
  readonly group: string;
  readonly parts: string;
  /** The cell of the observation that was counted last. */
  last: Cell | null;
  /** Its others by bucket; most observations have none. */
  cells: Map<number, Cell> | null;
}

const knownCell = ({ last, cells }: Texts, bucket: number): Cell | undefined =>
  last?.bucket === bucket ? last : cells?.get(bucket);

function remember(text: Texts, cell: Cell): void {
  if (text.last === cell) return;
  if (text.last !== null) {
    text.cells ??= new Map();
    text.cells.set(text.last.bucket, text.last).set(cell.bucket, cell);
  }
  text.last = cell;
}

/** The cells of one baseline: a fold over what was observed, in any order. */
export class Cells {
  readonly #cells = new Map<string, Cell>();
  readonly #bucketUs: number;
  readonly #compare: CompareProofs;
  readonly #texts = new WeakMap<Observation, Texts>();
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

  add(
    cluster: string | null,
    observation: Observation,
    seen: Proof & { readonly count: number; readonly excluded: number },
  ): void {
    this.#count += seen.count;
    if (this.#isFull) return;
    const bucket = Math.floor(seen.timeUs / this.#bucketUs);
    const text = this.#textOf(cluster, observation);
    const cell = knownCell(text, bucket) ?? this.#cellOf(text, observation, bucket);
    if (cell === null) return;
    remember(text, cell);
    cell.count += seen.count;
    cell.excluded += seen.excluded;
    this.#addProof(cell, { timeUs: seen.timeUs, event: seen.event });
  }

  /** Null where there are too many. */
  #cellOf({ group, parts }: Texts, observation: Observation, bucket: number): Cell | null {
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

  /** One observation is mostly counted many times. */
  #textOf(cluster: string | null, observation: Observation): Texts {
    const known = this.#texts.get(observation);
    if (known !== undefined && known.cluster === cluster) return known;
    const { group, parts } = observation;
    const text = {
      cluster,
      group: JSON.stringify([cluster, ...group]),
      parts: JSON.stringify(parts),
      last: null,
      cells: null,
    };
    this.#texts.set(observation, text);
    return text;
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
